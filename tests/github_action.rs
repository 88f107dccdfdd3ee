//! The scripts of the GitHub Action and of the GitLab template, run as a runner runs them: with files for outputs and
//! summary, an archive in a folder, and a stand-in for `gh`. Scripts get inputs only through the environment.

#![cfg(target_os = "linux")] // the scripts need bash, curl and GNU tools
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod program;

use program::PROGRAM;
use serde_yaml::Value as Yaml;
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const TARGET: &str = "x86_64-unknown-linux-musl";
const UNVERSIONED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {A: b}\n";

/// A job of a workflow: its folder, and the environment that the runner sets.
struct Job {
    folder: TempDir,
}

/// The result of a script.
struct Step {
    status: i32,
    log: String,
}

impl Job {
    fn new() -> Job {
        let job = Job { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(job.path("bin")).expect("a folder");
        std::os::unix::fs::symlink(PROGRAM, job.path("bin/immutably")).expect("a link");
        job
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn script(&self, name: &str, content: &str) {
        self.write(name, content);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    /// Runs a command in the folder of the job, with only these environment variables.
    fn start(&self, mut command: Command, environment: &[(&str, &str)]) -> Step {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        command.current_dir(self.folder.path()).env_clear().env("PATH", path);
        command.env("RUNNER_TEMP", self.folder.path()).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        for file in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"] {
            command.env(file, self.path(file));
        }
        command.envs(environment.iter().copied());
        let output = command.output().expect("it starts");
        let log =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        Step { status: output.status.code().unwrap_or(-1), log }
    }

    fn run(&self, command: &str, files: &str, more: &[(&str, &str)]) -> Step {
        let mut environment = vec![("INPUT_COMMAND", command), ("INPUT_FILES", files)];
        environment.extend([("INPUT_PREVIOUS", ""), ("INPUT_OUTPUT", ""), ("INPUT_ARGUMENTS", "")]);
        environment.extend(more);
        self.start(Command::new(root("integrations/github/run")), &environment)
    }

    /// Installs from an archive in the folder of the job, with a list of checksums next to the script.
    fn install(&self, version: &str, sums: &str) -> Step {
        let action = self.path("action/integrations/github");
        fs::create_dir_all(&action).expect("a folder");
        fs::copy(root("integrations/github/install"), action.join("install")).expect("a copy");
        fs::write(action.join("SHA256SUMS"), sums).expect("a file");
        let downloads = format!("file://{}", self.path("releases").display());
        let place = self.path("action").display().to_string();
        self.start(
            Command::new(action.join("install")),
            &[("IMMUTABLY_VERSION", version), ("IMMUTABLY_DOWNLOADS", &downloads), ("ACTION_PATH", &place)],
        )
    }

    /// Creates an archive of a release. Returns its name and checksum.
    fn archive(&self, version: &str) -> (String, String) {
        let name = format!("immutably-{version}-{TARGET}");
        let release = self.path("releases").join(format!("v{version}"));
        fs::create_dir_all(release.join(&name)).expect("a folder");
        fs::write(release.join(&name).join("immutably"), "#!/bin/sh\necho installed\n").expect("a program");
        let archive = format!("{name}.tar.gz");
        let packed = Command::new("tar").current_dir(&release).args(["-czf", &archive, &name]).status();
        assert!(packed.expect("tar starts").success());
        let sum = hex::encode(Sha256::digest(fs::read(release.join(&archive)).expect("an archive")));
        (archive, sum)
    }

    /// Comments a plan on a pull request. `found`: the number of the comment that `gh` finds, or empty.
    fn comment(&self, found: &str, more: &[(&str, &str)]) -> Step {
        self.script(
            "bin/gh",
            "#!/bin/sh\nprintf '%s\\n' \"$*\" >> calls\ncase \"$*\" in *--paginate*) printf '%s' \"$FOUND\" ;; esac\n",
        );
        self.write("plan.md", "Deployment web rolls\n");
        let plan = self.path("plan.md").display().to_string();
        let mut environment = vec![("PLAN", plan.as_str()), ("NAME", "prod"), ("PULL_REQUEST", "7")];
        environment.extend([
            ("IS_FORK", "false"),
            ("HAS_CHANGES", "true"),
            ("GITHUB_REPOSITORY", "owner/web"),
        ]);
        environment.push(("FOUND", found));
        environment.extend(more);
        self.start(Command::new(root("integrations/github/comment")), &environment)
    }
}

#[test]
fn an_archive_is_installed_only_with_the_checksum_in_the_repository() {
    let job = Job::new();
    let (archive, sum) = job.archive("1.2.3");
    let step = job.install("1.2.3", &format!("{sum}  {archive}\n"));
    assert_eq!(step.status, 0, "{}", step.log);
    let folder = job.read("GITHUB_PATH");
    assert!(Path::new(folder.trim()).join("immutably").is_file(), "{folder}");

    let job = Job::new();
    let (archive, sum) = job.archive("1.2.3");
    let other = sum.chars().rev().collect::<String>();
    for (version, sums, why) in [
        ("1.2.3", format!("{other}  {archive}\n"), "not the archive that was released"),
        ("1.2.3", String::new(), "no checksum of"),
        ("1.2.4", format!("{sum}  {}\n", archive.replace("1.2.3", "1.2.4")), "cannot download"),
        ("latest/../x", String::new(), "version has to be"),
        ("", String::new(), "version has to be"),
    ] {
        let step = job.install(version, &sums);
        assert!(step.status == 1 && step.log.contains(why), "{version}: {}", step.log);
        assert_eq!(job.read("GITHUB_PATH"), "");
    }
}

#[test]
fn the_audit_writes_annotations_sarif_and_a_summary() {
    let job = Job::new();
    job.write("my web.yaml", UNVERSIONED);
    let step = job.run("audit", "my web.yaml\n", &[]);
    assert_eq!(step.status, 0, "{}", step.log);
    assert!(
        step.log.contains("::error file=my web.yaml") || step.log.contains("::error file=my%20web.yaml"),
        "{}",
        step.log
    );
    let outputs = job.read("GITHUB_OUTPUT");
    assert!(outputs.contains("exit-code=1\n"), "{outputs}");
    let sarif = outputs.lines().find_map(|line| line.strip_prefix("sarif-file=")).expect("SARIF");
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(sarif).expect("a file")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let summary = job.read("GITHUB_STEP_SUMMARY");
    assert!(summary.starts_with("### immutably audit\n") && summary.contains("unversioned"), "{summary}");
}

#[test]
fn a_step_shows_nothing_of_the_step_before() {
    let job = Job::new();
    job.write("web.yaml", UNVERSIONED);
    job.run("audit", "web.yaml", &[]);
    let known = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"].map(|file| job.read(file));
    let step = job.run("audit", "missing.yaml", &[]);
    assert_eq!(step.status, 0, "{}", step.log);
    let outputs = job.read("GITHUB_OUTPUT").replacen(&known[0], "", 1);
    assert!(outputs.contains("exit-code=1\n"), "{outputs}");
    let sarif = outputs.lines().find_map(|line| line.strip_prefix("sarif-file="));
    let sarif = sarif.map(|path| fs::read_to_string(path).expect("SARIF")).unwrap_or_default();
    let summary = job.read("GITHUB_STEP_SUMMARY").replacen(&known[1], "", 1);
    assert!(!sarif.contains("web.yaml") && !summary.contains("web"), "{summary}\n{sarif}");
    job.run("audit", "web.yaml", &[]);
    let places = job.read("GITHUB_OUTPUT");
    let mut places: Vec<&str> = places.lines().filter_map(|line| line.strip_prefix("sarif-file=")).collect();
    let steps = places.len();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), steps, "each step has its own file");
}

