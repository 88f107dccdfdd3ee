//! granit-parser's events, made into a [`Tree`].
//!
//! Each document is parsed alone, with the base offset of its text added to every span. The options follow kubectl
//! where YAML leaves a choice; facts on the engine stand in docs/design.md.

use super::tree::{Kind, Node, NodeId, Style, Tree};
use crate::text::source::Span;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle, Tag};
use std::borrow::Cow;

/// Why a document is not YAML, in words that hold nothing of the document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where it was noticed.
    pub at: u32,
    /// What was found.
    pub message: String,
    /// True when the only fault is that it nests too deep.
    pub too_deep: bool,
}

/// Reads one document, `text`, whose first byte stands at offset `base` of the source, into `tree`.
///
/// Reading ends with the first YAML document, as kubectl's does: what follows a `...` line is noted as ignored.
///
/// # Errors
/// Text that is not YAML, or nests deeper than 255 levels.
pub(super) fn parse<'s>(text: &'s str, base: u32, tree: &mut Tree<'s>) -> Result<(), ParseError> {
    let mut builder = Builder::new(text, base, tree);
    if only_directives(text) {
        return Ok(());
    }
    let options = granit_parser::options! { block_scalar_eof_without_line_feed: false };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| parse_error(&error, text, base))?;
        let span = span.byte_range().unwrap_or(0..0);
        if builder.event(event, span.start, span.end) {
            break;
        }
    }
    tree.grant_budget();
    Ok(())
}

/// A document that holds only `%` directives and comments: kubectl's cut leaves `%YAML` before the first `---` so.
fn only_directives(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.starts_with('%') && text.lines().all(|line| line.trim().is_empty() || line.starts_with(['%', '#']))
}

fn parse_error(error: &granit_parser::ScanError, text: &str, base: u32) -> ParseError {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let message = match error.kind() {
        // granit would show the character, which may be the first of a Secret's value.
        ErrorKind::UnexpectedCharacter { .. } => {
            "found a character that cannot start a value here".to_owned()
        }
        ErrorKind::UnknownAnchor => "found an alias whose anchor is not in the same document".to_owned(),
        kind => kind.to_string(),
    };
    let too_deep = matches!(error.kind(), ErrorKind::RecursionLimitExceeded);
    ParseError { at: base + u32::try_from(at).unwrap_or(0), message, too_deep }
}

struct Builder<'t, 's> {
    text: &'s str,
    base: u32,
    tree: &'t mut Tree<'s>,
    /// Collections that are open.
    open: Vec<NodeId>,
    /// Node of each anchor, by granit's number for it.
    anchors: Vec<Option<NodeId>>,
    /// Where the previous event ended, in the document's text.
    last_end: usize,
}

impl<'t, 's> Builder<'t, 's> {
    fn new(text: &'s str, base: u32, tree: &'t mut Tree<'s>) -> Self {
        tree.clear();
        Builder { text, base, tree, open: Vec::new(), anchors: Vec::new(), last_end: 0 }
    }

    /// Takes one event; true when the first YAML document is over.
    fn event(&mut self, event: Event<'s>, start: usize, end: usize) -> bool {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag, (start, end)),
            Event::MappingStart(style, anchor, tag) => {
                self.open(Kind::Mapping(style == StructureStyle::Flow), anchor, tag, start);
            }
            Event::SequenceStart(_, anchor, tag) => self.open(Kind::Sequence, anchor, tag, start),
            Event::MappingEnd | Event::SequenceEnd => {
                // A block collection's end comes with an empty span where the next token begins.
                let end = if start == end { self.last_end } else { end };
                self.close(end);
                self.last_end = end;
                return false;
            }
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::DocumentEnd => {
                self.ignored();
                return true;
            }
            _ => return false,
        }
        self.last_end = end;
        false
    }

    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        (start, end): (usize, usize),
    ) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let (start, end) = if style == Style::Block { self.block_scalar(start, end) } else { (start, end) };
        // An absent value comes as "~" with an empty span.
        let text = if start == end && style == Style::Plain { Cow::Borrowed("") } else { text };
        if style == Style::Plain && text == "<<" {
            self.tree.has_merges = true;
        }
        self.add(Kind::Scalar(style), text, anchor, tag, start, end);
    }

    /// A block scalar's span comes from its content to the next token. What is wanted begins at the header, which
    /// stands between the previous event and the content, and ends with the last line that holds anything.
    fn block_scalar(&self, content: usize, end: usize) -> (usize, usize) {
        let mut header = content;
        let mut line_start = self.last_end;
        for line in self.text.get(self.last_end..content).unwrap_or_default().split_inclusive('\n') {
            let code = line.find(" #").map_or(line, |comment| &line[..comment]);
            if !code.trim_start().starts_with('#')
                && let Some(at) = code.find(['|', '>'])
            {
                header = line_start + at;
            }
            line_start += line.len();
        }
        let body = self.text.get(header..end).unwrap_or_default();
        (header, header + body.trim_end().len())
    }

    fn open(&mut self, kind: Kind, anchor: usize, tag: Option<Cow<'_, Tag>>, start: usize) {
        let id = self.add(kind, Cow::Borrowed(""), anchor, tag, start, start);
        self.open.push(id);
    }

    fn close(&mut self, end: usize) {
        let next = NodeId(self.count());
        if let Some(id) = self.open.pop() {
            let node = &mut self.tree.nodes[id.0 as usize];
            node.next = next;
            node.span.end = self.base + u32::try_from(end).unwrap_or(0);
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let target = self.anchors.get(anchor).copied().flatten();
        self.tree.has_aliases = true;
        if let Some(target) = target {
            self.add(Kind::Alias(target), Cow::Borrowed(""), 0, None, start, end);
        }
    }

    fn add(
        &mut self,
        kind: Kind,
        text: Cow<'s, str>,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        start: usize,
        end: usize,
    ) -> NodeId {
        let id = NodeId(self.count());
        if anchor > 0 {
            self.anchors.resize(self.anchors.len().max(anchor + 1), None);
            self.anchors[anchor] = Some(id);
        }
        if let Some(tag) = &tag {
            self.tree.tags.push((id, format!("{}{}", tag.handle(), tag.suffix())));
        }
        let base = self.base as usize;
        let span = Span::new(base + start, base + end);
        self.tree.nodes.push(Node { kind, span, next: NodeId(id.0 + 1), text, tagged: tag.is_some() });
        id
    }

    /// Notes text behind a document in flow style, or behind a `...` line.
    fn ignored(&mut self) {
        let rest = self.text.get(self.last_end..).unwrap_or_default();
        let mut at = self.last_end;
        // Behind a block collection nothing can stand that granit would not refuse.
        let mut ended = self.is_flow();
        for line in rest.split_inclusive('\n') {
            let content = line.trim();
            if ended && !content.is_empty() && !content.starts_with('#') && !content.starts_with("...") {
                self.tree.ignored_from = Some(self.base + u32::try_from(at).unwrap_or(0));
                return;
            }
            ended |= line.starts_with("...");
            at += line.len();
        }
    }

    /// True when the top node is written as `{...}` or `[...]`.
    fn is_flow(&self) -> bool {
        let start = self.tree.root().map(|root| self.tree.node(root).span.start - self.base);
        let first = start.and_then(|start| self.text.as_bytes().get(start as usize));
        matches!(first, Some(b'{' | b'['))
    }

    fn count(&self) -> u32 {
        u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX)
    }
}
