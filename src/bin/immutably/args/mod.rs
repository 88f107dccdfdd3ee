//! The command line: flags, help texts, and their conversion to plain options.
//!
//! Only this folder may use clap.

mod audit;
mod color;
mod config;
mod filter;
mod graph;
mod hints;
mod helm;
mod input;
mod plan;
mod print;
mod values;

pub(crate) use audit::{Audit, AuditFormat};
use clap::builder::StringValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use color::ColorArgs;
pub(crate) use config::ConfigArgs;
pub(crate) use filter::{Filter, Format, Shown};
pub(crate) use graph::{Graph, GraphFormat};
pub(crate) use helm::{ForPlan, Helm};
use hints::Hinted;
use immutably::garbage::time;
use immutably::kube::shown;
pub(crate) use input::InputArgs;
pub(crate) use plan::{Plan, PlanFormat};
use print::print;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use values::moment;

const EXAMPLES: &str = "\
Examples:
  helm template web ./chart | immutably | kubectl apply -f -
  kubectl kustomize overlays/prod | immutably --namespace prod > prod.yaml
  immutably manifests/ -o versioned.yaml          # a directory's *.yaml, *.yml and *.json
  immutably --strict --report report.json < rendered.yaml > versioned.yaml
";

/// The version, with the commit that it was built from and the target.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("BUILT_FROM"), ")");

const AFTER: &str = "\
Exit status: 0 success; 1 input refused, nothing written; or, with --check or --exit-code, something would \
change; 2 invalid command line.
Values of Secrets are never shown.";

const GC_EXAMPLE: &str = "\
Example:
  kubectl get cm,secret,deploy,rs,sts,ds,cj,job,po,controllerrevision -A -o json > export.json &&
    immutably gc --keep 3 --older-than 24h export.json | kubectl delete --wait=false -f -

An export that may be incomplete is refused. `immutably gc` itself deletes nothing.";

/// Appends a content hash to the name of each ConfigMap and Secret, makes them immutable and updates every reference,
/// without changing any other byte.
#[derive(Parser, Debug)]
#[command(name = "immutably", version, long_version = VERSION, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(help_template = concat!("{about}\n\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}"))]
#[command(before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    #[command(flatten)]
    color: ColorArgs,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check that every ConfigMap and Secret is immutable and has a content hash in its name, and that every reference resolves
    Audit(Box<Audit>),
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write a manifest for `kubectl delete` with the versioned objects that nothing in a cluster export uses
    Gc(Gc),
    /// Show what a deployment will do: which pods restart and why, what changes and what is refused
    Plan(Box<Plan>),
    /// Explain a finding code, or why an object is renamed or keeps its name
    Explain(Explain),
    /// Show which objects use each ConfigMap and Secret, and how
    Graph(Graph),
    /// Run Helm with the filter as its post-renderer; the plugin `helm immutably` runs this command
    Helm(Helm),
    /// List the active reference rules and their sources
    Rules {
        /// List only the rules for this kind of object
        #[arg(long, value_name = "KIND", value_parser = Hinted::kinds(StringValueParser::new()), hide_possible_values = true)]
        kind: Option<String>,
        /// Also list the rules in FILE; repeatable
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Write a configuration file that contains every option, commented out
    Init(Init),
    /// Print a manual page in roff format
    Man(ManArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Subcommand, for example audit [default: the page of the filter]
    #[arg(value_name = "SUBCOMMAND", conflicts_with = "dir")]
    pub(crate) subcommand: Option<String>,

    /// Write the pages of all subcommands to files in DIR
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Folder for the file
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,

    /// Overwrite an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// Finding code such as `missing-key`, or object such as `ConfigMap/web-config` or `prod/ConfigMap/web-config` [default: list all codes]
    #[arg(value_name = "CODE|KIND/NAME", value_parser = Hinted::codes_and_objects(StringValueParser::new()), hide_possible_values = true)]
    pub(crate) what: Option<String>,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Namespace for objects that don't set one [default: $HELM_NAMESPACE or $ARGOCD_APP_NAMESPACE]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,

    /// File with a key for the suffixes of Secrets; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Args, Debug)]
#[command(after_help = GC_EXAMPLE)]
pub(crate) struct Gc {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Keep the newest N versions of each object, even if unused
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) keep: usize,

    /// Keep versions younger than this, for example 24h, 7d or 30m
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = time::duration)]
    pub(crate) older_than: i64,

    /// Time of the export, for example 2026-11-25T08:00:00Z [default: current time]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<i64>,

    /// Output format
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = GcFormat::Yaml)]
    pub(crate) format: GcFormat,

    /// Read additional reference rules from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Accept an export that contains no Pods
    #[arg(long)]
    pub(crate) allow_no_pods: bool,

    /// Do not print the summary
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// File with a key for the suffixes of Secrets; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GcFormat {
    /// The unused versions, as input for `kubectl delete -f -`
    Yaml,
    /// A table of all versioned objects, with the reason why each is kept or unused
    Table,
}