#[test]
fn the_filter_writes_a_file_or_checks() {
    let job = Job::new();
    job.write("web.yaml", UNVERSIONED);
    let step = job.run("filter", "web.yaml", &[("INPUT_ARGUMENTS", "--unreferenced\nversion\n")]);
    assert!(step.status == 0 && job.read("GITHUB_OUTPUT").contains("exit-code=1\n"), "{}", step.log);
    let more = [("INPUT_ARGUMENTS", "--unreferenced\nversion\n"), ("INPUT_OUTPUT", "out.yaml")];
    let step = job.run("filter", "web.yaml", &more);
    assert!(step.status == 0 && job.read("GITHUB_OUTPUT").ends_with("exit-code=0\n"), "{}", step.log);
    assert!(job.read("out.yaml").contains("immutable: true"));
    assert!(job.read("GITHUB_STEP_SUMMARY").contains("1 versioned"));
}

#[test]
fn inputs_are_neither_options_nor_patterns_nor_programs() {
    let job = Job::new();
    job.write("web.yaml", UNVERSIONED);
    for files in ["--help", "*.yaml", "$(touch made)", "`touch made`"] {
        let step = job.run("audit", files, &[]);
        assert!(step.status == 0 && !job.path("made").exists(), "{}", step.log);
        assert!(job.read("GITHUB_OUTPUT").ends_with("exit-code=1\n"), "{files}: {}", step.log);
    }
    for (command, files) in [("audit", ""), ("gc", "web.yaml"), ("", "web.yaml"), ("plan", "web.yaml")] {
        let step = job.run(command, files, &[]);
        assert!(step.status == 2 && step.log.contains("::error "), "{command}: {}", step.log);
    }
}

