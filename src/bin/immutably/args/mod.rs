//! The command line: flags, help, and the plain options they stand for. Only this folder names clap.

mod audit;
mod graph;
mod values;

pub(crate) use audit::{Audit, AuditFormat};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
pub(crate) use graph::{Graph, GraphFormat};
use immutably::Options;
use immutably::garbage::time;
use immutably::options::{Keep, Pattern};
use immutably::rules::Row;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use values::{DeployerArg, ExternalArg, HashArg, HelmSecretsArg, JobsArg, UnreferencedArg, moment};

const EXAMPLES: &str = "\
Examples:
  helm template web ./chart | immutably | kubectl apply -f -
  kubectl kustomize overlays/prod | immutably --namespace prod > prod.yaml
  immutably manifests/ -o versioned.yaml          # a directory's *.yaml, *.yml and *.json
  immutably --strict --report report.json < rendered.yaml > versioned.yaml
";

const AFTER: &str = "\
Exit status: 0 done; 1 refused, with nothing written; 2 the command line is wrong.
A value out of a Secret is never shown.";

const GC_EXAMPLE: &str = "\
Example:
  kubectl get cm,secret,deploy,rs,sts,ds,cj,job,po,controllerrevision -A -o json > export.json &&
    immutably gc --keep 3 --older-than 24h export.json | kubectl delete --wait=false -f -

An export that may not be whole is refused. Nothing is deleted by this program itself.";

/// Names every ConfigMap and Secret by its content, makes it immutable and rewrites every reference; all other bytes stay.
#[derive(Parser, Debug)]
#[command(name = "immutably", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(help_template = concat!("{about}\n\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}"))]
#[command(before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) filter: Filter,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check whether every ConfigMap and Secret is immutable and named by its content, and whether all references lead somewhere
    Audit(Audit),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write what is needed to delete versioned objects that nothing in an export of a cluster uses any more
    Gc(Gc),
    /// Say what a finding's code means, or why an object is versioned or left alone
    Explain(Explain),
    /// Show which objects use which ConfigMaps and Secrets, and how
    Graph(Graph),
    /// List the rules in force and where each comes from
    Rules {
        /// Only rules for this kind of object
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        /// List the rules of FILE too; repeatable
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
    },
    /// Write the manual page
    Man,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A code such as `missing-key`, or an object such as `ConfigMap/web-config` [default: list the codes]
    #[arg(value_name = "CODE|KIND/NAME")]
    pub(crate) what: Option<String>,

    /// For an object: files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Namespace for objects that don't set one
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = GC_EXAMPLE)]
pub(crate) struct Gc {
    /// Files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Keep the newest N objects of each base name, used or not
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) keep: usize,

    /// Keep what is younger, such as 24h, 7d or 30m
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = time::duration)]
    pub(crate) older_than: i64,

    /// The time at which the export was made, such as 2026-11-25T08:00:00Z [default: the clock]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<i64>,

    /// What to write
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = GcFormat::Yaml)]
    pub(crate) format: GcFormat,

    /// Read more rules for references from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Take an export that holds no Pod at all for whole
    #[arg(long)]
    pub(crate) allow_no_pods: bool,

    /// Do not write the sums
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GcFormat {
    /// What may go, for `kubectl delete -f -`
    Yaml,
    /// Every versioned object, whether it may go and why not, for people
    Table,
}

#[derive(Args, Debug)]
pub(crate) struct Filter {
    /// Files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Write to FILE instead of standard output, all at once; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The namespace of what names none [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,

