//! `--check` and `--diff` show what would change and write nothing else. Also directories and colour.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::{folder, names, read};
use program::samples::{WEB, WEB_SUMS, versioned_web};
use program::{Ended, run, run_in};
use tempfile::TempDir;

/// Creates two files that change, one that does not, and one in a subdirectory.
fn manifests() -> TempDir {
    let done = versioned_web();
    let other = WEB.replace("name: web", "name: other");
    let deep = WEB.replace("name: web", "name: deep");
    folder(&[("a/web.yaml", WEB), ("a/done.yaml", &done), ("a/other.yml", &other), ("a/b/deep.yaml", &deep)])
}

fn lines(ended: &Ended) -> Vec<&str> {
    ended.stderr.lines().filter(|line| line.starts_with("would change: ")).collect()
}

#[test]
fn check_names_the_files_that_would_change() {
    let folder = manifests();
    for quiet in [&["--check"][..], &["--check", "-q"]] {
        let checked = run_in(&folder, &[quiet, &["a/web.yaml", "a/done.yaml", "a/b"]].concat(), "");
        assert_eq!((checked.status, checked.text()), (1, String::new()));
        assert_eq!(lines(&checked), ["would change: a/web.yaml", "would change: a/b/deep.yaml"]);
        let quiet_lines = checked.stderr.lines().count();
        assert!(quiet.len() == 1 || quiet_lines == 2, "{}", checked.stderr);
    }
    let clean = run_in(&folder, &["--check", "-q", "a/done.yaml"], "");
    assert_eq!((clean.status, clean.stderr.as_str()), (0, ""));
    assert_eq!(lines(&run(&["--check"], WEB)), ["would change: <stdin>"]);
    let json = run_in(&folder, &["--check", "--format=json", "-q", "a/web.yaml"], "");
    assert_eq!(json.stderr, "{\"would_change\":[\"a/web.yaml\"]}\n");
    assert_eq!(read(&folder, "a/web.yaml"), WEB);
}

#[test]
fn check_and_exit_code_go_with_diff() {
    for args in [&["--check", "--diff"][..], &["--diff", "--exit-code"]] {
        let changed = run(args, WEB);
        assert_eq!(changed.status, 1, "{args:?}");
        assert!(changed.text().contains("+  name: web-4h2mbtbbt6\n"), "{}", changed.text());
        let same = run(args, versioned_web());
        assert_eq!((same.status, same.text()), (0, String::new()), "{args:?}");
    }
    assert_eq!(run(&["--diff"], WEB).status, 0);
    assert_eq!(run(&["--exit-code"], WEB).status, 2);
}

/// The second line of the Role comes from a Secret in JSON without its beginning, which YAML reads as one long key.
#[test]
fn a_secret_that_became_a_key_is_not_in_a_diff() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {a: b}\n---\n";
    let widget = "apiVersion: example.com/v1\nkind: Widget\nspec: {secretRef: {name: db}}\n---\n";
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: read}\n\
        rules: [{apiGroups: [\"\"], resources: [secrets], resourceNames: [db], verbs: [get]}]\n";
    for lost in [
        "--kind\":\"Secret\",\"stringData\":{\"token\":\"x-never-shown\",\"lines\":\"x: a\"}}\n",
        "--{kind:Secret,token:x-never-shown,lines:x: a}\n",
    ] {
        let ended = run(&["--diff"], [secret, widget, role, lost].concat());
        assert!(!ended.text().contains("never-shown"), "{}", ended.text());
        let changes =
            "<stdin>:10 (document 3) changes; it is not shown, since it may hold a part of a Secret\n";
        assert!(ended.text().ends_with(changes), "{}", ended.text());
    }
}

#[test]
fn a_diff_and_a_report_cannot_go_to_one_place() {
    assert_eq!(run(&["--check", "--diff", "--report=-"], WEB).status, 2);
}

#[test]
fn subdirectories_are_read_when_asked() {
    let folder = manifests();
    let flat = run_in(&folder, &["a"], "");
    assert!(!flat.text().contains("deep") && flat.text().contains("other"), "{}", flat.text());
    for recursive in ["-R", "--recursive"] {
        let all = run_in(&folder, &[recursive, "a"], "");
        let text = all.text();
        let places = ["name: deep-", "name: web-", "name: other-"].map(|name| text.find(name));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
    }
    assert!(run_in(&folder, &["audit", "-R", "a"], "").text().contains("deep"));
    let empty = program::files::folder(&[("a/b/text.txt", "")]);
    assert!(run_in(&empty, &["a"], "").stderr.contains("add `-R`"));
    assert_eq!(run_in(&empty, &["-R", "a"], "").status, 1);
    assert_eq!(names(&empty), ["a"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_does_not_lead_in_circles() {
    let folder = manifests();
    std::os::unix::fs::symlink("..", folder.path().join("a/b/up")).expect("a link is made");
    let ended = run_in(&folder, &["-R", "-q", "a"], "");
    assert_eq!((ended.status, ended.text().matches("name: deep-").count()), (0, 2), "{}", ended.stderr);
}

#[test]
fn colour_is_as_asked() {
    let coloured = |args: &[&str]| run(args, "a: [").stderr.contains('\u{1b}');
    assert!(coloured(&["--color=always"]));
    assert!(!coloured(&["--color=never"]) && !coloured(&["--color=auto"]) && !coloured(&[]));
    assert!(run(&["audit", "--color=always"], WEB).text().contains('\u{1b}'));
    assert!(run(&["audit", "--color", "sometimes"], WEB).status == 2);
    assert!(!run(&["audit"], WEB).text().contains('\u{1b}'));
}

#[test]
fn an_empty_input_says_so() {
    for input in ["", " \n\n"] {
        let ended = run(&[], input);
        assert_eq!((ended.status, ended.text().as_str()), (0, input));
        assert!(ended.stderr.starts_with("the input is empty"), "{}", ended.stderr);
        assert_eq!(run(&["-q"], input).stderr, "");
    }
    assert_eq!(run(&[], WEB).stderr, WEB_SUMS);
}
