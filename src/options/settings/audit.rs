//! What a configuration file says about the audit: severities of codes, and exceptions.
//!
//! Must not judge: the audit does.

use crate::findings::diagnostic::{Code, Severity};
use crate::findings::names;
use crate::kube::time;
use crate::rules::glob;
use indexmap::IndexMap;
use serde::Deserialize;

/// The options of the audit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct AuditSettings {
    severities: IndexMap<Named, Level>,
    exceptions: Vec<Exception>,
    closed: bool,
    strict: bool,
}

impl AuditSettings {
    /// The severity of each code that is listed; `None` leaves the code out.
    pub fn severities(&self) -> impl Iterator<Item = (Code, Option<Severity>)> + '_ {
        self.severities.iter().map(|(code, level)| (code.0, level.severity()))
    }

    /// The findings to waive.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// True when the input contains every object that exists.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// True when warnings fail the audit.
    pub fn strict(&self) -> bool {
        self.strict
    }
}

/// Findings that a person has looked at and waives, with the reason. `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exception {
    codes: Vec<Named>,
    #[serde(default)]
    kind: Glob,
    #[serde(default)]
    namespace: Glob,
    #[serde(default)]
    name: Glob,
    reason: Reason,
    until: Option<Day>,
}

impl Exception {
    /// The codes that it waives.
    pub fn codes(&self) -> impl Iterator<Item = Code> + '_ {
        self.codes.iter().map(|code| code.0)
    }

    /// True for an object that it is about. An object without a namespace is in none.
    pub fn covers(&self, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        self.kind.matches(kind)
            && self.namespace.matches(namespace.unwrap_or_default())
            && self.name.matches(name)
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason.0
    }

    /// The last day, if there is one.
    pub fn until(&self) -> Option<&str> {
        self.until.as_ref().map(|day| day.0.as_str())
    }

    /// True when the last day is over. `now`: seconds since 1970.
    pub fn is_expired(&self, now: i64) -> bool {
        self.until().and_then(time::end_of_day).is_some_and(|end| end <= now)
    }
}

/// A code by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
struct Named(Code);

impl TryFrom<String> for Named {
    type Error = String;

    fn try_from(written: String) -> Result<Named, String> {
        names::code(&written).map(Named).map_err(|near| match near.first() {
            Some(code) => format!("no finding has this code; did you mean `{}`?", code.as_str()),
            None => "no finding has this code; `immutably explain` lists the codes".to_owned(),
        })
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Note,
    Off,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Note => Some(Severity::Note),
            Level::Off => None,
        }
    }
}

/// Text in which `*` stands for any characters. Absent, it matches everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
struct Glob(String);

impl Default for Glob {
    fn default() -> Glob {
        Glob("*".to_owned())
    }
}

impl Glob {
    fn matches(&self, text: &str) -> bool {
        glob(&self.0, text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Reason(String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Reason, &'static str> {
        let reason = text.trim();
        if reason.is_empty() {
            return Err("the reason is empty; write why the findings are acceptable");
        }
        Ok(Reason(reason.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Day(String);

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(date: String) -> Result<Day, &'static str> {
        match time::end_of_day(&date) {
            Some(_) => Ok(Day(date)),
            None => Err("expected a date such as 2027-01-31"),
        }
    }
}