    /// What to do with objects that nothing in the stream refers to
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = UnreferencedArg::Both)]
    unreferenced: UnreferencedArg,

    /// What to do with Secrets that a Helm chart renders, as charts look their own Secrets up by name
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = HelmSecretsArg::Both)]
    helm_secrets: HelmSecretsArg,

    /// Report references to objects that are not in the input
    #[arg(long, value_name = "HOW", value_enum)]
    external: Option<ExternalArg>,

    /// A file that lists objects outside the input that exist, a `KIND/NAME` on each line; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Vec<PathBuf>,

    /// How suffixes are made: from what the API server stores, or exactly as kustomize does
    #[arg(long, value_name = "HOW", value_enum, default_value_t = HashArg::Stored)]
    hash: HashArg,

    /// What to do with Jobs and bare Pods that use versioned objects, as their pod templates cannot change
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = JobsArg::Version)]
    jobs: JobsArg,

    /// Read more rules for references from FILE, in our form or as a kustomize nameReference configuration; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Leave these objects alone, such as 'ConfigMap/argocd-*'; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    leave: Vec<Pattern>,

    /// Version only these objects; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    only: Vec<Pattern>,

    /// Tell a deployer, on each versioned object, not to delete it when a later release does not hold it; repeatable
    #[arg(long, value_name = "DEPLOYER", value_enum, value_delimiter = ',')]
    retain: Vec<DeployerArg>,

    /// Roll what uses an object that is left alone when the object changes, by an annotation on pod templates
    #[arg(long)]
    checksum_left_alone: bool,

    /// Write these objects under their own names too; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = Pattern::parse)]
    keep_original: Vec<Pattern>,

    /// Do without the table of names and labels by which well-known programs find objects
    #[arg(long)]
    no_well_known: bool,

    /// What was deployed last, a file, `helm:RELEASE` or `git:REV:PATH`: its versions that the stream does not hold are
    /// carried forward; repeatable
    #[arg(long, value_name = "WHAT")]
    pub(crate) previous: Vec<PathBuf>,

    /// How long `helm` or `git` may take to answer for --previous
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time::duration)]
    pub(crate) previous_timeout: i64,

    /// The context of the kubeconfig in which `helm` is asked for --previous [default: as for Helm]
    #[arg(long, value_name = "NAME")]
    pub(crate) kube_context: Option<String>,

    /// Do without what --previous names where it is missing or blank, as for a first release
    #[arg(long)]
    pub(crate) previous_optional: bool,

    /// Carry versions of the last N releases forward
    #[arg(long, value_name = "N", default_value_t = 2)]
    keep: u32,

    /// Write nothing; end with status 1 when the output would differ from the input
    #[arg(long, conflicts_with_all = ["output", "diff"])]
    pub(crate) check: bool,

    /// Write what would change as a unified diff; values of Secrets are not shown
    #[arg(long)]
    pub(crate) diff: bool,

    /// Never write an empty output: Helm 4 takes that for a failure [on by itself under HELM_PLUGIN_NAME]
    #[arg(long)]
    pub(crate) helm: bool,

    /// Write findings to the standard error of the program that started this one, for Helm 4, which discards ours [Linux]
    #[arg(long)]
    pub(crate) parent_stderr: bool,

    /// Refuse on warnings too
    #[arg(long)]
    strict: bool,

    /// How findings are written to standard error
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Write what happened, old and new names and findings, to FILE as JSON; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// Show errors only
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object on each line
    Json,
}

impl Filter {
    /// The library's options. `fallback_namespace` holds when no flag names one.
    pub(crate) fn options(
        &self,
        fallback_namespace: Option<String>,
        rules: Vec<Row>,
        threads: usize,
    ) -> Options {
        Options {
            namespace: self.namespace.clone().or(fallback_namespace).filter(|name| !name.is_empty()),
            hash: self.hash.plain(),
            unreferenced: self.unreferenced.plain(),
            helm_secrets: self.helm_secrets.plain(),
            by_helm: self.helm,
            external: self.external.map(ExternalArg::plain).unwrap_or_default(),
            known: Vec::new(),
            jobs: self.jobs.plain(),
            rules,
            leave: self.leave.clone(),
            only: self.only.clone(),
            retain: self.retain.iter().map(|deployer| deployer.plain()).collect(),
            checksum_left_alone: self.checksum_left_alone,
            keep_original: self.keep_original.clone(),
            no_well_known: self.no_well_known,
            keep: Keep(self.keep),
            previous_optional: self.previous_optional,
            strict: self.strict,
            threads,
        }
    }
}

/// The name under which kubectl finds a plugin; people call it `kubectl immutably`.
const KUBECTL_PLUGIN: &str = "kubectl-immutably";

/// Reads the command line. Shows help, version or what is wrong, and says with which status to end then.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, u8> {
    let args: Vec<OsString> = args.collect();
    let matches = command(args.first()).try_get_matches_from(&args);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        // Nothing can be done when even this cannot be written.
        let _ = error.print();
        u8::try_from(error.exit_code()).unwrap_or(2)
    })
}

/// The command line's definition, under the name by which the program was called.
fn command(program: Option<&OsString>) -> clap::Command {
    let name = program.and_then(|program| Path::new(program).file_stem());
    let plugin = name.is_some_and(|name| name == KUBECTL_PLUGIN);
    if plugin { Cli::command().bin_name("kubectl immutably") } else { Cli::command() }
}

/// Says that nothing was given to read.
pub(crate) fn nothing_to_read() -> u8 {
    let message = "nothing to read: pipe manifests in, or name files or directories";
    let error = Cli::command().error(clap::error::ErrorKind::MissingRequiredArgument, message);
    let _ = error.print();
    2
}

/// Says that two things are to be read from standard input.
pub(crate) fn standard_input_twice() -> u8 {
    let message = "standard input can be read once: name a file for `--previous`, or one for the stream";
    let error = Cli::command().error(clap::error::ErrorKind::ArgumentConflict, message);
    let _ = error.print();
    2
}

/// Says that the output and the report are to be written to the same place.
pub(crate) fn written_twice() -> u8 {
    let message = "the output and the report cannot go to the same place: name another file for `--report` or `--output`";
    let error = Cli::command().error(clap::error::ErrorKind::ArgumentConflict, message);
    let _ = error.print();
    2
}

/// Writes a completion script.
pub(crate) fn completions(shell: clap_complete::Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "immutably", &mut script);
    out.write_all(&script)
}

/// Writes the manual page in roff.
pub(crate) fn man(out: &mut dyn Write) -> io::Result<()> {
    clap_mangen::Man::new(Cli::command()).render(out)
}
