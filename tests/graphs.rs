//! `immutably graph`: every folder of `tests/graphs/` in every format, byte for byte, and what large graphs become.
//!
//! A folder holds `input.yaml`, perhaps `args`, one on each line, and `expected.FORMAT`. `UPDATE=1 cargo test --test
//! graphs` writes these anew; read the difference before committing it.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod program;

use program::run;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const FORMATS: [&str; 4] = ["text", "mermaid", "dot", "json"];

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
    let nothing = run(&["graph", "--name", "absent"], &input);
    assert_eq!(nothing.status, 0);
    assert!(nothing.stderr.starts_with("note: no object matches"), "{}", nothing.stderr);
    let absent = run(&["graph", "--uses", "Secret/absent"], &input);
    assert_eq!((absent.status, absent.text().as_str()), (1, ""));
    assert!(absent.stderr.contains("the graph has no Secret/absent"), "{}", absent.stderr);
    assert_eq!(run(&["graph", "--uses", "absent"], &input).status, 2);
}

#[test]
fn a_stream_that_cannot_be_read_gives_no_graph() {
    let ended = run(&["graph"], "a: [\n");
    assert_eq!((ended.status, ended.text().as_str()), (1, ""));
    assert!(ended.stderr.starts_with("error["), "{}", ended.stderr);
}

/// Namespaces `n0` ... with ConfigMaps `NAME-0` ..., all used by one Deployment.
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
            let _ = write!(sources, "        - configMapRef: {{name: {name}-{object}}}\n");
        }
        let _ = write!(
            text,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: all, namespace: n{namespace}}}\nspec:\n  \
             template:\n    spec:\n      containers:\n      - name: web\n        envFrom:\n{sources}---\n"
        );
    }
    text
}
