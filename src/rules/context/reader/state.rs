//! The position of the reader in a text, and the context that it remembers.

use crate::rules::context::commands::Command;
use crate::rules::context::outline::Outline;
use crate::rules::context::said::{Noun, Word};
use std::ops::Range;

/// The maximum number of bytes between two words that belong together.
pub(super) const LONGEST_GAP: usize = 24;

/// A reader that goes through a text from start to end.
pub(super) struct Reader<'t, W> {
    pub(super) text: &'t str,
    pub(super) wanted: W,
    pub(super) found: Vec<Word>,
    pub(super) outline: Outline,
    pub(super) command: Command,
    pub(super) line: Line,
    /// The start of the current run of text without blanks, quotes and separators such as `=`, `,` and `:`.
    pub(super) token: usize,
    /// The start of the current run of text without blanks and quotes.
    pub(super) argument: usize,
    /// The number of words that were found before the current command.
    pub(super) first_of_command: usize,
    /// The words of commands that print whole objects, as places in `found`.
    pub(super) printed: Vec<Range<usize>>,
    /// True once a command writes the objects of a file.
    pub(super) writes: bool,
    pub(super) before: Option<Before>,
    /// The last byte that is neither a blank nor a quote; `w` after a word.
    pub(super) sign: u8,
}

/// The current line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    pub(super) start: usize,
    /// True after the first word or sign.
    pub(super) begun: bool,
    pub(super) comment: bool,
    /// The column of the dash, if the line is a list item.
    pub(super) dash: Option<usize>,
    /// The number of quotes so far, single and double.
    pub(super) quotes: usize,
}

/// The previous word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) range: (usize, usize),
    /// The kind that the word itself is, such as `secret`.
    pub(super) resource: Option<Noun>,
    /// The kind that the word refers to as a key, flag or function.
    pub(super) field: Option<Noun>,
    pub(super) flag: bool,
    pub(super) flags: u8,
    /// Whether the word is `name`, `kind` or `type`.
    pub(super) role: Key,
    /// The kind of the object that the word was found to name.
    pub(super) said: Option<Noun>,
    /// The position in an API path, counted from `namespaces`, which is 1; 0 elsewhere.
    pub(super) api: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Other,
    Name,
    Kind,
}

/// How a word follows the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Blank,
    Slash,
    Assigned,
    Call,
    Comma,
    Far,
}
