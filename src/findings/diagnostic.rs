//! Findings as data: what was found, where, its severity, and the cure.
//!
//! Must not lay out text: the program draws findings. A message never contains a value of a Secret.

pub use super::labels::Label;
use super::labels::Labels;
use super::message::Message;
use crate::text::source::{SourceError, Span};
use std::borrow::Cow;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A decision that people may want to know about.
    Note,
    /// A probable mistake in the input; the output is still right.
    Warning,
    /// The output would be wrong or cannot be made, so nothing is written.
    Error,
}

impl Severity {
    /// Returns the word shown to people and programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Declares each code once: its variant, its name in messages, its severity, its one-line description.
macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $about:literal,)+) => {
        /// The kind of a finding. Its name is stable: scripts may rely on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $about] $variant,)+
        }

        impl Code {
            /// Every code, in the order of docs/diagnostics.md.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// Returns the stable name, in kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// Returns the code with this name.
            pub fn parse(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.as_str() == name)
            }

            /// Returns the severity of this kind of finding, unless the options change it.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }

            /// Returns the meaning of the code, in one line.
            pub fn about(self) -> &'static str {
                match self { $(Code::$variant => $about,)+ }
            }
        }
    };
}

codes! {
    UnreadableInput "unreadable-input" Error "The input cannot be read, is not UTF-8 text, or is 4 GiB or larger.",
    UnwritableOutput "unwritable-output" Error "The output or the report cannot be written.",
    InvalidSeparator "invalid-separator" Error "A line starts with `---` and continues with something other than a comment.",
    InvalidYaml "invalid-yaml" Error "A document is not valid YAML or JSON.",
    NestedTooDeep "nested-too-deep" Error "A document nests collections deeper than 255 levels.",
    AliasLimit "alias-limit" Error "The aliases and merge keys of a document expand to more content than can be processed.",
    InvalidMetadata "invalid-metadata" Error "A ConfigMap or Secret has no `metadata` mapping, or no name in it.",
    InvalidName "invalid-name" Error "The name of a ConfigMap or Secret is not a DNS subdomain, so the API server would refuse it.",
    NameTooLong "name-too-long" Error "With its suffix, a name would be longer than 253 characters.",
    NameTaken "name-taken" Error "The new name of an object is already used by another object.",
    InvalidData "invalid-data" Error "`data`, `binaryData`, `stringData` or `immutable` does not have the structure that the API server accepts.",
    InvalidBase64 "invalid-base64" Error "A value in a Secret's `data` or in `binaryData` is not base64.",
    InvalidMode "invalid-mode" Error "The annotation `immutably.dev/mode` or `immutably.dev/keep-original` has an unknown value.",
    InvalidRules "invalid-rules" Error "A rules file, or the annotation `immutably.dev/references`, contains an invalid rule.",
    InvalidConfiguration "invalid-configuration" Error "A configuration file, or the configuration of a kustomize plugin or a KRM function, contains an invalid option.",
    UnusableKey "unusable-key" Error "The key for the suffixes of Secrets is missing, too short, or readable by others.",
    InvalidResourceList "invalid-resource-list" Error "A KRM `ResourceList` is not the only document, or its `items` or `results` is not a list.",
    AmbiguousReference "ambiguous-reference" Error "A reference matches several objects that get different new names.",
    SharedAnchor "shared-anchor" Error "An anchor is used in places that need different names.",
    UnreadablePrevious "unreadable-previous" Error "The manifest for `--previous` is missing, empty or encrypted, or contains no Kubernetes object.",
    CannotCarry "cannot-carry" Error "An earlier version cannot be added to the output.",
    IncompleteExport "incomplete-export" Error "A cluster export lacks objects that could hold a reference, so no version can be reported as unused.",
    Unversioned "unversioned" Error "The name of a ConfigMap or Secret does not contain the hash of its content. Reported by `audit`.",
    Mutable "mutable" Error "A ConfigMap or Secret has a content hash in its name but is not immutable. Reported by `audit`.",
    ImmutableUnversioned "immutable-unversioned" Error "An object is immutable but its name does not contain its hash, so a kubelet may serve old content. Reported by `audit`.",
    DanglingReference "dangling-reference" Error "A reference needs an object that is not in a complete input. Reported by `audit`.",
    TooLarge "too-large" Error "The content of a ConfigMap or Secret is larger than 1 MiB, or close to it. Reported by `audit`.",
    NoObjects "no-objects" Error "The input of `audit` contains no Kubernetes objects.",
    StaleSuffix "stale-suffix" Warning "A name ends in a suffix that does not match the content, so the object gets a second suffix.",
    UnknownKey "unknown-key" Warning "A key made the suffix of a Secret, and no given key makes it, so nobody can tell whether the content was edited.",
    Twins "twins" Warning "An object is defined more than once with different content.",
    DuplicateKey "duplicate-key" Warning "A mapping contains a key twice. kubectl uses the last one, or either one if the keys have different types.",
    NotAnObject "not-an-object" Warning "A document is not a Kubernetes object: an error message, a web page, a values file, a kustomization, or an object without `kind`.",
    MissingSeparator "missing-separator" Warning "A second object begins without a `---` line before it, so kubectl loses one of the two.",
    MisspeltKind "misspelt-kind" Warning "An object looks like a ConfigMap or Secret, but its kind is misspelled or its `apiVersion` is not `v1`.",
    NotRendered "not-rendered" Warning "An object still contains Helm template directives, so the chart was not rendered.",
    HiddenSecret "hidden-secret" Warning "Helm omitted a Secret from its output, so references to it keep the old name.",
    UnknownAnnotation "unknown-annotation" Warning "An annotation `immutably.dev/...` is unknown, so it has no effect.",
    UnmatchedPattern "unmatched-pattern" Warning "A pattern of `--leave`, `--only` or `--keep-original` matches no ConfigMap or Secret in the input.",
    InvalidKey "invalid-key" Warning "The API server refuses a key of `data`, `binaryData` or `stringData`.",
    IgnoredText "ignored-text" Warning "kubectl ignores text after the end of a document, up to the next `---`.",
    LineBreakCharacter "line-break-character" Warning "An unescaped U+0085, U+2028 or U+2029, which YAML parsers read differently, or a carriage return without a line feed.",
    LooseMention "loose-mention" Warning "The name of an object also appears in a place that is never edited, so the object keeps its name.",
    NearMiss "near-miss" Warning "A reference almost matches an object in the input: the namespace or kind differs, or a letter or two of the name.",
    StaleReference "stale-reference" Warning "A reference names a version whose content differs from that of the object in the input.",
    MissingKey "missing-key" Warning "A reference uses a key that the object does not have.",
    FixedTemplate "fixed-template" Warning "A Job or bare Pod keeps its name, or its template changes under the same name, which the API server refuses.",
    OtherRelease "other-release" Warning "Versions from `--previous` belong to another release, so they are not carried forward.",
    OtherNamespace "other-namespace" Warning "An earlier version is in a namespace that the input does not use, so it is not carried forward.",
    EditedVersion "edited-version" Warning "The suffix of an earlier version does not match its content, so the version is not carried forward.",
    DroppedName "dropped-name" Warning "An object of the last release has its plain name there and is only a version now, so a deployer deletes it while old pods use it.",
    TextChangedByHelm "text-changed-by-helm" Warning "Helm 4 changes blank lines in a value of a ConfigMap or Secret before and after a post-renderer.",
    RegeneratedSecret "regenerated-secret" Warning "All random values of a Secret differ from its last version.",
    RegeneratedId "regenerated-id" Warning "All random UUIDs of a ConfigMap differ from its last version.",
    ReleaseSize "release-size" Warning "With the versions that are carried forward, a Helm release is close to the size limit of the API server.",
    UpdateNeverSeen "update-never-seen" Warning "Pods read an object that can change through environment variables or `subPath`, so no change arrives. Reported by `audit`.",
    InvalidWaiver "invalid-waiver" Warning "A line of the annotation `immutably.dev/ignore` has no known code, no reason or no date where one is due.",
    ExpiredWaiver "expired-waiver" Warning "A waiver of the annotation `immutably.dev/ignore` has expired.",
    UnusedWaiver "unused-waiver" Warning "A waiver of the annotation `immutably.dev/ignore` waives nothing.",
    SecretWithoutKey "secret-without-key" Note "The suffix of a Secret is made without a key, so its name lets others test guesses. Reported with a key or `--keyless-secrets`.",
    Unreferenced "unreferenced" Note "Nothing in the input refers to an object, so it is renamed and also kept under its original name.",
    HelmSecret "helm-secret" Note "A Secret that a Helm chart rendered is renamed and also kept under its original name, because charts look up their own Secrets.",
    KeptOnce "kept-once" Note "An object of the release before gets a version, and is kept under its plain name for one more release.",
    ExternalReference "external-reference" Note "A reference needs an object that is not in the input. Reported only with `--external`.",
    EarlyHook "early-hook" Note "A hook or an earlier wave reads an object before its release exists, so the object keeps its original name, alone or next to the new one.",
    FixedReferrer "fixed-referrer" Note "An object keeps its name, because a reference to it is immutable, ignored after creation, or restarts the workload when it changes.",
    SlowRollout "slow-rollout" Note "A workload replaces its pods slowly, so they use old versions for longer.",
    HookJob "hook-job" Note "A hook Job uses a versioned object, so only a deployer that deletes hooks first can create it again.",
    KeepShrunk "keep-shrunk" Note "Fewer releases are carried forward than `--keep` asks for, because the Helm release would be too large.",
    LeftAlone "left-alone" Note "A ConfigMap or Secret keeps its name and is not made immutable.",
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of the finding.
    pub code: Code,
    /// The severity, with the options applied.
    pub severity: Severity,
    /// What was found and what was expected.
    pub message: Message,
    /// The index of the previous manifest that the finding is about; `None` if it is about the stream.
    pub previous: Option<u32>,
    /// The 1-based number of the document in the stream.
    pub document: Option<u32>,
    /// The places in the source. The finding is about the first one.
    pub labels: Labels,
    /// The number of further errors of this kind that were left out. The message contains this number too.
    pub more: usize,
    /// The cure.
    pub help: Option<Cow<'static, str>>,
}

