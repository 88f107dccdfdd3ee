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

Exit status: 0 done; 1 the API server will refuse something, a hook will wait in vain, or the input is refused;
2 the command line is wrong. With --detailed-exitcode, 10 and 11 take the place of 0 when something changes.
A value out of a Secret is never shown.";

/// What a deployment will do.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// What is deployed now: a file, a directory, `-`, `helm:RELEASE` or `git:REV:PATH`
    #[arg(long, value_name = "OLD", required = true)]
    pub(crate) previous: PathBuf,

    /// What is deployed now is given as rendered, and was filtered before it was deployed
    #[arg(long)]
    pub(crate) filter_previous: bool,

    /// Do without what --previous names where it is missing, as for a first release
    #[arg(long)]
    previous_optional: bool,

    /// Who deploys: says the order, the hooks and what is deleted
    #[arg(long, value_name = "DEPLOYER", value_enum, default_value_t = DeployerName::Helm4)]
    pub(crate) deployer: DeployerName,

    /// What to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,

    /// The most characters that Markdown may have
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    pub(crate) max_chars: usize,

    /// End with status 10 when something changes and nothing rolls, and with 11 when something rolls
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// Namespace for objects that don't set one
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,

    /// Carry versions of the last N releases forward when the new stream is filtered here [default: 2]
    #[arg(long, value_name = "N")]
    keep: Option<u32>,

    /// As for the filter
    #[arg(long, value_name = "WHAT", value_enum)]
    unreferenced: Option<UnreferencedArg>,

    /// As for the filter
    #[arg(long, value_name = "WHAT", value_enum)]
    helm_secrets: Option<HelmSecretsArg>,

    /// As for the filter
    #[arg(long, value_name = "HOW", value_enum)]
    hash: Option<HashArg>,

    /// As for the filter
    #[arg(long, value_name = "WHAT", value_enum)]
    jobs: Option<JobsArg>,

    /// As for the filter; repeatable
    #[arg(long, value_name = "FILE")]
    secret_key_file: Vec<PathBuf>,

    /// As for the filter; repeatable
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,

    /// As for the filter; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    leave: Vec<Pattern>,

    /// As for the filter; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
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
