//! `--previous git:REV:PATH` with the real git, and `--previous helm:RELEASE` with stand-ins for a Helm that does not
//! answer. tests/releases.rs uses the real Helm.

#![cfg(unix)] // the stand-in for Helm is a script
#![allow(clippy::expect_used, clippy::panic)] // a test fails by panicking

mod program;

use program::unix::stand_in;
use program::{Ended, finish, program_in};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Returns a stream with this content.
fn web(content: &str) -> String {
    program::samples::WEB.replace("a: b", &format!("a: {content}"))
}

#[test]
fn git_gives_what_is_committed() {
    let Some(folder) = repository() else { return };
    let file = folder.path().join("prod.yaml");
    let release = |content: &str| {
        let args = ["--previous=git:HEAD:prod.yaml", "--previous-optional", "--output=prod.yaml"];
        let ended = finish(program_in(folder.path(), &args), web(content));
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let output = fs::read_to_string(&file).expect("it is written");
        git(folder.path(), &["add", "prod.yaml"]);
        git(folder.path(), &["commit", "-qm", content]);
        output
    };
    assert!(!release("b").contains("generations-ago"), "the first commit of the file has nothing before it");
    let second = release("c");
    assert!(second.contains("name: web-4h2mbtbbt6\n"), "{second}");
    let again = finish(program_in(folder.path(), &["--previous=git:HEAD:prod.yaml"]), web("c"));
    assert_eq!(again.text(), second, "what does not change gives the same output");
}

#[test]
fn git_gives_the_manifests_of_a_folder() {
    let Some(folder) = repository() else { return };
    fs::create_dir_all(folder.path().join("deploy/below")).expect("a folder");
    for (name, content) in [("a.yaml", "k"), ("b.yml", "l"), ("below/c.json", "m"), ("README.md", "n")] {
        let filtered = finish(program_in(folder.path(), &["--quiet"]), web(content));
        fs::write(folder.path().join("deploy").join(name), filtered.text()).expect("a file");
    }
    git(folder.path(), &["add", "deploy"]);
    git(folder.path(), &["commit", "-qm", "folder"]);
    let carried = |place: &str, from: &str, more: &[&str]| {
        let args = [&["--previous", place], more].concat();
        let ended = finish(program_in(&folder.path().join(from), &args), web("x"));
        assert_eq!(ended.status, 0, "{place}: {}", ended.stderr);
        ended.text().matches("generations-ago").count()
    };
    assert_eq!(carried("git:HEAD:deploy", "", &[]), 2);
    assert_eq!(carried("git:HEAD:deploy/", "deploy/below", &[]), 2);
    assert_eq!(carried("git:HEAD:./", "deploy", &[]), 2);
    assert_eq!(carried("git:HEAD:deploy", "", &["-R"]), 3);
}

#[test]
fn git_says_why_a_folder_gives_nothing() {
    let Some(folder) = repository() else { return };
    for name in ["empty/below", "linked"] {
        fs::create_dir_all(folder.path().join(name)).expect("a folder");
    }
    fs::write(folder.path().join("empty/below/web.yaml"), web("b")).expect("a file");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("linked/web.yaml")).expect("a link");
    git(folder.path(), &["add", "empty", "linked"]);
    git(folder.path(), &["commit", "-qm", "folders"]);
    let empty = refused(&folder, "git:HEAD:empty", &[]);
    assert!(
        empty.stderr.contains("holds no manifests") && empty.stderr.contains("add `-R`"),
        "{}",
        empty.stderr
    );
    let ended =
        finish(program_in(folder.path(), &["--previous=git:HEAD:empty", "--previous-optional"]), web("b"));
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let linked = refused(&folder, "git:HEAD:linked", &[]);
    assert!(linked.stderr.contains("web.yaml is a symbolic link"), "{}", linked.stderr);
}

#[test]
fn git_says_why_it_gives_nothing() {
    let Some(folder) = repository() else { return };
    let cases = [
        ("git:HEAD:other.yaml", "the commit holds no such file or folder"),
        ("git:nowhere:prod.yaml", "invalid object name"),
        ("git:HEAD", "expected `git:REV:PATH`"),
        ("git:--output=x:prod.yaml", "expected `git:REV:PATH`"),
    ];
    for (place, why) in cases {
        let ended = refused(&folder, place, &[]);
        assert!(
            ended.stderr.contains("unreadable-previous") && ended.stderr.contains(why),
            "{place}: {}",
            ended.stderr
        );
    }
    refused(&folder, "git:nowhere:prod.yaml", &["--previous-optional"]);
    assert!(!folder.path().join("x").exists());
}

