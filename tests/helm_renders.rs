//! The example chart with the real Helm 3 and 4: as a post-renderer, as a plugin, and the messages if it is refused.

#![cfg(unix)] // Helm gets a PATH in the Unix form
#![allow(clippy::expect_used)] // a test fails by panicking

mod program;
mod tools;

use program::run;
use std::fs;
use tools::helm::{HELM_3, HELM_4, Helm, golden, root, said};

/// Each Helm, whether it accepts only plugins, and the expected output for the example.
const BOTH: [(&str, bool, &str); 2] = [(HELM_3, false, "helm-3.yaml"), (HELM_4, true, "helm-4.yaml")];

/// A ConfigMap that the API server rejects.
const REFUSED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {port: 8080}\n";

#[test]
fn helm_3_renders_the_example_through_it() {
    let Some(helm) = Helm::find(HELM_3) else { return };
    golden(
        "helm-3.yaml",
        &helm.template(&root("examples/chart"), &["--post-renderer-args", "--namespace=prod"]),
    );
}

#[test]
fn helm_4_renders_the_example_through_it_hooks_included() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    golden(
        "helm-4.yaml",
        &helm.template(&root("examples/chart"), &["--post-renderer-args", "--namespace=prod"]),
    );
}

#[test]
fn a_refused_stream_says_why_under_both() {
    for (program, plugin, _) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        let chart = helm.chart(REFUSED);
        let output = helm.run(&["template", "web", &chart, "--post-renderer", helm.renderer]);
        assert!(!output.status.success() && output.stdout.is_empty(), "{program}: {}", said(&output));
        // Only on Linux can a plugin write to the terminal of Helm 4.
        if !plugin || cfg!(target_os = "linux") {
            assert!(said(&output).contains("`data.port` is a number"), "{program}: {}", said(&output));
        }
    }
}

#[test]
fn an_empty_stream_is_no_failure_under_either() {
    for (program, plugin, _) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        helm.template(&helm.chart("{{ if false }}\na: b\n{{ end }}\n"), &[]);
    }
}

/// Helm 4 writes each document again after the plugin, and changes some texts.
#[test]
fn what_helm_4_deploys_is_what_was_hashed() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    let deployed = helm.template(&helm.chart(&texts("shop")), &[]);
    let names: Vec<&str> = deployed.lines().filter(|line| line.starts_with("  name: text-")).collect();
    assert_eq!(names.len(), TEXTS.len(), "{deployed}");
    let file = helm.home.path().join("previous.yaml");
    fs::write(&file, &deployed).expect("it is written");
    let check = run(&["--check", &file.display().to_string()], "");
    assert_eq!(check.status, 0, "{}\n{deployed}", check.stderr);

    let previous = format!("--previous={}", file.display());
    let report = "--report=report.json";
    let args = ["--post-renderer-args", &previous, "--post-renderer-args", report];
    let next = helm.template(&helm.chart(&texts("market")), &args);
    let carried = next.matches("immutably.dev/generations-ago: \"1\"").count();
    assert_eq!(carried, TEXTS.len(), "{next}");
    fs::write(&file, &next).expect("it is written");
    let check = run(&["--check", &file.display().to_string()], "");
    assert_eq!(check.status, 0, "{}\n{next}", check.stderr);
    let report = fs::read_to_string(helm.home.path().join("report.json")).expect("a report");
    assert_eq!(report.matches("\"code\": \"text-changed-by-helm\"").count(), CHANGED, "{report}");
    assert!(!report.contains("edited-version"), "{report}");
}

/// Texts in every style. Helm changes the first seven.
const TEXTS: [&str; 16] = [
    ">\n    select\n      from NAME\n\n    order\n",
    ">-\n    a\n      NAME\n    c\n",
    ">\n    a\n    \tNAME\n",
    ">+\n    NAME\n    b\n\n\n  z: x\n",
    ">+\n    NAME\n    b\n\n\n",
    "|+\n    NAME\n",
    "|+\n    NAME\n\n\n",
    "|+\n    NAME\n\n\n  z: x\n",
    ">\n    NAME\n    b\n\n\n    c\n",
    "|\n    NAME\n\n\n",
    "|-\n    a\n      NAME\n",
    "|2\n      NAME\n    b\n",
    "|\n\n    NAME  \n    \tb\n",
    "a\n    NAME\n\n    b\n",
    "\"a\\n  NAME\\n\\n\\t\\u2028\"\n",
    "'a\n    NAME\n\n    b'\n",
];
/// The number of texts that change after the post-renderer. The end of the sixth text changes before.
const CHANGED: usize = 6;

/// Returns a ConfigMap for each text, and the objects that use them.
fn texts(name: &str) -> String {
    let mut chart = String::new();
    let mut uses = String::new();
    for (number, text) in TEXTS.iter().enumerate() {
        let text = text.replace("NAME", name);
        let head = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text-{number}\ndata:\n");
        chart.push_str(&format!("{head}  q: {text}---\n"));
        uses.push_str(&format!("      - configMap: {{name: text-{number}}}\n        name: text\n"));
    }
    let workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      volumes:\n";
    chart + workload + &uses
}

#[test]
fn definitions_of_kinds_come_along_as_they_are() {
    for (program, plugin, name) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        let args = ["--include-crds", "--post-renderer-args", "--namespace=prod"];
        let rendered = helm.template(&root("examples/chart"), &args);
        let definition = fs::read_to_string(root("examples/chart/crds/backup.yaml")).expect("it is there");
        let documents: Vec<&str> = rendered.split("---\n").collect();
        let (definitions, rest): (Vec<&str>, Vec<&str>) =
            documents.into_iter().partition(|document| document.contains("kind: CustomResourceDefinition"));
        assert!(definitions.len() == 1 && definitions[0].contains(definition.trim_end()), "{definitions:?}");
        golden(name, &rest.join("---\n"));
    }
}

#[test]
fn the_example_chart_is_a_good_one() {
    for (program, plugin, name) in BOTH {
        let Some(helm) = Helm::find(program) else { return };
        let helm = if plugin { helm.with_plugin() } else { helm };
        for args in [&["lint", "--strict"][..], &["package"]] {
            let output = helm.run(&[args, &[&root("examples/chart")]].concat());
            assert!(output.status.success(), "{program} {args:?}: {}", said(&output));
        }
        golden(name, &helm.template("web-0.1.0.tgz", &["--post-renderer-args", "--namespace=prod"]));
    }
}
