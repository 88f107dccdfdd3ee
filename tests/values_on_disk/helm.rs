//! The temporary folder of `immutably helm`, during the run of Helm and after it.

use super::leaks::markers::marker;
use super::program::PROGRAM;
use super::program::unix::set_mode;
use super::streams::dice::Dice;
use super::tools::helm::{HELM_3, HELM_4, Helm, said};
use super::{files_in, hold_no_value};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs the real Helm, and copies the folder for temporary files before it ends.
const COPIES: &str = "#!/bin/sh\nHELM \"$@\"\nstatus=$?\ncase \"$*\" in *post-renderer*) cp -Rp \"$TMPDIR/.\" COPY ;; esac\nexit $status\n";

/// Copies the folder, then sends SIGTERM to its parent and keeps running.
const KILLS: &str = "#!/bin/sh\ncase \"$*\" in *post-renderer*) HELM \"$@\" > /dev/null; cp -Rp \"$TMPDIR/.\" COPY; kill -TERM $PPID; exec sleep 20 ;; esac\nexec HELM \"$@\"\n";

/// A call of `immutably helm`: a copy of its temporary files during the run, and what is left afterwards.
struct Called {
    output: Output,
    copy: TempDir,
    temporary: TempDir,
}

#[test]
fn a_folder_that_helm_needs_holds_no_value_and_goes() {
    for helm in [HELM_3, HELM_4].into_iter().filter_map(Helm::find) {
        let mut dice = Dice::new(7);
        let markers: Vec<_> = (0..3).map(|alphabet| marker(alphabet, &mut dice)).collect();
        let secret = |more: &str| {
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData:\n  a: \"{}\"\n  b: \"{}\"\ndata:\n  c: {}\n{more}",
                markers[0].text, markers[1].text, markers[2].encoded
            )
        };
        for (script, template, code) in [
            (COPIES, secret(""), Some(0)),
            (COPIES, secret("  d: '-'\n"), Some(1)),
            (KILLS, secret(""), Some(143)),
        ] {
            let called = call(&helm, script, &template);
            assert_eq!(called.output.status.code(), code, "{}", said(&called.output));
            let during = files_in(called.copy.path());
            assert!(during.iter().any(|file| file.ends_with("findings")), "{during:?}");
            hold_no_value(&during, &markers, script);
            let folder =
                fs::read_dir(called.copy.path()).expect("a folder").flatten().next().expect("one folder");
            assert_eq!(
                format!("{:o}", folder.metadata().expect("it is there").permissions().mode() & 0o777),
                "700"
            );
            assert_eq!(files_in(called.temporary.path()), Vec::<PathBuf>::new(), "{}", said(&called.output));
            assert!(fs::read_dir(called.temporary.path()).expect("a folder").next().is_none());
        }
    }
}

fn call(helm: &Helm, script: &str, template: &str) -> Called {
    let [copy, temporary, programs] = std::array::from_fn(|_| tempfile::tempdir().expect("a folder"));
    let program = programs.path().join("helm");
    let script = script.replace("HELM", &quoted(&helm.program)).replace("COPY", &quoted(copy.path()));
    fs::write(&program, script).expect("a script");
    set_mode(&program, 0o755);
    let chart = helm.chart(template);
    let environment = helm.command(&[]);
    let mut command = Command::new(PROGRAM);
    command.args(["helm", "template", "web", &chart]).current_dir(helm.home.path());
    for (name, value) in environment.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("HELM_BIN", &program).env("TMPDIR", temporary.path());
    Called { output: command.output().expect("the program starts"), copy, temporary }
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}
