//! Copies of objects under their original names, after their versions, for readers that no rule can find.
//!
//! A copy repeats the text of the object in the source, either as a separate document or as another item of the same
//! list. For most copies, the survey knows all that they need. Only the other documents are read again.

use crate::decisions::policy::{Because, Decision};
use crate::edits::annotation::annotate;
use crate::edits::earlier_names::earlier_names;
use crate::edits::edit::{Addition, Additions, Change, Why};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::{Arena, ArenaIndex};
use crate::kube::mark::{self, Mark};
use crate::kube::object::{Object, ObjectIndex, View};
use crate::kube::suffix::Suffix;
use crate::options::Options;
use crate::survey::inventory::{Copying, Inventory, TargetIndex};
use crate::survey::reread;
use crate::text::json;
use crate::text::replacement::{self, Piece, Text};
use crate::text::source::{Source, Span};
use crate::yaml::entry::line_ending;
use crate::yaml::item::{self, Indicator};
use crate::yaml::split::{self, Document, Stream};
use crate::yaml::{NodeId, Site, Tree, Writing};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Annotations in which kpt and kustomize store the position of an object in its file (KRM functions, `kioutil`).
const PLACE: [&str; 2] = ["config.kubernetes.io/index", "internal.config.kubernetes.io/index"];

/// Returns the copies of those objects that are kept under both names and that have to be read again for it. The plan
/// contains the copies of all others.
pub fn originals(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
    options: &Options,
) -> Additions {
    let Stream { source, documents, .. } = stream;
    let kept = kept_originals(inventory, decisions);
    let wanted = kept.iter().map(|(object, _)| *object);
    let is_json_stream = OnceLock::new();
    let copier = Copier { source, documents, is_json_stream: &is_json_stream, outside: false };
    let copies = reread::gather(stream, inventory, wanted, options.threads, |object, view| {
        let Object { id, document, .. } = inventory.objects.at(object);
        // This position is free: a file contains fewer objects than the source has bytes.
        let place = source.text().len() + object.position();
        let at = kept.partition_point(|(other, _)| *other < object);
        let (suffix, because) = kept[at].1;
        let earlier = earlier_names(view, id.name, suffix);
        let outside = because == Because::Outside;
        let copy = Copier { outside, ..copier }.copy(view, document, place);
        copy.map(|copy| (copy, earlier)).ok_or_else(|| shared(view).in_document(document))
    });
    let mut additions = Additions::default();
    for copy in copies {
        match copy {
            Ok(((at, pieces), earlier)) => {
                let text = Text::Pieces(pieces.into());
                let site = Site { span: Span::empty(at), writing: Writing::Inner, via: None };
                let change = Change { site, text, old: "".into() };
                additions.list.extend(earlier);
                additions.list.push(Addition { change, why: Why::Original });
            }
            Err(finding) => additions.findings.push(finding),
        }
    }
    additions
}

/// Returns the text of the copy of a document whose annotation goes to a known place.
pub fn marked(
    source: &Source,
    documents: &[Document],
    number: u32,
    (mark, outside): (Mark, bool),
) -> Option<Vec<Piece>> {
    // No document is JSON if one has an entry on a separate line.
    let is_json_stream = &OnceLock::from(false);
    let copier = Copier { source, documents, is_json_stream, outside };
    let at = split::position(documents, number)?;
    let text = |start: usize, end: usize| {
        let at = mark.at() as usize;
        Some(vec![copier.piece(start, at)?, Piece::written(mark.text(outside)), copier.piece(at, end)?])
    };
    copier.document(at, None, text)
}

/// Returns the objects that are kept under both names and have to be read again, each with its suffix and the reason,
/// in order.
fn kept_originals<'i>(
    inventory: &'i Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
) -> Vec<(ObjectIndex, (&'i Suffix, Because))> {
    let targets = inventory.targets.iter().zip(decisions);
    let again = targets.filter(|(target, _)| !matches!(target.copying, Copying::Marked(_)));
    let kept = again.filter_map(|(target, decision)| {
        Some((target.object, (target.suffix.as_ref().ok()?, decision.original()?)))
    });
    kept.collect()
}

#[derive(Clone, Copy)]
struct Copier<'a> {
    source: &'a Source,
    documents: &'a [Document],
    /// True if kubectl reads the whole input as JSON.
    is_json_stream: &'a OnceLock<bool>,
    /// True if the copy is for readers outside the input.
    outside: bool,
}

