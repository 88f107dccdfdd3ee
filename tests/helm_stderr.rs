//! Helm 4 with the plugin, with each kind of file as its standard error. Helm discards the standard error of a plugin,
//! so the program writes to that of Helm.

#![cfg(target_os = "linux")] // on other systems, a plugin cannot do that
#![allow(clippy::expect_used)] // a test fails by panicking

mod tools;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tools::helm::{HELM_4, Helm, said};

const GOOD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop-config}\ndata: {a: b}\n";
const REFUSED: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-config}
data: {a: b}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: bad-config}
data: {port: 8080}
";

/// Parts of the complete output for a refused stream.
const WHOLE: [&str; 5] = [
    "[unreferenced]: ",
    "error[invalid-data]: ConfigMap `bad-config`",
    "help: put the value in quotes",
    "refused, nothing written: 1 error",
    "Error: error while running post render on files",
];

#[test]
fn a_pipe_gets_everything() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    holds_everything(&helm, |command| {
        let output = command.output().expect("helm starts");
        let said = said(&output);
        (output, said)
    });
}

#[test]
fn a_socket_gets_everything() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    holds_everything(&helm, |command| {
        let (ours, helms) = UnixStream::pair().expect("two sockets");
        ended(command, OwnedFd::from(helms), ours)
    });
}

#[test]
fn a_file_gets_everything() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    let path = helm.home.path().join("err.log");
    for append in [false, true] {
        holds_everything(&helm, |command| {
            fs::write(&path, if append { "before\n" } else { "" }).expect("it is written");
            let file = OpenOptions::new().write(true).append(append).open(&path).expect("it is there");
            let (output, said) = ended(command, file, File::open(&path).expect("it is there"));
            assert!(!append || said.starts_with("before\n"), "{said}");
            (output, said)
        });
    }
}

#[test]
fn a_terminal_gets_everything() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    holds_everything(&helm, |command| {
        let (ours, helms) = terminal();
        command.env("NO_COLOR", "1");
        ended(command, helms, ours)
    });
}

#[test]
fn a_closed_descriptor_changes_no_result() {
    let Some(helm) = Helm::find(HELM_4).map(Helm::with_plugin) else { return };
    let closed = |template: &str| {
        let mut command = Command::new("sh");
        let helm =
            helm.command(&["template", "web", &helm.chart(template), "--post-renderer", helm.renderer]);
        command.args(["-c", "exec \"$@\" 2>&-", "sh"]).arg(helm.get_program()).args(helm.get_args());
        command.current_dir(helm.get_current_dir().expect("a folder"));
        for (name, value) in helm.get_envs() {
            value.map(|value| command.env(name, value));
        }
        command.output().expect("sh starts")
    };
    let good = closed(GOOD);
    assert!(good.status.success(), "{}", said(&good));
    assert!(String::from_utf8_lossy(&good.stdout).contains("name: shop-config-4h2mbtbbt6"));
    let refused = closed(REFUSED);
    assert!(refused.status.code() == Some(1) && refused.stdout.is_empty(), "{}", said(&refused));
}

/// Runs Helm with a good and a bad stream, and checks its standard error.
fn holds_everything(helm: &Helm, run: impl Fn(&mut Command) -> (Output, String)) {
    let run = |template: &str| {
        run(&mut helm.command(&["template", "web", &helm.chart(template), "--post-renderer", helm.renderer]))
    };
    let (output, said) = run(GOOD);
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("name: shop-config-4h2mbtbbt6"));
    assert!(said.contains("1 versioned"), "{said}");
    let (output, said) = run(REFUSED);
    assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{said}");
    for part in WHOLE {
        assert_eq!(said.matches(part).count(), 1, "{part}\n{said}");
    }
}

/// Runs a command with `theirs` as its standard error, and reads the other end.
fn ended(command: &mut Command, theirs: impl Into<Stdio>, mut ours: impl Read) -> (Output, String) {
    let child = command.stdout(Stdio::piped()).stderr(theirs.into()).spawn().expect("helm starts");
    let output = child.wait_with_output().expect("helm ends");
    // `command` still owns the other end, and a reader waits as long as it does.
    command.stderr(Stdio::null());
    let mut said = Vec::new();
    // Reading a terminal that nobody else has open ends with an error.
    let _ = ours.read_to_end(&mut said);
    (output, String::from_utf8_lossy(&said).into_owned())
}

/// Opens both ends of a pseudo-terminal.
fn terminal() -> (File, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("its other end");
    let name = ptsname(&ours, Vec::new()).expect("its name").into_string().expect("UTF-8");
    let theirs = OpenOptions::new().read(true).write(true).open(Path::new(&name)).expect("its other end");
    (File::from(ours), theirs)
}
