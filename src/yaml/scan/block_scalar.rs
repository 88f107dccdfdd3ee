//! Literal (`|`) and folded (`>`) scalars.
//!
//! A header with an indentation indicator, and a `|+` with only empty lines up to the end of the text, are left to the
//! grammar.

use super::scanner::{SPACES, Scalar, Scanner};
use crate::yaml::node::Form;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// The state while the text of a block scalar is assembled.
#[derive(Default)]
struct Lines {
    folded: bool,
    /// Number of empty lines since the last text.
    breaks: usize,
    /// True if there was text. A literal scalar has already written the last line break, a folded one has not.
    any: bool,
    /// True if the last line began with a blank, which keeps the line break after it.
    indented: bool,
}

/// The bytes of a word that up to eight spaces take, by their number. Deeper text is rare, and its test takes longer.
static SPACES_OF: [u64; 9] =
    [0, 0xff, 0xffff, 0xff_ffff, 0xffff_ffff, u64::MAX >> 24, u64::MAX >> 16, u64::MAX >> 8, u64::MAX];

impl Scanner<'_, '_> {
    /// Reads the scalar whose header is at the current position, in a collection at `column`.
    pub(super) fn block_scalar(&mut self, column: usize) -> Option<()> {
        let start = self.at;
        let mut lines = Lines { folded: self.peek() == Some(b'>'), ..Lines::default() };
        let chomping = self.header()?;
        let indent = self.block_indent(column, &mut lines)?;
        let end = self.block_lines(indent, &mut lines)?;
        if !lines.any && end == self.bytes.len() && matches!(chomping, Chomping::Keep) {
            return None;
        }
        lines.chomp(chomping, self.tree.decoded.writer());
        let text = self.tree.decoded.end();
        let written = self.text.get(start..end)?.trim_end().len();
        self.add(Scalar { text, ..Scalar::as_written(Form::Block, start, start + written) });
        // As in the grammar, the scalar extends to where the next token may begin.
        self.last_end = end;
        Some(())
    }

    fn header(&mut self) -> Option<Chomping> {
        self.at += 1;
        let chomping = match self.peek() {
            Some(b'-') => Chomping::Strip,
            Some(b'+') => Chomping::Keep,
            _ => Chomping::Clip,
        };
        if !matches!(chomping, Chomping::Clip) {
            self.at += 1;
        }
        self.line_rest()?;
        self.line_break();
        Some(chomping)
    }

    /// Skips empty lines, moves to the first line of text, and returns its indentation.
    fn block_indent(&mut self, column: usize, lines: &mut Lines) -> Option<usize> {
        let mut indent = column + 1;
        loop {
            let start = self.at;
            let width = self.spaces();
            indent = indent.max(width);
            match self.peek() {
                Some(b'\n' | b'\r') => {
                    lines.breaks += 1;
                    self.line_break();
                }
                Some(b'\t') => return None,
                // Text that is less indented than an empty line before it is an error.
                Some(_) if column < width && width < indent => return None,
                _ => {
                    self.at = start;
                    return Some(indent);
                }
            }
        }
    }

    /// Reads the lines up to the first one that is less indented. Moves to the start of that line, and returns the
    /// offset after its indentation.
    fn block_lines(&mut self, indent: usize, lines: &mut Lines) -> Option<usize> {
        loop {
            if !lines.folded && lines.breaks == 0 {
                lines.any |= self.simple_block_lines(indent);
            }
            let start = self.at;
            let width = self.spaces_at(self.at).min(indent);
            self.at += width;
            match self.peek() {
                Some(b'\n' | b'\r') => lines.breaks += 1,
                Some(first) if width == indent => {
                    self.block_line(first, lines)?;
                    continue;
                }
                next => {
                    let end = self.at;
                    // kubectl ends every line, so blanks at the very end are an empty line.
                    lines.breaks += usize::from(next.is_none() && width > 0);
                    self.at = if next.is_some() { start } else { end };
                    return Some(end);
                }
            }
            self.line_break();
        }
    }

    /// Reads lines of a literal scalar that have text and end with a line feed alone, up to the first other one. Returns
    /// true if there are any. Takes two thirds of the instructions of the loop for all lines.
    fn simple_block_lines(&mut self, indent: usize) -> bool {
        let start = self.at;
        let Some(indentation) = SPACES_OF.get(indent) else { return false };
        let text = self.tree.decoded.writer();
        while let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            if (u64::from_le_bytes(*eight) ^ SPACES) & indentation != 0 {
                break;
            }
            let from = self.at + indent;
            let end = memchr::memchr(b'\n', self.bytes.get(from..).unwrap_or_default());
            let line = end.and_then(|length| self.text.get(from..=from + length)).unwrap_or_default();
            if matches!(line.as_bytes(), [] | [b'\n'] | [.., b'\r', b'\n']) {
                break;
            }
            text.push_str(line);
            self.at = from + line.len();
        }
        self.at > start
    }

    /// Reads a line of text and its line break. `first` is the first byte of the text.
    fn block_line(&mut self, first: u8, lines: &mut Lines) -> Option<()> {
        let from = self.at;
        self.skip_to_line_end();
        let end = self.at;
        self.line_break();
        let text = self.tree.decoded.writer();
        if lines.folded {
            lines.fold(self.text.get(from..end)?, matches!(first, b' ' | b'\t'), text);
            return Some(());
        }
        lines.write_breaks(text);
        lines.any = true;
        // One copy includes the line break, unless there is none or it has a carriage return.
        if self.at == end + 1 {
            text.push_str(self.text.get(from..self.at)?);
        } else {
            text.push_str(self.text.get(from..end)?);
            text.push('\n');
        }
        Some(())
    }
}

impl Lines {
    /// Adds a line of a folded scalar.
    fn fold(&mut self, line: &str, indented: bool, text: &mut String) {
        let folds = !self.indented && !indented;
        if self.any && !folds {
            text.push('\n');
        } else if self.any && self.breaks == 0 {
            text.push(' ');
        }
        self.write_breaks(text);
        text.push_str(line);
        self.any = true;
        self.indented = indented;
    }

    fn write_breaks(&mut self, text: &mut String) {
        if self.breaks > 0 {
            text.extend(std::iter::repeat_n('\n', self.breaks));
        }
        self.breaks = 0;
    }

    fn chomp(mut self, chomping: Chomping, text: &mut String) {
        let strips = matches!(chomping, Chomping::Strip);
        if self.any && self.folded && !strips {
            text.push('\n');
        } else if self.any && !self.folded && strips {
            text.pop();
        }
        if matches!(chomping, Chomping::Keep) {
            self.write_breaks(text);
        }
    }
}
