//! Inputs and outputs that are not regular files, closed standard streams, and signals: nothing is lost silently.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::{folder, names, read};
use program::samples::{BAD_SECRET, WEB, versioned_web};
use program::unix::{mode_of, set_mode, shell, stand_in};
use program::{PROGRAM, finish, run, run_in, silence};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Runs a shell command in a folder; `$P` is the program. Returns its status and its standard error.
fn sh(folder: &TempDir, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).env("P", PROGRAM).current_dir(folder.path());
    silence(&mut command);
    let output = command.stdin(Stdio::null()).output().expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

// --- Outputs ---

#[test]
fn a_file_behind_standard_output_keeps_what_it_held() {
    for output in ["/dev/stdout", "-", "/dev/fd/1", "/proc/self/fd/1"] {
        let folder = folder(&[("web.yaml", WEB), ("out.yaml", "# before\n")]);
        assert_eq!(sh(&folder, &format!("$P -o {output} web.yaml >> out.yaml")).0, Some(0), "{output}");
        assert_eq!(read(&folder, "out.yaml"), format!("# before\n{}", versioned_web()), "{output}");
        assert_eq!(names(&folder), ["out.yaml", "web.yaml"]);
    }
}

#[test]
fn a_file_behind_standard_error_keeps_what_it_held() {
    let folder = folder(&[("web.yaml", WEB), ("log", "before\n")]);
    assert_eq!(sh(&folder, "$P --report /dev/stderr web.yaml > out.yaml 2>> log").0, Some(0));
    let log = read(&folder, "log");
    assert!(log.starts_with("before\n") && log.contains("\"versioned\": 1"), "{log}");
    assert_eq!(read(&folder, "out.yaml"), versioned_web());
}

#[test]
fn a_file_behind_another_descriptor_keeps_what_it_held() {
    let folder = folder(&[("web.yaml", WEB), ("out.yaml", "# before\n")]);
    assert_eq!(sh(&folder, "$P -o /dev/fd/5 web.yaml 5>> out.yaml").0, Some(0));
    assert_eq!(read(&folder, "out.yaml"), format!("# before\n{}", versioned_web()));
}

#[test]
fn the_output_and_the_report_cannot_go_to_one_place() {
    let folder = folder(&[("web.yaml", WEB)]);
    std::os::unix::fs::symlink("out.yaml", folder.path().join("link")).expect("a link");
    for args in [
        &["-o", "out.yaml", "--report", "out.yaml"][..],
        &["-o", "out.yaml", "--report", "./out.yaml"],
        &["-o", "out.yaml", "--report", "link"],
        &["--report", "-"],
        &["-o", "-", "--report", "/dev/stdout"],
    ] {
        let ended = run_in(&folder, args, WEB);
        assert_eq!(ended.status, 2, "{args:?}: {}", ended.stderr);
        assert_eq!(names(&folder), ["link", "web.yaml"], "{args:?}");
    }
    assert_eq!(run_in(&folder, &["--check", "--report", "-"], "").status, 0);
    assert_eq!(run_in(&folder, &["-o", "/dev/null", "--report", "/dev/null"], WEB).status, 0);
}

/// A configuration in the input that names a report and a key.
const CONFIGURED: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig:\n  \
     apiVersion: immutably.dev/v1\n  kind: Immutably\n  metadata: {name: a}\n  spec: {report: r, secretKeyFiles: [key]}\n";

