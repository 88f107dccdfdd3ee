//! The flags of `immutably plan`. Those about filtering the new stream have the same meaning as for the filter.

use super::config::ConfigArgs;
use super::filter::Filter;
use super::input::InputArgs;
use super::values::{HashArg, HelmSecretsArg, JobsArg, UnreferencedArg};
use clap::{Args, ValueEnum};
use immutably::deployers::Deployer;
use immutably::options::Pattern;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  helm template web ./chart | immutably plan --previous helm:web
  immutably plan --previous git:origin/main:deploy.yaml --deployer argocd deploy.yaml
  immutably plan --previous old.yaml --format markdown new.yaml > comment.md

Exit status: 0 success; 1 the API server will refuse something, a hook will wait for an object that does not \
exist, or the input is refused; 2 invalid command line.
With --detailed-exitcode, 10 or 11 instead of 0 if something changes.
Values of Secrets are never shown.";

const FILTER: &str = "Filter options";

/// What a deployment will do.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// The manifests that are deployed now: a file, a directory, `-`, `helm:RELEASE` or `git:REV:PATH`
    #[arg(long, value_name = "OLD", required = true)]
    pub(crate) previous: PathBuf,

    /// Also filter the --previous manifests; use this if they are rendered manifests, not output of the filter
    #[arg(long)]
    pub(crate) filter_previous: bool,

    /// Ignore a missing --previous, for example on a first release
    #[arg(long)]
    previous_optional: bool,

    /// Tool that deploys the input; it determines the order, the hooks and what is deleted
    #[arg(long, value_name = "DEPLOYER", value_enum, default_value_t = DeployerName::Helm4)]
    pub(crate) deployer: DeployerName,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,

    /// Maximum number of characters of the Markdown output
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    pub(crate) max_chars: usize,

    /// Exit with status 10 if something changes but nothing rolls, and with 11 if something rolls
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// Namespace for objects that don't set one [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME", help_heading = FILTER)]
    namespace: Option<String>,

    /// Keep the versions of the last N releases from --previous, even if the input is already filtered [default: 2, or 0 if it is]
    #[arg(long, value_name = "N", help_heading = FILTER)]
    pub(crate) keep: Option<u32>,

    /// What to do with ConfigMaps and Secrets that nothing in the input references [default: both]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = FILTER)]
    unreferenced: Option<UnreferencedArg>,

    /// What to do with Secrets rendered by a Helm chart; charts often look up their own Secrets by name [default: both]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = FILTER)]
    helm_secrets: Option<HelmSecretsArg>,

    /// How to compute suffixes: from the object as the API server stores it, or exactly as kustomize does [default: stored]
    #[arg(long, value_name = "HOW", value_enum, help_heading = FILTER)]
    hash: Option<HashArg>,

    /// What to do with Jobs and bare Pods that use versioned objects; their pod templates are immutable [default: version]
    #[arg(long, value_name = "WHAT", value_enum, help_heading = FILTER)]
    jobs: Option<JobsArg>,

    /// File with a key for the suffixes of Secrets; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE", help_heading = FILTER)]
    secret_key_file: Vec<PathBuf>,

    /// Read additional reference rules from FILE; repeatable
    #[arg(long, value_name = "FILE", help_heading = FILTER)]
    rules: Vec<PathBuf>,

    /// Never rename these objects, for example 'ConfigMap/argocd-*'; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse, help_heading = FILTER)]
    leave: Vec<Pattern>,

    /// Rename only these objects; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse, help_heading = FILTER)]
    only: Vec<Pattern>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

impl Plan {
    /// Returns the equivalent flags of the filter.
    pub(crate) fn filter(&self) -> Result<Filter, u8> {
        let mut filter = Filter::unasked()?;
        filter.input = self.input.clone();
        filter.previous = vec![self.previous.clone()];
        filter.previous_optional = self.previous_optional;
        filter.namespace = self.namespace.clone();
        filter.keep = self.keep;
        filter.unreferenced = self.unreferenced;
        filter.helm_secrets = self.helm_secrets;
        filter.hash = self.hash;
        filter.jobs = self.jobs;
        filter.secret_key_file = self.secret_key_file.clone();
        filter.rules = self.rules.clone();
        filter.leave = self.leave.clone();
        filter.only = self.only.clone();
        Ok(filter)
    }
}

/// A deployer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployerName {
    /// Helm 3, and Helm 4 before 4.2.0
    Helm3,
    /// Helm 4
    Helm4,
    /// Argo CD with automatic pruning
    Argocd,
    /// Flux with pruning
    Flux,
    /// `kubectl apply`
    Kubectl,
}

impl DeployerName {
    /// Returns the deployer of the model.
    pub(crate) fn plain(self) -> Deployer {
        match self {
            DeployerName::Helm3 => Deployer::Helm3,
            DeployerName::Helm4 => Deployer::Helm4,
            DeployerName::Argocd => Deployer::ArgoCd,
            DeployerName::Flux => Deployer::Flux,
            DeployerName::Kubectl => Deployer::Kubectl,
        }
    }
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}