impl Diagnostic {
    /// Creates a finding with the code's own severity and without a place.
    pub fn new(code: Code, message: impl Into<Message>) -> Diagnostic {
        let message = message.into();
        Diagnostic {
            code,
            severity: code.severity(),
            message,
            previous: None,
            document: None,
            labels: Labels::default(),
            more: 0,
            help: None,
        }
    }

    /// Adds a place. The finding is about the first place that is added.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<Cow<'static, str>>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the 1-based number of the document.
    #[must_use]
    pub fn in_document(mut self, number: u32) -> Diagnostic {
        self.document = Some(number);
        self
    }

    /// Sets the index of the previous manifest that the finding is about.
    #[must_use]
    pub fn in_previous(mut self, index: u32) -> Diagnostic {
        self.previous = Some(index);
        self
    }

    /// Sets the cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }
}

impl From<SourceError> for Diagnostic {
    fn from(error: SourceError) -> Diagnostic {
        let help = match error.problem {
            crate::text::source::Problem::TooLarge => "split the input into smaller streams",
            crate::text::source::Problem::Compressed => {
                "decompress it first (`gunzip -c FILE | immutably`); if it is a packaged chart, render it: `helm template NAME FILE | immutably`"
            }
            crate::text::source::Problem::Utf16 => {
                "convert it with `iconv -f UTF-16 -t UTF-8`; in Windows PowerShell, `>` writes UTF-16, so use `| Set-Content -Encoding utf8 FILE` instead"
            }
            _ => {
                "write the manifests as UTF-8 (for example with `iconv -t UTF-8`); binary content belongs base64-encoded in `data` of a Secret or in `binaryData`"
            }
        };
        Diagnostic::new(Code::UnreadableInput, error.to_string()).help(help)
    }
}
