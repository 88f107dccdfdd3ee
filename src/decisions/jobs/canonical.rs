//! The immutable part of a Job or Pod as one canonical JSON text: sorted keys, scalars as kubectl reads them, aliases
//! and merge keys resolved.
//!
//! The text contains the new names. It does not depend on the style of the manifest. The code does not recurse, and
//! each alias takes steps from the budget of the tree.

use super::words::LABELS;
use crate::kube::escape::escape;
use crate::kube::job::JobIndex;
use crate::text::source::{Source, Span};
use crate::yaml::{Kind, NodeId, Position, Tree, Value, Writing};
use std::borrow::Cow;

/// Labels that follow from the name and the UID of a Job, and so are not part of the text.
const UID_LABELS: [&str; 2] = ["controller-uid", "batch.kubernetes.io/controller-uid"];
/// How many bytes reached through an alias cost one step of the budget.
const STEP: usize = 1024;

/// The text that a place gets.
#[derive(Clone, Debug)]
pub(super) enum New {
    /// A known name.
    Name(String),
    /// The name of a Job, which may not be known yet.
    Job(JobIndex),
}

/// A canonical text, and the byte offsets in it at which the names of Jobs are inserted.
#[derive(Debug, Default)]
pub(super) struct Canonical {
    text: String,
    holes: Vec<(usize, JobIndex)>,
}

impl Canonical {
    /// Returns the Jobs whose names are inserted.
    pub(super) fn names(&self) -> impl Iterator<Item = JobIndex> + '_ {
        self.holes.iter().map(|(_, job)| *job)
    }

    /// Returns the whole text, with the name of each Job inserted.
    pub(super) fn filled<'n>(&self, name: impl Fn(JobIndex) -> Cow<'n, str>) -> String {
        let mut filled = String::with_capacity(self.text.len());
        let mut done = 0;
        for (at, job) in &self.holes {
            filled.push_str(&self.text[done..*at]);
            escape(&name(*job), &mut filled);
            done = *at;
        }
        filled + &self.text[done..]
    }
}

/// Returns the value of a node as one canonical JSON text; `None` if the tree's budget is used up.
pub fn canonical_text(tree: &Tree<'_>, source: &Source, root: NodeId) -> Option<String> {
    canonical(tree, source, root, &[]).map(|canonical| canonical.text)
}

/// Returns the canonical text of the value of `root`; `None` if the tree's budget is used up. `new` lists the places
/// whose text changes, sorted.
pub(super) fn canonical(
    tree: &Tree<'_>,
    source: &Source,
    root: NodeId,
    new: &[(Span, Writing, New)],
) -> Option<Canonical> {
    let mut writer = Writer { tree, source, new, found: Canonical::default(), open: Vec::new() };
    writer.open.push(Work::Node(Frame { node: root, aliased: false, spot: Spot::Template }));
    while let Some(work) = writer.open.pop() {
        match work {
            Work::Raw(text) => writer.found.text.push_str(text),
            Work::Key(key) => {
                writer.quoted(&key);
                writer.found.text.push(':');
            }
            Work::Node(frame) => writer.node(frame)?,
        }
    }
    Some(writer.found)
}

/// The position of a node, as far as the text depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    Template,
    Metadata,
    Labels,
    Elsewhere,
}

#[derive(Clone, Copy)]
struct Frame {
    node: NodeId,
    /// True if the walk followed an alias to this node.
    aliased: bool,
    spot: Spot,
}

/// What is still to be written. The top of the stack comes first.
enum Work<'t> {
    Raw(&'static str),
    Key(Cow<'t, str>),
    Node(Frame),
}

struct Writer<'w, 't, 's> {
    tree: &'t Tree<'s>,
    source: &'w Source,
    new: &'w [(Span, Writing, New)],
    found: Canonical,
    open: Vec<Work<'t>>,
}

