//! `immutably init`: writes a configuration file that explains each option.

use crate::args::Init;
use crate::config::NAME;
use crate::status::failed;
use crate::{args, output, render};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Every option is in a comment, so the file has no effect until somebody edits it.
const CONTENT: &str = include_str!("init.yaml");

/// Runs the command; returns the exit status.
pub(crate) fn run(args: &Init) -> u8 {
    let here = args.folder.as_os_str() == ".";
    let path = if here { PathBuf::from(NAME) } else { args.folder.join(NAME) };
    let result =
        if args.force { output::replace(&path, |out| out.write_all(CONTENT.as_bytes())) } else { new(&path) };
    let shown = path.display();
    match result {
        Ok(()) => {
            render::say(&format!("wrote {shown}"));
            0
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            render::error(&format!("{shown} already exists and is not changed; add `--force` to replace it"));
            1
        }
        Err(error) => failed(args::Format::Text, &format!("cannot write {shown}: {error}")),
    }
}

/// Writes a new file. Fails if anything already exists there, even a broken link.
fn new(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(CONTENT.as_bytes())
}
