//! Writes annotations into an object or a pod template, in the style of its metadata.
//!
//! Returns the changes and does not apply them. An existing annotation is replaced only if its value differs. Must not
//! decide which annotations are needed.

use crate::edits::edit::Change;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::text::source::{Source, Span};
use crate::yaml::entry::{self, Content, Place};
use crate::yaml::{Kind, NodeId, Site, Tree, Value, Writing};

/// An annotation: its key and its value.
pub type Annotation = (String, String);

/// Returns the changes that give `holder` these annotations. `holder` is a mapping that may contain `metadata`.
///
/// `via` is the byte offset of the alias that leads to the holder. The result is empty if all annotations are there
/// already.
///
/// # Errors
/// `metadata` or `annotations` is not a mapping, or no line can be inserted into the document.
pub fn annotate(
    tree: &Tree<'_>,
    source: &Source,
    holder: NodeId,
    via: Option<u32>,
    wanted: &[Annotation],
) -> Result<Vec<Change>, Box<Diagnostic>> {
    if tree.has_lone_return() {
        return Err(no_line(tree, holder));
    }
    let annotator = Annotator { tree, source, wanted };
    let Some((key, metadata)) = tree.entry(holder, "metadata") else {
        return annotator.below(holder, via, &["metadata", "annotations"]);
    };
    let via = annotator.through(metadata, via);
    let Some(held) = annotator.filled(metadata)? else {
        return Ok(annotator.fill(key, metadata, via, &["annotations"]));
    };
    let Some((key, annotations)) = tree.entry(held, "annotations") else {
        return annotator.below(held, via, &["annotations"]);
    };
    let via = annotator.through(annotations, via);
    match annotator.filled(annotations)? {
        Some(annotations) => annotator.complete(annotations, via),
        None => Ok(annotator.fill(key, annotations, via, &[])),
    }
}

struct Annotator<'a, 's> {
    tree: &'a Tree<'s>,
    source: &'a Source,
    wanted: &'a [Annotation],
}

impl Annotator<'_, '_> {
    /// Returns the offset of the node if it is an alias, and `via` otherwise.
    fn through(&self, node: NodeId, via: Option<u32>) -> Option<u32> {
        let node = self.tree.node(node);
        if matches!(node.kind, Kind::Alias(_)) { Some(node.span.start) } else { via }
    }

    /// Returns the mapping that a node is or that its alias refers to; `None` if it has no entries.
    fn filled(&self, node: NodeId) -> Result<Option<NodeId>, Box<Diagnostic>> {
        let mapping = self.tree.deref(node);
        if self.tree.is_mapping(mapping) {
            return Ok(self.tree.entries(mapping).next().map(|_| mapping));
        }
        match self.tree.value(mapping) {
            Some(Value::Null) => Ok(None),
            _ => Err(self.no_mapping(mapping)),
        }
    }

    /// Adds the annotations below the keys of `path` to a mapping that has entries.
    fn below(
        &self,
        mapping: NodeId,
        via: Option<u32>,
        path: &[&str],
    ) -> Result<Vec<Change>, Box<Diagnostic>> {
        let place = Place::first(self.tree, self.source, mapping).ok_or_else(|| self.no_mapping(mapping))?;
        let (span, text) = place.write(self.source, &self.entries(self.wanted, path));
        Ok(vec![change(span, text, via)])
    }

    /// Writes the annotations as a flow mapping in place of an empty value, `null` or `{}`.
    fn fill(&self, key: NodeId, value: NodeId, via: Option<u32>, path: &[&str]) -> Vec<Change> {
        let is_null = self.tree.value(value) == Some(Value::Null);
        let (key, value) = (self.tree.node(key).span, self.tree.node(value).span);
        let quoted = self.source.slice(key).starts_with('"');
        let text = entry::flow(&self.entries(self.wanted, path), quoted);
        if is_null {
            let (span, text) = entry::fill(self.source, key, value, &text);
            return vec![change(span, text, via)];
        }
        vec![change(value, text, via)]
    }

    /// Adds missing annotations to a mapping of annotations, and replaces other values.
    fn complete(&self, annotations: NodeId, via: Option<u32>) -> Result<Vec<Change>, Box<Diagnostic>> {
        let (mut missing, mut changes) = (Vec::new(), Vec::new());
        for (key, value) in self.wanted {
            match self.tree.entry(annotations, key) {
                None => missing.push((key.clone(), value.clone())),
                Some((at, there)) if self.tree.string(there).as_deref() != Some(value) => {
                    changes.push(self.overwrite(at, there, value, via));
                }
                Some(_) => {}
            }
        }
        if !missing.is_empty() {
            let place = Place::first(self.tree, self.source, annotations)
                .ok_or_else(|| self.no_mapping(annotations))?;
            let (span, text) = place.write(self.source, &self.entries(&missing, &[]));
            changes.push(change(span, text, via));
        }
        Ok(changes)
    }

    fn overwrite(&self, key: NodeId, there: NodeId, value: &str, via: Option<u32>) -> Change {
        let site = self.tree.site(there, via);
        let text = site.writing.write(value).into_owned();
        if self.tree.value(there) == Some(Value::Null) {
            let (span, text) = entry::fill(self.source, self.tree.node(key).span, site.span, &text);
            return change(span, text, via);
        }
        let old = self.tree.text(there).map(|text| text.to_string()).unwrap_or_default();
        Change { site, text: text.into(), old: old.into() }
    }

    fn entries(&self, wanted: &[Annotation], path: &[&str]) -> entry::Entries {
        let own = wanted.iter().map(|(key, value)| (key.clone(), Content::Text(value.clone()))).collect();
        path.iter().rev().fold(own, |below, key| vec![((*key).to_owned(), Content::Map(below))])
    }

