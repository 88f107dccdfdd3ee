//! The part of a configuration file about the audit: severities of codes, and exceptions.
//!
//! Must not evaluate findings: the audit does.

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
    /// Returns the severity of each code that the file lists; `None` turns the code off.
    pub fn severities(&self) -> impl Iterator<Item = (Code, Option<Severity>)> + '_ {
        self.severities.iter().map(|(code, level)| (code.0, level.severity()))
    }

    /// Returns the exceptions, which waive findings.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// True if the input contains every object that exists.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// True if warnings fail the audit.
    pub fn strict(&self) -> bool {
        self.strict
    }
}

/// Findings that a person has reviewed and waived, with the reason. `*` matches any characters.
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
    /// Returns the codes that the exception waives.
    pub fn codes(&self) -> impl Iterator<Item = Code> + '_ {
        self.codes.iter().map(|code| code.0)
    }

    /// True if the exception covers this object. An absent namespace is treated as the empty text.
    pub fn covers(&self, kind: &str, namespace: Option<&str>, name: &str) -> bool {
        self.kind.matches(kind)
            && self.namespace.matches(namespace.unwrap_or_default())
            && self.name.matches(name)
    }

    /// Returns the reason.
    pub fn reason(&self) -> &str {
        &self.reason.0
    }

    /// Returns the last day on which the exception applies, if there is one.
    pub fn until(&self) -> Option<&str> {
        self.until.as_ref().map(|day| day.0.as_str())
    }

    /// True if the last day is over. `now` is in seconds since 1970.
    pub fn is_expired(&self, now: i64) -> bool {
        self.until().and_then(time::end_of_day).is_some_and(|end| end <= now)
    }
}

/// A code, given by its name.
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

/// A pattern in which `*` matches any characters. The default matches everything.
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
