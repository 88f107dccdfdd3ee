//! The programs that are measured on the same bytes for comparison.

use crate::process::Line;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A program that does the same work or a part of it.
pub(crate) struct Peer {
    /// The title of its column.
    pub(crate) name: &'static str,
    /// The size of the largest stream that it gets, in MB, so that no measurement takes longer than a minute.
    pub(crate) most: usize,
    line: fn(&Path) -> Line,
    /// The only format that it reads; `None` for any.
    only: Option<&'static str>,
}

/// The programs in the order of their columns.
pub(crate) const PEERS: [Peer; 6] = [
    Peer { name: "`cat`", most: 300, line: |path| Line::new(&["cat"]).and(path), only: None },
    Peer { name: "`sha256sum`", most: 300, line: |path| Line::new(&["sha256sum"]).and(path), only: None },
    Peer { name: "read and hash", most: 300, line: |path| own("--hash").and(path), only: None },
    Peer { name: "YAML events", most: 300, line: |path| own("--events").and(path), only: Some("yaml") },
    Peer { name: "`jq .`", most: 30, line: |path| Line::new(&["jq", "."]).and(path), only: Some("json") },
    Peer { name: "`yq -y .`", most: 3, line: |path| Line::new(&["yq", "-y", "."]).and(path), only: None },
];

impl Peer {
    /// Returns the seconds for a stream; `None` if the program cannot read it or is not installed.
    pub(crate) fn seconds(&self, input: &Path, megabytes: usize, runs: usize) -> Option<f64> {
        let format = input.extension()?.to_str()?;
        let fits = megabytes <= self.most && self.only.is_none_or(|only| only == format);
        fits.then(|| (self.line)(input).seconds(runs)).flatten()
    }
}

/// Returns a command that runs this bench in another role, so that the role is a whole process as well.
pub(crate) fn own(role: &str) -> Line {
    let program = std::env::current_exe().expect("a process knows its program");
    Line::new(&[&program.display().to_string(), role])
}

/// Runs this bench in such a role.
pub(crate) fn play(role: &str, input: Option<&String>) {
    let Some(path) = input else { return };
    let text = std::fs::read_to_string(path).expect("the file is there");
    if role == "--hash" {
        assert_ne!(Sha256::digest(&text)[..], [0; 32], "the digest is used");
        return;
    }
    let events = granit_parser::Parser::new_from_str(&text).filter(Result::is_ok).count();
    assert!(events > 0, "there are events");
}

/// Returns the path of the real `kubectl` that `tests/tools/fetch.py` downloads.
pub(crate) fn kubectl() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/kubectl-1.37.1/kubectl");
    path.exists().then_some(path)
}
