//! The file of `--output`: complete or not written, with its previous permissions and links.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::{folder, names, read};
use program::run_in;
use program::samples::{BAD_SECRET, WEB, WEB_SUMS, versioned_web};
#[cfg(unix)]
use {
    program::files::names_in,
    program::finish,
    program::unix::{mode_of, set_mode, shell, unprivileged},
    std::fs,
    std::io::Read,
    std::path::PathBuf,
};

#[test]
fn an_output_file_gets_everything_and_standard_output_nothing() {
    let folder = folder(&[]);
    let ended = run_in(&folder, &["-o", "out.yaml"], WEB);
    assert_eq!((ended.status, ended.text(), ended.stderr.as_str()), (0, String::new(), WEB_SUMS));
    assert_eq!(read(&folder, "out.yaml"), versioned_web());
    assert_eq!(names(&folder), ["out.yaml"]);
}

#[test]
fn an_output_file_that_cannot_be_made_is_an_error() {
    let folder = folder(&[("file", "")]);
    for path in ["absent/out.yaml", "file/out.yaml", "."] {
        let ended = run_in(&folder, &["-o", path], WEB);
        assert_eq!(ended.status, 1, "{path}");
        assert!(ended.stderr.contains(&format!("cannot write {path}: ")), "{path}: {}", ended.stderr);
        assert_eq!(names(&folder), ["file"], "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_must_not_be_written_stays_as_it_is() {
    let folder = folder(&[("web.yaml", WEB), ("out/out.yaml", "old\n")]);
    set_mode(&folder.path().join("out"), 0o555);
    let ended = finish(unprivileged(&folder, &["web.yaml", "-o", "out/out.yaml"]), "");
    set_mode(&folder.path().join("out"), 0o755);
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write out/out.yaml: "), "{}", ended.stderr);
    assert_eq!(read(&folder, "out/out.yaml"), "old\n");
    assert_eq!(names_in(&folder.path().join("out")), ["out.yaml"]);
}

#[cfg(unix)]
#[test]
fn an_output_that_cannot_be_written_whole_leaves_the_old_file() {
    let folder = folder(&[
        ("web.yaml", &format!("{WEB}---\nlarge: {}\n", "x".repeat(1 << 20))),
        ("out.yaml", "old\n"),
    ]);
    // Limits files to one block, and ignores SIGXFSZ.
    let command = shell(&folder, "ulimit -f 1; trap '' 25", &["web.yaml", "-o", "out.yaml"]);
    let ended = finish(command, "");
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write out.yaml: "), "{}", ended.stderr);
    assert_eq!(read(&folder, "out.yaml"), "old\n");
    assert_eq!(names(&folder), ["out.yaml", "web.yaml"]);
}

#[test]
fn a_refused_stream_leaves_the_old_file() {
    let folder = folder(&[("out.yaml", "old\n")]);
    assert_eq!(run_in(&folder, &["-o", "out.yaml"], BAD_SECRET).status, 1);
    assert_eq!(read(&folder, "out.yaml"), "old\n");
    assert_eq!(names(&folder), ["out.yaml"]);
}

#[cfg(unix)]
#[test]
fn whoever_reads_the_old_file_keeps_it_whole() {
    let folder = folder(&[("out.yaml", "old\n")]);
    let mut before = fs::File::open(folder.path().join("out.yaml")).expect("out.yaml opens");
    assert_eq!(run_in(&folder, &["-o", "out.yaml"], WEB).status, 0);
    let mut text = String::new();
    before.read_to_string(&mut text).expect("the old file is still there");
    assert_eq!(text, "old\n");
    assert_eq!(read(&folder, "out.yaml"), versioned_web());
}

#[cfg(unix)]
#[test]
fn an_existing_file_keeps_its_permissions() {
    for mode in [0o600, 0o640, 0o664, 0o666, 0o755] {
        let folder = folder(&[("out.yaml", "old\n")]);
        set_mode(&folder.path().join("out.yaml"), mode);
        let ended = finish(shell(&folder, "umask 022", &["-o", "out.yaml"]), WEB);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        assert_eq!(format!("{:o}", mode_of(&folder.path().join("out.yaml"))), format!("{mode:o}"));
    }
}

#[cfg(unix)]
#[test]
fn a_new_file_gets_what_the_umask_leaves() {
    for (umask, mode) in
        [("umask 022", 0o644), ("umask 027", 0o640), ("umask 077", 0o600), ("umask 0", 0o666)]
    {
        let folder = folder(&[]);
        assert_eq!(
            finish(shell(&folder, umask, &["-o", "out.yaml", "--report", "report.json"]), WEB).status,
            0
        );
        assert_eq!(format!("{:o}", mode_of(&folder.path().join("out.yaml"))), format!("{mode:o}"));
        assert_eq!(format!("{:o}", mode_of(&folder.path().join("report.json"))), format!("{mode:o}"));
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_written_through() {
    let folder = folder(&[("real/out.yaml", "old\n")]);
    for (link, target) in [("link.yaml", "real/out.yaml"), ("dangling.yaml", "real/new.yaml")] {
        std::os::unix::fs::symlink(target, folder.path().join(link)).expect("the link is made");
        assert_eq!(run_in(&folder, &["-o", link], WEB).status, 0);
        assert_eq!(
            fs::read_link(folder.path().join(link)).ok(),
            Some(PathBuf::from(target)),
            "{link} is still a link"
        );
        assert_eq!(read(&folder, target), versioned_web());
    }
    assert_eq!(names_in(&folder.path().join("real")), ["new.yaml", "out.yaml"]);
}

#[test]
fn an_input_can_be_the_output_file() {
    let folder = folder(&[("web.yaml", WEB)]);
    assert_eq!(run_in(&folder, &["web.yaml", "-o", "web.yaml"], "").status, 0);
    assert_eq!(read(&folder, "web.yaml"), versioned_web());
}
