//! The command line of `immutably helm`: arguments for Helm and, after `--`, options of the filter.

use super::color::ColorArgs;
use super::filter::Filter;
use super::plan::PlanFormat;
use super::print::print;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser};

const AFTER: &str = "\
Commands:
  upgrade, install, template   Same as in Helm, with the same arguments
  plan, diff                   Show what `helm upgrade --install` would restart, change or break

Examples:
  helm immutably upgrade --install web ./chart --namespace prod --values prod.yaml
  helm immutably upgrade --install web ./chart --namespace prod -- --strict --keep 3
  helm immutably plan web ./chart --namespace prod -- --plan-format markdown

Options after `--` are options of the filter; plan also accepts --plan-format, --max-chars and
--detailed-exitcode there. This command sets --namespace and --previous helm:RELEASE; template
works without a cluster, so it does not set --previous.
Use Helm directly for rollback and uninstall, which need no filter.

Exit status: the exit status of Helm; 2 invalid command line. plan: same as `immutably plan`.";

/// Run Helm with the filter as its post-renderer; the plugin `helm immutably` runs this command
///
/// Carries versions of earlier releases forward, and shows the findings, which Helm would hide.
#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Helm {
    /// Command with its arguments as in Helm; options of the filter follow after `--`
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<String>,
}

/// What `plan` and `diff` take in addition to the options of the filter.
#[derive(Parser, Debug)]
#[command(name = "immutably helm plan RELEASE CHART --")]
pub(crate) struct ForPlan {
    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) plan_format: PlanFormat,

    /// Maximum number of characters of the Markdown output
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    pub(crate) max_chars: usize,

    /// Exit with status 10 if something changes but nothing rolls, and with 11 if something rolls
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    #[command(flatten)]
    pub(crate) filter: Filter,

    #[command(flatten)]
    color: ColorArgs,
}

/// Options of the filter when Helm calls it.
#[derive(Parser, Debug)]
#[command(name = "immutably helm upgrade RELEASE CHART --")]
struct ForHelm {
    #[command(flatten)]
    filter: Filter,

    #[command(flatten)]
    color: ColorArgs,
}

impl ForPlan {
    /// Parses the words after `--`.
    pub(crate) fn parse_words(words: &[String]) -> Result<ForPlan, u8> {
        let parsed = ForPlan::try_parse_from(with_name(words)).map_err(|error| print(&error))?;
        parsed.color.apply();
        fits(&parsed.filter).map(|()| parsed)
    }

    /// Returns the words that are also options of the filter.
    pub(crate) fn for_filter(words: &[String]) -> Vec<String> {
        let mut kept = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--plan-format" | "--max-chars" => drop(words.next()),
                "--detailed-exitcode" => {}
                _ if word.starts_with("--plan-format=") || word.starts_with("--max-chars=") => {}
                _ => kept.push(word.clone()),
            }
        }
        kept
    }
}

impl Helm {
    /// Parses options of the filter; rejects those that a post-renderer cannot have.
    pub(crate) fn filter(words: &[String]) -> Result<Filter, u8> {
        let parsed = ForHelm::try_parse_from(with_name(words)).map_err(|error| print(&error))?;
        parsed.color.apply();
        fits(&parsed.filter).map(|()| parsed.filter)
    }
}

fn with_name(words: &[String]) -> impl Iterator<Item = String> + '_ {
    std::iter::once("immutably".to_owned()).chain(words.iter().cloned())
}

/// Rejects options for input, output and findings: Helm determines all three.
fn fits(filter: &Filter) -> Result<(), u8> {
    let unfit = [
        (!filter.input.files.is_empty(), "a file"),
        (filter.output.is_some(), "`--output`"),
        (filter.check, "`--check`"),
        (filter.diff, "`--diff`"),
        (filter.findings.is_some(), "`--findings`"),
        (filter.parent_stderr, "`--parent-stderr`"),
    ];
    let Some((_, what)) = unfit.into_iter().find(|(found, _)| *found) else { return Ok(()) };
    let message = format!(
        "{what} cannot come after `--`: Helm gives the filter its input, and takes its output and its findings"
    );
    Err(print(&ForHelm::command().error(ErrorKind::ArgumentConflict, message)))
}
