//! The real kubectl reads the output for awkward streams, with the new names in it.

#![allow(clippy::expect_used)] // a test fails by panicking

mod library;
mod tools;

use immutably::{Options, Source, rewrite};
use library::output;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn kubectl_reads_what_comes_out_of_awkward_streams() {
    let Some(kubectl) = tools::kubectl("awkward streams") else { return };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n  - envFrom:\n    - configMapRef: {name: NAME}\n";
    let block = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: NAME\ndata:\n  a: b\n";
    let flow = "{apiVersion: v1, kind: ConfigMap, metadata: {name: 'NAME'}, data: {a: b}}";
    let json = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":"b"}}"#;
    let json_pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod"},"spec":{"imagePullSecrets":[],"volumes":[{"configMap":{"name":"NAME"}}]}}"#;
    let streams = [
        format!("{block}---\n{pod}").replace('\n', "\r\n"),
        format!("\u{feff}{block}---\n\u{feff}# comment\n---\n{pod}"),
        format!("{json}{json_pod}"),
        format!("{json}\n---\n{pod}"),
        format!("{flow}\n--- # a comment\n{pod}"),
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- {}\n- {}",
            block.replace('\n', "\n  "),
            pod.replace('\n', "\n  ")
        ),
        format!("{}---\n{}", block.replace("NAME", "&n |-\n    NAME"), pod),
        format!(
            "{}---\n{}",
            block.replace("  name: NAME", "  name: &n \"NAME\"\n  labels: {app: *n}"),
            pod.trim_end()
        ),
        format!("{}...\n---\n{pod}", block.replace("kind: ConfigMap", "kind:\n  ConfigMap # why not")),
    ];
    for stream in streams {
        let stream = stream.replace("NAME", "web");
        let out = output(&stream, &Options::default()).expect("nothing is wrong with it");
        let told = labelled(&kubectl, &out);
        assert!(
            told.contains(r#""name": "web-4h2mbtbbt6""#) && told.contains(r#""immutable": true"#),
            "{out}\n{told}"
        );
        assert!(!told.contains(r#""name": "web""#), "{out}\n{told}");
        assert_eq!(told.matches(r#""web-4h2mbtbbt6""#).count(), 2, "{out}\n{told}");
    }
}

/// A JSON object has escapes that YAML 1.1 does not have. kubectl reads it as JSON only where the input begins with it.
#[test]
fn kubectl_reads_json_that_comes_with_other_files() {
    let Some(kubectl) = tools::kubectl("JSON files") else { return };
    let json =
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":"\ud83d\ude00\/"}}"#;
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata: {a: \"\u{1f600}/\"}\n";
    for files in [&[json][..], &[json, json], &[json, yaml], &[yaml, json], &[json, json, yaml, json]] {
        let named = files.iter().enumerate().map(|(at, text)| {
            (format!("{at}.json"), text.replace("NAME", &format!("web-{at}")).into_bytes())
        });
        let source = Source::join(named).expect("UTF-8");
        let mut out = Vec::new();
        rewrite(&source, &Options::default()).write(&mut out).expect("a vector");
        let out = String::from_utf8(out).expect("UTF-8");
        let told = labelled(&kubectl, &out);
        assert_eq!(told.matches("\"a\": \"\u{1f600}/\"").count(), 2 * files.len(), "{out}\n{told}");
    }
}

fn labelled(kubectl: &Path, manifests: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("out.yaml");
    fs::write(&path, manifests).expect("the manifests are written");
    let mut command = Command::new(kubectl);
    command.args(["label", "--local", "q=w", "-o", "json", "-f"]).arg(path).env("HOME", folder.path());
    tools::stdout(&mut command, manifests)
}

#[cfg(unix)]
#[test]
fn kubectl_finds_the_program_as_its_plugin() {
    let Some(kubectl) = tools::kubectl("the kubectl plugin") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = folder.path().join("kubectl-immutably");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_immutably"), plugin).expect("a link");
    let run = |args: &[&str]| {
        let mut command = Command::new(&kubectl);
        command.arg("immutably").args(args).env("PATH", folder.path());
        tools::stdout(&mut command, "")
    };
    assert!(run(&["--help"]).contains("Usage: kubectl immutably "), "{}", run(&["--help"]));
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web.yaml");
    let expected = output(&fs::read_to_string(sample).expect("the sample"), &Options::default());
    assert_eq!(Some(run(&["--quiet", sample])), expected);
}
