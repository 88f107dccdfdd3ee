//! Tokens, including those for the block structure that indentation defines.
//!
//! Only a later `:` shows that the text before it is a key. Until then, its token waits in a queue, and a key token is
//! inserted before it. A key must end on the line on which it begins, within 1,024 characters.

use super::cursor::{Cursor, Mark};
use super::fault::Fault;
pub(super) use super::token::{Kind, Token};
use std::collections::VecDeque;

/// The maximum number of characters from the start of a key to its `:`.
const MAX_KEY: usize = 1024;

/// The token that may turn out to be a key; one for each level of brackets.
#[derive(Clone, Copy, Default)]
struct Candidate {
    possible: bool,
    /// True if only a key is allowed here.
    required: bool,
    number: usize,
    mark: Mark,
}

pub(super) struct Tokens<'s> {
    pub(super) cursor: Cursor<'s>,
    queue: VecDeque<Token<'s>>,
    /// The number of tokens that have left the queue.
    taken: usize,
    ended: bool,
    /// Column of the innermost block collection; -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    /// One for the block context and one for each open bracket.
    candidates: Vec<Candidate>,
    pub(super) key_allowed: bool,
}

impl<'s> Tokens<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Tokens {
            cursor: Cursor::new(text),
            queue: VecDeque::new(),
            taken: 0,
            ended: false,
            indent: -1,
            indents: Vec::new(),
            candidates: vec![Candidate::default()],
            key_allowed: true,
        }
    }

    /// Returns the next token without taking it.
    pub(super) fn peek(&mut self) -> Result<&Token<'s>, Fault> {
        while self.needs_more()? {
            self.fetch()?;
        }
        self.queue.front().ok_or(Fault::new(self.cursor.mark.at, "the text ends too early"))
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Result<Token<'s>, Fault> {
        self.peek()?;
        self.taken += 1;
        self.queue.pop_front().ok_or(Fault::new(self.cursor.mark.at, "the text ends too early"))
    }

    pub(super) fn in_flow(&self) -> bool {
        self.candidates.len() > 1
    }

    /// True if a key token may still have to be inserted before the first token of the queue.
    fn needs_more(&mut self) -> Result<bool, Fault> {
        if self.queue.is_empty() {
            return Ok(!self.ended);
        }
        let taken = self.taken;
        let level = self.candidates.partition_point(|candidate| candidate.number < taken);
        match self.candidates.get(level) {
            Some(candidate) if candidate.number == taken => Ok(self.is_valid(level)? && !self.ended),
            _ => Ok(false),
        }
    }

    fn fetch(&mut self) -> Result<(), Fault> {
        self.skip_to_token();
        self.unroll(self.cursor.mark.column.cast_signed());
        if self.cursor.is_end(0) {
            return self.stream_end();
        }
        if self.cursor.at_marker() {
            return self.marker();
        }
        let flow = self.in_flow();
        let separated = self.cursor.is_separator(1);
        match self.cursor.peek(0) {
            b'%' if self.cursor.mark.column == 0 => {
                Err(self.fault("a line that starts with `%` is a directive, which is not allowed here"))
            }
            b'[' => self.flow_start(Kind::FlowSequenceStart),
            b'{' => self.flow_start(Kind::FlowMappingStart),
            b']' => self.flow_end(Kind::FlowSequenceEnd),
            b'}' => self.flow_end(Kind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if separated => self.block_entry(),
            b'?' if flow || separated => self.explicit_key(),
            b':' if flow || separated => self.value(),
            b'*' | b'&' => self.anchor(),
            b'!' => self.tag(),
            b'|' | b'>' if !flow => self.block_scalar(),
            b'\'' | b'"' => self.quoted(),
            _ if self.starts_plain() => self.plain(),
            b'\t' => Err(self.fault("found a tab where indentation is expected")),
            _ => Err(self.fault("found a character that cannot start a value here")),
        }
    }

    fn starts_plain(&self) -> bool {
        match self.cursor.peek(0) {
            b'-' => !self.cursor.is_blank(1),
            b'?' | b':' => !self.in_flow() && !self.cursor.is_separator(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`' => false,
            _ => !self.cursor.is_separator(0),
        }
    }

    /// Skips blanks, comments and line breaks. A tab is not indentation: in block style it is not skipped where a key
    /// could begin.
    fn skip_to_token(&mut self) {
        loop {
            let tabs = self.in_flow() || !self.key_allowed;
            while self.cursor.peek(0) == b' ' || (tabs && self.cursor.peek(0) == b'\t') {
                self.cursor.skip();
            }
            if self.cursor.peek(0) == b'#' {
                self.cursor.skip_to_break();
            }
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_break();
            self.key_allowed |= !self.in_flow();
        }
    }

    fn stream_end(&mut self) -> Result<(), Fault> {
        // The last line ends here, so no token on it can become a key.
        self.cursor.mark.line += 1;
        self.unroll(-1);
        self.drop_candidate()?;
        self.key_allowed = false;
        self.ended = true;
        self.push(Kind::StreamEnd, self.cursor.mark.at);
        Ok(())
    }

    fn marker(&mut self) -> Result<(), Fault> {
        self.unroll(-1);
        self.drop_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark.at;
        let kind = if self.cursor.peek(0) == b'-' { Kind::DocumentStart } else { Kind::DocumentEnd };
        (0..3).for_each(|_| self.cursor.skip());
        self.push(kind, start);
        Ok(())
    }

    fn flow_start(&mut self, kind: Kind<'s>) -> Result<(), Fault> {
        self.save_candidate()?;
        let number = self.next_number() + 1;
        self.candidates.push(Candidate { number, ..Candidate::default() });
        self.key_allowed = true;
        self.push_character(kind);
        Ok(())
    }

    fn flow_end(&mut self, kind: Kind<'s>) -> Result<(), Fault> {
        self.drop_candidate()?;
        if self.in_flow() {
            self.candidates.pop();
        }
        self.key_allowed = false;
        self.push_character(kind);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<(), Fault> {
        self.drop_candidate()?;
        self.key_allowed = true;
        self.push_character(Kind::FlowEntry);
        Ok(())
    }

    /// In a flow collection, a dash is an error, which is reported when the token is used.
    fn block_entry(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            self.open_block(Kind::SequenceStart, "found `- ` where no list item is allowed")?;
        }
        self.drop_candidate()?;
        self.key_allowed = true;
        self.push_character(Kind::BlockEntry);
        Ok(())
    }

    fn explicit_key(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            self.open_block(Kind::MappingStart, "found `? ` where no key is allowed")?;
        }
        self.drop_candidate()?;
        self.key_allowed = !self.in_flow();
        self.push_character(Kind::Key);
        Ok(())
    }

    fn value(&mut self) -> Result<(), Fault> {
        let level = self.candidates.len() - 1;
        if self.is_valid(level)? {
            let Candidate { number, mark, .. } = self.candidates[level];
            let place = number - self.taken;
            self.queue.insert(place, Token { kind: Kind::Key, start: mark.at, end: mark.at });
            self.roll(mark, Kind::MappingStart, place);
            self.candidates[level].possible = false;
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                self.open_block(Kind::MappingStart, "found `: ` where no key is allowed")?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.push_character(Kind::Value);
        Ok(())
    }

    fn open_block(&mut self, kind: Kind<'s>, fault: &'static str) -> Result<(), Fault> {
        if !self.key_allowed {
            return Err(self.fault(fault));
        }
        self.roll(self.cursor.mark, kind, self.queue.len());
        Ok(())
    }

    /// Opens a block collection if the column is deeper than the innermost one. Its token is inserted at `place` in the
    /// queue.
    fn roll(&mut self, mark: Mark, kind: Kind<'s>, place: usize) {
        let column = mark.column.cast_signed();
        if self.in_flow() || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.queue.insert(place, Token { kind, start: mark.at, end: mark.at });
    }

    /// Closes the block collections that are deeper than this column.
    fn unroll(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            self.push(Kind::BlockEnd, self.cursor.mark.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Records that the next token may be a key.
    pub(super) fn save_candidate(&mut self) -> Result<(), Fault> {
        if !self.key_allowed {
            return Ok(());
        }
        self.drop_candidate()?;
        let mark = self.cursor.mark;
        let required = !self.in_flow() && self.indent == mark.column.cast_signed();
        let number = self.next_number();
        if let Some(candidate) = self.candidates.last_mut() {
            *candidate = Candidate { possible: true, required, number, mark };
        }
        Ok(())
    }

    pub(super) fn drop_candidate(&mut self) -> Result<(), Fault> {
        let Some(candidate) = self.candidates.last_mut() else { return Ok(()) };
        if candidate.possible && candidate.required {
            return Err(Fault::no_key(candidate.mark.at));
        }
        candidate.possible = false;
        Ok(())
    }

    /// True if the token can still be a key: its line has not ended, and it is not too long.
    fn is_valid(&mut self, level: usize) -> Result<bool, Fault> {
        let here = self.cursor.mark;
        let Some(candidate) = self.candidates.get_mut(level) else { return Ok(false) };
        let Candidate { possible, required, mark, .. } = *candidate;
        let over = mark.line < here.line || mark.index + MAX_KEY < here.index;
        if possible && over && required {
            return Err(Fault::no_key(mark.at));
        }
        candidate.possible &= !over;
        Ok(candidate.possible)
    }

    fn next_number(&self) -> usize {
        self.taken + self.queue.len()
    }

    /// Adds a token that extends from `start` to the current position.
    pub(super) fn push(&mut self, kind: Kind<'s>, start: usize) {
        self.add(Token { kind, start, end: self.cursor.mark.at });
    }

    pub(super) fn add(&mut self, token: Token<'s>) {
        self.queue.push_back(token);
    }

    fn push_character(&mut self, kind: Kind<'s>) {
        let start = self.cursor.mark.at;
        self.cursor.skip();
        self.push(kind, start);
    }

    pub(super) fn fault(&self, message: &'static str) -> Fault {
        Fault::new(self.cursor.mark.at, message)
    }
}
