//! The walk over one object for the names of Jobs and Pods.
//!
//! Skips what the cluster writes and the values of a Secret. A text is taken as a name if the field says so (`job-name`,
//! `{kind: Job, name}`, `resourceNames`), or the words around it in a command line.

use super::position::{Frame, Spot, Walk};
use super::texts::Text;
use super::words::{self, LABELS};
use crate::kube::content;
use crate::kube::job::JobKind;
use crate::kube::object::{TargetKind, View};
use crate::rules::Format;
use crate::survey::references::is_command_line;
use crate::yaml::{Kind, NodeId};

impl<'t, 's> Walk<'_, 't, 's> {
    /// Visits the whole object.
    pub(super) fn run(mut self, view: &View<'t, 's>) {
        let (root, via) = (view.root, view.via);
        let (spot, content) = (Spot::Root, false);
        let mut open = vec![Frame { node: root, key: "", mapping: root, merged: false, spot, content, via }];
        while let Some(frame) = open.pop() {
            if frame.via.is_some() && !self.tree.step() {
                return;
            }
            if !self.may_hold(frame.node) {
                continue;
            }
            match self.tree.node(frame.node).kind {
                Kind::Mapping(_) => self.mapping(frame, &mut open),
                Kind::Sequence => self.sequence(frame, &mut open),
                Kind::Alias(target) => {
                    let via = Some(self.tree.node(frame.node).span.start);
                    open.push(Frame { node: target, via, ..frame });
                }
                Kind::Scalar(_) => {}
            }
        }
    }

    /// True when a name may be in the node's bytes, or where aliases lead.
    fn may_hold(&self, node: NodeId) -> bool {
        let span = self.tree.node(node).span;
        let first = self.hits.partition_point(|hit| hit.start < span.start);
        self.tree.has_aliases() || self.hits.get(first).is_some_and(|hit| hit.start < span.end)
    }

    fn mapping(&mut self, frame: Frame<'t>, open: &mut Vec<Frame<'t>>) {
        let tree = self.tree;
        let mapping = if frame.merged { frame.mapping } else { frame.node };
        for (key, value) in tree.entries(frame.node) {
            if tree.is_merge(key) {
                let sources = tree.merged(value).into_iter();
                open.extend(sources.map(|node| Frame { node, mapping, merged: true, ..frame }));
                continue;
            }
            let name = tree.text(key).map(|key| key.as_ref()).unwrap_or_default();
            if self.is_aside(frame, name) {
                continue;
            }
            let content = frame.content || self.is_content(frame, name);
            let spot = self.spot(frame.spot, name);
            let child = Frame { node: value, key: name, mapping, merged: false, spot, content, ..frame };
            match tree.text(value) {
                Some(_) if !self.may_hold(value) => {}
                Some(text) if frame.key == "annotations" && self.depends_on(child, name, text) => {}
                Some(text) => self.field(child, frame.key, text),
                None => open.push(child),
            }
        }
    }

    /// What the cluster writes, what other tools keep, and what must never be looked at.
    fn is_aside(&self, frame: Frame<'_>, key: &str) -> bool {
        let secret = self.owner.target == Some(TargetKind::Secret) && frame.spot == Spot::Root;
        let bookkeeping =
            || self.rules.annotation(key).is_some_and(|annotation| annotation.format == Format::Nothing);
        matches!(key, "status" | "managedFields")
            || (secret && content::FIELDS.contains(&key))
            || (frame.key == "annotations" && bookkeeping())
    }

    fn is_content(&self, frame: Frame<'_>, key: &str) -> bool {
        self.owner.target.is_some() && frame.spot == Spot::Root && content::FIELDS.contains(&key)
    }

    fn spot(&self, holder: Spot, key: &str) -> Spot {
        let kind = self.owner.job.map(|job| self.jobs.kind(job));
        match (holder, key, kind) {
            (Spot::Template, ..) => Spot::Template,
            (Spot::Root, "spec", Some(JobKind::Pod)) => Spot::Template,
            (Spot::Root, "spec", Some(JobKind::Job)) => Spot::Spec,
            (Spot::Spec, "template", _) => Spot::Template,
            _ => Spot::Elsewhere,
        }
    }

    /// A field with text in it, of a mapping that is under `holder`.
    fn field(&mut self, frame: Frame<'t>, holder: &str, text: &'t str) {
        let tree = self.tree;
        let variable = frame.key == "value" && holder == "env";
        let whole = match frame.key {
            "name" => self.typed(frame.mapping),
            "value" if variable => tree.text_of(frame.mapping, "name").and_then(words::variable),
            key if LABELS.contains(&key) => Some(JobKind::Job),
            key if frame.content => words::variable(key),
            _ => None,
        };
        let whole = whole.map_or(&[][..], kinds);
        let beside = tree.text_of(frame.mapping, "namespace").filter(|text| !text.is_empty());
        let namespace = beside.filter(|_| frame.key == "name");
        self.text(frame, Text { node: frame.node, text, whole, shared: false, namespace, command: variable });
    }

    /// The kind in `{kind: Job, name: web}`, when its group is absent or the right one.
    fn typed(&self, mapping: NodeId) -> Option<JobKind> {
        let text = |field| self.tree.text_of(mapping, field);
        let kind = text("kind")?;
        let group = text("group").or(text("apiGroup")).or_else(|| {
            text("apiVersion").map(|version| version.split_once('/').map_or("", |(group, _)| group))
        });
        let own = if kind == "Job" { "batch" } else { "" };
        JobKind::of(group.unwrap_or(own), kind)
    }

    fn sequence(&mut self, frame: Frame<'t>, open: &mut Vec<Frame<'t>>) {
        let tree = self.tree;
        let command = is_command_line(frame.key);
        let (whole, shared) = match frame.key {
            "resourceNames" => self.granted(frame.mapping),
            "values" if tree.text_of(frame.mapping, "key").is_some_and(|key| LABELS.contains(&key)) => {
                (kinds(JobKind::Job), false)
            }
            _ => (&[][..], false),
        };
        let mut before = None;
        for node in tree.items(frame.node) {
            let child = Frame { node, ..frame };
            let Some(text) = tree.text(node) else {
                open.push(child);
                continue;
            };
            let expected = before.filter(|_| command);
            if !text.starts_with('-') {
                before = words::resource(text);
            }
            if self.may_hold(node) {
                let whole = expected.map_or(whole, kinds);
                self.text(child, Text { node, text, whole, shared, namespace: None, command });
            }
        }
    }

    /// The kinds that a rule's resource names stand for, and whether they may stand for others as well.
    fn granted(&self, rule: NodeId) -> (&'static [JobKind], bool) {
        let list = |field| {
            let node = self.tree.get(rule, field).map(|node| self.tree.deref(node));
            let items = node.into_iter().flat_map(|node| self.tree.items(node));
            items.filter_map(|item| self.tree.text(item)).map(|text| text.as_ref()).collect::<Vec<&str>>()
        };
        let (groups, resources) = (list("apiGroups"), list("resources"));
        let is = |found: &str, resource: &str| found.split('/').next() == Some(resource);
        let grants = |group: &str, resource: &str| {
            groups.iter().any(|found| *found == group || *found == "*")
                && resources.iter().any(|found| *found == "*" || is(found, resource))
        };
        let shared = resources.iter().any(|found| !is(found, "jobs") && !is(found, "pods"));
        let whole = match (grants("batch", "jobs"), grants("", "pods")) {
            (true, true) => &[JobKind::Job, JobKind::Pod][..],
            (true, false) => kinds(JobKind::Job),
            (false, true) => kinds(JobKind::Pod),
            (false, false) => &[],
        };
        (whole, shared)
    }
}

fn kinds(kind: JobKind) -> &'static [JobKind] {
    match kind {
        JobKind::Job => &[JobKind::Job],
        JobKind::Pod => &[JobKind::Pod],
    }
}
