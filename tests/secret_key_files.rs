//! Keys in files, variables and configurations; and releases before and after a key is replaced.

#![cfg(unix)] // permissions
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::{folder, read};
use program::unix::set_mode;
use program::{Ended, finish, program_in, run_in};
use std::fs;
use std::os::unix::fs::symlink;
use tempfile::TempDir;

const KEY: &str = "correct horse battery staple";
const OLD: &str = "an older key of thirty-two bytes";
/// The name of the Secret below with `KEY`, and without a key; see fixtures/keys/a-key-makes-the-suffix-of-secrets.
const KEYED: &str = "db-7hm89gk7c4";
const PLAIN: &str = "db-cf85kd65mm";

/// Returns a Secret and the object that uses it.
fn release(password: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: web}}\nstringData: {{password: {password}}}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, namespace: web}}\nspec:\n  template:\n    spec:\n      \
         containers:\n      - name: web\n        envFrom:\n        - secretRef: {{name: db}}\n"
    )
}

/// Creates a folder with the keys, which only the owner can read.
fn keys() -> TempDir {
    let folder =
        folder(&[("new.key", &format!("{KEY}\n")), ("old.key", OLD), ("short.key", "fifteen bytes!!\n")]);
    for name in ["new.key", "old.key", "short.key"] {
        set_mode(&folder.path().join(name), 0o600);
    }
    folder
}

fn refused_with(ended: &Ended, what: &str) {
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("error[unusable-key]") && ended.stderr.contains(what), "{}", ended.stderr);
    assert!(!ended.stderr.contains(KEY) && !ended.stderr.contains("fifteen bytes"), "{}", ended.stderr);
}

#[test]
fn a_file_a_link_and_a_variable_hold_the_same_key() {
    let folder = keys();
    symlink("new.key", folder.path().join("..data")).expect("a link is made");
    symlink("..data", folder.path().join("link.key")).expect("a link is made");
    for args in [["--secret-key-file", "new.key"], ["--secret-key-file", "link.key"]] {
        let ended = run_in(&folder, &args, release("hunter2"));
        assert!(ended.status == 0 && ended.text().contains(KEYED), "{}", ended.stderr);
    }
    let mut program = program_in(folder.path(), &[]);
    program.env("IMMUTABLY_SECRET_KEY", format!("{KEY}\n"));
    assert!(finish(program, release("hunter2")).text().contains(KEYED));
    assert!(run_in(&folder, &[], release("hunter2")).text().contains(PLAIN));
}

#[test]
fn a_file_makes_suffixes_and_the_variable_recognises() {
    let folder = keys();
    let with_variable = |input: String| {
        let mut program = program_in(folder.path(), &["--secret-key-file", "new.key"]);
        program.env("IMMUTABLY_SECRET_KEY", OLD);
        finish(program, input)
    };
    assert!(with_variable(release("hunter2")).text().contains(KEYED));
    let old = run_in(&folder, &["--secret-key-file", "old.key"], release("hunter2")).text();
    let again = with_variable(old.clone());
    assert!(again.text() == old && again.stderr.contains("0 warnings"), "{}", again.stderr);
}

#[test]
fn a_file_that_others_can_read_or_write_is_refused() {
    let folder = keys();
    let path = folder.path().join("new.key");
    for (mode, is_refused) in [(0o604, true), (0o602, true), (0o644, true), (0o640, false), (0o400, false)] {
        set_mode(&path, mode);
        let ended = run_in(&folder, &["--secret-key-file", "new.key"], release("hunter2"));
        if is_refused {
            refused_with(&ended, "chmod 600 new.key");
        } else {
            assert_eq!(ended.status, 0, "{mode:o}: {}", ended.stderr);
        }
    }
}

#[test]
fn what_is_no_key_is_refused_and_not_shown() {
    let folder = keys();
    let with = |path: &str| run_in(&folder, &["--secret-key-file", path], release("hunter2"));
    refused_with(&with("short.key"), "is too short: a key has at least 16 bytes");
    refused_with(&with("."), "is a directory");
    refused_with(&with(KEY), "there is no file at path 1");
    fs::write(folder.path().join("long.key"), vec![b'x'; 65_537]).expect("the file is written");
    set_mode(&folder.path().join("long.key"), 0o600);
    refused_with(&with("long.key"), "is longer than 65536 bytes");
    symlink("nowhere", folder.path().join("dangling.key")).expect("a link is made");
    refused_with(&with("dangling.key"), "cannot read the key file dangling.key");
    refused_with(&with("/dev/zero"), "every user of this machine");
}

#[test]
fn every_command_takes_a_key() {
    let folder = keys();
    let args = ["--secret-key-file", "new.key"];
    let filtered = run_in(&folder, &args, release("hunter2")).text();
    for command in [&["audit"][..], &["explain", "Secret/db"], &["graph"]] {
        let ended = run_in(&folder, &[command, &args].concat(), &filtered);
        assert!(ended.status == 0 && !ended.text().contains("unknown"), "{command:?}: {}", ended.stderr);
        refused_with(
            &run_in(&folder, &[command, &["--secret-key-file", "short.key"]].concat(), &filtered),
            "too short",
        );
    }
    fs::write(folder.path().join("old.yaml"), &filtered).expect("the file is written");
    let plan = ["plan", "--previous", "old.yaml", "--detailed-exitcode", "--secret-key-file", "new.key"];
    assert_eq!(run_in(&folder, &plan, release("hunter2")).status, 0);
    assert_eq!(run_in(&folder, &plan, release("hunter3")).status, 11);
}

