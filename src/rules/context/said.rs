//! What the context can say about a word.

use crate::rules::table::Kinds;
use std::ops::Range;

/// A kind of object that a word may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// `configmap`, `cm`
    ConfigMap,
    /// `secret`, `credentials`
    Secret,
    /// `secret,configmap`
    Either,
    /// `job`
    Job,
    /// `pod`
    Pod,
    /// Anything else that has a name: a Service, a user, a database, a key.
    Other,
}

impl Noun {
    /// Returns the kinds of target that the noun refers to.
    pub fn kinds(self) -> Kinds {
        match self {
            Noun::ConfigMap => Kinds::CONFIG_MAP,
            Noun::Secret => Kinds::SECRET,
            Noun::Either => Kinds::BOTH,
            Noun::Job | Noun::Pod | Noun::Other => Kinds::NONE,
        }
    }
}

/// What the text around a word says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// It names an object of this kind, in an unambiguous form: `secret/web`, `secretName: web`.
    Surely(Noun),
    /// It follows the kind after a space, as in `secret web`. In prose, this may be a coincidence.
    Likely(Noun),
    /// It is part of a file path, which begins at this byte. The kind is the name of the directory directly before the
    /// word.
    Path(usize, Option<Noun>),
    /// It does not name an object of the cluster, but is a comment, a host, a namespace or an argument of `curl`.
    NoName,
}

/// A word that was searched for, and what the text says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The bytes of the word in the text.
    pub range: Range<usize>,
    /// What the text says about the word.
    pub said: Said,
    /// False in a kubectl command with a flag that selects another namespace or cluster.
    pub here: bool,
    /// True in a kubectl command that only reads, in the pod's own namespace and cluster.
    pub read: bool,
}
