//! The program from outside: exit statuses, files, flags, help, and inputs that are out of the ordinary.
//!
//! Which bytes come out for which manifests is in fixtures/; here is everything around that. Whatever a test looks at,
//! [`run`] also checks that nothing panicked and that what is refused writes nothing.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A ConfigMap and what refers to it.
const WEB: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  a: b
---
apiVersion: example.com/v1
kind: Runner
metadata:
  name: runner
spec:
  containers:
    - name: main
      envFrom:
        - configMapRef:
            name: web
";

/// What becomes of [`WEB`].
fn versioned_web() -> String {
    WEB.replace("kind: ConfigMap\n", "kind: ConfigMap\nimmutable: true\n")
        .replace("name: web", "name: web-4h2mbtbbt6")
}

/// What is said of [`WEB`].
const WEB_SUMS: &str = "1 versioned, 0 left alone, 1 reference, 0 warnings\n";

/// A Secret with a value that is not base64.
const BAD_SECRET: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: db
data:
  password: '--hunter2'
";

/// A ConfigMap that nothing refers to, which is a warning.
const UNREFERENCED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n";

// --- Exit status ---

#[test]
fn what_goes_through_ends_with_0() {
    let ended = run(&[], WEB);
    assert_eq!((ended.status, ended.text()), (0, versioned_web()));
    assert_eq!(ended.stderr, WEB_SUMS);
}

#[test]
fn empty_input_goes_through() {
    let ended = run(&[], "");
    assert_eq!((ended.status, ended.text()), (0, String::new()));
}

#[test]
fn what_is_refused_ends_with_1() {
    let ended = run(&[], BAD_SECRET);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("error[invalid-base64]"), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("refused, nothing written: 1 error, 0 warnings\n"), "{}", ended.stderr);
}

#[test]
fn warnings_refuse_only_when_strict() {
    assert_eq!(run(&[], UNREFERENCED).status, 0);
    assert_eq!(run(&["--strict"], UNREFERENCED).status, 1);
    assert_eq!(run(&["--strict"], WEB).status, 0);
}

#[test]
fn quiet_shows_errors_only() {
    assert_eq!(run(&["--quiet"], UNREFERENCED).stderr, "");
    assert!(run(&["--quiet"], BAD_SECRET).stderr.contains("error[invalid-base64]"));
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for args in [["--no-such-flag"], ["--hash=md5"], ["--format=xml"], ["--unreferenced=drop"], ["--output="]]
    {
        let ended = run(&args, WEB);
        assert_eq!(ended.status, 2, "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.starts_with("error: "), "{args:?}: {}", ended.stderr);
    }
}

#[test]
fn a_wrong_flag_suggests_the_right_one() {
    for (wrong, right) in [
        ("--name-space=x", "--namespace"),
        ("--unreferenecd=leave", "--unreferenced"),
        ("--reports=x", "--report"),
    ] {
        let ended = run(&[wrong], WEB);
        assert_eq!(ended.status, 2);
        assert!(ended.stderr.contains(&format!("'{right}'")), "{wrong}: {}", ended.stderr);
    }
    assert!(run(&["--hash=kustomise"], WEB).stderr.contains("'kustomize'"));
}

// --- Standard output ---

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    let folder = folder(&[("large.yaml", &format!("{WEB}---\nlarge: {}\n", "x".repeat(4 << 20)))]);
    let mut child = program(&["large.yaml"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().expect("stdout is piped");
    stdout.read_exact(&mut first).expect("there is output");
    drop(stdout);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(&first, b"apiVersion");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), WEB_SUMS);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = folder(&[("web.yaml", WEB)]);
    for args in [&["web.yaml"][..], &["web.yaml", "-o", "/dev/full"], &["web.yaml", "--report", "/dev/full"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full is there");
        let output =
            program(args).current_dir(folder.path()).stdout(full).output().expect("the program runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("cannot write ") && stderr.contains("No space left"), "{args:?}: {stderr}");
    }
}

// --- The output file ---

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
    // No file may grow beyond one block, and the signal that tells so is ignored.
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

// --- The report and findings as JSON ---

#[test]
fn the_report_has_the_documented_fields() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--report", "report.json"], format!("{WEB}---\n{UNREFERENCED}")).status, 0);
    let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
    has_fields(&report, &["summary", "objects", "findings"]);
    has_fields(&report["summary"], &["versioned", "left_alone", "references", "warnings", "errors"]);
    let object = &report["objects"][0];
    has_fields(object, &["kind", "namespace", "name", "new_name", "decision", "reason", "references"]);
    assert_eq!((&object["kind"], &object["name"]), (&"ConfigMap".into(), &"web".into()));
    assert_eq!((&object["new_name"], &object["decision"]), (&"web-4h2mbtbbt6".into(), &"versioned".into()));
}

#[test]
fn a_finding_in_the_report_has_the_documented_fields() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--report", "report.json"], UNREFERENCED).status, 0);
    let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
    let finding = &report["findings"][0];
    has_fields(finding, &["code", "severity", "message", "document", "file", "line", "column", "help"]);
    assert_eq!((&finding["code"], &finding["severity"]), (&"unreferenced".into(), &"warning".into()));
    assert_eq!(
        (&finding["file"], &finding["line"], &finding["column"]),
        (&"<stdin>".into(), &3.into(), &18.into())
    );
}