/// The file name by which kubectl finds the plugin. Users run `kubectl immutably`.
const KUBECTL_PLUGIN: &str = "kubectl-immutably";

/// Parses the command line. On help, version or an error, prints the text and returns the exit status.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, u8> {
    let args: Vec<OsString> = args.collect();
    let matches = command(args.first()).try_get_matches_from(&args);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| print(&error))?;
    cli.color.apply();
    Ok(cli)
}

/// Returns the definition of the command line, under the name by which the user called the program.
fn command(program: Option<&OsString>) -> clap::Command {
    let name = program.and_then(|program| Path::new(program).file_stem());
    let plugin = name.is_some_and(|name| name == KUBECTL_PLUGIN);
    if plugin { Cli::command().bin_name("kubectl immutably") } else { Cli::command() }
}

/// True for the name of a subcommand.
pub(crate) fn is_command(word: &Path) -> bool {
    Cli::command().get_subcommands().any(|command| Path::new(command.get_name()) == word)
}

/// Reports that there is no input.
pub(crate) fn nothing_to_read() -> u8 {
    let message = "no input: pipe manifests to standard input, or name files or directories";
    let error = Cli::command().error(clap::error::ErrorKind::MissingRequiredArgument, message);
    let _ = error.print();
    2
}

/// Reports that both the input and `--previous` would use standard input.
pub(crate) fn standard_input_twice() -> u8 {
    let message = "standard input can be read only once: use a file for `--previous`, or for the input";
    let error = Cli::command().error(clap::error::ErrorKind::ArgumentConflict, message);
    let _ = error.print();
    2
}

/// Reports that the output and the report would go to the same place.
pub(crate) fn written_twice() -> u8 {
    let message = "the output and the report cannot go to the same place: use another file for `--report` or `--output`";
    let error = Cli::command().error(clap::error::ErrorKind::ArgumentConflict, message);
    let _ = error.print();
    2
}

/// Reports an invalid value in the environment.
pub(crate) fn invalid_value(problem: &str) -> u8 {
    let _ = Cli::command().error(clap::error::ErrorKind::InvalidValue, shown::line(problem)).print();
    2
}

/// Reports an invalid command line of `immutably helm`.
pub(crate) fn wrong_for_helm(message: &str) -> u8 {
    let mut command = Cli::command();
    let helm = command.find_subcommand_mut("helm").map(|helm| helm.clone().bin_name("immutably helm"));
    print(&helm.unwrap_or(command).error(clap::error::ErrorKind::InvalidValue, message))
}

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "immutably", &mut script);
    out.write_all(&script)
}

/// Prints the manual page of a subcommand or of the filter in roff format, or writes all pages to files. Returns the
/// exit status if the subcommand does not exist.
pub(crate) fn man(args: &ManArgs, out: &mut dyn Write) -> Result<io::Result<()>, u8> {
    let printed = match (&args.dir, &args.subcommand) {
        (Some(dir), _) => clap_mangen::generate_to(Cli::command(), dir),
        (None, None) => clap_mangen::Man::new(Cli::command()).render(out),
        (None, Some(name)) => {
            let mut all = Cli::command().disable_help_subcommand(true);
            all.build();
            let Some(command) = all.find_subcommand(name) else { return Err(no_subcommand(name, &all)) };
            clap_mangen::Man::new(command.clone()).render(out)
        }
    };
    Ok(printed)
}

fn no_subcommand(name: &str, all: &clap::Command) -> u8 {
    let names = all.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>().join(", ");
    let message = format!("there is no subcommand `{name}`: expected one of {names}");
    let _ = Cli::command().error(clap::error::ErrorKind::InvalidSubcommand, message).print();
    2
}
