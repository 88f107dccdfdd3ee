//! The flag that decides whether output is coloured.

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub(crate) struct ColorArgs {
    /// When to use colour [default: on a terminal, unless NO_COLOR, CLICOLOR or CLICOLOR_FORCE decides]
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        global = true,
        hide_possible_values = false,
        help_heading = "Configuration"
    )]
    color: Option<When>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorArgs {
    /// Applies the flag to everything printed from now on. Without the flag, the environment decides.
    pub(super) fn apply(&self) {
        match self.color {
            None | Some(When::Auto) => {}
            Some(When::Always) => anstream::ColorChoice::Always.write_global(),
            Some(When::Never) => anstream::ColorChoice::Never.write_global(),
        }
    }
}
