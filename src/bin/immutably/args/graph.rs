//! The flags of `immutably graph`.

use clap::{Args, ValueEnum};
use immutably::output::graph::select::Selection;
use std::path::PathBuf;

const AFTER: &str = "\
Examples:
  helm template web ./chart | immutably graph
  immutably graph --uses Secret/web-database manifests/
  immutably graph --format mermaid --namespace 'shop-*' manifests/

Nothing is changed. A value out of a Secret is never shown.";

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Graph {
    /// Files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = GraphFormat::Text)]
    pub(crate) format: GraphFormat,

    /// Write to FILE instead of standard output, all at once
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Only what KIND/NAME uses, such as Deployment/web; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = object)]
    used_by: Vec<String>,

    /// Only what uses KIND/NAME, such as Secret/web-database; repeatable
    #[arg(long, value_name = "KIND/NAME", value_parser = object)]
    uses: Vec<String>,

    /// Only objects in these namespaces and their neighbours, such as 'shop-*'; repeatable
    #[arg(short, long, value_name = "GLOB")]
    namespace: Vec<String>,

    /// Only objects of these kinds and their neighbours; repeatable
    #[arg(long, value_name = "GLOB")]
    kind: Vec<String>,

    /// Only objects with these names and their neighbours; repeatable
    #[arg(long, value_name = "GLOB")]
    name: Vec<String>,

    /// Read more rules for references from FILE; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Each configuration object with what uses it
    Text,
    /// A diagram for Markdown on GitHub and GitLab
    Mermaid,
    /// A diagram for Graphviz
    Dot,
    /// The graph as one JSON object
    Json,
}

impl Graph {
    /// Which part of the graph is wanted.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            namespaces: self.namespace.clone(),
            kinds: self.kind.clone(),
            names: self.name.clone(),
            used_by: self.used_by.clone(),
            uses: self.uses.clone(),
        }
    }
}

fn object(text: &str) -> Result<String, String> {
    let named = text.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty());
    if named { Ok(text.to_owned()) } else { Err("expected KIND/NAME, such as `Deployment/web`".to_owned()) }
}
