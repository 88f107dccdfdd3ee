//! The flags of the filter, and their conversion to options of the library.

use super::config::ConfigArgs;
use super::hints::Hinted;
use super::input::InputArgs;
use super::values::{
    DeployerArg, ExternalArg, HashArg, HelmSecretsArg, JobsArg, KeylessSecretsArg, UnreferencedArg,
};
use clap::{Args, Parser, ValueEnum};
use immutably::Options;
use immutably::garbage::time;
use immutably::options::{Keep, Pattern};
use immutably::rules::Row;
use std::path::PathBuf;

const IO: &str = "Input and output";
const WHAT: &str = "What to rename";
const REF: &str = "References";
const OLD: &str = "Old versions";
const FIND: &str = "Findings";

#[derive(Args, Debug)]
pub(crate) struct Filter {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Write to FILE instead of standard output, completely or not at all; `-` is standard output
    #[arg(short, long, value_name = "FILE", help_heading = IO)]
    pub(crate) output: Option<PathBuf>,

    /// Namespace for objects that don't set one [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME", help_heading = REF)]
    pub(crate) namespace: Option<String>,

    /// What to do with ConfigMaps and Secrets that nothing in the input references [default: both]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = WHAT)]
    pub(super) unreferenced: Option<UnreferencedArg>,

    /// What to do with Secrets rendered by a Helm chart; charts often look up their own Secrets by name [default: both]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = WHAT)]
    pub(super) helm_secrets: Option<HelmSecretsArg>,

    /// Report references to objects that are not in the input
    #[arg(long, value_name = "HOW", value_enum, help_heading = REF)]
    external: Option<ExternalArg>,

    /// File that lists objects that exist outside the input, one `KIND/NAME` per line; repeatable
    #[arg(long, value_name = "FILE", help_heading = REF)]
    pub(crate) known: Vec<PathBuf>,

    /// How to compute suffixes: from the object as the API server stores it, or exactly as kustomize does [default: stored]
    #[arg(long, value_name = "HOW", value_enum, help_heading = WHAT)]
    pub(super) hash: Option<HashArg>,

    /// File with a key for the suffixes of Secrets, so that a name reveals nothing about the content. New suffixes use
    /// the first key; suffixes made with any of the keys are recognised; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub(crate) secret_key_file: Vec<PathBuf>,

    /// What to do with Jobs and bare Pods that use versioned objects; their pod templates are immutable [default: version]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = WHAT)]
    pub(super) jobs: Option<JobsArg>,

    /// Read additional reference rules from FILE, in our format or as a kustomize nameReference configuration; repeatable
    #[arg(long, value_name = "FILE", help_heading = REF)]
    pub(crate) rules: Vec<PathBuf>,

    /// Never rename these objects, for example 'ConfigMap/argocd-*'; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Hinted::patterns(Pattern::parse), hide_possible_values = true, help_heading = WHAT)]
    pub(super) leave: Vec<Pattern>,

    /// Rename only these objects; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Hinted::patterns(Pattern::parse), hide_possible_values = true, help_heading = WHAT)]
    pub(super) only: Vec<Pattern>,

    /// Annotate versioned objects so that DEPLOYER does not delete them when a later release omits them; repeatable
    #[arg(long, value_name = "DEPLOYER", value_enum, value_delimiter = ',', help_heading = OLD)]
    retain: Vec<DeployerArg>,

    /// Annotate pod templates with a checksum of each object they use that keeps its name, so that a change rolls the pods
    #[arg(long, help_heading = WHAT)]
    checksum_left_alone: bool,

    /// Also write these objects under their original names; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Hinted::patterns(Pattern::parse), hide_possible_values = true, help_heading = WHAT)]
    keep_original: Vec<Pattern>,

    /// Keep the name of this Job or Pod, because a hook that the filter does not get names it; repeatable
    #[arg(long, value_name = "KIND/NAME", hide = true)]
    named_in_hook: Vec<String>,

    /// Ignore the built-in table of names and labels by which common programs look up objects
    #[arg(long, help_heading = WHAT)]
    no_well_known: bool,

    /// The manifests that are deployed now: a file, `helm:RELEASE` or `git:REV:PATH`. Versions that are missing from the input are
    /// added to the output; repeatable
    #[arg(long, value_name = "WHAT", help_heading = OLD)]
    pub(crate) previous: Vec<PathBuf>,

