//! What the context can say about a word.

use crate::rules::table::Kinds;
use std::ops::Range;

/// A kind of object, as words name it.
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
    /// The kinds of target that the noun stands for.
    pub fn kinds(self) -> Kinds {
        match self {
            Noun::ConfigMap => Kinds::CONFIG_MAP,
            Noun::Secret => Kinds::SECRET,
            Noun::Either => Kinds::BOTH,
            Noun::Job | Noun::Pod | Noun::Other => Kinds::NONE,
        }
    }
}

/// What the text around a word says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// It names an object of this kind, in a form that means nothing else: `secret/web`, `secretName: web`.
    Surely(Noun),
    /// It follows the kind after a space, as in `secret web`. In prose this may be chance.
    Likely(Noun),
    /// It is a part of a file's path, which begins at this byte; the kind is a directory right before the word.
    Path(usize, Option<Noun>),
    /// It names no object of the cluster: a comment, a host, a namespace, what `curl` asks for.
    NoName,
}

/// A word that is looked for, and what the text says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What the text says of it.
    pub said: Said,
    /// False in a command of kubectl in which a flag leads to another namespace or cluster.
    pub here: bool,
    /// True in a command of kubectl that only reads, in the namespace and cluster of its pod.
    pub read: bool,
}