impl Copier<'_> {
    /// Returns where the copy goes, and its text; `None` if the object shares text with other places through aliases.
    /// `place` is a position in the file that no other object has.
    fn copy(&self, view: &View<'_, '_>, document: u32, place: usize) -> Option<(u32, Vec<Piece>)> {
        if !item::can_be_copied(view.tree, self.source.text(), view.root) {
            return None;
        }
        let at = split::position(self.documents, document)?;
        if view.tree.root() != Some(view.root) {
            return self.item(at, view, place);
        }
        let copy =
            self.document(at, view.tree.ignored_from(), |start, end| self.marked(view, start, end, None))?;
        Some((self.documents[at].span.end, copy))
    }

    /// Returns a copy of a whole document, comments included, which goes after the document. Adds no marker line where
    /// kubectl reads JSON. `marked` returns the text between two offsets with the annotation of an original.
    fn document(
        &self,
        at: usize,
        ignored_from: Option<u32>,
        marked: impl FnOnce(usize, usize) -> Option<Vec<Piece>>,
    ) -> Option<Vec<Piece>> {
        let (span, source) = (self.documents[at].span, self.source.text());
        let whole = self.source.slice(span);
        let start = span.end as usize - whole.trim_start_matches('\u{feff}').len();
        // kubectl ignores this text. Without this limit the output would contain it twice.
        let end = ignored_from.unwrap_or(span.end) as usize;
        let end = source.get(..end)?.trim_end_matches([' ', '\t']).len();
        let text = marked(start, end)?;
        let ending = line_ending(self.source, self.source.line_at(span.start as usize).end);
        let line = if source[..span.end as usize].ends_with('\n') { "" } else { ending };
        if *self.is_json_stream.get_or_init(|| json::is_stream(source)) {
            let alone = self.documents.len() == 1;
            let copy = if alone {
                before_all(line, text)
            } else {
                before_all("\n", replacement::trim(text, source))
            };
            return Some(copy);
        }
        let mut copy = before_all(format!("{line}---{ending}"), self.as_yaml(text));
        if (span.end as usize) < source.len() && !self.ends_line(&copy) {
            copy.push(Piece::written(ending));
        }
        copy.extend(
            self.beside(at)
                .filter(|next| !next.starts_with("---"))
                .map(|_| Piece::written(format!("---{ending}"))),
        );
        Some(copy)
    }

    /// Returns the text of the next document if it follows a JSON object without a marker line between the two.
    fn beside(&self, at: usize) -> Option<&str> {
        let next = self.documents.get(at + 1)?;
        (next.span.start == self.documents[at].span.end).then(|| self.source.slice(next.span))
    }

    /// The text of a copy that goes after a marker line, where kubectl reads YAML.
    fn as_yaml(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        let source = self.source.text();
        if !pieces.iter().any(|piece| piece.slice(source).starts_with('{')) {
            return pieces;
        }
        let text: String = pieces.iter().map(|piece| piece.slice(source)).collect();
        match json::as_yaml(&text) {
            Cow::Owned(text) => vec![Piece::written(text)],
            Cow::Borrowed(_) => pieces,
        }
    }

    fn item(&self, document: usize, view: &View<'_, '_>, place: usize) -> Option<(u32, Vec<Piece>)> {
        let span = view.tree.node(view.root).span;
        if item::indicator(self.source.text(), span.start as usize) == Some(Indicator::Bracket) {
            let before = &self.source.text()[..span.start as usize];
            let gap = &before[before.trim_end().len()..];
            let copy = self.marked(view, span.start as usize, span.end as usize, Some(place))?;
            return Some((span.end, before_all(format!(",{gap}"), copy)));
        }
        let end = self.end_of_lines(document, view.tree, view.root)?;
        let copy =
            self.marked(view, item::dash(self.source.text(), span.start as usize)?, end, Some(place))?;
        let ending = line_ending(self.source, self.source.line_at(span.start as usize).end);
        let copy = if self.ends_line(&copy) { copy } else { before_all(ending, copy) };
        Some((u32::try_from(end).ok()?, copy))
    }

    /// Returns the bytes from `from` to `end`, which contain the object, with the annotation of an original. If `place`
    /// is given, the copy of an item gets it as its position in the file, because the version keeps the old one.
    fn marked(
        &self,
        view: &View<'_, '_>,
        from: usize,
        end: usize,
        place: Option<usize>,
    ) -> Option<Vec<Piece>> {
        let mark = mark::of_original(self.outside);
        let marks = annotate(view.tree, self.source, view.root, None, &mark).ok()?;
        let mut edits: Vec<(Span, Box<str>)> = marks
            .into_iter()
            .map(|change| (change.site.span, change.text.read(self.source).into()))
            .collect();
        if let Some(place) = place {
            edits.extend(places(view).map(|site| (site.span, site.writing.write(&place.to_string()).into())));
        }
        edits.sort_by_key(|(span, _)| *span);
        let (mut copy, mut at) = (Vec::with_capacity(2 * edits.len() + 2), from);
        for (span, text) in edits {
            copy.extend([self.piece(at, span.start as usize)?, Piece::Written(text)]);
            at = span.end as usize;
        }
        copy.push(self.piece(at, end)?);
        Some(copy)
    }

    fn piece(&self, start: usize, end: usize) -> Option<Piece> {
        self.source.text().get(start..end).map(|_| Piece::copied(start, end))
    }

    fn ends_line(&self, pieces: &[Piece]) -> bool {
        let text = |piece: &Piece| piece.slice(self.source.text()).chars().next_back();
        pieces.iter().rev().find_map(text) == Some('\n')
    }

    /// The start of the line that follows an item of a list in block style: of the line with the dash of the next item, or
    /// of what follows the list.
    fn end_of_lines(&self, document: usize, tree: &Tree<'_>, item: NodeId) -> Option<usize> {
        let text = self.source.text();
        let dash = |node: NodeId| match item::indicator(text, tree.node(node).span.start as usize) {
            Some(Indicator::Dash(at)) => Some(self.source.line_at(at).start).map(|line| (line, at - line)),
            _ => None,
        };
        let next = tree.node(item).next;
        let root = tree.node(tree.root()?);
        if next >= root.next {
            return Some(self.end_of_document(document, root.span.end as usize));
        }
        let (_, column) = dash(item)?;
        let sibling = dash(next).filter(|(_, other)| *other == column);
        Some(
            sibling.map_or_else(
                || self.source.line_at(tree.node(next).span.start as usize).start,
                |(line, _)| line,
            ),
        )
    }

    /// Where a document ends, or kubectl stops reading: at the line `...` after its root.
    fn end_of_document(&self, document: usize, root_end: usize) -> usize {
        let (text, end) = (self.source.text(), self.documents[document].span.end as usize);
        let start = self.source.behind(root_end);
        let lines = text.get(start..end).unwrap_or_default().split_inclusive('\n');
        let length: usize = lines.take_while(|line| !line.starts_with("...")).map(str::len).sum();
        start.min(end) + length
    }
}

fn before_all(text: impl Into<Box<str>>, mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.insert(0, Piece::written(text));
    pieces
}

/// Returns the places of the annotations that contain the position of an object in its file.
fn places<'v>(view: &'v View<'_, '_>) -> impl Iterator<Item = Site> + 'v {
    let annotation = |key: &&str| view.tree.get(view.meta("annotations")?, key);
    PLACE.iter().filter_map(annotation).map(|node| view.tree.site(node, None))
}

fn shared(view: &View<'_, '_>) -> Diagnostic {
    let message =
        format!("{} needs to be kept under its original name too, but its text cannot be copied", view.id());
    Diagnostic::new(Code::SharedAnchor, message)
        .at(
            Span::empty(view.tree.node(view.root).span.start),
            "shares text with other places through aliases, or is in an unusual place",
        )
        .help("replace the aliases in this document with copies of their values, or move the object to its own document")
}
