//! The values of options, their help texts, and their conversion to plain values.
//!
//! Must not read anything but the command line.

use clap::ValueEnum;
use immutably::kube::time;
use immutably::options::{Deployer, External, Hash, HelmSecrets, Jobs, KeylessSecrets, Unreferenced};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum UnreferencedArg {
    /// Version them, and also keep each under its original name
    Both,
    /// Version them and warn
    Version,
    /// Keep their names
    Leave,
    /// Refuse the input
    Error,
}

impl UnreferencedArg {
    pub(super) fn plain(self) -> Unreferenced {
        match self {
            UnreferencedArg::Both => Unreferenced::Both,
            UnreferencedArg::Version => Unreferenced::Version,
            UnreferencedArg::Leave => Unreferenced::Leave,
            UnreferencedArg::Error => Unreferenced::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum HelmSecretsArg {
    /// Version them, and also keep each under its original name
    Both,
    /// Version them like any other Secret
    Version,
}

impl HelmSecretsArg {
    pub(super) fn plain(self) -> HelmSecrets {
        match self {
            HelmSecretsArg::Both => HelmSecrets::Both,
            HelmSecretsArg::Version => HelmSecrets::Version,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ExternalArg {
    /// Report notes
    List,
    /// Report warnings
    Warn,
    /// Report errors and refuse the input
    Error,
}

impl ExternalArg {
    pub(super) fn plain(self) -> External {
        match self {
            ExternalArg::List => External::List,
            ExternalArg::Warn => External::Warn,
            ExternalArg::Error => External::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum KeylessSecretsArg {
    /// Report notes
    List,
    /// Report warnings
    Warn,
    /// Report errors; the filter refuses the input
    Error,
}

impl KeylessSecretsArg {
    pub(super) fn plain(self) -> KeylessSecrets {
        match self {
            KeylessSecretsArg::List => KeylessSecrets::List,
            KeylessSecretsArg::Warn => KeylessSecrets::Warn,
            KeylessSecretsArg::Error => KeylessSecrets::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum HashArg {
    /// Hash the object as the API server stores it
    Stored,
    /// Hash exactly as kustomize 5 does
    Kustomize,
}

impl HashArg {
    pub(super) fn plain(self) -> Hash {
        match self {
            HashArg::Stored => Hash::Stored,
            HashArg::Kustomize => Hash::Kustomize,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum JobsArg {
    /// Append a suffix to the name of each
    Version,
    /// Keep their names and the names of the objects they use
    Original,
    /// Only warn
    AsIs,
}

impl JobsArg {
    pub(super) fn plain(self) -> Jobs {
        match self {
            JobsArg::Version => Jobs::Version,
            JobsArg::Original => Jobs::Original,
            JobsArg::AsIs => Jobs::AsIs,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DeployerArg {
    /// Helm
    Helm,
    /// Argo CD
    Argocd,
    /// Flux
    Flux,
    /// kapp
    Kapp,
    /// Spinnaker, which never deletes them but would append its own version to the name
    Spinnaker,
}

impl DeployerArg {
    pub(super) fn plain(self) -> Deployer {
        match self {
            DeployerArg::Helm => Deployer::Helm,
            DeployerArg::Argocd => Deployer::ArgoCd,
            DeployerArg::Flux => Deployer::Flux,
            DeployerArg::Kapp => Deployer::Kapp,
            DeployerArg::Spinnaker => Deployer::Spinnaker,
        }
    }
}

/// Parses a point in time, in seconds since 1970.
pub(super) fn moment(text: &str) -> Result<i64, String> {
    time::moment(text).ok_or_else(|| "expected a time such as `2026-11-25T08:00:00Z`".to_owned())
}
