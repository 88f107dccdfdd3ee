//! The walk over one object: along the paths for its kind, and by the shape of the fields everywhere else.
//!
//! Iterative, so that deep nesting cannot exhaust the stack. Each alias uses some of the tree's budget.

use super::arguments::is_command_line;
use super::record::{Below, Found, Frame, Walk};
use super::reference::{InNamespace, ReferenceIndex};
use super::selectors::{self, Siblings};
use super::times::Time;
use super::{parts, policies};
use crate::kube::content::{self, key_hash};
use crate::rules::shapes::{self, Strength};
use crate::rules::{Kinds, Leaf, Names};
use crate::yaml::walk::{self, Step, Visitor};
use crate::yaml::{Kind, NodeId, Tree};

impl<'t, 's> Walk<'_, 't, 's> {
    /// Walks along the paths, and by shape where no path leads. Shapes do not apply to the fields of ConfigMaps and
    /// Secrets.
    pub(super) fn run(self) {
        let shapes = self.subject.target.is_none();
        self.walk(shapes);
    }

    /// Walks along the paths only.
    pub(super) fn along_paths(self) {
        self.walk(false);
    }

    fn walk(mut self, shapes: bool) {
        let view = self.subject.view;
        let below = Below { path: self.paths.start(), shapes, time: Time::start(self.times) };
        walk::walk(view.tree, Step::start(view.root, view.via, below), &mut self);
    }

    /// True for hashed content. A name in it cannot be rewritten, because the new text would change the object's own
    /// name.
    fn is_hashed(&self, mapping: NodeId, field: &str) -> bool {
        let own = mapping == self.subject.view.root && self.subject.target.is_some();
        own && content::FIELDS.contains(&field)
    }

    /// Visits a field with a scalar value. `holder` is the frame of its mapping.
    fn scalar(&mut self, frame: Frame, holder: Frame, name: &str) {
        if self.by_rule(frame) || !frame.below.shapes || self.is_known_annotation(holder, name) {
            return;
        }
        let known = self.found.references.len();
        self.by_shape(frame, holder, name);
        if self.found.references.len() == known {
            let key = if name == "name" { self.holder_text(holder) } else { name };
            self.claim_released(frame, key);
        }
    }

    /// True for a known annotation in chart values, which the walk over annotations has read.
    fn is_known_annotation(&self, holder: Frame, name: &str) -> bool {
        shapes::are_annotations(self.holder_text(holder)) && self.rules.annotation(name).is_some()
    }

    fn by_shape(&mut self, frame: Frame, holder: Frame, name: &str) {
        if name == "name" {
            self.named(frame, holder);
        } else if name == "value" && self.holder_text(holder) == "env" {
            self.variable(frame, frame.mapping, frame.node);
        } else if let Some((kinds, strength)) = self.text_shape(name, self.holder_text(holder)) {
            let beside = selectors::sibling_namespace(self.tree, name, frame.mapping);
            let namespace = beside.map_or(self.home(), InNamespace::Given);
            let found = self.with_key(frame.mapping, Found::new(kinds, namespace, strength));
            self.record(frame, found);
        }
    }

    /// In the common library of charts, `envFrom: [{secret: NAME}]` names a Secret; elsewhere `secret` contains the
    /// secret itself.
    fn text_shape(&self, name: &str, holder: &str) -> Option<(Kinds, Strength)> {
        let in_values = self.release.is_some() && holder == "envFrom" && name == "secret";
        if in_values { Some((Kinds::SECRET, Strength::Strong)) } else { shapes::text(name) }
    }

    /// Records `{name: ...}` under a key that refers to a kind, next to a `kind`, or next to a `key`.
    fn named(&mut self, frame: Frame, holder: Frame) {
        let held = shapes::holder(self.holder_text(holder));
        let siblings = Siblings::of(self.tree, frame.mapping);
        let in_values = siblings.typed_in_values().filter(|_| self.release.is_some());
        let named = in_values.map(|kinds| (kinds, false)).or_else(|| siblings.names(held));
        let Some((kinds, by_key)) = named else { return };
        let beside = self.tree.get(frame.mapping, "namespace").and_then(|node| self.tree.name(node));
        let namespace = beside.filter(|text| !text.is_empty()).map_or(self.home(), InNamespace::Given);
        let found = Found { by_key, ..Found::new(kinds, namespace, Strength::Strong) };
        let found = self.with_key(frame.mapping, found);
        self.record(frame, found);
    }

    /// Records the reference in a field to which a rule applies. True if there is such a rule, even if nothing is
    /// recorded.
    fn by_rule(&mut self, frame: Frame) -> bool {
        let paths = self.paths;
        let leaves = frame.below.path.map_or(&[][..], |path| paths.leaves(path));
        let holds = |leaf: &&Leaf| {
            leaf.when
                .as_ref()
                .is_none_or(|(field, value)| self.tree.text_of(frame.mapping, field) == Some(value))
        };
        let Some(leaf) = leaves.iter().find(holds) else { return !leaves.is_empty() };
        let kinds = selectors::kinds(self.tree, leaf.names, frame.mapping);
        if kinds == Kinds::NONE {
            if leaf.names == Names::Nothing {
                self.found.details.aside.set_aside.push(self.tree.node(frame.node).span);
            }
            return true;
        }
        let namespace = match selectors::given_namespace(self.tree, &leaf.namespace, frame.mapping) {
            Some(namespace) => InNamespace::Given(namespace),
            None if leaf.namespace.any => InNamespace::Any,
            None => self.home(),
        };
        let grants = leaf.names == Names::RuleResources;
        let strength = if grants { Strength::Grant } else { Strength::Strong };
        let found = Found::new(kinds, namespace, strength);
        if grants && selectors::lets_change(self.tree, frame.mapping) {
            self.claim_granted(frame.node, found.clone());
        }
        match leaf.names {
            Names::Written(_) => self.claim(frame.node, found, "another object in the input writes it"),
            names => {
                let next = self.found.references.next_index();
                let found = self.with_key(frame.mapping, found);
                if leaf.namespace.dotted {
                    self.record_dotted(frame, found);
                } else {
                    self.record(frame, found);
                }
                if names == Names::PolicyParam && self.found.references.get(next).is_some() {
                    self.bind(next);
                }
            }
        }
        true
    }

    /// A program may change this object in place. In a rule, `*` is no pattern.
    fn claim_granted(&mut self, node: NodeId, found: Found<'s>) {
        if self.tree.text(node).is_some_and(|name| !name.contains('*')) {
            self.claim(node, found, "an RBAC rule lets a program change or delete it");
        }
    }

    /// Records that the text of a node is `name` or `name.namespace`.
    fn record_dotted(&mut self, frame: Frame, found: Found<'s>) {
        let text = self.tree.text_to_keep(frame.node);
        let Some((text, at)) = text.and_then(|text| text.rfind('.').map(|at| (text, at))) else {
            return self.record(frame, found);
        };
        let namespace = InNamespace::Given(text[at + 1..].to_owned().into());
        self.record_part(frame.node, &text, 0..at, frame.via, Found { namespace, ..found });
    }

    fn bind(&mut self, reference: ReferenceIndex) {
        let policy = policies::bound(self.subject.view, self.subject.api.1);
        self.found.bindings.extend(policy.map(|policy| policies::Binding { reference, policy }));
    }

    fn with_key(&self, mapping: NodeId, found: Found<'s>) -> Found<'s> {
        let key = self.tree.text_of(mapping, "key").filter(|key| !key.is_empty()).map(key_hash);
        Found { key, optional: self.tree.text_of(mapping, "optional") == Some("true"), ..found }
    }

    /// Records that the text of a node is a name, or `namespace/name`.
    fn record(&mut self, frame: Frame, found: Found<'s>) {
        let Some(name) = self.tree.name(frame.node).filter(|name| !name.is_empty()) else { return };
        let name = self.released(name);
        if let (Some(reason), InNamespace::Own) = (self.written, &found.namespace) {
            return self.claim(frame.node, found, reason);
        }
        if name.contains('/') {
            let part = parts::name(&name, 0..name.len());
            if let Some(part) = part {
                let namespace = parts::in_namespace(part.namespace, found.namespace.clone());
                self.record_part(frame.node, &name, part.range, frame.via, Found { namespace, ..found });
            }
            return;
        }
        let site = self.tree.site(frame.node, frame.via);
        self.push(site, name, found);
    }

    /// Records parts that the search for mentions always skips, so that it need not read the document again: labels,
    /// selectors, images, the names of other objects. Aliased nodes are not recorded, because they may have other uses.
    fn note_unsearched(&mut self, holder: Frame, field: Frame, name: &str) {
        // Every object has an `apiVersion` and a `kind`, and they are not names.
        let remote = name == "key" && shapes::is_remote_key(self.holder_text(holder), name);
        let other = shapes::is_other(name) && !matches!(name, "apiVersion" | "kind") && !remote;
        let aside = other || (shapes::is_aside(name) && name != "annotations");
        let other_name = |holder: &str| holder == "metadata" || shapes::is_pod_local(holder);
        if (aside || (name == "name" && other_name(self.holder_text(holder))))
            && field.via.is_none()
            && !holder.merged
        {
            self.found.unsearched.push(self.tree.node(field.node).span);
        }
    }

    /// Returns the text of the key of a node; empty at the root.
    fn key_text(&self, frame: Frame) -> &'t str {
        frame.key.and_then(|key| self.tree.text(key)).unwrap_or_default()
    }

    /// Returns the text of the key of the mapping that contains a field. It is cached for all fields of the mapping.
    fn holder_text(&self, holder: Frame) -> &'t str {
        let (key, text) = self.holder.get();
        if key == holder.key {
            return text;
        }
        let text = self.key_text(holder);
        self.holder.set((holder.key, text));
        text
    }
}

