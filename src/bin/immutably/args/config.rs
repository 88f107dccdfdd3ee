//! The flags that select the configuration file.

use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// Read options from FILE [default: .immutably.yaml in the folder of the input or a folder above it]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Do not read a configuration file
    #[arg(long)]
    pub(crate) no_config: bool,
}