    /// How long to wait for `helm` or `git` when reading --previous
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time::duration, help_heading = OLD)]
    pub(crate) previous_timeout: i64,

    /// kubeconfig context that `helm` uses when reading --previous [default: the current context]
    #[arg(long, value_name = "NAME", help_heading = OLD)]
    pub(crate) kube_context: Option<String>,

    /// Ignore a missing or empty --previous file, for example on a first release
    #[arg(long, help_heading = OLD)]
    pub(crate) previous_optional: bool,

    /// Keep the versions of the last N releases from --previous [default: 2]
    #[arg(long, value_name = "N", help_heading = OLD)]
    pub(super) keep: Option<u32>,

    /// Write no output; list the files that would change, and exit with status 1 if there are any
    #[arg(long, conflicts_with = "output", help_heading = IO)]
    pub(crate) check: bool,

    /// Write the changes as a unified diff; values of Secrets are not shown
    #[arg(long, help_heading = IO)]
    pub(crate) diff: bool,

    /// With --diff, exit with status 1 if there are changes
    #[arg(long, requires = "diff", help_heading = IO)]
    pub(crate) exit_code: bool,

    /// Never write an empty output, which Helm 4 treats as a failure [on by default under Helm 4: HELM_PLUGIN_NAME]
    #[arg(long, help_heading = IO)]
    pub(crate) helm: bool,

    /// Write findings to the standard error of the parent process, because Helm 4 discards that of the filter [Linux only]
    #[arg(long, help_heading = FIND)]
    pub(crate) parent_stderr: bool,

    /// Append findings to FILE instead of writing them to standard error, for callers that discard standard error
    #[arg(long, value_name = "FILE", conflicts_with = "parent_stderr", help_heading = FIND)]
    pub(crate) findings: Option<PathBuf>,

    /// Report Secrets whose suffix is made without a key
    #[arg(long, value_name = "HOW", value_enum, help_heading = FIND)]
    keyless_secrets: Option<KeylessSecretsArg>,

    /// Treat warnings as errors
    #[arg(long, help_heading = FIND)]
    strict: bool,

    /// Format of the findings on standard error
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text, help_heading = FIND)]
    pub(crate) format: Format,

    /// Write a JSON report of renamed objects and findings to FILE; `-` is standard output
    #[arg(long, value_name = "FILE", help_heading = FIND)]
    pub(crate) report: Option<PathBuf>,

    /// Show only errors (with --strict, also warnings)
    #[arg(short, long, help_heading = FIND)]
    pub(crate) quiet: bool,

    /// Show every finding; by default, only the first few with the same code are shown and the rest are counted
    #[arg(short, long, conflicts_with = "quiet", help_heading = FIND)]
    verbose: bool,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Which findings are shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All findings.
    All,
    /// The first few of each code; the rest are counted.
    Folded,
    /// Only those that cause the input to be refused, folded as above.
    Refusing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Text,
    /// One JSON object per line
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// Annotations of a GitHub workflow
    Github,
}

impl Filter {
    /// Returns which findings are shown to people.
    pub(crate) fn shown(&self) -> Shown {
        match (self.quiet, self.verbose) {
            (true, _) => Shown::Refusing,
            (_, true) => Shown::All,
            _ => Shown::Folded,
        }
    }

    /// Applies the flags to the options of the configuration. A flag that lists objects adds to the list in the
    /// configuration, except for `--only`, which replaces it.
    pub(crate) fn options(&self, base: Options, rules: Vec<Row>, threads: usize) -> Options {
        let retain: Vec<_> = self.retain.iter().map(|deployer| deployer.plain()).collect();
        Options {
            namespace: self.namespace.clone().or(base.namespace).filter(|name| !name.is_empty()),
            hash: self.hash.map_or(base.hash, HashArg::plain),
            keyless_secrets: self.keyless_secrets.map_or(base.keyless_secrets, KeylessSecretsArg::plain),
            unreferenced: self.unreferenced.map_or(base.unreferenced, UnreferencedArg::plain),
            helm_secrets: self.helm_secrets.map_or(base.helm_secrets, HelmSecretsArg::plain),
            by_helm: self.helm,
            external: self.external.map_or(base.external, ExternalArg::plain),
            jobs: self.jobs.map_or(base.jobs, JobsArg::plain),
            named_in_hooks: self.named_in_hook.iter().cloned().collect(),
            rules: [base.rules, rules].concat(),
            leave: base.leave.with(self.leave.clone()),
            only: if self.only.is_empty() { base.only } else { self.only.clone().into() },
            retain: [base.retain, retain].concat(),
            checksum_left_alone: self.checksum_left_alone || base.checksum_left_alone,
            keep_original: base.keep_original.with(self.keep_original.clone()),
            no_well_known: self.no_well_known || base.no_well_known,
            keep: self.keep.map_or(base.keep, Keep),
            previous_optional: self.previous_optional || base.previous_optional,
            strict: self.strict || base.strict,
            threads,
            ..base
        }
    }
}

/// The filter's flags and nothing else.
#[derive(Parser, Debug)]
struct Alone {
    #[command(flatten)]
    filter: Filter,
}

impl Filter {
    /// Returns the filter without any flags.
    pub(super) fn unasked() -> Result<Filter, u8> {
        Alone::try_parse_from(["immutably"]).map(|alone| alone.filter).map_err(|_| 2)
    }
}
