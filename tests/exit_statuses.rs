//! The program as a process: exit statuses, standard output, and where the namespace comes from.
//!
//! The fixtures test the output for given manifests. This file and `help_and_completions`, `files_and_directories`,
//! `large_and_deep_input`, `output_file_is_whole` and `reports_show_no_secret` test everything else.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::folder;
use program::samples::{BAD_SECRET, UNREFERENCED, WEB, WEB_SUMS, versioned_web};
use program::{Ended, finish, program, program_in, run, stops_reading};
use std::fs;

// --- Exit status ---

#[test]
fn what_goes_through_ends_with_0() {
    let ended = run(&[], WEB);
    assert_eq!((ended.status, ended.text()), (0, versioned_web()));
    assert_eq!(ended.stderr, WEB_SUMS);
}

#[test]
fn a_code_and_an_object_are_explained() {
    let listed = run(&["explain"], "");
    assert!(listed.text().contains("missing-key "), "{}", listed.text());
    let explained = run(&["explain", "warning[missing-key]"], "");
    assert_eq!(explained.status, 0);
    assert!(explained.text().starts_with("missing-key\n\nSeverity: warning."), "{}", explained.text());
    let unknown = run(&["explain", "mising-key"], "");
    assert_eq!((unknown.status, unknown.text()), (2, String::new()));
    assert!(unknown.stderr.contains("did you mean `missing-key`?"), "{}", unknown.stderr);
    let object = run(&["explain", "configmap/web"], WEB);
    assert!(object.text().starts_with("ConfigMap web\n  gets the name web-"), "{}", object.text());
    let absent = run(&["explain", "Secret/absent"], WEB);
    assert_eq!((absent.status, absent.text()), (1, String::new()));
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
    assert_eq!(run(&["--unreferenced=version"], UNREFERENCED).status, 0);
    assert_eq!(run(&["--strict", "--unreferenced=version"], UNREFERENCED).status, 1);
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
    let folder =
        folder(&[("large.yaml", &format!("{WEB}---\nkind: Large\nlarge: {}\n", "x".repeat(4 << 20)))]);
    let ended = stops_reading(program_in(folder.path(), &["large.yaml"]), "");
    assert_eq!(ended.stdout, b"apiVersion");
    assert_eq!((ended.status, ended.stderr.as_str()), (0, WEB_SUMS));
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

// --- The default namespace ---

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

/// Returns a ConfigMap with the same name in the namespaces `prod` and `test`, and a Pod without a namespace that uses
/// it.
fn two_namespaces() -> String {
    let config_map = |namespace| {
        let metadata = format!("metadata:\n  name: web\n  namespace: {namespace}\n");
        format!("apiVersion: v1\nkind: ConfigMap\n{metadata}data:\n  a: {namespace}\n---\n")
    };
    let (_, pod) = WEB.split_once("---\n").expect("two documents");
    config_map("prod") + &config_map("test") + pod
}

/// Returns the namespace of the object that the Pod refers to in the output; `None` if the reference is refused as
/// ambiguous.
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
