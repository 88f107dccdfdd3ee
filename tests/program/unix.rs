//! Runs the program with permissions and limits that exist only on Unix.

use super::{PROGRAM, program_in, silence};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Sets the permissions of a file.
pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

/// Returns the permissions of a file.
pub(crate) fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).expect("the file is there").permissions().mode() & 0o7777
}

/// Returns a command for a shell that runs `before` and then the program.
pub(crate) fn shell(folder: &TempDir, before: &str, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}; exec \"$0\" \"$@\"")).arg(PROGRAM);
    command.args(args).current_dir(folder.path());
    silence(&mut command);
    command
}

/// Returns a command for the program as a user with limited permissions: root runs it as another user.
pub(crate) fn unprivileged(folder: &TempDir, args: &[&str]) -> Command {
    let probe = folder.path().join("probe");
    fs::write(&probe, "").expect("the folder can be written");
    set_mode(&probe, 0);
    let root = fs::read(&probe).is_ok();
    fs::remove_file(&probe).expect("the probe is removed");
    if root { as_somebody_else(folder, args) } else { program_in(folder.path(), args) }
}

/// That user needs access to the program, which may be in a folder that only root can read. `cp` makes the copy: a file
/// that this process has written cannot run while a child process of another test has it open.
fn as_somebody_else(folder: &TempDir, args: &[&str]) -> Command {
    let program = folder.path().join("immutably");
    let copied = Command::new("cp").arg(PROGRAM).arg(&program).status();
    assert!(copied.is_ok_and(|status| status.success()), "the program is copied");
    set_mode(folder.path(), 0o755);
    let mut command = Command::new(program);
    command.args(args).current_dir(folder.path()).uid(65534).gid(65534);
    silence(&mut command);
    command
}

/// A script in the place of Helm. Another process writes it: no child of another test holds it open.
pub(crate) fn stand_in(script: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let helm = folder.path().join("helm");
    let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod +x \"$0\"";
    let written = Command::new("sh").args(["-c", write]).arg(&helm).arg(script).status();
    assert!(written.is_ok_and(|status| status.success()), "the script is written");
    (folder, helm)
}
