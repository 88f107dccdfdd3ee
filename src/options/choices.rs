//! The choices of a caller as plain values. Must not know flags or the environment: those belong to the program.

pub use crate::kube::key::{Keys, SecretKey};
use crate::kube::scheme::Scheme;
pub use crate::kube::suffix::Hash;
use crate::options::external::{External, Known};
use crate::options::patterns::Patterns;
use crate::rules::Row;
use serde::Deserialize;
use std::collections::HashSet;

/// What to do with an object that nothing in the stream refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unreferenced {
    /// Version it, and write it under its original name too.
    #[default]
    Both,
    /// Version it and warn.
    Version,
    /// Leave it unchanged.
    Leave,
    /// Refuse the stream.
    Error,
}

/// How to report a Secret whose suffix is made without a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeylessSecrets {
    /// Report nothing, unless there is a key.
    #[default]
    #[serde(skip)]
    Silent,
    /// Report a note for each.
    List,
    /// Report a warning for each.
    Warn,
    /// Refuse the input.
    Error,
}

/// What to do with a Secret that a Helm chart renders. Charts look their own Secrets up by name (Helm's `lookup`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelmSecrets {
    /// Version it, and write it under its original name too.
    #[default]
    Both,
    /// Version it like any other Secret.
    Version,
}

/// What to do with a Job or bare Pod that uses a versioned object: its pod template cannot change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Jobs {
    /// Give it a suffix.
    #[default]
    Version,
    /// Leave it, and the objects that it uses, under their original names.
    Original,
    /// Leave it unchanged and warn.
    AsIs,
}

/// The tool that applies the output, and deletes what a release no longer contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deployer {
    /// Helm
    Helm,
    /// Argo CD
    ArgoCd,
    /// Flux
    Flux,
    /// kapp
    Kapp,
    /// Spinnaker
    Spinnaker,
}

/// The choices for one run. `Options::default()` is equivalent to a run without flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The namespace of objects and references that do not state one.
    pub namespace: Option<String>,
    /// The algorithm for suffixes.
    pub hash: Hash,
    /// The keys for the suffixes of Secrets.
    pub keys: Keys,
    /// How to report Secrets that are versioned without a key.
    pub keyless_secrets: KeylessSecrets,
    /// What happens to objects that nothing refers to.
    pub unreferenced: Unreferenced,
    /// What happens to Secrets that a Helm chart renders.
    pub helm_secrets: HelmSecrets,
    /// True if Helm called the program, so a chart rendered every object.
    pub by_helm: bool,
    /// How to report references to objects outside the input.
    pub external: External,
    /// Objects outside the input that are known to exist.
    pub known: Vec<Known>,
    /// Custom rules, in addition to the built-in rules.
    pub rules: Vec<Row>,
    /// Objects to leave alone in any case.
    pub leave: Patterns,
    /// If not empty, the only objects to version; all others are left alone.
    pub only: Patterns,
    /// What happens to Jobs and bare Pods.
    pub jobs: Jobs,
    /// The Jobs and bare Pods that a hook outside the input names, as `KIND/NAME`. They keep their names.
    pub named_in_hooks: HashSet<String>,
    /// Deployers that must not delete versioned objects. Annotations on the objects prevent this.
    pub retain: Vec<Deployer>,
    /// Pod templates get the checksum of every object that is left alone, not only of objects that request it.
    pub checksum_left_alone: bool,
    /// Objects that are written under their original names too.
    pub keep_original: Patterns,
    /// Ignore the table of names and labels by which well-known programs find objects.
    pub no_well_known: bool,
    /// The number of earlier generations to carry forward.
    pub keep: Keep,
    /// The previous manifest may be blank, as for the first release.
    pub previous_optional: bool,
    /// Warnings refuse the stream, as errors do.
    pub strict: bool,
    /// The maximum number of threads that work on the documents. With 0 or 1, only the calling thread works.
    pub threads: usize,
}

impl Options {
    /// Returns the scheme for suffixes: the algorithm and the keys.
    pub fn scheme(&self) -> Scheme<'_> {
        Scheme { hash: self.hash, keys: &self.keys }
    }
}

/// A number of earlier generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep(pub u32);

impl Default for Keep {
    fn default() -> Self {
        Keep(2)
    }
}