impl<'t> Writer<'_, 't, '_> {
    fn node(&mut self, frame: Frame) -> Option<()> {
        let node = self.tree.deref(frame.node);
        let aliased = frame.aliased || node != frame.node;
        if aliased && !(0..=self.tree.text(node).unwrap_or_default().len() / STEP).all(|_| self.tree.step()) {
            return None;
        }
        let within = Frame { node, aliased, ..frame };
        match self.tree.node(node).kind {
            Kind::Mapping(_) => self.mapping(within),
            Kind::Sequence => self.sequence(within),
            Kind::Scalar(_) | Kind::Alias(_) => self.scalar(frame.node),
        }
        (!self.tree.exhausted()).then_some(())
    }

    fn mapping(&mut self, frame: Frame) {
        let tree = self.tree;
        let mut fields: Vec<(Cow<'t, str>, NodeId)> = Vec::new();
        tree.each_field(frame.node, &mut |key, value| {
            fields.extend(tree.key(key).map(|key| (key, value)));
        });
        // The sort is stable, so the last of several equal keys stays last. Only that one counts.
        fields.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
        fields.reverse();
        fields.dedup_by(|earlier, later| earlier.0 == later.0);
        if frame.spot == Spot::Labels {
            fields.retain(|(key, _)| !LABELS.iter().chain(&UID_LABELS).any(|label| label == key));
        }
        self.open.push(Work::Raw("}"));
        let count = fields.len();
        for (at, (key, node)) in fields.into_iter().enumerate() {
            let spot = spot(frame.spot, &key);
            self.open.push(Work::Node(Frame { node, spot, ..frame }));
            self.open.push(Work::Key(key));
            if at + 1 < count {
                self.open.push(Work::Raw(","));
            }
        }
        self.found.text.push('{');
    }

    fn sequence(&mut self, frame: Frame) {
        let items: Vec<NodeId> = self.tree.items(frame.node).collect();
        self.open.push(Work::Raw("]"));
        for (at, node) in items.into_iter().enumerate().rev() {
            self.open.push(Work::Node(Frame { node, spot: Spot::Elsewhere, ..frame }));
            if at > 0 {
                self.open.push(Work::Raw(","));
            }
        }
        self.found.text.push('[');
    }

    fn scalar(&mut self, node: NodeId) {
        let span = self.tree.node(node).span;
        let first = self.new.partition_point(|(place, ..)| place.start < span.start);
        let within = self.new[first..].iter().take_while(|(place, ..)| place.start < span.end);
        let within: Vec<&(Span, Writing, New)> = within.collect();
        match within[..] {
            [] => self.value(node),
            [(place, Writing::Scalar(_), new)] if *place == span => {
                self.found.text.push('"');
                self.new_name(new);
                self.found.text.push('"');
            }
            _ => self.with_parts(node, &within),
        }
    }

    /// Writes a scalar of which only parts change.
    fn with_parts(&mut self, node: NodeId, parts: &[&(Span, Writing, New)]) {
        let text = self.tree.text(node).unwrap_or_default();
        let (mut done, mut position) = (0, Position::default());
        self.found.text.push('"');
        for (place, _, new) in parts {
            let Some(range) = self.tree.read_as(node, *place, self.source, &mut position) else { continue };
            escape(text.get(done..range.start).unwrap_or_default(), &mut self.found.text);
            self.new_name(new);
            done = range.end;
        }
        escape(text.get(done..).unwrap_or_default(), &mut self.found.text);
        self.found.text.push('"');
    }

    fn new_name(&mut self, new: &New) {
        match new {
            New::Name(name) => escape(name, &mut self.found.text),
            New::Job(job) => self.found.holes.push((self.found.text.len(), *job)),
        }
    }

    fn value(&mut self, node: NodeId) {
        match self.tree.value(node) {
            Some(Value::Text(text)) => self.quoted(&text),
            Some(Value::Bool(value)) => self.found.text.push_str(if value { "true" } else { "false" }),
            Some(Value::Int(value)) => self.found.text.push_str(&value.to_string()),
            Some(Value::Float(value)) => self.found.text.push_str(&number(value)),
            // kubectl refuses a value that does not fit its tag.
            Some(Value::Null | Value::Invalid) | None => self.found.text.push_str("null"),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.found.text.push('"');
        escape(text, &mut self.found.text);
        self.found.text.push('"');
    }
}

fn spot(holder: Spot, key: &str) -> Spot {
    match (holder, key) {
        (Spot::Template, "metadata") => Spot::Metadata,
        (Spot::Metadata, "labels") => Spot::Labels,
        _ => Spot::Elsewhere,
    }
}

/// Returns a number as Go's `encoding/json` writes it: no fraction if it is zero, an exponent for very large and very
/// small numbers. kubectl refuses numbers that JSON does not allow.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let scientific = format!("{value:e}");
        return match scientific.split_once('e') {
            Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
            _ => scientific,
        };
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn text(manifest: &str) -> String {
        let source = Source::new("x", manifest).unwrap();
        let mut tree = Tree::default();
        yaml::parse(source.text(), 0, &mut tree).unwrap();
        let found = canonical(&tree, &source, tree.root().unwrap(), &[]).unwrap();
        found.filled(|_| Cow::Borrowed(""))
    }

    #[test]
    fn values_count_as_kubectl_takes_them() {
        let cases = [
            ("{b: [x, 'y'], a: yes}", r#"{"a":true,"b":["x","y"]}"#),
            ("a: 0644\nb: 1_000\nc: 08\nd: 1.0\ne: -1.50", r#"{"a":420,"b":1000,"c":8,"d":1,"e":-1.5}"#),
            (
                "a: 1e21\nb: 1e-7\nc: 1e20\nd: 1e400",
                r#"{"a":1e+21,"b":1e-7,"c":100000000000000000000,"d":"1e400"}"#,
            ),
            ("a: ~\nb:\nc: ''\nd: {}\ne: []", r#"{"a":null,"b":null,"c":"","d":{},"e":[]}"#),
            ("a: !!str 1\nb: !!binary aGk=\n010: x", r#"{"8":"x","a":"1","b":"hi"}"#),
            (
                "a: \"<\\t\\u2028\"\nb: |\n  two\n  lines\n",
                "{\"a\":\"\\u003c\\t\\u2028\",\"b\":\"two\\nlines\\n\"}",
            ),
            ("a: 1\nb: 2\na: 3", r#"{"a":3,"b":2}"#),
        ];
        for (manifest, canonical) in cases {
            assert_eq!(text(manifest), canonical, "{manifest}");
        }
    }

    #[test]
    fn aliases_and_merges_are_carried_out() {
        let manifest = "x: &x {a: 1, b: [&y z]}\nw: {<<: *x, a: 2}\nv: {a: 2, <<: *x}\nu: *y\nt: [*x, *y]";
        let x = r#"{"a":1,"b":["z"]}"#;
        let expected = format!(r#"{{"t":[{x},"z"],"u":"z","v":{x},"w":{{"a":2,"b":["z"]}},"x":{x}}}"#);
        assert_eq!(text(manifest), expected);
    }

    #[test]
    fn labels_that_follow_from_the_name_do_not_count() {
        let manifest = "metadata: {labels: {job-name: x, batch.kubernetes.io/controller-uid: y, app: z}, name: x}\nspec: {metadata: {labels: {job-name: x}}}";
        let expected = r#"{"metadata":{"labels":{"app":"z"},"name":"x"},"spec":{"metadata":{"labels":{"job-name":"x"}}}}"#;
        assert_eq!(text(manifest), expected);
    }

    #[test]
    fn what_would_never_end_is_given_up() {
        let mut manifest = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            manifest += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        let source = Source::new("x", manifest).unwrap();
        let mut tree = Tree::default();
        yaml::parse(source.text(), 0, &mut tree).unwrap();
        assert!(canonical(&tree, &source, tree.root().unwrap(), &[]).is_none());
    }

    #[test]
    fn any_depth_will_do() {
        let manifest = format!("{}x{}", "[".repeat(250), "]".repeat(250));
        assert_eq!(text(&manifest), format!("{}\"x\"{}", "[".repeat(250), "]".repeat(250)));
    }
}
