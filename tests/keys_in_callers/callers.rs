//! The callers of the program: each runs it with a release and a key.

use crate::program::files::{folder, read};
use crate::program::unix::set_mode;
use crate::program::{PROGRAM, silence};
use crate::tools::argocd::ArgoCd;
use crate::tools::helm::{HELM_3, HELM_4, Helm, root};
use crate::tools::kustomize::{Kustomize, configuration};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const VARIABLE: &str = "IMMUTABLY_SECRET_KEY";

/// How a caller gets the key.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    Nothing,
    /// In an environment variable.
    Variable(&'a str),
    /// In a file that an argument or the configuration names.
    File(&'a Path),
}

impl Given<'_> {
    /// Sets the environment of a command: the variable, and nothing else that affects the program.
    fn environment(self, command: &mut Command) -> &mut Command {
        silence(command);
        match self {
            Given::Variable(key) => command.env(VARIABLE, key),
            Given::Nothing | Given::File(_) => command,
        }
    }

    /// Returns the flag for a key file.
    fn flag(self) -> Option<String> {
        match self {
            Given::File(path) => Some(format!("--secret-key-file={}", path.display())),
            Given::Nothing | Given::Variable(_) => None,
        }
    }

    /// Returns the options in a configuration for a key file.
    fn spec(self) -> String {
        match self {
            Given::File(path) => format!("{{secretKeyFiles: [{}]}}", path.display()),
            Given::Nothing | Given::Variable(_) => "{}".to_owned(),
        }
    }
}

// --- Helm ---

/// Returns each installed Helm, with both plugins.
pub(crate) fn helms() -> impl Iterator<Item = Helm> {
    [HELM_3, HELM_4].into_iter().filter_map(|version| {
        let helm = Helm::find(version)?;
        helm.install("integrations/helm");
        Some(if version == HELM_4 { helm.with_plugin() } else { helm })
    })
}

/// Runs `helm template` with the program as the post-renderer.
pub(crate) fn helm(helm: &Helm, release: &str, given: Given<'_>) -> Output {
    post_rendered(helm, &["template", "web"], release, given)
}

/// Runs `helm upgrade --install` in the same way.
pub(crate) fn upgrade(helm: &Helm, release: &str, given: Given<'_>) -> Output {
    post_rendered(helm, &["upgrade", "--install", "web", "--namespace", "prod"], release, given)
}

fn post_rendered(helm: &Helm, words: &[&str], release: &str, given: Given<'_>) -> Output {
    let chart = helm.chart(release);
    let args = [words, &[&chart, "--post-renderer", helm.renderer]].concat();
    let mut command = helm.command(&args);
    // The original of a Secret of a chart does not matter for this test.
    command.arg("--post-renderer-args=--helm-secrets=version");
    command.args(given.flag().map(|flag| format!("--post-renderer-args={flag}")));
    finish(&mut command, given)
}

/// Runs `helm immutably template`, which calls Helm with the program as the post-renderer.
pub(crate) fn helm_immutably(helm: &Helm, release: &str, given: Given<'_>) -> Output {
    let chart = helm.chart(release);
    let mut command = helm.command(&["immutably", "template", "web", &chart, "--", "--helm-secrets=version"]);
    command.args(given.flag());
    finish(&mut command, given)
}

/// Runs a Helm command. Keeps the variables of Helm itself.
fn finish(command: &mut Command, given: Given<'_>) -> Output {
    let own: Vec<_> = command.get_envs().filter(|(name, _)| *name == "HELM_BIN").collect();
    let own: Vec<_> =
        own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    given.environment(command).envs(own).output().expect("helm starts")
}

// --- kustomize and kpt ---

const KUSTOMIZATION: &str = "resources: [release.yaml]\ntransformers: [immutably.yaml]\n";

/// Runs the program as an exec plugin.
pub(crate) fn kustomize_plugin(kustomize: &Kustomize, release: &str, given: Given<'_>) -> Output {
    let folder = folder(&[
        ("kustomization.yaml", KUSTOMIZATION),
        ("release.yaml", release),
        ("immutably.yaml", &configuration(&given.spec())),
    ]);
    given.environment(&mut kustomize.command(folder.path())).output().expect("kubectl starts")
}

/// Runs the program as a KRM function of kustomize.
pub(crate) fn kustomize_function(kustomize: &Path, release: &str, given: Given<'_>) -> Output {
    let function = format!(
        "apiVersion: immutably.dev/v1\nkind: Immutably\nmetadata:\n  name: immutably\n  annotations:\n    \
         config.kubernetes.io/function: |\n      exec: {{path: ./immutably}}\nspec: {}\n",
        given.spec()
    );
    let folder = folder(&[
        ("kustomization.yaml", KUSTOMIZATION),
        ("release.yaml", release),
        ("immutably.yaml", &function),
    ]);
    symlink(PROGRAM, folder.path().join("immutably")).expect("a link");
    let mut command = Command::new(kustomize);
    command.args(["build", "--enable-alpha-plugins", "--enable-exec"]).arg(folder.path());
    given.environment(&mut command).output().expect("kustomize starts")
}

/// True if kpt is not installed; then prints a message.
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn kpt_is_absent() -> bool {
    let absent = Command::new("kpt").arg("version").output().is_err();
    if absent {
        eprintln!("SKIPPED: the key of a function under kpt: kpt is not installed");
    }
    absent
}

