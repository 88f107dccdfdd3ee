//! Which keys enclose a place of a text that reads as YAML, JSON, TOML or the like.
//!
//! Follows indentation and brackets line by line, so that text with templates in it, which no parser takes, is
//! understood as well. Keeps a bounded number of levels.

use super::said::Noun;

/// How deep a text is followed.
const DEEPEST: usize = 64;

/// The keys around the place that was reached.
#[derive(Debug, Default)]
pub(super) struct Outline {
    levels: Vec<Level>,
    /// Brackets that were opened beyond the deepest level.
    beyond: usize,
}

/// A mapping, a list in brackets, or a section.
#[derive(Clone, Copy, Debug)]
struct Level {
    form: Form,
    /// What the key that holds this level names.
    holder: Option<Noun>,
    /// What its own key that was read last names.
    now: Option<Noun>,
    /// The object's kind where `kind` or `type` says so.
    kind: Option<Noun>,
    /// The word under `name`, while no kind is known.
    pending: Option<usize>,
    /// True while the key that was read last is `metadata`.
    metadata: bool,
    /// What a patch changes at its `path`.
    patched: Option<Noun>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Keys in this column.
    Block(usize),
    Braces,
    Brackets,
    /// `[kubernetes.secrets]`
    Section,
}

impl Outline {
    /// A new document or section begins.
    pub(super) fn clear(&mut self) {
        self.levels.clear();
        self.beyond = 0;
    }

    /// A section of an INI or TOML text begins.
    pub(super) fn section(&mut self, noun: Option<Noun>) {
        self.clear();
        self.push(Form::Section, noun, None);
    }

    /// A list item begins in this column.
    pub(super) fn item(&mut self, column: usize) {
        if !self.within_brackets() {
            self.close_blocks(column);
        }
    }

    /// A key that begins a line, in this column.
    pub(super) fn line_key(&mut self, column: usize, item: bool, key: &str, noun: Option<Noun>) {
        if self.levels.last().is_some_and(|level| level.form == Form::Section) {
            self.clear();
        }
        self.close_blocks(column);
        let same = self.levels.last().is_some_and(|level| level.form == Form::Block(column));
        if item || !same {
            let (holder, kind) = self.held();
            self.push(Form::Block(column), holder, kind);
        }
        self.key(key, noun);
    }

    /// Any other key: within braces, or in a section.
    pub(super) fn key(&mut self, key: &str, noun: Option<Noun>) {
        if let Some(level) = self.levels.last_mut() {
            level.now = noun;
            level.metadata = key == "metadata";
        }
    }

    /// A bracket opens. `noun` is what the key right before it names.
    pub(super) fn open(&mut self, list: bool, noun: Option<Noun>) {
        let (held, kind) = self.held();
        let holder = noun.or(held.filter(|_| self.is_list()));
        self.push(if list { Form::Brackets } else { Form::Braces }, holder, kind);
    }

    /// A bracket closes.
    pub(super) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(at) = self.levels.iter().rposition(Level::is_bracket) {
            self.levels.truncate(at);
        }
    }

    /// A line that cannot be within brackets.
    pub(super) fn leave_brackets(&mut self) {
        if let Some(at) = self.levels.iter().position(Level::is_bracket) {
            self.levels.truncate(at);
        }
        self.beyond = 0;
    }

    /// True within brackets.
    pub(super) fn within_brackets(&self) -> bool {
        self.levels.last().is_some_and(Level::is_bracket)
    }

    /// True in a section.
    pub(super) fn within_section(&self) -> bool {
        self.levels.last().is_some_and(|level| level.form == Form::Section)
    }

    /// What an item of the list that was reached names.
    pub(super) fn listed(&self) -> Option<Noun> {
        let level = self.levels.last()?;
        if level.form == Form::Brackets { level.holder } else { level.now }
    }

    /// What the text under a `name` key names; the word with this number is told later when the kind follows.
    pub(super) fn named(&mut self, number: usize) -> Option<Noun> {
        let level = self.levels.last_mut()?;
        let said = level.holder.or(level.kind);
        level.pending = said.is_none().then_some(number);
        said
    }

    /// A kind was read. Gives the number of the word that waits for it.
    pub(super) fn kind(&mut self, noun: Option<Noun>) -> Option<usize> {
        let level = self.levels.last_mut()?;
        level.kind = noun;
        level.pending.take()
    }

    /// Notes what a patch changes.
    pub(super) fn patch(&mut self, noun: Option<Noun>) {
        if let Some(level) = self.levels.last_mut() {
            level.patched = noun;
        }
    }

    /// What the `value` of a patch names.
    pub(super) fn patched(&self, key: &str) -> Option<Noun> {
        self.levels.last().and_then(|level| level.patched).filter(|_| key == "value")
    }

    /// What a level that begins now is held by, and the kind that is in force there.
    fn held(&self) -> (Option<Noun>, Option<Noun>) {
        let Some(level) = self.levels.last() else { return (None, None) };
        let holder = if level.form == Form::Brackets { level.holder } else { level.now };
        (holder, level.kind.filter(|_| level.metadata))
    }

    fn is_list(&self) -> bool {
        self.levels.last().is_some_and(|level| level.form == Form::Brackets)
    }

    fn close_blocks(&mut self, column: usize) {
        let deeper = |level: &Level| matches!(level.form, Form::Block(other) if other > column);
        while self.levels.last().is_some_and(deeper) {
            self.levels.pop();
        }
    }

    fn push(&mut self, form: Form, holder: Option<Noun>, kind: Option<Noun>) {
        if self.levels.len() < DEEPEST {
            self.levels.push(Level {
                form,
                holder,
                now: None,
                kind,
                pending: None,
                metadata: false,
                patched: None,
            });
        } else if !matches!(form, Form::Block(_)) {
            self.beyond += 1;
        }
    }
}

impl Level {
    fn is_bracket(&self) -> bool {
        matches!(self.form, Form::Braces | Form::Brackets)
    }
}
