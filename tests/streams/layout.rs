//! One notation for an object: style, quotes, indentation, comments, anchors.
//!
//! The text always means the object; only its appearance is random.

use super::dice::Dice;
use super::json;
use super::objects::Node;

/// The appearance of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) style: Style,
    /// Lists have the indentation of their key.
    pub(crate) indentless: bool,
    pub(crate) step: usize,
    pub(crate) comments: bool,
    pub(crate) anchors: bool,
    /// Some keys have question marks before them, or tags.
    pub(crate) odd_keys: bool,
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Block,
    Flow,
    Json,
    PrettyJson,
}

impl Layout {
    /// Returns a layout without anything unusual.
    pub(crate) fn simple(seed: u64) -> Layout {
        let style = Style::Block;
        Layout { style, indentless: true, step: 2, comments: false, anchors: false, odd_keys: false, seed }
    }

    pub(crate) fn is_json(&self) -> bool {
        matches!(self.style, Style::Json | Style::PrettyJson)
    }

    /// Writes the object in this layout.
    pub(crate) fn write(&self, node: &Node) -> String {
        let mut writer =
            Writer { layout: *self, dice: Dice::new(self.seed), out: String::new(), anchored: Vec::new() };
        match (self.style, node) {
            (Style::Json, _) => json::write(node, None, &mut writer.out),
            (Style::PrettyJson, _) => json::write(node, Some(0), &mut writer.out),
            (Style::Block, Node::Map(entries)) if !entries.is_empty() => {
                writer.block_map(entries, 0, false);
                return writer.out;
            }
            _ => writer.flow(node, 0),
        }
        writer.out + "\n"
    }
}

struct Writer {
    layout: Layout,
    dice: Dice,
    out: String,
    /// Texts with an anchor; the name of the anchor is the index in this list.
    anchored: Vec<String>,
}

impl Writer {
    fn block_map(&mut self, entries: &[(String, Node)], indent: usize, mut inline: bool) {
        for (key, value) in entries {
            if !std::mem::take(&mut inline) {
                self.fill(indent);
                self.spaces(indent);
            }
            self.block_key(key, indent);
            self.block_value(value, indent);
        }
    }

    /// Writes a key and its colon.
    fn block_key(&mut self, key: &str, indent: usize) {
        let explicit = self.layout.odd_keys && self.dice.one_in(6);
        self.out.push_str(if explicit { "? " } else { "" });
        self.out.push_str(if self.layout.odd_keys && self.dice.one_in(8) { "!!str " } else { "" });
        self.key(key);
        if explicit {
            self.end_line();
            self.spaces(indent);
        }
        self.out.push(':');
    }

    fn block_value(&mut self, value: &Node, indent: usize) {
        let flow = self.dice.one_in(8);
        let step = self.layout.step;
        match value {
            Node::Map(entries) if !entries.is_empty() && !flow => {
                self.end_line();
                self.block_map(entries, indent + step, false);
            }
            Node::List(items) if !items.is_empty() && !flow => {
                self.end_line();
                self.block_list(items, if self.layout.indentless { indent } else { indent + step });
            }
            Node::Text(text) => self.block_text(text, indent),
            _ => {
                self.out.push(' ');
                self.flow(value, indent);
                self.end_line();
            }
        }
    }

    fn block_list(&mut self, items: &[Node], indent: usize) {
        for item in items {
            self.fill(indent);
            self.spaces(indent);
            self.out.push('-');
            match item {
                Node::Map(entries) if !entries.is_empty() && !self.dice.one_in(5) => {
                    self.out.push(' ');
                    self.block_map(entries, indent + 2, true);
                }
                Node::Text(text) => self.block_text(text, indent),
                _ => {
                    self.out.push(' ');
                    self.flow(item, indent);
                    self.end_line();
                }
            }
        }
    }