/// Runs the program as a KRM function of kpt. Returns the file that kpt writes back as the output.
pub(crate) fn kpt(release: &str, given: Given<'_>) -> Output {
    let folder = folder(&[("release.yaml", release)]);
    let mut command = Command::new("kpt");
    command
        .args(["fn", "eval", "--truncate-output=false", "--exec", PROGRAM, "."])
        .current_dir(folder.path());
    if let Given::File(path) = given {
        command.arg("--").arg(format!("secretKeyFiles={}", path.display()));
    }
    let output = given.environment(&mut command).output().expect("kpt starts");
    written(&folder, "release.yaml", output)
}

/// Returns the content of a file as the output of a caller that writes a file; without it if the caller failed.
fn written(folder: &TempDir, name: &str, output: Output) -> Output {
    if !output.status.success() {
        return output;
    }
    let stderr = [output.stdout, output.stderr].concat();
    Output { status: output.status, stdout: read(folder, name).into_bytes(), stderr }
}

// --- Argo CD and CI ---

/// Makes helm and kubectl fail if the key is in their environment: they execute content from a repository.
pub(crate) fn renderers_refuse_a_key(argo: &ArgoCd) {
    for name in ["helm", "kubectl"] {
        let link = argo.programs.path().join(name);
        let program = fs::read_link(&link).expect("a link");
        fs::remove_file(&link).expect("it is removed");
        let script = format!(
            "#!/bin/sh\n[ -z \"${{{VARIABLE}+set}}\" ] || exit 9\nexec '{}' \"$@\"\n",
            program.display()
        );
        fs::write(&link, script).expect("a script");
        set_mode(&link, 0o755);
    }
}

/// Runs the command of the plugin that generates manifests, in a folder of the repository.
pub(crate) fn argo_cd(argo: &ArgoCd, source: &str, release: &str, given: Given<'_>) -> Output {
    if source == "chart" {
        argo.chart(source, release);
    } else {
        argo.write(&format!("{source}/kustomization.yaml"), "resources: [release.yaml]\n");
        argo.write(&format!("{source}/release.yaml"), release);
    }
    let environment = match given {
        Given::Variable(key) => vec![(VARIABLE, key)],
        Given::Nothing | Given::File(_) => Vec::new(),
    };
    argo.generate(source, &environment)
}

/// Runs the step of the GitHub Action that filters a file.
pub(crate) fn github_filter(release: &str, given: Given<'_>) -> Output {
    let job = job(release);
    let output = github(&job, "filter", given);
    written(&job, "output.yaml", output)
}

/// Runs the step of the GitHub Action that makes a plan.
pub(crate) fn github_plan(release: &str, given: Given<'_>) -> Output {
    let job = job(release);
    let output = github(&job, "plan", given);
    let outputs = read(&job, "GITHUB_OUTPUT");
    let plan = outputs.lines().find_map(|line| line.strip_prefix("plan-markdown=")).unwrap_or("no plan");
    written(&job, plan, output)
}

/// Runs the script of the action. The script always succeeds; the action fails depending on an output with the exit
/// status.
fn github(job: &TempDir, step: &str, given: Given<'_>) -> Output {
    let mut command = in_job(job, &root("integrations/github/run"), given);
    command.env("RUNNER_TEMP", job.path()).env("INPUT_COMMAND", step).env("INPUT_FILES", "release.yaml");
    command.env("INPUT_PREVIOUS", "nothing.yaml").env("INPUT_OUTPUT", "output.yaml");
    command.env("INPUT_ARGUMENTS", given.flag().unwrap_or_default());
    for file in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        command.env(file, job.path().join(file));
    }
    let mut output = command.output().expect("the script starts");
    if !read(job, "GITHUB_OUTPUT").contains("exit-code=0\n") {
        output.status = std::os::unix::process::ExitStatusExt::from_raw(1 << 8);
    }
    output
}

/// Runs the script of the GitLab job that makes a plan.
pub(crate) fn gitlab_plan(release: &str, given: Given<'_>) -> Output {
    let job = job(release);
    let template = fs::read_to_string(root("integrations/gitlab/immutably.yml")).expect("the template");
    let template: serde_yaml::Value = serde_yaml::from_str(&template).expect("YAML");
    let lines = template["immutably-plan"]["script"].as_sequence().expect("a script");
    let lines: Vec<&str> = lines.iter().filter_map(serde_yaml::Value::as_str).collect();
    let mut command = in_job(&job, "bash", given);
    command.arg("-c").arg(format!("set -eo pipefail\n{}", lines.join("\n")));
    command.env("IMMUTABLY_FILES", "release.yaml").env("IMMUTABLY_PREVIOUS", "nothing.yaml");
    let output = command.output().expect("bash starts");
    written(&job, "immutably-plan.md", output)
}

/// Creates the folder of a job, with the program in `bin`.
fn job(release: &str) -> TempDir {
    let job = folder(&[("release.yaml", release), ("nothing.yaml", "# nothing\n"), ("bin/README", "")]);
    symlink(PROGRAM, job.path().join("bin/immutably")).expect("a link");
    job
}

fn in_job(job: &TempDir, program: &str, given: Given<'_>) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var("PATH").unwrap_or_default();
    command.current_dir(job.path()).env("PATH", format!("{}:{path}", job.path().join("bin").display()));
    given.environment(&mut command);
    command
}