impl<'t, 's> Visitor<Below> for Walk<'_, 't, 's> {
    fn field(&mut self, holder: Frame, field: Frame) -> Option<Below> {
        let tree = self.tree;
        let name = self.key_text(field);
        let path = holder.below.path.and_then(|path| self.paths.key(path, name));
        if path.is_some_and(|path| self.paths.stops(path)) || self.is_hashed(field.mapping, name) {
            return None;
        }
        let time = holder.below.time.field(self.times, name);
        let field = Frame { below: Below { path, time, ..holder.below }, ..field };
        self.is_at(field);
        self.note_unsearched(holder, field, name);
        if is_scalar(tree, field.node) {
            self.scalar(field, holder, name);
            return None;
        }
        let shapes = holder.below.shapes;
        if shapes && name.ends_with("elector") {
            self.selector(field, self.holder_text(holder), name);
        }
        if (self.holder_text(holder) == "metadata" && name == "annotations")
            || (shapes && shapes::are_annotations(name))
        {
            self.annotations(field);
        }
        let below = shapes && name != "metadata" && !shapes::is_aside(name);
        // Metadata is visited only for its annotations, and the metadata of a template may be at any depth.
        let goes = below || path.is_some() || (name == "metadata" && (shapes || holder.key.is_none()));
        goes.then_some(Below { shapes: below, ..field.below })
    }

    fn list(&mut self, frame: Frame, open: &mut Vec<Frame>) {
        let tree = self.tree;
        let path = frame.below.path.map(|path| self.paths.item(path));
        self.is_at(frame);
        if frame.below.shapes && is_command_line(self.key_text(frame)) {
            self.command_line(frame);
        }
        if frame.below.shapes && self.key_text(frame) == "env" {
            self.sidecar(frame);
        }
        for item in tree.items(frame.node) {
            let child = Frame { node: item, below: Below { path, ..frame.below }, ..frame };
            if !is_scalar(tree, item) {
                open.push(child);
            } else if !self.by_rule(child)
                && frame.below.shapes
                && let Some((kinds, strength)) = shapes::list(self.key_text(frame))
            {
                let found = Found::new(kinds, self.home(), strength);
                let mounted = strength == Strength::Weak && shapes::are_mounted(self.key_text(frame));
                self.record(child, Found { mounted, ..found });
            } else if frame.below.shapes {
                self.claim_released(child, self.key_text(frame));
            }
        }
    }
}

fn is_scalar(tree: &Tree<'_>, node: NodeId) -> bool {
    matches!(tree.node(tree.deref(node)).kind, Kind::Scalar(_))
}
