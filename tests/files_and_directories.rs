//! The input: files, directories and standard input.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::folder;
use program::run_in;
use program::samples::{BAD_SECRET, WEB};
#[cfg(unix)]
use {
    program::finish,
    program::unix::{set_mode, unprivileged},
};

#[test]
fn a_directory_means_its_manifests_sorted_and_nothing_else() {
    let folder = folder(&[
        ("dir/b.yaml", "from: b\n"),
        ("dir/a.yml", "from: a\n"),
        ("dir/c.json", "{\"from\": \"c\"}\n"),
        ("dir/d.txt", "from: d\n"),
        ("dir/e.yaml.bak", "from: e\n"),
        ("dir/f", "from: f\n"),
        ("dir/below/g.yaml", "from: g\n"),
        ("dir/h.yaml/i.txt", "from: i\n"),
    ]);
    let ended = run_in(&folder, &["dir"], "from: stdin\n");
    assert_eq!((ended.status, ended.text().as_str()), (0, "from: a\n---\nfrom: b\n---\n{\"from\": \"c\"}\n"));
}

#[test]
fn an_output_in_the_folder_is_not_read_by_the_next_run() {
    let folder = folder(&[("dir/web.yaml", WEB)]);
    let first = run_in(&folder, &["dir", "-o", "dir/out.yaml"], "");
    assert_eq!(first.status, 0, "{}", first.stderr);
    let second = run_in(&folder, &["dir", "-o", "dir/out.yaml"], "");
    assert_eq!((second.status, second.text()), (2, String::new()));
    assert!(second.stderr.contains("would overwrite dir/out.yaml, which is read"), "{}", second.stderr);
    let by_name = run_in(&folder, &["dir/web.yaml", "-o", "dir/web.yaml"], "");
    assert_eq!(by_name.status, 0, "{}", by_name.stderr);
}

#[test]
fn a_dash_is_standard_input_and_so_is_nothing() {
    let folder = folder(&[("a.yaml", "from: a\n"), ("b.yaml", "from: b\n")]);
    let output = |args: &[&str]| run_in(&folder, args, "from: stdin\n").text();
    assert_eq!(output(&[]), "from: stdin\n");
    assert_eq!(output(&["-"]), "from: stdin\n");
    assert_eq!(output(&["b.yaml", "-", "a.yaml"]), "from: b\n---\nfrom: stdin\n---\nfrom: a\n");
    assert_eq!(output(&["b.yaml"]), "from: b\n");
}

#[test]
fn a_file_that_is_missing_is_named() {
    let folder = folder(&[("a.yaml", WEB)]);
    let ended = run_in(&folder, &["a.yaml", "absent.yaml"], "");
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("error[unreadable-input]: cannot read absent.yaml: "), "{}", ended.stderr);
}

#[cfg(unix)]
#[test]
fn a_file_that_must_not_be_read_is_named() {
    let folder = folder(&[("a.yaml", WEB), ("dir/b.yaml", WEB), ("closed/c.yaml", WEB)]);
    set_mode(&folder.path().join("a.yaml"), 0);
    set_mode(&folder.path().join("dir/b.yaml"), 0);
    set_mode(&folder.path().join("closed"), 0);
    for (path, named) in [("a.yaml", "a.yaml"), ("dir", "dir/b.yaml"), ("closed", "closed")] {
        let ended = finish(unprivileged(&folder, &[path]), "");
        assert_eq!(ended.status, 1, "{path}");
        let wanted = format!("error[unreadable-input]: cannot read {named}: Permission denied");
        assert!(ended.stderr.contains(&wanted), "{path}: {}", ended.stderr);
    }
    set_mode(&folder.path().join("closed"), 0o755);
}

#[test]
fn a_directory_without_manifests_is_refused() {
    let folder = folder(&[("dir/readme.txt", "")]);
    let ended = run_in(&folder, &["dir"], "");
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("dir"), "{}", ended.stderr);
}

#[test]
fn the_place_of_a_finding_counts_from_the_beginning_of_its_file() {
    let folder = folder(&[("a.yaml", WEB), ("bad.yaml", BAD_SECRET)]);
    let ended = run_in(&folder, &["a.yaml", "bad.yaml"], "");
    assert!(ended.stderr.contains("bad.yaml:6:13"), "{}", ended.stderr);
}

/// A CI system takes some lines of a log as commands, such as `::error::` of GitHub Actions.
#[cfg(unix)]
#[test]
fn the_name_of_a_file_starts_no_line_and_controls_no_terminal() {
    const NAME: &str = "x\r\n::error file=a::b\u{1b}[31m\u{202e}\u{85}.yaml";
    const MANIFESTS: [&str; 3] = [WEB, BAD_SECRET, "\u{fffe}: ["];
    for manifest in MANIFESTS {
        let folder = folder(&[(NAME, manifest), (".immutably.yaml", "strict: false\n")]);
        let commands: [&[&str]; 9] = [
            &["."],
            &["--check", "."],
            &["--diff", "."],
            &["-v", "--unreferenced=version", "."],
            &["audit", "."],
            &["gc", "--allow-no-pods", "--format=table", "."],
            &["explain", "ConfigMap/web", "."],
            &["graph", "--format=text", "."],
            &["--previous", NAME, "."],
        ];
        for args in commands {
            let ended = run_in(&folder, args, "");
            let text = [ended.text(), ended.stderr].concat();
            let is_command = |line: &str| line.trim_start().starts_with("::");
            assert!(!text.split(['\n', '\r']).any(is_command), "{args:?}: {text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{85}']), "{args:?}: {text:?}");
        }
    }
}
