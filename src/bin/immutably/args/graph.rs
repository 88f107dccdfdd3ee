//! The flags of `immutably graph`.

use super::config::ConfigArgs;
use super::input::InputArgs;
use clap::{Args, ValueEnum};
use immutably::output::graph::select::Selection;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  helm template web ./chart | immutably graph
  immutably graph --uses Secret/web-database manifests/
  immutably graph --format html -o graph.html manifests/
  immutably graph --format mermaid --namespace 'shop-*' manifests/

The input is never changed. Values of Secrets are never shown.";

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = GraphFormat::Text)]
    pub(crate) format: GraphFormat,

    /// Write to FILE instead of standard output, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show only objects that KIND/NAME uses, for example Deployment/web; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = object)]
    used_by: Vec<String>,

    /// Show only objects that use KIND/NAME, for example Secret/web-database; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = object)]
    uses: Vec<String>,

    /// Show only objects within N steps of those in --used-by and --uses
    #[arg(long, value_name = "N")]
    depth: Option<usize>,

    /// Show only objects in these namespaces and their neighbours, for example 'shop-*'; repeatable
    #[arg(short, long, value_name = "GLOB")]
    namespace: Vec<String>,

    /// Show only objects of these kinds and their neighbours; repeatable
    #[arg(long, value_name = "GLOB")]
    kind: Vec<String>,

    /// Show only objects with these names and their neighbours; repeatable
    #[arg(long, value_name = "GLOB")]
    name: Vec<String>,

    /// Read additional reference rules from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// File with a key for the suffixes of Secrets; repeatable [also: $IMMUTABLY_SECRET_KEY, $IMMUTABLY_OLD_SECRET_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Each ConfigMap and Secret with the objects that use it
    Text,
    /// A diagram for Markdown on GitHub and GitLab
    Mermaid,
    /// A diagram for Graphviz
    Dot,
    /// The graph as one JSON object
    Json,
    /// A web page with diagrams, tables and search that works offline
    Html,
}

impl Graph {
    /// Returns which part of the graph to show.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            namespaces: self.namespace.clone(),
            kinds: self.kind.clone(),
            names: self.name.clone(),
            used_by: self.used_by.clone(),
            uses: self.uses.clone(),
            depth: self.depth,
        }
    }
}

fn object(text: &str) -> Result<String, String> {
    let named = text.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty());
    if named { Ok(text.to_owned()) } else { Err("expected KIND/NAME, such as `Deployment/web`".to_owned()) }
}