#[test]
fn a_report_is_written_when_the_stream_is_refused() {
    for (input, code) in [(BAD_SECRET.as_bytes(), "invalid-base64"), (b"a: \xff\n", "unreadable-input")] {
        let folder = folder(&[("report.json", "of the run before\n")]);
        assert_eq!(run_in(&folder, &["--report", "report.json"], input).status, 1);
        let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
        assert_eq!(report["findings"][0]["code"], code);
        assert_eq!(report["summary"]["errors"], 1);
    }
}

#[test]
fn findings_as_json_are_one_object_on_each_line() {
    for input in [WEB.as_bytes(), UNREFERENCED.as_bytes(), BAD_SECRET.as_bytes(), b"kind: [", b"\xff"] {
        for line in run(&["--format=json"], input).stderr.lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let fields = ["code", "severity", "message", "document", "file", "line", "column", "help"];
            let wanted = if value.get("summary").is_some() { &["summary"][..] } else { &fields };
            has_fields(&value, wanted);
        }
    }
    let stderr = run(&["--format=json"], WEB).stderr;
    let sums: Value = serde_json::from_str(&stderr).expect("one line");
    assert_eq!(sums["summary"]["versioned"], 1);
}

#[test]
fn a_failure_to_write_is_json_too() {
    let folder = folder(&[]);
    let ended = run_in(&folder, &["--format=json", "-o", "absent/out.yaml"], WEB);
    assert_eq!(ended.status, 1);
    for line in ended.stderr.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn a_value_out_of_a_secret_is_never_shown() {
    let broken = BAD_SECRET.replace("'--hunter2'", "[--hunter2");
    for input in [BAD_SECRET, &broken, &BAD_SECRET.replace("password", "pass\tword: hunter2 #")] {
        for args in [&[][..], &["--format=json"], &["--strict"]] {
            let folder = folder(&[]);
            let ended = run_in(&folder, &[args, &["--report", "report.json"]].concat(), input);
            assert_eq!(ended.status, 1);
            assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
            assert!(!read(&folder, "report.json").contains("hunter2"));
        }
    }
}

// --- What is read ---

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

// --- The namespace of what names none ---

#[test]
fn a_flag_goes_before_helm_and_helm_before_argo_cd() {
    for (environment, args, wanted) in [
        (&[][..], &["--namespace=prod"][..], "prod"),
        (&[], &["-n", "test"], "test"),
        (&[("HELM_NAMESPACE", "prod")], &[], "prod"),
        (&[("ARGOCD_APP_NAMESPACE", "prod")], &[], "prod"),
        (&[("HELM_NAMESPACE", "prod"), ("ARGOCD_APP_NAMESPACE", "test")], &[], "prod"),
        (&[("HELM_NAMESPACE", ""), ("ARGOCD_APP_NAMESPACE", "test")], &[], "test"),
        (&[("HELM_NAMESPACE", "prod"), ("ARGOCD_APP_NAMESPACE", "prod")], &["--namespace=test"], "test"),
    ] {
        let mut command = program(args);
        command.envs(environment.iter().copied());
        assert_eq!(
            namespace_meant(&finish(command, two_namespaces())),
            Some(wanted),
            "{environment:?} {args:?}"
        );
    }
    assert_eq!(namespace_meant(&run(&[], two_namespaces())), None);
}

/// A ConfigMap of the same name in the namespaces `prod` and `test`, and a Pod that does not say which it means.
fn two_namespaces() -> String {
    let config_map = |namespace| {
        let metadata = format!("metadata:\n  name: web\n  namespace: {namespace}\n");
        format!("apiVersion: v1\nkind: ConfigMap\n{metadata}data:\n  a: {namespace}\n---\n")
    };
    let (_, pod) = WEB.split_once("---\n").expect("two documents");
    config_map("prod") + &config_map("test") + pod
}

/// The namespace of the object that the Pod means in what came out; none when it is refused as ambiguous.
fn namespace_meant(ended: &Ended) -> Option<&'static str> {
    if ended.status == 1 {
        assert!(ended.stderr.contains("ambiguous-reference"), "{}", ended.stderr);
        return None;
    }
    let text = ended.text();
    let names: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("name: web-")).collect();
    match names[..] {
        [prod, _, meant] if meant == prod => Some("prod"),
        [_, test, meant] if meant == test => Some("test"),
        _ => panic!("{text}"),
    }
}

