//! The plugin for Argo CD: its commands, run as Argo CD runs them, with the real helm and kubectl. The sidecar
//! container itself does not run.

#![cfg(unix)] // a link puts kubectl on the path of the plugin
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;
use tools::argocd::{ArgoCd, text};
use tools::helm::{HELM_3, HELM_4, root, said};

/// A ConfigMap that the API server rejects.
const REFUSED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {port: 8080}\n";

/// A chart whose output shows the settings of its rendering.
const TELLING: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, annotations: {immutably.dev/mode: leave}}
data:
  values: {{ toJson .Values | quote }}
  release: {{ .Release.Name }}/{{ .Release.Namespace }}
  version: {{ .Capabilities.KubeVersion.Version | quote }}
  has: {{ .Capabilities.APIVersions.Has \"example.com/v1/Widget\" | quote }}
";

fn refused(output: &Output, why: &str) {
    assert!(!output.status.success() && output.stdout.is_empty(), "{}", said(output));
    assert!(said(output).contains(why), "expected `{why}`: {}", said(output));
}

#[test]
fn a_chart_is_rendered_and_versioned_or_nothing_comes_out() {
    let Some(argo) = ArgoCd::find(HELM_4) else { return };
    let example = root("examples/chart");
    let good = argo.run("generate", Path::new(&example), ".", &[]);
    assert!(text(&good).contains("name: web-config-hf678c7m2b\n"));
    for bad in [REFUSED, "{{ fail \"no\" }}\n", "{{ if false }}a: b{{ end }}\n"] {
        argo.chart("bad", bad);
        refused(&argo.generate("bad", &[]), "");
    }
    argo.chart("comments", "# Copyright\n{{- if false }}\na: b\n{{- end }}\n");
    refused(&argo.generate("comments", &[]), "what is rendered is empty");
    argo.write("nothing/README.md", "nothing\n");
    refused(&argo.generate("nothing", &[]), "neither a Helm chart nor a kustomization");
}

#[test]
fn values_come_from_files_and_parameters() {
    for helm in [HELM_3, HELM_4] {
        let Some(argo) = ArgoCd::find(helm) else { return };
        argo.chart("apps/web", TELLING);
        argo.write("apps/web/prod values.yaml", "level: warn\nfrom: file\n");
        argo.write("values/shared.yaml", "shared: 1\nfrom: shared\n");
        let output = argo.generate(
            "apps/web",
            &[
                ("PARAM_VALUE_FILES_0", "../../values/shared.yaml"),
                ("PARAM_VALUE_FILES_1", "prod values.yaml"),
                ("PARAM_VALUES", "inline: [1, 2]\nlevel: debug"),
                ("PARAM_SET_0", "a.b=1"),
                ("PARAM_SET_1", "c=*"),
                ("PARAM_SET_STRING_0", "d=2"),
                ("PARAM_RELEASE_NAME", "other"),
            ],
        );
        let text = text(&output);
        for value in [
            "level\\\":\\\"debug",
            "from\\\":\\\"file",
            "shared\\\":1",
            "b\\\":1",
            "c\\\":\\\"*",
            "d\\\":\\\"2",
            "inline\\\":[1,2]",
        ] {
            assert!(text.contains(value), "{value}\n{text}");
        }
        assert!(text.contains("release: other/prod"), "{text}");
    }
}

#[test]
fn a_chart_sees_the_versions_of_the_cluster() {
    for helm in [HELM_3, HELM_4] {
        let Some(argo) = ArgoCd::find(helm) else { return };
        argo.chart("web", TELLING);
        let cluster = [
            ("KUBE_VERSION", "1.27.3"),
            ("KUBE_API_VERSIONS", "apps/v1,example.com/v1,example.com/v1/Widget"),
        ];
        let told = text(&argo.generate("web", &cluster));
        assert!(told.contains("version: \"v1.27.3\"") && told.contains("has: \"true\""), "{told}");
        let untold = text(&argo.generate("web", &[]));
        assert!(untold.contains("has: \"false\""), "{untold}");
    }
}

#[test]
fn a_value_file_is_within_the_repository() {
    let Some(argo) = ArgoCd::find(HELM_4) else { return };
    argo.chart("apps/web", TELLING);
    let outside = tempfile::tempdir().expect("a folder");
    let file = outside.path().join("secret.yaml");
    fs::write(&file, "stolen: yes\n").expect("it is written");
    symlink(&file, argo.repository.path().join("apps/web/link.yaml")).expect("a link");
    // helm takes the text after a comma as another file.
    let comma = format!("apps/web/x,{}", file.display());
    argo.write(&comma, "a: b\n");
    let away = format!("x,{}", file.display());
    for path in [
        file.to_str().expect("UTF-8"),
        "link.yaml",
        "../../../../../../../../etc/hostname",
        "https://example.com/values.yaml",
        "absent.yaml",
        "-",
        &away,
    ] {
        refused(&argo.generate("apps/web", &[("PARAM_VALUE_FILES_0", path)]), "value-files: ");
    }
    // A folder next to the repository, whose name begins with that of the repository, is outside it.
    let beside = argo.repository.path().with_extension("x");
    fs::create_dir(&beside).expect("a folder");
    fs::write(beside.join("v.yaml"), "a: b\n").expect("it is written");
    let path = format!("../../../{}/v.yaml", beside.file_name().expect("a name").display());
    refused(&argo.generate("apps/web", &[("PARAM_VALUE_FILES_0", &path)]), "outside the repository");
    fs::remove_dir_all(beside).expect("it is removed");
}

#[test]
fn options_are_those_that_name_no_file() {
    let Some(argo) = ArgoCd::find(HELM_4) else { return };
    let example = root("examples/chart");
    let generate = |options: &str| {
        argo.run("generate", Path::new(&example), ".", &[("ARGOCD_ENV_IMMUTABLY_OPTIONS", options)])
    };
    let told = text(&generate("--retain argocd  --leave ConfigMap/web-c* --unreferenced=leave --quiet"));
    assert!(told.contains("sync-options: \"Prune=false\"") && told.contains("name: web-config\n"), "{told}");
    for options in [
        "--output /tmp/x",
        "-o/tmp/x",
        "--report=/tmp/x",
        "--rules /etc/passwd",
        "--previous helm:web",
        "--previous=/etc/passwd",
        "/etc/passwd",
        "-",
        "--",
        "gc /etc/passwd",
        "rules --rules /etc/passwd",
        "-qo/tmp/x",
        "--unreferenced",
        "--leave ConfigMap/a --check",
        "$(touch /tmp/x)",
        "; id",
    ] {
        refused(&generate(options), "IMMUTABLY_OPTIONS: ");
    }
    // `--output=/tmp/x` is the value of `--namespace`, not an option.
    refused(&generate("--namespace --output=/tmp/x --leave --report=/tmp/x"), "--report=/tmp/x");
}

#[test]
fn a_kustomization_is_built_and_versioned() {
    let Some(argo) = ArgoCd::find(HELM_4) else { return };
    argo.write("base/web.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, annotations: {immutably.dev/mode: version}}\ndata: {a: b}\n");
    argo.write("base/kustomization.yaml", "resources: [web.yaml]\n");
    argo.write("overlays/prod/kustomization.yml", "resources: [../../base]\nnamePrefix: prod-\n");
    let built = text(&argo.generate("overlays/prod", &[]));
    assert!(built.contains("name: prod-web-4h2mbtbbt6\n"), "{built}");
    argo.write("base/web.yaml", REFUSED);
    refused(&argo.generate("overlays/prod", &[]), "`data.port` is a number");
    argo.write("base/kustomization.yaml", "resources: [absent.yaml]\n");
    refused(&argo.generate("overlays/prod", &[]), "absent.yaml");
}

#[test]
fn only_a_chart_has_dependencies() {
    let Some(argo) = ArgoCd::find(HELM_4) else { return };
    argo.chart("web", TELLING);
    argo.write("base/kustomization.yaml", "resources: []\n");
    for folder in ["web", "base"] {
        let output = argo.run("init", &argo.repository.path().join(folder), folder, &[]);
        assert!(output.status.success() && output.stdout.is_empty(), "{folder}: {}", said(&output));
    }
}
