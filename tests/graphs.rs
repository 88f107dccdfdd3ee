//! `immutably graph`: every folder of `tests/graphs/` in every format, byte for byte, and how large graphs are folded.
//!
//! A folder contains `input.yaml`, optionally `args` with one argument on each line, and `expected.FORMAT`. `UPDATE=1
//! cargo test --test graphs` writes the expected files again; read the difference before committing it.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod program;

use program::run;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const FORMATS: [&str; 5] = ["text", "mermaid", "dot", "json", "html"];

#[test]
fn every_folder_gives_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphs");
    let mut wrong = Vec::new();
    for folder in fs::read_dir(root).expect("the folders are listed").flatten() {
        let folder = folder.path();
        let input = fs::read_to_string(folder.join("input.yaml")).expect("there is an input");
        let more = fs::read_to_string(folder.join("args")).unwrap_or_default();
        for format in FORMATS {
            let args: Vec<&str> = ["graph", "--format", format].into_iter().chain(more.lines()).collect();
            let ended = run(&args, &input);
            assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{}", folder.display());
            assert!(!ended.text().contains("hunter2"), "{} shows a Secret", folder.display());
            let expected = folder.join(format!("expected.{format}"));
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&expected, &ended.stdout).expect("the expected output is written");
            }
            if fs::read(&expected).unwrap_or_default() != ended.stdout {
                wrong.push(format!("{}:\n{}", expected.display(), ended.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_diagram_stays_within_what_mermaid_takes() {
    let long = "a".repeat(200);
    for (namespaces, objects, name) in
        [(3, 20, "web"), (3, 40, "web"), (150, 3, "web"), (1, 90, long.as_str())]
    {
        let ended = run(&["graph", "--format", "mermaid"], stream(namespaces, objects, name));
        let text = ended.text();
        assert_eq!(ended.status, 0);
        assert!(text.starts_with("flowchart LR\n  subgraph") && text.chars().count() <= 45_000);
        let nodes = text.lines().filter(|line| line.starts_with("    n")).count();
        let folds = namespaces * (objects + 1) > 100;
        assert_eq!(ended.stderr.contains("each namespace is one node"), folds, "{}", ended.stderr);
        assert_eq!(nodes, if folds { namespaces.min(100) } else { namespaces * (objects + 1) });
        assert_eq!(text.contains("51 other namespaces"), namespaces == 150);
    }
}

#[test]
fn a_part_is_chosen_by_namespace_kind_and_name() {
    let input = stream(2, 3, "web");
    for (args, sums) in [
        (["--namespace", "n1"], "3 configuration objects, 1 workload"),
        (["--name", "web-2"], "2 configuration objects, 2 workloads"),
        (["--kind", "deploy*"], "6 configuration objects, 2 workloads"),
        (["--uses", "ConfigMap/web-1"], "2 configuration objects, 2 workloads"),
        (["--used-by", "deployment/all"], "6 configuration objects, 2 workloads"),
    ] {
        let ended = run(&["graph", args[0], args[1]], &input);
        let text = ended.text();
        let last = text.lines().last().unwrap_or_default();
        assert!(ended.status == 0 && last.starts_with(sums), "{args:?}: {last}");
    }
    let versioned = run(&[], &input).text();
    let suffix = versioned.split("{name: web-1-").nth(1).and_then(|rest| rest.get(..10)).expect("a version");
    let by_version = run(&["graph", &format!("--uses=ConfigMap/web-1-{suffix}")], &versioned);
    assert!(by_version.text().contains("configuration objects, 2 workloads"), "{}", by_version.stderr);
    let nothing = run(&["graph", "--name", "absent"], &input);
    assert_eq!(nothing.status, 0);
    assert!(nothing.stderr.starts_with("note: no object matches"), "{}", nothing.stderr);
    let absent = run(&["graph", "--uses", "Secret/absent"], &input);
    assert_eq!((absent.status, absent.text().as_str()), (1, ""));
    assert!(absent.stderr.contains("the graph has no Secret/absent"), "{}", absent.stderr);
    assert_eq!(run(&["graph", "--uses", "absent"], &input).status, 2);
}

#[test]
fn a_page_needs_nothing_else_and_holds_every_object_and_use_twice() {
    for (namespaces, open) in [(2, true), (200, false)] {
        let ended = run(&["graph", "--format", "html"], stream(namespaces, 3, "web"));
        let page = ended.text();
        let count = |what: &str| page.matches(what).count();
        assert_eq!(ended.status, 0);
        assert_eq!(count("<a id=\"n"), namespaces * 4, "a box for each object");
        assert_eq!(count("<g class=\"e\""), namespaces * 3, "a line for each use");
        assert_eq!(count("<tr data-a"), namespaces * 3, "a row for each use");
        assert_eq!(count("<details class=\"band\" data-ns="), namespaces);
        assert_eq!(page.contains("<details class=\"band\" data-ns=\"n1\" open>"), open);
        for outside in
            ["http:", "https:", "//", "url(", "@import", "import(", " src=", " style=", " onclick="]
        {
            let found = page.replace("http-equiv", "").contains(outside);
            assert!(!found, "the page has {outside}");
        }
    }
}

#[test]
fn a_use_across_namespaces_is_drawn_in_both() {
    let input = "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: keys}\nstringData: {a: b}\n---\n\
                 apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules:\n\
                 - {apiGroups: [''], resources: [secrets], resourceNames: [token], verbs: [get]}\n";
    let page = run(&["graph", "--format", "html"], input).text();
    assert_eq!(page.matches("<g class=\"e").count(), 2);
    assert!(page.contains("ClusterRole, in no namespace") && page.contains("Secret, in keys"), "{page}");
}

#[test]
fn a_stream_that_cannot_be_read_gives_no_graph() {
    let ended = run(&["graph"], "a: [\n");
    assert_eq!((ended.status, ended.text().as_str()), (1, ""));
    assert!(ended.stderr.starts_with("error["), "{}", ended.stderr);
}

/// Returns namespaces `n0`, `n1` ... with ConfigMaps `NAME-0`, `NAME-1` ..., all used by one Deployment.
fn stream(namespaces: usize, objects: usize, name: &str) -> String {
    let mut text = String::new();
    for namespace in 0..namespaces {
        let mut sources = String::new();
        for object in 0..objects {
            let _ = write!(
                text,
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}-{object}, namespace: n{namespace}}}\n\
                 data: {{a: b}}\n---\n"
            );
            let _ = writeln!(sources, "        - configMapRef: {{name: {name}-{object}}}");
        }
        let _ = write!(
            text,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: all, namespace: n{namespace}}}\nspec:\n  \
             template:\n    spec:\n      containers:\n      - name: web\n        envFrom:\n{sources}---\n"
        );
    }
    text
}