#[test]
fn no_file_is_written_twice_and_no_input_is_lost() {
    for (line, message) in [
        ("--report web.yaml web.yaml", "`--report` would overwrite web.yaml, which is read"),
        ("--findings ./web.yaml web.yaml", "`--findings` would overwrite ./web.yaml, which is read"),
        ("--report r --findings r web.yaml", "`--report` and `--findings` cannot write one file, r"),
        ("-o r --findings ./r web.yaml", "`--output` and `--findings` cannot write one file, ./r"),
        ("audit -o r --report json=r web.yaml", "`--output` and `--report` cannot write one file, r"),
        ("audit --report json=r --report sarif=r web.yaml", "two `--report` cannot write one file, r"),
        ("audit --report sarif=web.yaml web.yaml", "`--report` would overwrite web.yaml, which is read"),
        ("--report key --secret-key-file key web.yaml", "`--report` would overwrite key, which is read"),
        ("-o ./key --secret-key-file key web.yaml", "`--output` would overwrite ./key, which is read"),
        ("--findings key --secret-key-file key web.yaml", "`--findings` would overwrite key, which is read"),
        ("--report list --known list web.yaml", "`--report` would overwrite list, which is read"),
        ("-o rules --rules rules web.yaml", "`--output` would overwrite rules, which is read"),
        ("-o c --config c web.yaml", "`--output` would overwrite c, which is read"),
        ("--report .immutably.yaml web.yaml", "`--report` would overwrite .immutably.yaml, which is read"),
        ("audit -o key --secret-key-file key web.yaml", "`--output` would overwrite key, which is read"),
        ("audit -o list --known list web.yaml", "`--output` would overwrite list, which is read"),
        ("audit --report json=c --config c web.yaml", "`--report` would overwrite c, which is read"),
        ("graph -o key --secret-key-file key web.yaml", "`--output` would overwrite key, which is read"),
        ("graph -o web.yaml web.yaml", "`--output` would overwrite web.yaml, which is read"),
        ("--report key < config.yaml", "`--report` would overwrite key, which is read"),
        ("--findings r < config.yaml", "`report` and `--findings` cannot write one file, r"),
    ] {
        let folder = folder(&[("web.yaml", WEB), (".immutably.yaml", ""), ("config.yaml", CONFIGURED)]);
        let read_too = ["c", "key", "list", "rules"];
        for name in read_too {
            std::fs::write(folder.path().join(name), "0123456789abcdef\n").expect("the file is written");
        }
        sh(&folder, "chmod 600 key");
        let (status, said) = sh(&folder, &format!("$P {line}"));
        assert!(status == Some(2) && said.contains(message), "{line}: {said}");
        assert_eq!(read(&folder, "web.yaml"), WEB, "{line}");
        assert!(read_too.iter().all(|name| read(&folder, name) == "0123456789abcdef\n"), "{line}");
        let mut there = names(&folder);
        // A file of findings that the flags allow is opened before the configuration in the input is read.
        there.retain(|name| name != "r" || !line.ends_with("< config.yaml"));
        assert_eq!(
            there,
            [".immutably.yaml", "c", "config.yaml", "key", "list", "rules", "web.yaml"],
            "{line}"
        );
    }
}

#[test]
fn a_manifest_in_a_file_names_no_file_to_write() {
    let folder = folder(&[("config.yaml", CONFIGURED), ("r", "precious")]);
    for line in [
        "config.yaml",
        "--check < config.yaml",
        "--diff < config.yaml",
        "-o out.yaml config.yaml",
        "- config.yaml",
    ] {
        let (status, said) = sh(&folder, &format!("$P {line}"));
        assert!(status == Some(1) && said.contains("`report` is not allowed in a list"), "{line}: {said}");
        assert_eq!(read(&folder, "r"), "precious", "{line}");
        assert_eq!(names(&folder), ["config.yaml", "r"], "{line}");
    }
}

#[test]
fn the_limit_of_file_sizes_is_like_a_full_disk() {
    let folder = folder(&[("web.yaml", &WEB.repeat(100))]);
    for line in ["-q -o out.yaml web.yaml", "-q web.yaml > out.yaml"] {
        let (status, said) = sh(&folder, &format!("ulimit -f 1; $P {line}"));
        assert!(status == Some(1) && said.contains("error[unwritable-output]"), "{line}: {status:?} {said}");
        assert!(names(&folder).iter().all(|name| !name.starts_with(".immutably")), "{line}");
    }
}