    fn no_mapping(&self, node: NodeId) -> Box<Diagnostic> {
        let found = self.tree.value(node).map_or("no mapping", |value| value.describe());
        let message = format!("an annotation must be added here, and this is {found}, expected a mapping");
        let finding = Diagnostic::new(Code::InvalidMetadata, message).at(self.tree.node(node).span, "");
        Box::new(finding.help("write `metadata` and `annotations` as mappings, or omit `annotations`"))
    }
}

fn no_line(tree: &Tree<'_>, holder: NodeId) -> Box<Diagnostic> {
    const MESSAGE: &str =
        "a line of this document ends in a carriage return without a line feed, so no annotation is added";
    let place = Span::empty(tree.node(holder).span.start);
    let finding = Diagnostic::new(Code::LineBreakCharacter, MESSAGE).at(place, "to this");
    Box::new(finding.help("end each line with a line feed (LF) or with both (CRLF)"))
}

fn change(span: Span, text: String, via: Option<u32>) -> Change {
    Change { site: Site { span, writing: Writing::Inner, via }, text: text.into(), old: "".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kube::mark::{self, Mark};
    use crate::kube::object::View;
    use crate::yaml;

    fn annotated(text: &str) -> String {
        let source = Source::new("x", text).unwrap();
        let mut tree = Tree::default();
        yaml::parse(source.text(), 0, &mut tree).unwrap();
        let wanted = [("a/b".to_owned(), "1".to_owned()), ("c".to_owned(), "d".to_owned())];
        let mut changes = annotate(&tree, &source, tree.root().unwrap(), None, &wanted).unwrap();
        changes.sort_by_key(|change| change.site.span);
        let mut annotated = text.to_owned();
        for change in changes.iter().rev() {
            annotated.replace_range(change.site.span.range(), &change.text.read(&source));
        }
        annotated
    }

    #[test]
    fn what_is_missing_is_added_in_the_style_of_the_document() {
        let cases = [
            ("metadata:\n  name: x\n", "metadata:\n  annotations:\n    a/b: \"1\"\n    c: d\n  name: x\n"),
            (
                "metadata:\r\n    name: x\r\n",
                "metadata:\r\n    annotations:\r\n      a/b: \"1\"\r\n      c: d\r\n    name: x\r\n",
            ),
            (
                "metadata:\n  annotations:\n    e: f\n",
                "metadata:\n  annotations:\n    a/b: \"1\"\n    c: d\n    e: f\n",
            ),
            (
                "metadata:\n  annotations:\n  name: x\n",
                "metadata:\n  annotations: {a/b: \"1\", c: d}\n  name: x\n",
            ),
            ("metadata: {annotations: {}}\n", "metadata: {annotations: {a/b: \"1\", c: d}}\n"),
            ("metadata: {name: x}\n", "metadata: {annotations: {a/b: \"1\", c: d}, name: x}\n"),
            ("spec: {}\n", "metadata:\n  annotations:\n    a/b: \"1\"\n    c: d\nspec: {}\n"),
            ("metadata:\nspec: {}\n", "metadata: {annotations: {a/b: \"1\", c: d}}\nspec: {}\n"),
            (
                "{\"metadata\":{\"name\":\"x\"}}",
                "{\"metadata\":{\"annotations\":{\"a/b\":\"1\",\"c\":\"d\"},\"name\":\"x\"}}",
            ),
            (
                "{\"metadata\": {\n  \"name\": \"x\"}}",
                "{\"metadata\": {\n  \"annotations\": {\"a/b\": \"1\", \"c\": \"d\"},\n  \"name\": \"x\"}}",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(annotated(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_there_stays_or_is_written_over() {
        let text = "metadata:\n  annotations: {a/b: '2', c: d}\n";
        assert_eq!(annotated(text), "metadata:\n  annotations: {a/b: '1', c: d}\n");
        let text = "metadata:\n  annotations:\n    a/b:\n    c: 'd'\n";
        assert_eq!(annotated(text), "metadata:\n  annotations:\n    a/b: \"1\"\n    c: 'd'\n");
    }

    #[test]
    fn the_survey_marks_an_original_in_the_same_place() {
        let metadata = [
            "metadata:\n  name: x\n",
            "metadata:\r\n    # here\r\n    name: x\r\n",
            "metadata:\n  name: x\n  annotations:\n      e: f\n",
            "metadata:\n  annotations: {e: f}\n  name: x\n",
            "metadata: {name: x}\n",
            "metadata:\n  ? name\n  : x\n",
            "metadata:\n  annotations:\n    immutably.dev/original: no\n  name: x\n",
            "{\"metadata\":{\"name\":\"x\"}}",
        ];
        let mut marked = 0;
        for (text, outside) in metadata.iter().flat_map(|text| [(*text, false), (*text, true)]) {
            let source = Source::new("x", text).unwrap();
            let mut tree = Tree::default();
            yaml::parse(source.text(), 0, &mut tree).unwrap();
            let view = View::of(&tree, tree.root().unwrap());
            let Some(mark) = Mark::find(&view, &source) else { continue };
            let wanted = mark::of_original(outside);
            let [change] = &annotate(&tree, &source, view.root, None, &wanted).unwrap()[..] else {
                panic!("one change: {text}")
            };
            assert_eq!(change.site.span, Span::empty(mark.at()), "{text}");
            assert_eq!(change.text.read(&source), mark.text(outside), "{text}");
            marked += 1;
        }
        assert_eq!(marked, 6);
    }
}
