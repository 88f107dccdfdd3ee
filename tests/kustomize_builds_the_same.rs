//! The real kubectl builds every folder of tests/kustomizations/ in several ways, with the same bytes as the result:
//!
//! - kustomize alone, with the annotation `needsHashSuffix` on each object that the filter versions;
//! - kustomize, piped through the filter;
//! - the filter as a plugin, among the transformers of the kustomization itself or of an overlay above it;
//! - the filter as a KRM function among the transformers, with the separate kustomize program.
//!
//! Before the comparison, `immutable: true` is removed, which kustomize does not write. Jobs and Pods are not renamed,
//! because kustomize never does that. In a folder, `args` contains arguments for the filter, and `immutably.yaml` the
//! configuration of the plugin, where they differ from the defaults. Intended differences are in `pipe.diff` and
//! `plugin.diff`; `UPDATE=1` writes them again.

#![cfg(unix)] // a link puts the program where kustomize looks for a plugin
#![allow(clippy::expect_used, clippy::panic)] // a test fails by panicking

mod program;
mod tools;

use immutably::kube::suffix::looks_like_suffix;
use program::{Ended, PROGRAM, finish, program_in};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use tools::kustomize::{Kustomize, configuration};

/// Compares with kustomize 4.5.4, also for the build without the filter: it differs slightly from newer versions.
#[test]
fn with_the_function_is_what_kustomize_makes_alone() {
    let Some(kustomize) = Kustomize::itself("kustomizations with the function") else { return };
    let function = format!(
        "metadata: {{name: immutably, annotations: {{config.kubernetes.io/function: 'exec: {{path: {PROGRAM}}}'}}}}"
    );
    compare_with(&kustomize, "plugin", |case| {
        let configuration = case.configuration().replace("metadata: {name: immutably}", &function);
        assert!(configuration.contains(PROGRAM), "{configuration}");
        case.with_plugin_inside(&configuration)
    });
}

#[test]
fn piped_through_it_is_what_kustomize_makes_alone() {
    compare("pipe", |case| case.piped().text());
}

#[test]
fn with_the_plugin_inside_is_what_kustomize_makes_alone() {
    compare("plugin", |case| case.with_plugin_inside(&case.configuration()));
}

#[test]
fn with_the_plugin_above_is_what_kustomize_makes_alone() {
    compare("plugin", |case| case.with_plugin_above(&case.configuration()));
}

/// Checks that the comparison can fail: it must notice an object that the filter leaves alone.
#[test]
fn an_object_that_is_left_alone_is_seen() {
    let Some(kustomize) = Kustomize::find("kustomizations") else { return };
    let case = Case::new(&kustomize, &folder_of("resources"));
    let told = configuration("{hash: kustomize, jobs: as-is, unreferenced: version, leave: [Secret/tls]}");
    let (alone, ours) = (case.alone(), without_immutable(&case.with_plugin_inside(&told)));
    let differ = alone.lines().zip(ours.lines()).filter(|(alone, ours)| alone != ours).count();
    assert_eq!(differ, 4, "the object, and three that name it\n{}", difference(&alone, &ours));
}

/// Compares with the kustomize in kubectl. `how`: the name of the file of differences, which both ways to run the
/// plugin share.
fn compare(how: &str, build: impl Fn(&Case<'_>) -> String) {
    let Some(kustomize) = Kustomize::find("kustomizations") else { return };
    compare_with(&kustomize, how, build);
}

fn compare_with(kustomize: &Kustomize, how: &str, build: impl Fn(&Case<'_>) -> String) {
    let folders = folders();
    assert!(folders.len() >= 10, "{folders:?}");
    for folder in folders {
        let case = Case::new(kustomize, &folder);
        let (alone, ours) = (case.alone(), build(&case));
        let immutable = ours.lines().filter(|line| *line == "immutable: true").count();
        let versioned = ours.split("\n---\n").filter(|object| is_versioned(object)).count();
        assert_eq!(immutable, versioned, "{how}, {}\n{ours}", folder.display());
        on_purpose(how, &folder, &difference(&alone, &without_immutable(&ours)));
    }
}

/// True for a ConfigMap or Secret whose name ends in a suffix.
fn is_versioned(object: &str) -> bool {
    let target = object.lines().any(|line| matches!(line, "kind: ConfigMap" | "kind: Secret"));
    let name = object.lines().find_map(|line| line.strip_prefix("  name: ")).unwrap_or_default();
    target && name.rsplit_once('-').is_some_and(|(_, tail)| looks_like_suffix(tail))
}

fn on_purpose(how: &str, folder: &Path, found: &str) {
    let path = folder.join(how).with_extension("diff");
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_file(&path);
        if !found.is_empty() {
            fs::write(&path, found).expect("the file is written");
        }
    }
    let meant = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == meant, "{how}, {}\n{found}", folder.display());
}

