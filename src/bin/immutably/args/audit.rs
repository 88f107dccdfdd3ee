//! The flags of `immutably audit`.

use clap::{Args, ValueEnum};
use immutably::Options;
use immutably::findings::diagnostic::{Code, Severity};
use immutably::options::Pattern;
use immutably::output::audit::{Criteria, Profile};
use immutably::output::explain;
use immutably::rules::Row;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  helm template web ./chart | immutably | immutably audit
  immutably audit --report sarif=audit.sarif manifests/
  kubectl get cm,secret,deploy,sts,ds,cj,job -A -o json | immutably audit

Exit status: 0 no errors; 1 errors, with --strict warnings too, or an input that cannot be read; 2 the command line is wrong.";

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Audit {
    /// Files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What the input is [default: live for objects with a uid or resourceVersion, else filtered]
    #[arg(long, value_name = "WHAT", value_enum)]
    profile: Option<ProfileArg>,

    /// How the result is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = AuditFormat::Text)]
    pub(crate) format: AuditFormat,

    /// Write to FILE instead of standard output, all at once
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write the result in another format to FILE too, such as sarif=audit.sarif; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(AuditFormat, PathBuf)>,

    /// The namespace of what names none [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,

    /// The input holds all ConfigMaps and Secrets that there are, so a reference to another one is an error
    #[arg(long)]
    closed: bool,

    /// A file that lists objects outside the input that exist, a `KIND/NAME` on each line; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Vec<PathBuf>,

    /// Leave these objects out of account, such as 'ConfigMap/argocd-*'; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    leave: Vec<Pattern>,

    /// Hold only these objects to it; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    only: Vec<Pattern>,

    /// Do without the table of names and labels by which well-known programs find objects
    #[arg(long)]
    no_well_known: bool,

    /// Read more rules for references from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Make findings with this code errors; repeatable
    #[arg(short = 'D', long, value_name = "CODE", value_parser = code)]
    deny: Vec<Code>,

    /// Make findings with this code warnings; repeatable
    #[arg(short = 'W', long, value_name = "CODE", value_parser = code)]
    warn: Vec<Code>,

    /// Leave findings with this code out; repeatable
    #[arg(short = 'A', long, value_name = "CODE", value_parser = code)]
    allow: Vec<Code>,

    /// Take no notice of the annotation `immutably.dev/ignore`
    #[arg(long)]
    no_waivers: bool,

    /// The time by which waivers expire, such as 2026-11-25T08:00:00Z [default: the clock]
    #[arg(long, value_name = "TIME", value_parser = super::values::moment)]
    pub(crate) now: Option<i64>,

    /// What tells the audits of one repository apart in SARIF
    #[arg(long, value_name = "NAME", default_value = "audit")]
    pub(crate) category: String,

    /// End with status 1 on warnings too
    #[arg(long)]
    strict: bool,

    /// End with status 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,

    /// Show no notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What the result is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// Annotations of a GitHub workflow
    Github,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileArg {
    /// Rendered manifests that go through the filter later: only what it does not mend
    Stream,
    /// The output of the filter, or manifests as they are applied
    Filtered,
    /// An export of a cluster
    Live,
}

impl Audit {
    /// What the audit is asked. `now`: seconds since 1970.
    pub(crate) fn criteria(&self, now: i64) -> Criteria {
        let told =
            |codes: &[Code], severity| codes.iter().map(move |code| (*code, severity)).collect::<Vec<_>>();
        let severities = [
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
            closed: self.closed,
            no_waivers: self.no_waivers,
            now,
            severities: severities.concat(),
        }
    }

    /// The options of the pipeline. `fallback_namespace` holds when no flag names one.
    pub(crate) fn options(
        &self,
        fallback_namespace: Option<String>,
        rules: Vec<Row>,
        threads: usize,
    ) -> Options {
        Options {
            namespace: self.namespace.clone().or(fallback_namespace).filter(|name| !name.is_empty()),
            leave: self.leave.clone(),
            only: self.only.clone(),
            no_well_known: self.no_well_known,
            rules,
            threads,
            ..Options::default()
        }
    }

    /// The severity from which on the audit fails.
    pub(crate) fn fails_from(&self) -> Severity {
        if self.strict { Severity::Warning } else { Severity::Error }
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
