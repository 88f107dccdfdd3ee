//! Runs that a signal ends while they write the output.

use super::program::files::{folder, names};
use super::program::program_in;
use super::program::unix::{mode_of, set_mode};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use tempfile::TempDir;

/// A value of the Secret.
const VALUE: &str = "correct-horse-battery-staple";
/// The number of attempts: a run may end before the test sees its file.
const TRIES: usize = 50;

/// A run that is stopped in the middle of writing.
struct Stopped {
    folder: TempDir,
    child: Child,
    unfinished: PathBuf,
}

/// `devices_and_signals` tests the other signals.
#[test]
fn a_file_that_sigterm_cuts_short_is_for_its_owner_only_and_goes() {
    let mut stopped = stopped();
    assert_eq!(format!("{:o}", mode_of(&stopped.unfinished)), "600");
    send(&stopped.child, Signal::TERM);
    send(&stopped.child, Signal::CONT);
    let status = stopped.child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(15));
    assert_eq!(names(&stopped.folder), ["input.yaml", "out.yaml"]);
    assert_eq!(output(&stopped.folder), "old\n");
}

/// The program cannot remove the file in this case, but only its owner can read it.
#[test]
fn a_file_that_is_left_after_sigkill_is_for_its_owner_only() {
    let mut stopped = stopped();
    send(&stopped.child, Signal::KILL);
    stopped.child.wait().expect("it ends");
    assert_eq!(format!("{:o}", mode_of(&stopped.unfinished)), "600");
    assert_eq!(output(&stopped.folder), "old\n");
    let left = names(&stopped.folder);
    assert_eq!(
        left.iter().filter(|name| name.starts_with(".immutably-")).count(),
        left.len() - 2,
        "{left:?}"
    );
}

/// Starts runs until one is stopped while its output is unfinished.
fn stopped() -> Stopped {
    let secret =
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData: {{password: {VALUE}}}\n");
    let input = format!("{secret}---\nlarge: {}\n", "x".repeat(4 << 20));
    for _ in 0..TRIES {
        let folder = folder(&[("input.yaml", &input), ("out.yaml", "old\n")]);
        set_mode(&folder.path().join("out.yaml"), 0o644);
        let mut command =
            program_in(folder.path(), &["input.yaml", "-o", "out.yaml", "--report", "report.json"]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        if let Some(unfinished) = seen(folder.path(), &mut child) {
            send(&child, Signal::STOP);
            if fs::metadata(&unfinished).is_ok() && output(&folder) == "old\n" {
                return Stopped { folder, child, unfinished };
            }
            send(&child, Signal::KILL);
        }
        child.wait().expect("it ends");
    }
    panic!("no run was seen while it wrote");
}

/// Returns the unfinished output, as soon as it has some content; `None` if the program ended first.
fn seen(folder: &Path, child: &mut Child) -> Option<PathBuf> {
    while child.try_wait().expect("it can be looked at").is_none() {
        let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
        let hidden = entries.filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".immutably-"))
        });
        // Excludes the report, which is much smaller.
        let found = hidden.into_iter().find(|path| fs::metadata(path).is_ok_and(|file| file.len() > 1 << 16));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn output(folder: &TempDir) -> String {
    let text = fs::read(folder.path().join("out.yaml")).expect("the file is there");
    String::from_utf8_lossy(&text[..text.len().min(16)]).into_owned()
}

fn send(child: &Child, signal: Signal) {
    let pid = Pid::from_child(child);
    kill_process(pid, signal).expect("the signal is sent");
}
