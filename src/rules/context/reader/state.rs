//! The position of the reader in a text, and the context that it remembers.

use crate::rules::context::commands::Command;
use crate::rules::context::outline::Outline;
use crate::rules::context::said::{Noun, Word};
use std::ops::Range;

/// Bytes that may lie between a word and what it says something of.
pub(super) const LONGEST_GAP: usize = 24;

/// Reads a text from front to end.
pub(super) struct Reader<'t, W> {
    pub(super) text: &'t str,
    pub(super) wanted: W,
    pub(super) found: Vec<Word>,
    pub(super) outline: Outline,
    pub(super) command: Command,
    pub(super) line: Line,
    /// Where the run of text without blanks, quotes and equals signs begins.
    pub(super) token: usize,
    /// Where the run of text without blanks and quotes begins.
    pub(super) argument: usize,
    /// How many words had been found when the command began.
    pub(super) first_of_command: usize,
    /// The words of commands that print whole objects, as places in `found`.
    pub(super) printed: Vec<Range<usize>>,
    /// True once a command writes the objects of a file.
    pub(super) writes: bool,
    pub(super) before: Option<Before>,
    /// The last sign that is no blank and no quote, since the last word.
    pub(super) sign: u8,
}

/// The line that is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    pub(super) start: usize,
    /// True once a word or sign was there.
    pub(super) begun: bool,
    pub(super) comment: bool,
    /// The column of the dash of a list item.
    pub(super) dash: Option<usize>,
    /// Quotes so far, single and double.
    pub(super) quotes: usize,
}

/// The word before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) range: (usize, usize),
    /// The kind that it is itself.
    pub(super) resource: Option<Noun>,
    /// What it names as a key, flag or function.
    pub(super) field: Option<Noun>,
    pub(super) flag: bool,
    pub(super) flags: u8,
    /// `name`, `kind` or `type`.
    pub(super) role: Key,
    /// What it was said to name.
    pub(super) said: Option<Noun>,
    /// How many parts of an API path have passed since `namespaces`.
    pub(super) api: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Other,
    Name,
    Kind,
}

/// How a word follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Blank,
    Slash,
    Assigned,
    Call,
    Comma,
    Far,
}
