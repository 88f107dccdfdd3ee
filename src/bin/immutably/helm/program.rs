//! The `helm` program: where it is, its version and its help.
//!
//! Runs only commands that need no cluster.

use crate::ask::{Failure, ask};
use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

/// The time limit for a command that needs no cluster.
const WAIT: Duration = Duration::from_secs(30);

/// Returns `HELM_BIN`, which Helm sets for its plugins, or else `helm`, to be found through `PATH`.
pub(crate) fn program() -> OsString {
    std::env::var_os("HELM_BIN").filter(|path| !path.is_empty()).unwrap_or_else(|| "helm".into())
}

/// Returns the output of Helm for these arguments and variables, or a message about the failure.
pub(crate) fn says(args: &[&str], variables: &[(&str, String)]) -> Result<String, String> {
    let mut command = Command::new(program());
    command.args(args).envs(variables.iter().map(|(name, value)| (name, value)));
    let problem = match ask(&mut command, WAIT) {
        Ok(bytes) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(Failure::Absent(error)) => format!("does not start: {error}"),
        Err(Failure::Slow) => format!("gave no answer within {} seconds", WAIT.as_secs()),
        Err(Failure::Said(said)) => said,
    };
    let call = format!("{} {}", program().display(), args.join(" "));
    Err(format!("`{call}`: {problem}; put Helm 3 or 4 on the PATH, or set HELM_BIN"))
}

/// A version of Helm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    major: u64,
    minor: u64,
}

impl Version {
    /// Runs `helm version`.
    pub(crate) fn ask() -> Result<Version, String> {
        let answer = says(&["version", "--template", "{{.Version}}"], &[])?;
        Version::read(&answer).ok_or_else(|| {
            format!(
                "`helm version` wrote `{}`, which is no version; check that HELM_BIN names Helm 3 or 4",
                answer.trim()
            )
        })
    }

    fn read(text: &str) -> Option<Version> {
        let mut numbers = text.trim().trim_start_matches('v').split(['.', '-', '+']);
        let mut next = || numbers.next()?.parse().ok();
        Some(Version { major: next()?, minor: next()? })
    }

    /// True if post-renderers must be plugins, as in Helm 4.
    pub(crate) fn takes_plugins_only(self) -> bool {
        self.major >= 4
    }

    /// True before Helm 4.2, which changed what a rollback compares with.
    pub(crate) fn is_before_4_2(self) -> bool {
        self < Version { major: 4, minor: 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        let old = |text: &str| Version::read(text).map(Version::is_before_4_2);
        assert_eq!(old("v3.17.2\n"), Some(true));
        assert_eq!(old("v3.18.0-rc.1+g1234"), Some(true));
        assert_eq!(old("v4.1.9"), Some(true));
        assert_eq!((old("v4.2.0"), old("v4.10.1"), old("5.0.0")), (Some(false), Some(false), Some(false)));
        assert_eq!((old("Client: v2"), old("")), (None, None));
        assert!(Version::read("v4.0.0").is_some_and(Version::takes_plugins_only));
        assert!(!Version::read("v3.99.0").is_some_and(Version::takes_plugins_only));
    }
}
