//! Extracts the text of one object, so that it can become a separate document.
//!
//! Lines lose the indentation of the list, and nothing else changes. Does not interpret the text, so the caller has to
//! parse the result and compare it.

use crate::kube::object::View;
use crate::text::source::{Source, Span};
use crate::yaml::split::Document;
use crate::yaml::{Kind, NodeId, Tree};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where the text of an object is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The whole text, including comments above the object.
    span: Span,
    /// The byte offset of the object itself.
    start: u32,
    /// The number of columns by which its lines are indented.
    indent: usize,
    /// The number of columns by which the comments above it are indented.
    comment_indent: usize,
}

impl Held {
    /// Finds the text of an object in this document.
    pub(super) fn find(source: &Source, document: Document, view: &View<'_, '_>) -> Held {
        if view.tree.root() == Some(view.root) {
            return Held::document(source, document, view.tree);
        }
        let span = view.tree.node(view.root).span;
        let line = source.line_at(span.start as usize);
        let before = &source.text()[line.start..span.start as usize];
        if matches!(view.tree.node(view.root).kind, Kind::Mapping(true)) {
            let indent = spaces(before);
            return Held { span, start: span.start, indent, comment_indent: indent };
        }
        let end = source.behind(span.end as usize);
        let dash = spaces(before);
        let alone = before[dash..].trim_end_matches(' ') == "-";
        let from = if alone { comments_above(source, line.start, dash) } else { span.start as usize };
        Held { span: Span::new(from, end), start: span.start, indent: before.len(), comment_indent: dash }
    }

    fn document(source: &Source, document: Document, tree: &Tree<'_>) -> Held {
        let end = tree.ignored_from().map_or(document.span.end, |ignored| ignored.min(document.span.end));
        let text = source.slice(Span { end, ..document.span });
        let blank = text.len() - text.trim_start_matches(['\u{feff}', '\r', '\n']).len();
        let start = document.span.start as usize + blank;
        let span = Span::new(start, end as usize);
        Held { span, start: span.start, indent: 0, comment_indent: 0 }
    }

    /// Returns the text without the indentation.
    pub(super) fn text(self, source: &Source) -> String {
        let above = source.slice(Span { end: self.start, ..self.span });
        let own = source.slice(Span { start: self.start, ..self.span });
        // Text before the object on its own line belongs to the list.
        let above = &above[..above.rfind('\n').map_or(0, |at| at + 1)];
        let mut text = outdented(above, self.comment_indent);
        let first = own.find('\n').map_or(own.len(), |at| at + 1);
        text.push_str(&own[..first]);
        text.push_str(&outdented(&own[first..], self.indent));
        text
    }
}

/// Returns a hash of `root` and the nodes below it. Extracting the text of an object must not change it.
pub(super) fn meaning(tree: &Tree<'_>, root: NodeId) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut at = root;
    while at < tree.node(root).next {
        let node = tree.node(at);
        match node.kind {
            Kind::Mapping(_) => 0.hash(&mut hasher),
            Kind::Sequence => 1.hash(&mut hasher),
            Kind::Scalar(style) => (2, style as u8).hash(&mut hasher),
            Kind::Alias(target) => (3, target.0.wrapping_sub(root.0)).hash(&mut hasher),
        }
        (own_text(tree, at), tree.tag(at), node.next.0 - root.0).hash(&mut hasher);
        at = NodeId(at.0 + 1);
    }
    hasher.finish()
}

fn own_text<'t>(tree: &'t Tree<'_>, node: NodeId) -> Option<&'t str> {
    matches!(tree.node(node).kind, Kind::Scalar(_)).then(|| tree.text(node)).flatten()
}

/// Returns the byte offset of the first comment in a block directly above a line, in the same column.
fn comments_above(source: &Source, line_start: usize, column: usize) -> usize {
    let mut from = line_start;
    while from > 0 {
        let above = source.line_at(from - 1);
        let line = &source.text()[above.clone()];
        if spaces(line) != column || !line[column..].starts_with('#') {
            break;
        }
        from = above.start;
    }
    from
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

fn outdented(text: &str, columns: usize) -> String {
    text.split_inclusive('\n').map(|line| &line[spaces(line).min(columns)..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kube::object::objects;
    use crate::yaml;

    fn lifted(text: &str) -> Vec<String> {
        let source = Source::new("x", text).unwrap();
        let mut found = Vec::new();
        for document in crate::yaml::split::split(&source).documents {
            let mut tree = Tree::default();
            yaml::parse(source.slice(document.span), document.span.start, &mut tree).unwrap();
            for view in objects(&tree) {
                let text = Held::find(&source, document, &view).text(&source);
                let mut alone = Tree::default();
                yaml::parse(&text, 0, &mut alone).unwrap();
                let same = meaning(&alone, alone.root().unwrap()) == meaning(&tree, view.root);
                assert!(same, "{text:?}");
                found.push(text);
            }
        }
        found
    }

    #[test]
    fn an_item_loses_the_indentation_of_its_list() {
        let text = "kind: List\nitems:\n  # one\n  - kind: A  # a\n    b: |\n      x\n\n       y\n    # c\n  - # d\n    kind: B\n";
        let found = lifted(text);
        assert_eq!(found, ["# one\nkind: A  # a\nb: |\n  x\n\n   y\n", "kind: B\n"]);
    }

    #[test]
    fn a_block_that_keeps_its_blank_lines_keeps_them() {
        let text = "kind: List\nitems:\n- a: |+\n    x\n\n   \n  kind: A\n- kind: B\n  b: >+\n    y\n\n\n- kind: C\n";
        assert_eq!(lifted(text), ["a: |+\n  x\n\n \nkind: A\n", "kind: B\nb: >+\n  y\n\n\n", "kind: C\n"]);
    }

    #[test]
    fn a_comment_between_items_belongs_to_the_one_below() {
        let text = "kind: List\nitems:\n- kind: A\n  b: |\n    x\n# b\n- kind: B\n  b: |\n    x\n# c\na: b\n";
        assert_eq!(lifted(text), ["kind: A\nb: |\n  x\n", "# b\nkind: B\nb: |\n  x\n"]);
    }

    #[test]
    fn json_is_taken_from_brace_to_brace() {
        let text = "{\n    \"kind\": \"List\",\n    \"items\": [\n        {\n            \"kind\": \"A\"\n        }\n    ]\n}\n";
        assert_eq!(lifted(text), ["{\n    \"kind\": \"A\"\n}"]);
        assert_eq!(
            lifted("{\"items\":[{\"kind\":\"A\"},{\"kind\":\"B\"}],\"kind\":\"List\"}"),
            ["{\"kind\":\"A\"}", "{\"kind\":\"B\"}"]
        );
    }

    #[test]
    fn a_document_keeps_its_comments() {
        let found = lifted("\u{feff}# a\nkind: A\n---\n\n# b\nkind: B\n...\nkind: C\n");
        assert_eq!(found, ["# a\nkind: A\n", "# b\nkind: B\n...\n"]);
    }
}