#[test]
fn a_configuration_names_the_file_and_never_holds_the_key() {
    let folder = keys();
    let list = |key: &str| {
        let release = release("hunter2").replace("---\n", "").replace("apiVersion", "- apiVersion");
        let indented: String = release
            .lines()
            .map(|line| if line.starts_with("- ") { format!("{line}\n") } else { format!("  {line}\n") })
            .collect();
        format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: v1\n  kind: ConfigMap\n  \
             metadata: {{name: x}}\n  data: {{{key}}}\nitems:\n{indented}"
        )
    };
    let ended = run_in(&folder, &[], list("secretKeyFiles: 'new.key, old.key'"));
    assert!(ended.status == 0 && ended.text().contains(KEYED), "{}", ended.stderr);
    for key in ["secretKey", "secretKeyFile"] {
        let ended = run_in(&folder, &[], list(&format!("{key}: {KEY}")));
        assert_eq!(ended.status, 1, "{}", ended.stderr);
        assert!(
            ended.stderr.contains("invalid-configuration") && !ended.stderr.contains(KEY),
            "{}",
            ended.stderr
        );
    }
    refused_with(
        &run_in(&folder, &[], list(&format!("secretKeyFiles: {KEY}"))),
        "there is no file at path 1",
    );
}

/// Three releases; the second one replaces the key.
#[test]
fn a_replaced_key_costs_one_new_name_and_loses_no_version() {
    let folder = keys();
    let deploy = |keys: &[&str], password: &str, previous: Option<&str>| {
        let keys = keys.iter().flat_map(|key| ["--secret-key-file", key]);
        let previous = previous.into_iter().flat_map(|previous| ["--previous", previous]);
        let args: Vec<&str> = keys.chain(previous).collect();
        let ended = run_in(&folder, &args, release(password));
        assert!(ended.status == 0 && ended.stderr.contains("0 warnings"), "{}", ended.stderr);
        ended.text()
    };
    let save = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it is written");
    let first = deploy(&["old.key"], "hunter2", None);
    save("first.yaml", &first);
    let second = deploy(&["new.key", "old.key"], "hunter2", Some("first.yaml"));
    save("second.yaml", &second);
    let third = deploy(&["new.key", "old.key"], "hunter2", Some("second.yaml"));
    let old_name = names(&first)[0].clone();
    assert_eq!(names(&second), [KEYED, &old_name], "the same content gets a new name, once");
    assert_eq!(third, second, "and then nothing changes");
    let changed = deploy(&["new.key", "old.key"], "hunter3", Some("second.yaml"));
    assert_eq!(names(&changed)[1..], [KEYED.to_owned(), old_name.clone()], "both earlier versions stay");

    let export = export(&[&changed, &second, &first]);
    let gc = |keys: &[&str]| {
        let keys = keys.iter().flat_map(|key| ["--secret-key-file", key]);
        let gc = ["gc", "--now", "2026-11-25T08:00:00Z", "--keep", "1", "--allow-no-pods"];
        run_in(&folder, &gc.into_iter().chain(keys).collect::<Vec<_>>(), &export)
    };
    let all = gc(&["new.key", "old.key"]);
    assert_eq!(names(&all.text()), [KEYED, &old_name], "{}", all.stderr);
    let without_old = gc(&["new.key"]);
    assert_eq!(names(&without_old.text()), [KEYED], "what cannot be checked stays");
    assert!(without_old.stderr.contains("warning[unknown-key]"), "{}", without_old.stderr);
}

/// Returns the names of the Secrets in a stream.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_secret = false;
    for line in text.lines() {
        is_secret = if line.starts_with("kind:") { line == "kind: Secret" } else { is_secret };
        let name = line.split_once("name: ").map(|(_, rest)| rest.trim_matches(['{', '}']));
        if let Some(name) = name.filter(|_| is_secret) {
            names.push(name.split([',', '}']).next().unwrap_or_default().to_owned());
            is_secret = false;
        }
    }
    names
}

/// Returns the Secrets of these streams as a cluster export, newest first, without duplicates.
fn export(streams: &[&str]) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut out = String::new();
    for stream in streams {
        for document in stream.split("---\n").filter(|document| document.contains("kind: Secret")) {
            let name = names(document).remove(0);
            if !seen.contains(&name) {
                let created = format!("creationTimestamp: \"2026-11-{:02}T08:00:00Z\"", 20 - seen.len());
                let document = document
                    .replace("metadata: {", &format!("metadata: {{{created}, "))
                    .replace("metadata:\n", &format!("metadata:\n  {created}\n"));
                out += &format!("---\n{document}");
                seen.push(name);
            }
        }
    }
    out
}

/// The key is in no output, whatever command runs.
#[test]
fn a_key_is_never_shown() {
    let folder = keys();
    let filtered = run_in(&folder, &["--secret-key-file", "new.key"], release("hunter2")).text();
    for args in [
        &["--diff"][..],
        &["--format", "json", "--report", "report.json"],
        &["--format", "sarif"],
        &["audit", "--format", "json"],
        &["graph", "--format", "json"],
        &["--leave", "Secret/nothing", "--strict"],
    ] {
        let ended = run_in(&folder, &[args, &["--secret-key-file", "new.key"]].concat(), &filtered);
        let shown = format!("{}{}", ended.text(), ended.stderr);
        assert!(!shown.contains(KEY), "{args:?}");
    }
    assert!(!read(&folder, "report.json").contains(KEY));
}
