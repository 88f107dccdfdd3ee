//! The arguments that select the input.

use clap::Args;
use std::path::PathBuf;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct InputArgs {
    /// Files or directories to read, `-` for standard input [default: -]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Also read the subdirectories of directories
    #[arg(short = 'R', long, help_heading = "Input and output")]
    pub(crate) recursive: bool,
}
