//! What an audit is asked: of what, how strictly, and at which time.
//!
//! Plain values. No clock and no files here.

use crate::findings::diagnostic::{Code, Severity};
use crate::options::settings::Exception;

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Rendered manifests that go through the filter: only what the filter does not mend is a finding.
    Stream,
    /// The output of the filter, or manifests as they are committed and applied.
    Filtered,
    /// An export of a cluster.
    Live,
}

impl Profile {
    /// The name that people and programs see.
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Stream => "stream",
            Profile::Filtered => "filtered",
            Profile::Live => "live",
        }
    }
}

/// What an audit is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// What the input is; `None` to tell by the input, [`Profile::Live`] or [`Profile::Filtered`].
    pub profile: Option<Profile>,
    /// The input holds all objects that there are: what it lacks is nowhere.
    pub closed: bool,
    /// Waivers and exceptions do not count.
    pub no_waivers: bool,
    /// The time, in seconds since 1970, by which waivers expire.
    pub now: i64,
    /// Severities other than the usual ones; `None` leaves the code out. The last one for a code holds.
    pub severities: Vec<(Code, Option<Severity>)>,
    /// Findings to waive, from a configuration.
    pub exceptions: Vec<Exception>,
}

impl Criteria {
    /// The severity of a finding whose usual one is `usual`; `None` leaves it out.
    pub fn severity(&self, code: Code, usual: Severity) -> Option<Severity> {
        let told = self.severities.iter().rev().find(|(known, _)| *known == code);
        told.map_or(Some(usual), |(_, severity)| *severity)
    }
}
