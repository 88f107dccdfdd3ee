//! Successive releases of the example chart with the real Helm 3 and 4: each gets the manifest of the previous one.

#![cfg(unix)] // Helm gets a PATH in the Unix form
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use std::fs;
use tools::helm::{HELM_3, HELM_4, Helm, golden, root};

/// The level of each release; the fourth is the same as the second.
const RELEASES: [&str; 4] = ["info", "warn", "error", "warn"];

#[test]
fn helm_3_carries_generations_forward() {
    chain(HELM_3, false, "helm-3");
}

#[test]
fn helm_4_carries_generations_forward() {
    chain(HELM_4, true, "helm-4");
}

fn chain(program: &str, plugin: bool, name: &str) {
    let Some(helm) = Helm::find(program) else { return };
    let helm = if plugin { helm.with_plugin() } else { helm };
    for (number, level) in (1..).zip(RELEASES) {
        let output = release(&helm, level);
        // Corresponds to `helm get manifest`, which omits hooks.
        fs::write(helm.home.path().join("manifest.yaml"), &output).expect("the file is written");
        if number > 1 {
            golden(&format!("{name}-release-{number}.yaml"), &output);
        }
    }
}

fn release(helm: &Helm, level: &str) -> String {
    let level = format!("logLevel={level}");
    let mut args = vec!["--no-hooks", "--set", &level];
    let words = ["--previous", "manifest.yaml", "--previous-optional", "--namespace=prod"];
    words.iter().for_each(|word| args.extend(["--post-renderer-args", word]));
    helm.template(&root("examples/chart"), &args)
}