    /// Writes a text after `key:` or `-`, with the line feed.
    fn block_text(&mut self, text: &str, indent: usize) {
        let lines = text.strip_suffix('\n').unwrap_or(text);
        let fits_block = !lines.is_empty()
            && lines.chars().all(|c| c == '\n' || is_printable(c))
            && !lines.starts_with([' ', '\n'])
            && !lines.ends_with('\n')
            && !lines.lines().any(|line| line.trim_end().is_empty() != line.is_empty());
        self.out.push(' ');
        if !fits_block || self.dice.below(3) > usize::from(text.contains('\n')) {
            self.scalar(text, Some(indent));
            return self.end_line();
        }
        let mark = if lines.contains('\n') { "|" } else { self.dice.pick(&["|", ">"]) };
        self.out.push_str(mark);
        self.out.push_str(if lines.len() == text.len() { "-" } else { "" });
        self.end_line();
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.spaces(indent + self.layout.step);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn flow(&mut self, node: &Node, indent: usize) {
        match node {
            Node::Text(text) => self.scalar(text, None),
            Node::Plain(plain) => self.out.push_str(plain),
            Node::List(items) => {
                self.between("[", "]", items, indent, |writer, item| writer.flow(item, indent))
            }
            Node::Map(entries) => self.between("{", "}", entries, indent, |writer, (key, value)| {
                writer.key(key);
                writer.out.push_str(": ");
                writer.flow(value, indent);
            }),
        }
    }

    fn between<T>(
        &mut self,
        open: &str,
        close: &str,
        items: &[T],
        indent: usize,
        write: impl Fn(&mut Writer, &T),
    ) {
        let gap = self.dice.pick(&["", " "]);
        self.out.push_str(open);
        self.out.push_str(gap);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                match self.dice.below(8) {
                    0 => {
                        self.end_line();
                        self.spaces(indent + 1 + self.layout.step);
                    }
                    _ => self.out.push(' '),
                }
            }
            write(self, item);
        }
        self.out.push_str(gap);
        self.out.push_str(close);
    }

    fn key(&mut self, key: &str) {
        let quoted = if stays_text(key) { self.dice.below(10) } else { self.dice.below(2) };
        match quoted {
            0 => self.out.push_str(&json::quoted(key)),
            1 => self.out.push_str(&format!("'{key}'")),
            _ => self.out.push_str(key),
        }
    }

    /// Writes a text on one line, or on two if `block` gives an indentation and a space can be folded.
    fn scalar(&mut self, text: &str, block: Option<usize>) {
        if self.alias(text) {
            return;
        }
        let single = text.chars().all(is_printable);
        let written = match self.dice.below(4) {
            0 if single => format!("'{}'", text.replace('\'', "''")),
            1 | 2 if stays_text(text) => text.to_owned(),
            _ => json::quoted(text),
        };
        match (written.find(|c: char| !c.is_ascii_lowercase() && c != '"'), block) {
            (Some(at), Some(indent)) if written[at..].starts_with(" t") && at > 1 && self.dice.one_in(2) => {
                self.out.push_str(&written[..at]);
                self.out.push('\n');
                self.spaces(indent + 1 + self.layout.step);
                self.out.push_str(&written[at + 1..]);
            }
            _ => self.out.push_str(&written),
        }
    }

    /// Writes an alias, or an anchor for the following text. Returns whether it wrote an alias.
    fn alias(&mut self, text: &str) -> bool {
        if !self.layout.anchors {
            return false;
        }
        if let Some(number) = self.anchored.iter().position(|known| known == text) {
            let alias = self.dice.one_in(2);
            if alias {
                self.out.push_str(&format!("*a{number} "));
            }
            return alias;
        }
        if self.dice.one_in(4) {
            self.out.push_str(&format!("&a{} ", self.anchored.len()));
            self.anchored.push(text.to_owned());
        }
        false
    }

    /// Writes comments and blank lines before an entry.
    fn fill(&mut self, indent: usize) {
        if self.layout.comments && self.dice.one_in(8) {
            match self.dice.below(4) {
                0 => self.out.push('\n'),
                1 => self.out.push_str("# name: web\n"),
                _ => {
                    self.spaces(indent);
                    self.out.push_str("# kind: Secret, it's {web\n");
                }
            }
        }
    }

    fn end_line(&mut self) {
        let behind = if self.layout.comments { self.dice.below(10) } else { usize::MAX };
        self.out.push_str(match behind {
            0 => " # web: 'db\n",
            1 => "  \n",
            _ => "\n",
        });
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// True if every parser reads the text without quotes as a string.
fn stays_text(text: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '=' | ' ');
    let words = ["y", "yes", "n", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(harmless)
        && !text.ends_with(' ')
        && !words.contains(&text.to_ascii_lowercase().as_str())
}
