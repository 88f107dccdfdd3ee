//! The options that can be written down. Every option may be absent.

use super::audit::AuditSettings;
use crate::kube::suffix::Hash;
use crate::options::{
    Deployer, External, HelmSecrets, Jobs, Keep, KeylessSecrets, Known, Options, Pattern, Unreferenced,
};
use crate::rules::RuleList;
use crate::yaml::typed::Spanned;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Written options, which override others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Settings {
    pub(super) namespace: Option<String>,
    pub(super) unreferenced: Option<Unreferenced>,
    pub(super) helm_secrets: Option<HelmSecrets>,
    pub(super) external: Option<External>,
    pub(super) known: Vec<Known>,
    pub(super) hash: Option<Hash>,
    pub(super) secret_key_files: Vec<String>,
    /// A key itself, instead of the name of its file. It is refused, because everyone who can read the configuration
    /// would know it.
    pub(super) secret_key: Option<Spanned<IgnoredAny>>,
    pub(super) keyless_secrets: Option<KeylessSecrets>,
    pub(super) jobs: Option<Jobs>,
    pub(super) leave: Vec<Pattern>,
    pub(super) only: Vec<Pattern>,
    pub(super) retain: Vec<Deployer>,
    pub(super) checksum_left_alone: bool,
    pub(super) keep_original: Vec<Pattern>,
    pub(super) no_well_known: bool,
    pub(super) strict: bool,
    pub(super) keep: Option<u32>,
    pub(super) previous: Vec<String>,
    pub(super) previous_optional: bool,
    pub(super) report: Option<String>,
    pub(super) rules: RuleList,
    pub(super) audit: Option<AuditSettings>,
}

impl Settings {
    /// Returns the paths of the manifests that were deployed before. The caller reads them.
    pub fn previous(&self) -> &[String] {
        &self.previous
    }

    /// Returns the path of the report. The caller writes it.
    pub fn report(&self) -> Option<&str> {
        self.report.as_deref().filter(|path| !path.is_empty())
    }

    /// Returns the paths of the files with keys for the suffixes of Secrets. The caller reads them.
    pub fn secret_key_files(&self) -> &[String] {
        &self.secret_key_files
    }

    /// Returns the options of the audit.
    pub fn audit(&self) -> Option<&AuditSettings> {
        self.audit.as_ref()
    }

    /// Returns the custom rules, not yet converted to rows.
    pub fn rules(&self) -> &RuleList {
        &self.rules
    }

    /// Overrides the options with these settings, except for the rules.
    pub fn apply(&self, options: &mut Options) {
        if let Some(namespace) = self.namespace.as_ref().filter(|namespace| !namespace.is_empty()) {
            options.namespace = Some(namespace.clone());
        }
        options.unreferenced = self.unreferenced.unwrap_or(options.unreferenced);
        options.helm_secrets = self.helm_secrets.unwrap_or(options.helm_secrets);
        options.external = self.external.unwrap_or(options.external);
        options.known.extend_from_slice(&self.known);
        options.hash = self.hash.unwrap_or(options.hash);
        options.keyless_secrets = self.keyless_secrets.unwrap_or(options.keyless_secrets);
        options.jobs = self.jobs.unwrap_or(options.jobs);
        options.leave.extend(self.leave.iter().cloned());
        options.only.extend(self.only.iter().cloned());
        options.retain.extend_from_slice(&self.retain);
        options.checksum_left_alone |= self.checksum_left_alone;
        options.keep_original.extend(self.keep_original.iter().cloned());
        options.no_well_known |= self.no_well_known;
        options.strict |= self.strict;
        options.keep = self.keep.map_or(options.keep, Keep);
        options.previous_optional |= self.previous_optional;
    }
}