/// One kustomization, in a writable copy.
struct Case<'a> {
    kustomize: &'a Kustomize,
    copy: TempDir,
}

impl Case<'_> {
    fn new<'a>(kustomize: &'a Kustomize, folder: &Path) -> Case<'a> {
        let copy = tempfile::tempdir().expect("a folder");
        let copied = Command::new("cp").arg("-R").arg(folder).arg(copy.path().join("it")).status();
        assert!(copied.is_ok_and(|status| status.success()), "{} is copied", folder.display());
        Case { kustomize, copy }
    }

    fn path(&self) -> PathBuf {
        self.copy.path().join("it")
    }

    fn configuration(&self) -> String {
        let own = fs::read_to_string(self.path().join("immutably.yaml"));
        own.unwrap_or_else(|_| configuration("{hash: kustomize, jobs: as-is, unreferenced: version}"))
    }

    fn piped(&self) -> Ended {
        let report = self.copy.path().join("report.json").display().to_string();
        let args = fs::read_to_string(self.path().join("args")).unwrap_or_default();
        let args = ["--hash=kustomize", "--jobs=as-is", "--unreferenced=version", "--report", &report]
            .into_iter()
            .chain(args.lines());
        let command = program_in(&self.path(), &args.collect::<Vec<_>>());
        finish(command, self.kustomize.build(&self.path()))
    }

    /// Builds with kustomize alone: an overlay annotates the objects that the filter versions.
    fn alone(&self) -> String {
        self.piped();
        let report = fs::read_to_string(self.copy.path().join("report.json")).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let objects = report["objects"].as_array().expect("a list");
        let patches: String =
            objects.iter().filter(|object| object["new_name"].is_string()).map(patch).collect();
        assert!(!objects.is_empty());
        self.overlay("alone", &format!("patches:\n{patches}"))
    }

    fn with_plugin_inside(&self, configuration: &str) -> String {
        fs::write(self.path().join("plugin.yaml"), configuration).expect("it is written");
        let path = self.path().join("kustomization.yaml");
        let kustomization = fs::read_to_string(&path).expect("it is there");
        fs::write(&path, format!("{kustomization}transformers: [plugin.yaml]\n")).expect("it is written");
        self.kustomize.build(&self.path())
    }

    fn with_plugin_above(&self, configuration: &str) -> String {
        fs::create_dir_all(self.copy.path().join("above")).expect("a folder");
        fs::write(self.copy.path().join("above/plugin.yaml"), configuration).expect("it is written");
        self.overlay("above", "transformers: [plugin.yaml]\n")
    }

    fn overlay(&self, name: &str, more: &str) -> String {
        let folder = self.copy.path().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("kustomization.yaml"), format!("resources: [../it]\n{more}"))
            .expect("it is written");
        self.kustomize.build(&folder)
    }
}

/// Returns a patch with which kustomize hashes one object.
fn patch(object: &Value) -> String {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let annotations = "{internal.config.kubernetes.io/needsHashSuffix: enabled}";
    format!(
        "- target: {{kind: {kind}, name: {name}, namespace: '{namespace}'}}\n  patch: |\n    apiVersion: v1\n    kind: {kind}\n    metadata: {{name: any, annotations: {annotations}}}\n",
        kind = text("kind"),
        name = text("name"),
        namespace = text("namespace"),
    )
}

fn without_immutable(built: &str) -> String {
    built.replace("\nimmutable: true\n", "\n")
}

fn difference(alone: &str, ours: &str) -> String {
    similar::TextDiff::from_lines(alone, ours)
        .unified_diff()
        .header("kustomize alone", "with the filter")
        .to_string()
}

fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kustomizations").join(name)
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder_of("")).expect("the folder is there").flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}