#[test]
fn a_report_says_that_the_output_failed() {
    let folder = folder(&[("web.yaml", WEB)]);
    for args in ["-o /dev/full", "-o absent/out.yaml", "> /dev/full"] {
        let (status, stderr) = sh(&folder, &format!("$P --report report.json web.yaml {args}"));
        assert_eq!(status, Some(1), "{args}: {stderr}");
        let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("JSON");
        assert_eq!(report["summary"]["refused"], true, "{args}");
        let findings = report["findings"].as_array().expect("a list");
        assert!(findings.iter().any(|finding| finding["code"] == "unwritable-output"), "{args}: {report}");
    }
}

#[test]
fn an_output_without_its_report_is_not_written() {
    let folder = folder(&[("web.yaml", WEB)]);
    let ended = run_in(&folder, &["web.yaml", "-o", "out.yaml", "--report", "absent/report.json"], "");
    assert_eq!((ended.status, names(&folder)), (1, vec!["web.yaml".to_owned()]), "{}", ended.stderr);
}

// --- Standard streams ---

#[cfg(target_os = "linux")]
#[test]
fn a_closed_standard_input_is_an_error_and_a_discarded_output_is_none() {
    let folder = folder(&[("web.yaml", WEB)]);
    for (line, named) in [
        ("$P <&-", "standard input is closed"),
        ("$P - <&-", "standard input is closed"),
        ("$P gc --allow-no-pods <&-", "standard input is closed"),
        ("$P < web.yaml > out.yaml 0> sink", "cannot read <stdin>"),
        ("$P web.yaml 1< web.yaml", "cannot write the output"),
    ] {
        let (status, stderr) = sh(&folder, line);
        assert_eq!(status, Some(1), "{line}: {stderr}");
        assert!(stderr.contains(named), "{line}: {stderr}");
    }
    for line in [
        "$P web.yaml -o out.yaml <&- >&-",
        "$P < /dev/null > /dev/null",
        "$P web.yaml > /dev/null",
        "$P web.yaml 1<> /dev/null",
    ] {
        assert_eq!(sh(&folder, line).0, Some(0), "{line}");
    }
}

// --- Directories ---

#[test]
fn what_is_no_file_in_a_directory_is_an_error() {
    let make = |name: &str, folder: &TempDir| {
        let path = folder.path().join("dir").join(name);
        if name == "fifo.yaml" {
            assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        } else {
            std::os::unix::fs::symlink("absent", &path).expect("a link");
        }
    };
    for name in ["fifo.yaml", "dangling.yaml"] {
        let folder = folder(&[("dir/web.yaml", WEB)]);
        make(name, &folder);
        let ended = run_in(&folder, &["dir"], "");
        assert_eq!((ended.status, ended.text()), (1, String::new()));
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = folder(&[("web.yaml", WEB)]);
    let sparse = std::fs::File::create(folder.path().join("large.yaml")).expect("a file");
    sparse.set_len(5 << 30).expect("it is sparse");
    let started = Instant::now();
    for args in
        [&["large.yaml"][..], &["web.yaml", "--rules", "large.yaml"], &["web.yaml", "--known", "large.yaml"]]
    {
        let ended = run_in(&folder, args, "");
        assert_eq!(ended.status, 1, "{args:?}");
        assert!(ended.stderr.contains("4 GiB"), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("split the input"), "{args:?}: {}", ended.stderr);
    }
    assert!(started.elapsed() < Duration::from_secs(60), "nothing of it is read");
}

#[test]
fn a_file_for_which_there_is_no_memory_is_a_finding() {
    let folder = folder(&[]);
    let sparse = std::fs::File::create(folder.path().join("large.yaml")).expect("a file");
    sparse.set_len(1 << 30).expect("it is sparse");
    for line in ["\"$P\" large.yaml", "\"$P\" < large.yaml", "cat large.yaml | \"$P\""] {
        let (status, said) = sh(&folder, &format!("ulimit -v 500000; {line}"));
        assert_eq!(status, Some(1), "{line}: {said}");
        assert!(
            said.contains("error[unreadable-input]") && said.contains("raise the memory limit"),
            "{line}: {said}"
        );
    }
}

// --- Permissions and signals ---

#[test]
fn an_unfinished_file_is_for_its_owner_only_and_goes_with_a_signal() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let folder = folder(&[("out.yaml", "old\n")]);
        set_mode(&folder.path().join("out.yaml"), 0o644);
        // The report waits for a reader of the pipe, so the output is complete but not yet in its place.
        assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().expect("mkfifo").success());
        let mut command = shell(&folder, "umask 022", &["-o", "pipe", "--report", "report.json"]);
        let mut child =
            command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        child.stdin.take().expect("piped").write_all(WEB.as_bytes()).expect("it reads");
        let unfinished = unfinished(folder.path());
        assert_eq!(format!("{:o}", mode_of(&unfinished)), "600");
        let kill = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status();
        assert!(kill.expect("a shell").success());
        let status = child.wait().expect("it ends");
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(number), "{signal}");
        assert_eq!(names(&folder), ["out.yaml", "pipe"], "{signal}");
    }
}

