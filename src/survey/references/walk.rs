//! The walk over one object: along the paths of its kind, and by the shape of the fields everywhere else.
//!
//! Iterative, so that deep nesting cannot exhaust the stack. Each alias takes from the budget of the tree.

use super::arguments::is_command_line;
use super::record::{Found, Frame, Walk};
use super::reference::{InNamespace, ReferenceIndex};
use super::selectors::{self, Siblings};
use super::times::Time;
use super::{parts, policies};
use crate::kube::content::{self, key_hash};
use crate::rules::shapes::{self, Strength};
use crate::rules::{Kinds, Leaf, Names};
use crate::yaml::{Kind, NodeId, Tree};

impl<'t, 's> Walk<'_, 't, 's> {
    /// Walks along the paths, and by shape where no path leads. A ConfigMap's or Secret's own fields name nothing.
    pub(super) fn run(self) {
        let shapes = self.subject.target.is_none();
        self.walk(shapes);
    }

    /// Walks along the paths only.
    pub(super) fn along_paths(self) {
        self.walk(false);
    }

    fn walk(mut self, shapes: bool) {
        let root = self.subject.view.root;
        let via = self.subject.view.via;
        let state = self.paths.start();
        let time = Time::start(self.times);
        let mut open =
            vec![Frame { node: root, state, mapping: root, key: None, merged: false, shapes, time, via }];
        while let Some(frame) = open.pop() {
            match self.tree.node(frame.node).kind {
                Kind::Mapping(_) => self.mapping(frame, &mut open),
                Kind::Sequence => self.sequence(frame, &mut open),
                Kind::Alias(target) if self.tree.step() => {
                    open.push(Frame {
                        node: target,
                        via: Some(self.tree.node(frame.node).span.start),
                        ..frame
                    });
                }
                Kind::Alias(_) | Kind::Scalar(_) => {}
            }
        }
    }

    fn mapping(&mut self, frame: Frame, open: &mut Vec<Frame>) {
        let tree = self.tree;
        let mapping = if frame.merged { frame.mapping } else { frame.node };
        let in_metadata = self.key_text(frame) == "metadata";
        for (key, value) in tree.entries(frame.node) {
            if tree.is_merge(key) {
                let sources = tree.merged(value).into_iter().take_while(|_| tree.step());
                open.extend(sources.map(|node| Frame { node, mapping, merged: true, ..frame }));
                continue;
            }
            let name = tree.text(key).map(|key| key.as_ref()).unwrap_or_default();
            let state = frame.state.and_then(|state| self.paths.key(state, name));
            if state.is_some_and(|state| self.paths.stops(state)) || self.is_hashed(mapping, name) {
                continue;
            }
            let time = frame.time.field(self.times, name);
            let child = Frame { node: value, state, mapping, key: Some(key), merged: false, time, ..frame };
            self.is_at(child);
            if is_scalar(tree, value) {
                self.scalar(child, frame, name);
                continue;
            }
            if (in_metadata && name == "annotations") || (frame.shapes && shapes::are_annotations(name)) {
                self.annotations(Frame { node: tree.deref(value), ..child });
            }
            let shapes = frame.shapes && name != "metadata" && !shapes::is_aside(name);
            // Metadata is looked into for its annotations only, and a template's may be at any depth.
            if shapes || state.is_some() || (name == "metadata" && (frame.shapes || frame.key.is_none())) {
                open.push(Frame { shapes, ..child });
            }
        }
    }

    /// A name within what is hashed cannot be rewritten: the new text would make another name.
    fn is_hashed(&self, mapping: NodeId, field: &str) -> bool {
        let own = mapping == self.subject.view.root && self.subject.target.is_some();
        own && content::FIELDS.contains(&field)
    }

    fn sequence(&mut self, frame: Frame, open: &mut Vec<Frame>) {
        let tree = self.tree;
        let state = frame.state.map(|state| self.paths.item(state));
        self.is_at(frame);
        if frame.shapes && is_command_line(self.key_text(frame)) {
            self.command_line(frame);
        }
        if frame.shapes && self.key_text(frame) == "env" {
            self.sidecar(frame);
        }
        for item in tree.items(frame.node) {
            let child = Frame { node: item, state, ..frame };
            if !is_scalar(tree, item) {
                open.push(child);
            } else if !self.by_rule(child)
                && frame.shapes
                && let Some((kinds, strength)) = shapes::list(self.key_text(frame))
            {
                let namespace = self.home();
                self.record(child, Found::new(kinds, namespace, strength));
            } else if frame.shapes {
                self.claim_released(child, self.key_text(frame));
            }
        }
    }

    /// A field with text in it. `holder` is the mapping's own frame.
    fn scalar(&mut self, frame: Frame, holder: Frame, name: &str) {
        if self.by_rule(frame) || !frame.shapes || self.is_known_annotation(holder, name) {
            return;
        }
        let known = self.found.references.len();
        self.by_shape(frame, holder, name);
        if self.found.references.len() == known {
            let key = if name == "name" { self.key_text(holder) } else { name };
            self.claim_released(frame, key);
        }
    }

    /// True for an annotation of the table in values: a walk over the annotations has read it.
    fn is_known_annotation(&self, holder: Frame, name: &str) -> bool {
        shapes::are_annotations(self.key_text(holder)) && self.rules.annotation(name).is_some()
    }

    fn by_shape(&mut self, frame: Frame, holder: Frame, name: &str) {
        if name == "name" {
            self.named(frame, holder);
        } else if name == "value" && self.key_text(holder) == "env" {
            self.variable(frame, frame.mapping, frame.node);
        } else if let Some((kinds, strength)) = self.text_shape(name, self.key_text(holder)) {
            let beside = selectors::sibling_namespace(self.tree, name, frame.mapping);
            let namespace = beside.map_or(self.home(), InNamespace::Given);
            let found = self.with_key(frame.mapping, Found::new(kinds, namespace, strength));
            self.record(frame, found);
        }
    }

    /// The common library of charts has `envFrom: [{secret: NAME}]`, where elsewhere `secret` holds a secret itself.
    fn text_shape(&self, name: &str, holder: &str) -> Option<(Kinds, Strength)> {
        let in_values = self.release.is_some() && holder == "envFrom" && name == "secret";
        if in_values { Some((Kinds::SECRET, Strength::Strong)) } else { shapes::text(name) }
    }

    /// `{name: ...}` under a key that says what it holds, next to a kind, or next to a key.
    fn named(&mut self, frame: Frame, holder: Frame) {
        let held = shapes::holder(self.key_text(holder));
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

    /// True when a rule refers to this field, whatever it says.
    fn by_rule(&mut self, frame: Frame) -> bool {
        let paths = self.paths;
        let leaves = frame.state.map_or(&[][..], |state| paths.leaves(state));
        let holds = |leaf: &&Leaf| {
            leaf.when
                .as_ref()
                .is_none_or(|(field, value)| self.tree.text_of(frame.mapping, field) == Some(value))
        };
        let Some(leaf) = leaves.iter().find(holds) else { return !leaves.is_empty() };
        let kinds = selectors::kinds(self.tree, leaf.names, frame.mapping);
        if kinds == Kinds::NONE {
            if leaf.names == Names::Nothing {
                self.found.set_aside.push(self.tree.node(frame.node).span);
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
        match leaf.names {
            Names::Written(_) => self.claim(frame.node, found, "another object in the input writes it"),
            names => {
                let next = self.found.references.next_index();
                let found = self.with_key(frame.mapping, found);
                self.record(frame, found);
                if names == Names::PolicyParam && self.found.references.get(next).is_some() {
                    self.bind(next);
                }
            }
        }
        true
    }

    fn bind(&mut self, reference: ReferenceIndex) {
        let policy = policies::bound(self.subject.view, self.subject.api.1);
        self.found.bindings.extend(policy.map(|policy| policies::Binding { reference, policy }));
    }

    fn with_key(&self, mapping: NodeId, found: Found<'s>) -> Found<'s> {
        let key = self.tree.text_of(mapping, "key").filter(|key| !key.is_empty()).map(key_hash);
        Found { key, optional: self.tree.text_of(mapping, "optional") == Some("true"), ..found }
    }

    /// Notes that the text of a node is a name, or `namespace/name`.
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

    fn key_text(&self, frame: Frame) -> &'t str {
        frame.key.and_then(|key| self.tree.text(key)).map(|key| key.as_ref()).unwrap_or_default()
    }
}

fn is_scalar(tree: &Tree<'_>, node: NodeId) -> bool {
    matches!(tree.node(tree.deref(node)).kind, Kind::Scalar(_))
}