#[test]
fn without_helm_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = asked(&folder, Path::new("/nowhere/helm"), &[]);
    assert!(ended.status == 1 && ended.stderr.contains("/nowhere/helm does not start"), "{}", ended.stderr);
}

#[test]
fn what_helm_says_is_repeated() {
    let says = "echo 'Error: query: failed to query with labels: secrets is forbidden' >&2; exit 1";
    let (folder, helm) = stand_in(says);
    let ended = asked(&folder, &helm, &["--previous-optional"]);
    assert!(ended.status == 1 && ended.stderr.contains("secrets is forbidden"), "{}", ended.stderr);
    let (folder, helm) = stand_in("echo 'no list'");
    let ended = asked(&folder, &helm, &[]);
    assert!(ended.status == 1 && ended.stderr.contains("no list of revisions"), "{}", ended.stderr);
}

#[test]
fn a_helm_that_does_not_answer_is_stopped() {
    for script in ["sleep 60", "exec > /dev/null 2>&1; sleep 60"] {
        let (folder, helm) = stand_in(&format!("echo $$ > pid; {script}"));
        let ended = asked(&folder, &helm, &["--previous-timeout=1s"]);
        assert!(
            ended.status == 1 && ended.stderr.contains("did not answer within 1 seconds"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn helm_is_told_where_to_look() {
    let (folder, helm) = stand_in("echo \"$*\" >> calls; echo 'Error: release: not found' >&2; exit 1");
    let ended = asked(&folder, &helm, &["--namespace=prod", "--kube-context=staging"]);
    assert_eq!((ended.status, ended.text().contains("web-4h2mbtbbt6")), (0, true), "{}", ended.stderr);
    let calls = fs::read_to_string(folder.path().join("calls")).expect("it was called");
    assert_eq!(calls, "history web --output json --kube-context=staging --namespace=prod\n");
}

#[test]
fn what_helm_stores_belongs_to_the_release() {
    let manifest = "apiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata:\n  name: other-4h2mbtbbt6\n  namespace: away\n  labels: {app.kubernetes.io/instance: part-b}\ndata:\n  a: b\n";
    let ended = after("deployed", manifest, "b");
    assert!(ended.text().contains("generations-ago") && ended.text().contains("other-4h2mbtbbt6"));
    assert!(!ended.stderr.contains("other-"), "{}", ended.stderr);
}

#[test]
fn a_revision_that_failed_counts_if_none_is_deployed() {
    let failed = after("failed", &web("b"), "c");
    assert!(failed.text().contains("name: web\n"), "{}", failed.text());
    let superseded = after("superseded", &web("b"), "c");
    assert_eq!(failed.text(), superseded.text());
}

/// Runs the program after a revision with this status and manifest.
fn after(status: &str, manifest: &str, content: &str) -> Ended {
    let history = format!("[{{\"revision\":1,\"status\":\"{status}\"}}]");
    let (folder, helm) =
        stand_in(&format!("if [ \"$1\" = history ]; then echo '{history}'; else cat manifest.yaml; fi"));
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("it is written");
    let mut command = program_in(folder.path(), &["--previous=helm:web"]);
    command.env("HELM_BIN", &helm);
    let ended = finish(command, web(content));
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    ended
}

/// Runs the program with this Helm.
fn asked(folder: &TempDir, helm: &Path, more: &[&str]) -> Ended {
    let mut command = program_in(folder.path(), &[&["--previous=helm:web"], more].concat());
    command.env("HELM_BIN", helm);
    finish(command, web("b"))
}

fn refused(folder: &TempDir, place: &str, more: &[&str]) -> Ended {
    let ended = finish(program_in(folder.path(), &[&["--previous", place], more].concat()), web("b"));
    assert_eq!(ended.status, 1, "{place}");
    ended
}

/// Creates a repository with one commit; `None` without git.
fn repository() -> Option<TempDir> {
    let folder = tempfile::tempdir().expect("a folder");
    Command::new("git").arg("--version").output().ok()?;
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "first"]);
    Some(folder)
}

fn git(folder: &Path, args: &[&str]) -> Output {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let output =
        Command::new("git").args(identity).args(args).current_dir(folder).output().expect("git starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
