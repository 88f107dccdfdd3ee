//! The settings of an audit: what the input is, how severe each finding is, and the current time.
//!
//! Plain values. Must not read a clock or files.

use crate::findings::diagnostic::{Code, Severity};
use crate::options::settings::Exception;

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Rendered manifests that will go through the filter: only what the filter does not fix is a finding.
    Stream,
    /// The output of the filter, or manifests that are committed and applied unchanged.
    Filtered,
    /// An export from a cluster.
    Live,
}

impl Profile {
    /// The name in output and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Stream => "stream",
            Profile::Filtered => "filtered",
            Profile::Live => "live",
        }
    }
}

/// The settings of an audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// What the input is; `None` to detect [`Profile::Live`] or [`Profile::Filtered`] from the input.
    pub profile: Option<Profile>,
    /// The input contains every object: an object that is not in it does not exist.
    pub closed: bool,
    /// Ignore waivers and exceptions.
    pub no_waivers: bool,
    /// The time at which waivers are checked for expiry, in seconds since 1970.
    pub now: i64,
    /// Severities that differ from the defaults; `None` omits the code. The last entry for a code wins.
    pub severities: Vec<(Code, Option<Severity>)>,
    /// The findings that the configuration waives.
    pub exceptions: Vec<Exception>,
}

impl Criteria {
    /// Returns the severity of a finding whose default is `usual`; `None` omits it.
    pub fn severity(&self, code: Code, usual: Severity) -> Option<Severity> {
        let told = self.severities.iter().rev().find(|(known, _)| *known == code);
        told.map_or(Some(usual), |(_, severity)| *severity)
    }
}
