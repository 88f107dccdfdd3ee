//! The keys that enclose a position in a text that looks like YAML, JSON, TOML or similar.
//!
//! Follows indentation and brackets line by line, so it also understands text with templates, which no parser accepts.
//! Keeps a bounded number of levels.

use super::said::Noun;

/// The maximum number of levels.
const DEEPEST: usize = 64;

/// The keys around the current position.
#[derive(Debug, Default)]
pub(super) struct Outline {
    levels: Vec<Level>,
    /// The number of open brackets beyond the deepest level.
    beyond: usize,
}

/// A mapping, a list in brackets, or a section.
#[derive(Clone, Copy, Debug)]
struct Level {
    form: Form,
    /// The kind that the key above this level refers to.
    holder: Option<Noun>,
    /// The kind that the last key of this level refers to.
    now: Option<Noun>,
    /// The kind of the object, if `kind` or `type` states it.
    kind: Option<Noun>,
    /// The index of the word under `name`, while the kind is unknown.
    pending: Option<usize>,
    /// True if the last key is `metadata`.
    metadata: bool,
    /// True if the last key is `kubernetes`, or ends in it.
    kubernetes: bool,
    /// True if that is so of the key above this level.
    in_kubernetes: bool,
    /// The kind that the `path` of a JSON patch refers to.
    patched: Option<Noun>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A block mapping whose keys are in this column.
    Block(usize),
    Braces,
    Brackets,
    /// `[kubernetes.secrets]`
    Section,
}

impl Outline {
    /// Begins a new document or section.
    pub(super) fn clear(&mut self) {
        self.levels.clear();
        self.beyond = 0;
    }

    /// Begins a section of an INI or TOML text.
    pub(super) fn section(&mut self, noun: Option<Noun>) {
        self.clear();
        self.push(Form::Section, noun, None);
    }

    /// Begins a list item in this column.
    pub(super) fn item(&mut self, column: usize) {
        if !self.within_brackets() {
            self.close_blocks(column);
        }
    }

    /// Adds a key that begins a line, in this column.
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

    /// Adds any other key: in braces, or in a section.
    pub(super) fn key(&mut self, key: &str, noun: Option<Noun>) {
        let noun = noun.or_else(|| self.implied(key));
        if let Some(level) = self.levels.last_mut() {
            level.now = noun;
            level.metadata = key == "metadata";
            level.kubernetes = key.ends_with("kubernetes");
        }
    }

    /// Returns the kind that a key refers to because of the keys above it: `kubernetes: {config: ...}`, `secrets: {sources:
    /// [...]}`.
    pub(super) fn implied(&self, key: &str) -> Option<Noun> {
        let level = self.levels.last()?;
        match key {
            "config" if level.in_kubernetes => Some(Noun::ConfigMap),
            "sources" | "includes" => self.holder(),
            _ => None,
        }
    }

    /// Returns the kind that the key above the innermost level refers to.
    pub(super) fn holder(&self) -> Option<Noun> {
        self.levels.last()?.holder.filter(|noun| *noun != Noun::Other)
    }

    /// Opens a bracket. `noun` is the kind that the key directly before it refers to.
    pub(super) fn open(&mut self, list: bool, noun: Option<Noun>) {
        let (held, kind) = self.held();
        let holder = noun.or(held.filter(|_| self.is_list()));
        self.push(if list { Form::Brackets } else { Form::Braces }, holder, kind);
    }

    /// Closes a bracket.
    pub(super) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(at) = self.levels.iter().rposition(Level::is_bracket) {
            self.levels.truncate(at);
        }
    }

    /// Closes all brackets, because the current line cannot be within them.
    pub(super) fn leave_brackets(&mut self) {
        if let Some(at) = self.levels.iter().position(Level::is_bracket) {
            self.levels.truncate(at);
        }
        self.beyond = 0;
    }

    /// True if the innermost level is a bracket.
    pub(super) fn within_brackets(&self) -> bool {
        self.levels.last().is_some_and(Level::is_bracket)
    }

    /// True if the innermost level is a section.
    pub(super) fn within_section(&self) -> bool {
        self.levels.last().is_some_and(|level| level.form == Form::Section)
    }

    /// Returns the kind that an item of the current list names.
    pub(super) fn listed(&self) -> Option<Noun> {
        let level = self.levels.last()?;
        if level.form == Form::Brackets { level.holder } else { level.now }
    }

    /// Returns the kind that the text under a `name` key names. If the kind is unknown, keeps `number`, the index of
    /// that text's word.
    pub(super) fn named(&mut self, number: usize) -> Option<Noun> {
        let level = self.levels.last_mut()?;
        let said = level.holder.or(level.kind);
        level.pending = said.is_none().then_some(number);
        said
    }

    /// Sets the kind of the object. Returns the index of the word that waits for it.
    pub(super) fn kind(&mut self, noun: Option<Noun>) -> Option<usize> {
        let level = self.levels.last_mut()?;
        level.kind = noun;
        level.pending.take()
    }

    /// Sets the kind that the `path` of a JSON patch refers to.
    pub(super) fn patch(&mut self, noun: Option<Noun>) {
        if let Some(level) = self.levels.last_mut() {
            level.patched = noun;
        }
    }

    /// Returns the kind that the `value` of a JSON patch names.
    pub(super) fn patched(&self, key: &str) -> Option<Noun> {
        self.levels.last().and_then(|level| level.patched).filter(|_| key == "value")
    }

    /// Returns the kind that the key above a new level refers to, and the kind of the object that the level belongs to.
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
            let in_kubernetes = self.levels.last().is_some_and(|level| level.kubernetes);
            self.levels.push(Level {
                form,
                holder,
                now: None,
                kind,
                pending: None,
                metadata: false,
                kubernetes: false,
                in_kubernetes,
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
