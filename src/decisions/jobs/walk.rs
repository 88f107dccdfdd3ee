//! Walks over one object to find the names of Jobs and Pods.
//!
//! Skips the values of a Secret and fields that the cluster writes. A text counts as a name if the field requires one
//! (`job-name`, `{kind: Job, name}`, `resourceNames`), or if the words around it in a command line do.

use super::position::{Below, Frame, Spot, Walk};
use super::texts::Text;
use super::words::{self, LABELS, Named};
use crate::kube::content;
use crate::kube::job::JobKind;
use crate::kube::object::{TargetKind, View};
use crate::rules::Format;
use crate::rules::shapes::is_command_line;
use crate::yaml::Field;
use crate::yaml::NodeId;
use crate::yaml::walk::{self, Step, Visitor};

impl<'t, 's> Walk<'_, 't, 's> {
    /// Visits the whole object.
    pub(super) fn run(mut self, view: &View<'t, 's>) {
        let below = Below { spot: Spot::Root, content: false };
        walk::walk(self.tree, Step::start(view.root, view.via, below), &mut self);
    }

    /// Returns the key of a node; an empty string at the root.
    pub(super) fn key(&self, frame: Frame) -> &'t str {
        frame.key.and_then(|key| self.tree.text(key)).unwrap_or_default()
    }

    /// True if the bytes of the node contain one of the names, or the document contains aliases.
    fn may_hold(&self, node: NodeId) -> bool {
        let span = self.tree.node(node).span;
        let first = self.hits.partition_point(|hit| hit.start < span.start);
        self.tree.has_aliases() || self.hits.get(first).is_some_and(|hit| hit.start < span.end)
    }

    /// True for a field that the walk skips: written by the cluster, kept by other tools, or the values of a Secret.
    fn is_aside(&self, frame: Frame, key: &str) -> bool {
        let secret = self.owner.target == Some(TargetKind::Secret) && frame.below.spot == Spot::Root;
        let bookkeeping =
            || self.rules.annotation(key).is_some_and(|annotation| annotation.format == Format::Nothing);
        matches!(key, "status" | "managedFields")
            || (secret && content::FIELDS.contains(&key))
            || (self.key(frame) == "annotations" && bookkeeping())
    }

    fn is_content(&self, frame: Frame, key: &str) -> bool {
        self.owner.target.is_some() && frame.below.spot == Spot::Root && content::FIELDS.contains(&key)
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

    /// Searches the text of a field. `holder` is the key of the mapping that contains the field.
    fn field_text(&mut self, frame: Frame, holder: &str, text: &'t str) {
        let tree = self.tree;
        let variable = self.key(frame) == "value" && holder == "env";
        let said = match self.key(frame) {
            "name" => self.typed(frame.mapping).map_or(Named::Nothing, Named::Surely),
            "value" if variable => {
                tree.text_of(frame.mapping, "name").map_or(Named::Nothing, words::variable)
            }
            key if LABELS.contains(&key) => Named::Surely(JobKind::Job),
            key if frame.below.content => words::variable(key),
            _ => Named::Nothing,
        };
        let (whole, unsure) = match said {
            Named::Nothing | Named::Other => (&[][..], false),
            Named::Surely(kind) => (kinds(kind), false),
            Named::Perhaps(kind) => (kinds(kind), !self.speaks_of_kubernetes()),
        };
        let command = variable && said != Named::Other;
        let beside = tree.text_of(frame.mapping, "namespace").filter(|text| !text.is_empty());
        let namespace = beside.filter(|_| self.key(frame) == "name");
        let text = Text { node: frame.node, text, whole, shared: false, unsure, namespace, command };
        self.text(frame, text);
    }

    fn speaks_of_kubernetes(&self) -> bool {
        *self.speaks.get_or_init(|| words::speaks_of_kubernetes(self.source.slice(self.root)))
    }

    /// Returns the kind in `{kind: Job, name: web}`, if the group is absent or matches the kind.
    fn typed(&self, mapping: NodeId) -> Option<JobKind> {
        let text = |field| self.tree.text_of(mapping, field);
        let kind = text("kind")?;
        let group = text("group").or(text("apiGroup")).or_else(|| {
            text("apiVersion").map(|version| version.split_once('/').map_or("", |(group, _)| group))
        });
        let own = if kind == "Job" { "batch" } else { "" };
        JobKind::of(group.unwrap_or(own), kind)
    }

    /// Returns the kinds that the `resourceNames` of an RBAC rule refer to, and whether the rule includes other
    /// resources too.
    fn granted(&self, rule: NodeId) -> (&'static [JobKind], bool) {
        let list = |field| {
            let node = self.tree.get(rule, field).map(|node| self.tree.deref(node));
            let items = node.into_iter().flat_map(|node| self.tree.items(node));
            items.filter_map(|item| self.tree.text(item)).collect::<Vec<&str>>()
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

impl<'s> Visitor<'s, Below> for Walk<'_, '_, 's> {
    fn enters(&self, node: NodeId) -> bool {
        self.may_hold(node)
    }

    fn field(&mut self, holder: &Frame, field: &Field<'_, 's>) -> Option<Below> {
        let (holder, name) = (*holder, self.tree.text(field.key).unwrap_or_default());
        if self.is_aside(holder, name) {
            return None;
        }
        let content = holder.below.content || self.is_content(holder, name);
        let below = Below { spot: self.spot(holder.below.spot, name), content };
        let child = holder.to(field, below);
        match self.tree.text(field.node) {
            Some(_) if !self.may_hold(field.node) => {}
            Some(text) if self.key(holder) == "annotations" && self.depends_on(child, name, text) => {}
            Some(text) => self.field_text(child, self.key(holder), text),
            None => return Some(below),
        }
        None
    }

    fn list(&mut self, frame: Frame, open: &mut Vec<Frame>) {
        let tree = self.tree;
        let command = is_command_line(self.key(frame));
        let (whole, shared) = match self.key(frame) {
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
                let unsure = false;
                self.text(child, Text { node, text, whole, shared, unsure, namespace: None, command });
            }
        }
    }
}

fn kinds(kind: JobKind) -> &'static [JobKind] {
    match kind {
        JobKind::Job => &[JobKind::Job],
        JobKind::Pod => &[JobKind::Pod],
    }
}