#[test]
fn the_comment_is_written_once_and_changed_afterwards() {
    let job = Job::new();
    let step = job.comment("", &[]);
    assert_eq!(step.status, 0, "{}", step.log);
    assert!(
        job.read("calls").contains("--method POST repos/owner/web/issues/7/comments"),
        "{}",
        job.read("calls")
    );
    assert_eq!(job.read("immutably-comment.md"), "<!-- immutably:plan:prod -->\nDeployment web rolls\n");

    let job = Job::new();
    job.comment("41\n42\n", &[("HAS_CHANGES", "false")]);
    assert!(
        job.read("calls").contains("--method PATCH repos/owner/web/issues/comments/41 "),
        "{}",
        job.read("calls")
    );

    let quiet: [&[(&str, &str)]; 4] = [
        &[("HAS_CHANGES", "false")],
        &[("IS_FORK", "true")],
        &[("PULL_REQUEST", "")],
        &[("NAME", "a\") or (\"")],
    ];
    for more in quiet {
        let job = Job::new();
        let step = job.comment("", more);
        assert!(!job.read("calls").contains("--method"), "{more:?}: {}", step.log);
    }
}

#[test]
fn the_action_hands_inputs_over_by_the_environment_and_pins_what_it_uses() {
    let text = fs::read_to_string(root("action.yml")).expect("action.yml");
    let action: Yaml = serde_yaml::from_str(&text).expect("YAML");
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    assert_eq!(steps.len(), 5);
    for step in steps {
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "{script}");
        if let Some(used) = step["uses"].as_str() {
            let commit = used.split_once('@').expect("a version").1;
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{used}");
        }
    }
    let inputs = action["inputs"].as_mapping().expect("inputs");
    for name in inputs.keys().filter_map(Yaml::as_str) {
        assert!(
            text.contains(&format!("inputs.{name} ")) || text.contains(&format!("inputs.{name}}}")),
            "{name} is not used"
        );
    }
}

#[test]
fn the_gitlab_job_stops_at_another_checksum() {
    let text = fs::read_to_string(root("integrations/gitlab/immutably.yml")).expect("the template");
    let template: Yaml = serde_yaml::from_str(&text).expect("YAML");
    let before = template[".immutably"]["before_script"][0].as_str().expect("a script");
    let job = Job::new();
    let (archive, sum) = job.archive("1.2.3");
    let url = format!("file://{}", job.path("releases/v1.2.3").join(archive).display());
    let start = |sum: &str, files: &str| {
        let mut command = Command::new("bash");
        command.arg("-c").arg(format!("set -eo pipefail\n{before}\nsh \"$immutably_folder/immutably\""));
        job.start(command, &[("IMMUTABLY_URL", &url), ("IMMUTABLY_SHA256", sum), ("IMMUTABLY_FILES", files)])
    };
    let step = start(&sum, "web.yaml");
    assert!(step.status == 0 && step.log.contains("installed"), "{}", step.log);
    for (sum, files) in
        [(sum.chars().rev().collect::<String>(), "web.yaml"), (String::new(), "web.yaml"), (sum, "")]
    {
        let step = start(&sum, files);
        assert!(step.status != 0 && !step.log.contains("installed"), "{}", step.log);
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