// --- Help ---

#[test]
fn help_shows_examples_first_and_fits_100_columns() {
    let mut command = program(&["--help"]);
    command.env("COLUMNS", "300");
    let help = finish(command, "");
    assert_eq!((help.status, help.stderr.as_str()), (0, ""));
    let text = help.text();
    let examples = text.find("Examples:").expect("there are examples");
    assert!(examples < text.find("Usage:").expect("there is a usage line"));
    assert!(text[..examples].lines().count() <= 4, "{text}");
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|columns| columns <= 100), "{widest:?} columns");
}

#[test]
fn version_is_one_line() {
    let ended = run(&["--version"], "");
    assert_eq!((ended.status, ended.text()), (0, format!("immutably {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn completions_are_there_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = run(&["completions", shell], "");
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{shell}");
        for flag in long_flags() {
            // fish writes `-l flag`.
            let flag = flag.trim_start_matches('-');
            assert!(ended.text().contains(flag), "{shell} knows no {flag}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"], "").status, 2);
}

#[cfg(unix)]
#[test]
fn completions_for_bash_are_bash() {
    let folder = folder(&[("completions.bash", &run(&["completions", "bash"], "").text())]);
    let checked = Command::new("bash").arg("-n").arg(folder.path().join("completions.bash")).output();
    // Not every machine has bash.
    if let Ok(checked) = checked {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn the_manual_page_is_roff_and_names_each_flag() {
    let ended = run(&["man"], "");
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    let text = ended.text();
    assert!(text.starts_with('.') && text.contains("\n.TH immutably 1 "), "{}", &text[..200]);
    for flag in long_flags() {
        assert!(text.contains(&flag.replace('-', "\\-")), "no {flag}");
    }
}

/// Every `--flag` that the help describes.
fn long_flags() -> Vec<String> {
    let help = run(&["--help"], "").text();
    let (_, options) = help.split_once("\nOptions:\n").expect("there are options");
    let flags = options.lines().filter(|line| line.trim_start().starts_with('-')).filter_map(|line| {
        let flag = line.split([' ', ',']).find(|word| word.starts_with("--"))?;
        Some(flag.to_owned())
    });
    let flags: Vec<String> = flags.collect();
    assert!(flags.len() > 8, "{flags:?}");
    flags
}

// --- Colour ---

#[test]
fn colour_is_for_terminals_only() {
    assert!(!run(&[], BAD_SECRET).stderr.contains('\u{1b}'));
    assert!(!run(&["--help"], "").text().contains('\u{1b}'));
    assert!(!run(&["--no-such-flag"], "").stderr.contains('\u{1b}'));
}

#[test]
fn no_color_goes_before_a_wish_for_colour() {
    let stderr = |args: &[&str], environment: &[(&str, &str)]| {
        let mut command = program(args);
        command.envs(environment.iter().copied());
        finish(command, BAD_SECRET).stderr
    };
    assert!(stderr(&[], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!stderr(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!stderr(&["--format=json"], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
}

// --- Inputs that are out of the ordinary ---

#[test]
fn a_scalar_of_100_megabytes_goes_through() {
    let large = "x".repeat(100_000_000);
    let folder = folder(&[("web.yaml", WEB), ("large.yaml", &format!("kind: Large\nvalue: {large}\n"))]);
    let ended = run_in(&folder, &["large.yaml", "web.yaml"], "");
    assert_eq!((ended.status, ended.stderr.as_str()), (0, WEB_SUMS));
    assert!(ended.stdout.ends_with(versioned_web().as_bytes()));
    assert_eq!(ended.stdout.len(), "kind: Large\nvalue: \n---\n".len() + large.len() + versioned_web().len());
}

#[test]
fn a_hundred_thousand_levels_of_nesting_are_refused() {
    let flow = format!("kind: Pod\nspec: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let block = format!("{}x\n", "- ".repeat(100_000));
    let json = format!("{}1{}", "{\"kind\":".repeat(100_000), "}".repeat(100_000));
    let never_closed = "{\"a\":[".repeat(100_000);
    for input in [flow, block, json, never_closed] {
        let ended = run(&[], input);
        assert_eq!(ended.status, 1);
        assert!(ended.stderr.contains("error[nested-too-deep]"), "{}", ended.stderr);
        assert!(ended.stderr.len() < 2_000, "{}", ended.stderr);
    }
}

#[test]
fn an_alias_bomb_costs_nothing() {
    let levels = |open: &str, close: &str| -> String {
        let level = |number: usize| {
            let aliases = vec![format!("*x{}", number - 1); 9].join(",");
            format!("x{number}: &x{number} {open}{aliases}{close}\n")
        };
        (1..40).map(level).collect()
    };
    let unused = format!("x0: &x0 [a]\n{}{WEB}", levels("[", "]"));
    assert_eq!(run(&[], &unused).status, 0);
    let merged =
        format!("x0: &x0 {{a: b}}\n{}{}", levels("{<<: [", "]}"), WEB.replace("  a: b", "  <<: *x39"));
    let ended = run(&[], &merged);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("error[alias-limit]"), "{}", ended.stderr);
}

#[test]
fn a_million_empty_documents_go_through() {
    let input = "---\n".repeat(1_000_000) + WEB;
    let ended = run(&[], &input);
    assert_eq!((ended.status, ended.stderr.as_str()), (0, WEB_SUMS));
    assert_eq!(ended.text(), "---\n".repeat(1_000_000) + &versioned_web());
}

#[test]
fn a_line_of_20_megabytes_goes_through() {
    let value = "x".repeat(100_000);
    let item = |number: usize| {
        let (kind, metadata) =
            (r#""apiVersion":"v1","kind":"ConfigMap""#, format!(r#"{{"name":"c{number}"}}"#));
        format!(r#"{{{kind},"metadata":{metadata},"data":{{"a":"{value}"}}}}"#)
    };
    let items: Vec<String> = (0..200).map(item).collect();
    let input = format!(r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#, items.join(","));
    let ended = run(&["--quiet"], &input);
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.text().matches(r#""immutable":true"#).count(), 200);
}

#[test]
fn only_the_part_of_a_long_line_around_a_finding_is_shown() {
    let long = "x".repeat(1_000_000);
    let input = format!(
        r#"{{"a":"{long}","apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":3}},"data":{{"a":"b"}},"b":"{long}"}}"#
    );
    let ended = run(&[], input);
    assert_eq!(ended.status, 1);
    assert!(
        ended.stderr.contains("error[invalid-metadata]") && ended.stderr.len() < 2_000,
        "{}",
        ended.stderr.len()
    );
}

#[test]
fn random_bytes_end_well() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    for round in 0..50 {
        let mut bytes: Vec<u8> = (0..4_000).map(|_| next()).collect();
        match round % 3 {
            0 => {}
            1 => bytes.iter_mut().for_each(|byte| *byte &= 0x7f),
            _ => bytes
                .iter_mut()
                .for_each(|byte| *byte = b"{}[]:,-?&*!|>'\"%#@ \n\tkind a1"[usize::from(*byte) % 28]),
        }
        let ended = run(&[], &bytes);
        assert!([0, 1].contains(&ended.status), "{}", ended.stderr);
        assert!(ended.status == 1 || ended.stdout == bytes, "what has no target stays as it is");
    }
}

// --- Helpers ---

/// What the program did.
struct Ended {
    status: i32,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ended {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    finish(program(args), input)
}

fn run_in(folder: &TempDir, args: &[&str], input: impl AsRef<[u8]>) -> Ended {
    let mut command = program(args);
    command.current_dir(folder.path());
    finish(command, input)
}

/// The program in an environment that says nothing.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_immutably"));
    command.args(args);
    silence(&mut command);
    command
}

/// The program, started by a shell that runs `before` first.
#[cfg(unix)]
fn shell(folder: &TempDir, before: &str, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_immutably"));
    command.args(args).current_dir(folder.path());
    silence(&mut command);
    command
}

/// The program for whom permissions hold: they do not for root, who runs it as somebody else.
#[cfg(unix)]
fn unprivileged(folder: &TempDir, args: &[&str]) -> Command {
    use std::os::unix::process::CommandExt;
    let probe = folder.path().join("probe");
    fs::write(&probe, "").expect("the folder can be written");
    set_mode(&probe, 0);
    let root = fs::read(&probe).is_ok();
    fs::remove_file(&probe).expect("the probe is removed");
    if !root {
        let mut command = program(args);
        command.current_dir(folder.path());
        return command;
    }
    // Whoever runs it must get at the program, which may be in root's own folder. A copy that this process wrote could
    // not be run as long as another test's child still holds the open file.
    let program = folder.path().join("immutably");
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_immutably")).arg(&program).status();
    assert!(copied.is_ok_and(|status| status.success()), "the program is copied");
    set_mode(folder.path(), 0o755);
    let mut command = Command::new(program);
    command.args(args).current_dir(folder.path()).uid(65534).gid(65534);
    silence(&mut command);
    command
}

fn silence(command: &mut Command) {
    for name in
        ["HELM_NAMESPACE", "ARGOCD_APP_NAMESPACE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"]
    {
        command.env_remove(name);
    }
}

fn finish(mut command: Command, input: impl AsRef<[u8]>) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.as_ref();
    let output = std::thread::scope(|scope| {
        // What refuses early need not read everything.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().expect("the program ends")
    });
    let stderr = String::from_utf8(output.stderr).expect("messages are text");
    let status = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(status == 0 || output.stdout.is_empty(), "wrote something and ended with {status}");
    Ended { status, stdout: output.stdout, stderr }
}

/// A new folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder is made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder.path())).expect("its folder is made");
        fs::write(path, text).expect("the file is written");
    }
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names(folder: &TempDir) -> Vec<String> {
    names_in(folder.path())
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is read").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn has_fields(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "no {field} in {value}");
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

#[cfg(unix)]
fn mode_of(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("the file is there").permissions().mode() & 0o7777
}
