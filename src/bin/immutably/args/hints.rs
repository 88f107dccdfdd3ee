//! Suggestions for shell completion of values that are not limited to a fixed set.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use immutably::findings::diagnostic::Code;
use std::ffi::OsStr;

/// A value parser with words that the shell suggests. Help does not list them, because the argument hides possible
/// values.
#[derive(Clone)]
pub(super) struct Hinted<P> {
    parser: P,
    words: fn() -> Vec<&'static str>,
}

impl<P> Hinted<P> {
    /// Suggests finding codes.
    pub(super) fn codes(parser: P) -> Hinted<P> {
        Hinted { parser, words: codes }
    }

    /// Suggests the beginnings of patterns for objects.
    pub(super) fn patterns(parser: P) -> Hinted<P> {
        Hinted { parser, words: || vec!["ConfigMap/", "Secret/", "*/"] }
    }

    /// Suggests finding codes and the beginnings of object names.
    pub(super) fn codes_and_objects(parser: P) -> Hinted<P> {
        Hinted { parser, words: || [codes(), vec!["ConfigMap/", "Secret/"]].concat() }
    }

    /// Suggests kinds of objects that use ConfigMaps and Secrets.
    pub(super) fn kinds(parser: P) -> Hinted<P> {
        Hinted { parser, words: || KINDS.to_vec() }
    }
}

const KINDS: [&str; 12] = [
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "Job",
    "Pod",
    "ReplicaSet",
    "Role",
    "Secret",
    "ServiceAccount",
    "StatefulSet",
];

fn codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.as_str()).collect()
}

impl<P: TypedValueParser> TypedValueParser for Hinted<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<P::Value, clap::Error> {
        self.parser.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter().map(PossibleValue::new)))
    }
}