/// Waits for the temporary file next to the final one.
fn unfinished(folder: &Path) -> std::path::PathBuf {
    let begun = Instant::now();
    loop {
        let entries = std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path());
        let found = entries.into_iter().find(|path| {
            let hidden =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".immutably-"));
            hidden && std::fs::metadata(path).is_ok_and(|file| file.len() > 0)
        });
        if let Some(found) = found {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no file was begun");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_owner_and_a_group_are_kept_where_that_is_allowed() {
    use std::os::unix::fs::MetadataExt;
    let folder = folder(&[("out.yaml", "old\n")]);
    let out = folder.path().join("out.yaml");
    let root = std::os::unix::fs::chown(&out, Some(65534), Some(65534)).is_ok();
    set_mode(&out, 0o640);
    assert_eq!(run_in(&folder, &["-o", "out.yaml"], WEB).status, 0);
    let after = std::fs::metadata(&out).expect("it is there");
    assert_eq!(format!("{:o}", mode_of(&out)), "640");
    assert!(!root || (after.uid(), after.gid()) == (65534, 65534), "{}:{}", after.uid(), after.gid());
}

#[test]
fn a_refused_stream_makes_no_file_and_an_ignored_signal_stays_ignored() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["-o", "out.yaml"], BAD_SECRET).status, 1);
    assert_eq!(names(&folder), Vec::<String>::new());
    let ended = finish(shell(&folder, "trap '' HUP; kill -HUP $$", &["-o", "out.yaml"]), WEB);
    assert_eq!((ended.status, run(&[], WEB).status), (0, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn helm_ignores_the_signals_that_its_caller_ignores() {
    let (folder, helm) = stand_in(
        "case \"$*\" in
           version*) echo v3.17.2 ;;
           *--help) echo \"      --post-renderer string   a\"; echo \"      --post-renderer-args stringArray   b\" ;;
           *) grep SigIgn /proc/self/status ;;
         esac",
    );
    let ours = ignored(&std::fs::read_to_string("/proc/self/status").expect("Linux tells"));
    for (before, signals) in
        [(":", 0), ("trap '' HUP", HUP), ("trap '' INT", INT), ("trap '' HUP INT TERM", ALL)]
    {
        let mut command = shell(&folder, before, &["helm", "template", "web", "chart", "--namespace=prod"]);
        command.env("HELM_BIN", &helm);
        let ended = finish(command, "");
        assert_eq!(ended.status, 0, "{before}: {}", ended.stderr);
        assert_eq!(ignored(&ended.text()), ours | signals, "{before}");
    }
}

// Signals as bits of `SigIgn`.
const HUP: u64 = 1;
const INT: u64 = 1 << 1;
const TERM: u64 = 1 << 14;
const ALL: u64 = HUP | INT | TERM;

/// The signals that a process ignores, out of those that Helm heeds. `status`: what the system says about it.
fn ignored(status: &str) -> u64 {
    let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.unwrap_or_else(|| panic!("no signals: {status}")) & ALL
}
