//! The flags of `immutably audit`.

use super::config::ConfigArgs;
use super::hints::Hinted;
use super::input::InputArgs;
use super::values::KeylessSecretsArg;
use clap::{Args, ValueEnum};
use immutably::Options;
use immutably::findings::diagnostic::{Code, Severity};
use immutably::options::Pattern;
use immutably::options::settings::AuditSettings;
use immutably::output::audit::{Criteria, Profile};
use immutably::output::explain;
use immutably::rules::Row;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  helm template web ./chart | immutably | immutably audit
  immutably audit --report sarif=audit.sarif manifests/
  kubectl get cm,secret,deploy,sts,ds,cj,job -A -o json | immutably audit

Exit status: 0 no errors; 1 errors (with --strict, also warnings) or unreadable input; 2 invalid command line.";

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Type of the input [default: live if objects have a uid or resourceVersion, otherwise filtered]
    #[arg(long, value_name = "WHAT", value_enum)]
    profile: Option<ProfileArg>,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = AuditFormat::Text)]
    pub(crate) format: AuditFormat,

    /// Write to FILE instead of standard output, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Also write the result to FILE in another format, for example sarif=audit.sarif; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(AuditFormat, PathBuf)>,

    /// Namespace for objects that don't set one [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,

    /// Treat references to objects outside the input as errors
    #[arg(long)]
    closed: bool,

    /// File that lists objects that exist outside the input, one `KIND/NAME` per line; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Vec<PathBuf>,

    /// Ignore these objects, for example 'ConfigMap/argocd-*'; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Hinted::patterns(Pattern::parse), hide_possible_values = true)]
    leave: Vec<Pattern>,

    /// Audit only these objects; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Hinted::patterns(Pattern::parse), hide_possible_values = true)]
    only: Vec<Pattern>,

    /// Ignore the built-in table of names and labels by which common programs look up objects
    #[arg(long)]
    no_well_known: bool,

    /// Read additional reference rules from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// File with a key for the suffixes of Secrets; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Vec<PathBuf>,

    /// Report Secrets whose suffix was made without a key
    #[arg(long, value_name = "HOW", value_enum)]
    keyless_secrets: Option<KeylessSecretsArg>,

    /// Report findings with this code as errors; repeatable
    #[arg(short = 'D', long, value_name = "CODE", value_parser = Hinted::codes(code), hide_possible_values = true)]
    deny: Vec<Code>,

    /// Report findings with this code as warnings; repeatable
    #[arg(short = 'W', long, value_name = "CODE", value_parser = Hinted::codes(code), hide_possible_values = true)]
    warn: Vec<Code>,

    /// Do not report findings with this code; repeatable
    #[arg(short = 'A', long, value_name = "CODE", value_parser = Hinted::codes(code), hide_possible_values = true)]
    allow: Vec<Code>,

    /// Ignore the annotation `immutably.dev/ignore` and the exceptions in the configuration file
    #[arg(long)]
    no_waivers: bool,

    /// Current time for the expiry of waivers, for example 2026-11-25T08:00:00Z [default: system clock]
    #[arg(long, value_name = "TIME", value_parser = super::values::moment)]
    pub(crate) now: Option<i64>,

    /// SARIF category that distinguishes several audits of one repository
    #[arg(long, value_name = "NAME", default_value = "audit")]
    pub(crate) category: String,

    /// Also exit with status 1 on warnings
    #[arg(long)]
    strict: bool,

    /// Exit with status 0 even if there are errors
    #[arg(long)]
    pub(crate) exit_zero: bool,

    /// Do not show notes
    #[arg(short, long)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// The formats of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// Text for people
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// GitHub workflow annotations
    Github,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileArg {
    /// Rendered manifests before the filter: report only what the filter does not fix
    Stream,
    /// Output of the filter, or manifests ready to apply
    Filtered,
    /// Cluster export
    Live,
}

impl Audit {
    /// Returns the settings of the audit. The flags override `settings`. `now`: seconds since 1970.
    pub(crate) fn criteria(&self, settings: &AuditSettings, now: i64) -> Criteria {
        let told =
            |codes: &[Code], severity| codes.iter().map(move |code| (*code, severity)).collect::<Vec<_>>();
        let severities = [
            settings.severities().collect(),
            told(&self.warn, Some(Severity::Warning)),
            told(&self.deny, Some(Severity::Error)),
            told(&self.allow, None),
        ];
        Criteria {
            profile: self.profile.map(|profile| match profile {
                ProfileArg::Stream => Profile::Stream,
                ProfileArg::Filtered => Profile::Filtered,
                ProfileArg::Live => Profile::Live,
            }),
            closed: self.closed || settings.closed(),
            no_waivers: self.no_waivers,
            now,
            severities: severities.concat(),
            exceptions: settings.exceptions().to_vec(),
        }
    }

    /// Applies the flags to the options of the configuration.
    pub(crate) fn options(&self, base: Options, rules: Vec<Row>, threads: usize) -> Options {
        Options {
            namespace: self.namespace.clone().or(base.namespace).filter(|name| !name.is_empty()),
            leave: base.leave.with(self.leave.clone()),
            only: if self.only.is_empty() { base.only } else { self.only.clone().into() },
            no_well_known: self.no_well_known || base.no_well_known,
            keyless_secrets: self.keyless_secrets.map_or(base.keyless_secrets, KeylessSecretsArg::plain),
            rules: [base.rules, rules].concat(),
            threads,
            ..base
        }
    }

    /// Returns the lowest severity at which the audit fails.
    pub(crate) fn fails_from(&self, settings: &AuditSettings) -> Severity {
        if self.strict || settings.strict() { Severity::Warning } else { Severity::Error }
    }
}

fn code(text: &str) -> Result<Code, String> {
    explain::code(text)
        .map_err(|_| "no finding has this code; `immutably explain` lists the codes".to_owned())
}

fn report(text: &str) -> Result<(AuditFormat, PathBuf), String> {
    let wrong = || "expected FORMAT=FILE, such as `sarif=audit.sarif`".to_owned();
    let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(wrong)?;
    Ok((AuditFormat::from_str(format, true).map_err(|_| wrong())?, PathBuf::from(file)))
}
