//! The walk over one object: along the paths for its kind, and by the shape of the fields everywhere else.
//!
//! Iterative, so that deep nesting cannot exhaust the stack. Each alias uses some of the tree's budget.

use super::record::{Below, Found, Frame, Walk};
use super::reference::{InNamespace, ReferenceIndex};
use super::selectors::{self, Siblings};
use super::times::Time;
use super::{parts, policies};
use crate::kube::content::key_hash;
use crate::rules::shapes::Strength;
use crate::rules::{Key, Kinds, Leaf, Names, Sign, Signs, StateId};
use crate::yaml::walk::{self, Step, Visitor};
use crate::yaml::{Field, NodeId};
use std::mem::take;

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
        let (path, time, key) = (self.paths.start(), Time::start(self.times), Key::ROOT);
        let below = Below { path, shapes, time, key };
        let mut open = take(&mut self.memory.open);
        walk::walk_with(view.tree, Step::start(view.root, view.via, below), &mut self, &mut open);
        open.clear();
        self.memory.open = open;
    }

    /// True for hashed content. A name in it cannot be rewritten, because the new text would change the object's own
    /// name.
    fn is_hashed(&self, mapping: NodeId, key: Key) -> bool {
        key.is(Sign::Content) && mapping == self.subject.view.root && self.subject.target.is_some()
    }

    /// Visits a field with a scalar value. `holder` is the frame of its mapping.
    fn scalar(&mut self, frame: &Frame, holder: &Frame) {
        let by_rule = frame.below.path.is_some() && self.by_rule(frame);
        if by_rule || !frame.below.shapes || self.is_known_annotation(frame, holder.below.key) {
            return;
        }
        let known = self.found.references.len();
        self.by_shape(frame, holder);
        if self.release.is_some() && self.found.references.len() == known {
            let named = if frame.below.key.is(Sign::Name) { holder } else { frame };
            self.claim_released(*frame, self.key_text(named));
        }
    }

    /// True for a known annotation in chart values, which the walk over annotations has read.
    fn is_known_annotation(&self, frame: &Frame, holder: Key) -> bool {
        holder.is(Sign::AnyAnnotations) && self.rules.annotation(self.key_text(frame)).is_some()
    }

    fn by_shape(&mut self, frame: &Frame, holder: &Frame) {
        let (key, above) = (frame.below.key, holder.below.key);
        if key.is(Sign::Name) {
            self.named(frame, above);
        } else if key.is(Sign::Value) && above.is(Sign::Env) {
            self.variable(*frame, frame.mapping, frame.node);
        } else if let Some((kinds, strength)) = key.text().or_else(|| self.secret_in_values(frame, holder)) {
            let name = self.key_text(frame);
            let beside = selectors::sibling_namespace(self.tree, name, frame.mapping);
            let namespace = beside.map_or(self.home(), InNamespace::Given);
            let found = self.with_key(frame.mapping, Found::new(kinds, namespace, strength));
            self.record(frame, found);
        }
    }

    /// In the common library of charts, `envFrom: [{secret: NAME}]` names a Secret; elsewhere `secret` contains the
    /// secret itself.
    fn secret_in_values(&self, frame: &Frame, holder: &Frame) -> Option<(Kinds, Strength)> {
        let in_values =
            self.release.is_some() && self.key_text(frame) == "secret" && self.key_text(holder) == "envFrom";
        in_values.then_some((Kinds::SECRET, Strength::Strong))
    }

    /// Records `{name: ...}` under a key that refers to a kind, next to a `kind`, or next to a `key`.
    fn named(&mut self, frame: &Frame, holder: Key) {
        let held = holder.held();
        if held == Kinds::NONE && !selectors::may_tell(self.tree, frame.mapping) {
            return;
        }
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
    fn by_rule(&mut self, frame: &Frame) -> bool {
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
    fn record_dotted(&mut self, frame: &Frame, found: Found<'s>) {
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
    fn record(&mut self, frame: &Frame, found: Found<'s>) {
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
    #[inline]
    fn note_unsearched(&mut self, holder: &Frame, field: &Field<'_, '_>, key: Key) {
        let above = holder.below.key;
        let skipped = if key.is(Sign::Unsearched) {
            !(key.is(Sign::DataKey) && above.is(Sign::Remote))
        } else {
            key.is(Sign::Name) && above.is_any(LOCAL)
        };
        if skipped && holder.via.is_none() && !holder.merged {
            self.found.unsearched.push(field.span());
        }
    }

    /// Returns the text of the key of a node; empty at the root.
    fn key_text(&self, frame: &Frame) -> &'t str {
        frame.key.and_then(|key| self.tree.text(key)).unwrap_or_default()
    }

    /// Returns what is known about the key of a field.
    #[inline]
    fn key(&mut self, field: &Field<'_, 's>) -> Key {
        match field.bytes_in_source() {
            Some(text) => self.memory.keys.get(text),
            None => Key::of(field.text()),
        }
    }

    /// Visits a field that may name an object, or that needs more than its key and path.
    #[inline(never)]
    fn of_interest(
        &mut self,
        holder: &Frame,
        field: &Field<'_, 's>,
        (path, key): (Option<StateId>, Key),
    ) -> Option<Below> {
        if self.is_hashed(holder.scope(), key) {
            return None;
        }
        let time =
            if self.plain { Time::default() } else { holder.below.time.field(self.times, field.text()) };
        let frame = holder.to(field, Below { path, time, key, ..holder.below });
        self.is_at(&frame);
        self.note_unsearched(holder, field, key);
        if field.is_scalar() {
            self.scalar(&frame, holder);
            return None;
        }
        self.collection(&frame, holder)
    }

    /// Visits a field with a mapping or a list. Returns how the walk continues in it.
    fn collection(&mut self, field: &Frame, holder: &Frame) -> Option<Below> {
        let Below { key, shapes, path, .. } = field.below;
        if shapes && key.is(Sign::Selector) {
            self.selector(*field, self.key_text(holder), self.key_text(field));
        }
        let of_object = key.is(Sign::Annotations) && holder.below.key.is(Sign::Metadata);
        if of_object || (shapes && key.is(Sign::AnyAnnotations)) {
            self.annotations(*field);
        }
        let metadata = key.is(Sign::Metadata);
        let below = shapes && !metadata && !key.is(Sign::Aside);
        // Metadata is visited only for its annotations, and the metadata of a template may be at any depth.
        let goes = below || path.is_some() || (metadata && (shapes || holder.key.is_none()));
        goes.then_some(Below { shapes: below, ..field.below })
    }
}

/// What a key says about a field that names an object by its shape, or contains one.
const BY_SHAPE: Signs = Signs::of([
    Sign::Name,
    Sign::Value,
    Sign::Names,
    Sign::Selector,
    Sign::Metadata,
    Sign::Annotations,
    Sign::AnyAnnotations,
    Sign::Content,
]);

/// The same where no shapes apply.
const BY_PATH: Signs = Signs::of([Sign::Metadata, Sign::Annotations, Sign::Content]);

/// Keys above names that are not those of other objects.
const LOCAL: Signs = Signs::of([Sign::Metadata, Sign::PodLocal]);

impl<'s> Visitor<'s, Below> for Walk<'_, '_, 's> {
    /// Most fields neither name an object nor contain one that does. This function settles them with a few tests.
    #[inline]
    fn field(&mut self, holder: &Frame, field: &Field<'_, 's>) -> Option<Below> {
        let (key, above) = (self.key(field), holder.below);
        let path = above.path.and_then(|path| self.paths.key(path, key, || field.bytes()));
        if path.is_some_and(|path| self.paths.stops(path)) {
            return None;
        }
        let (shapes, scalar) = (above.shapes, field.is_scalar());
        let signs = if shapes { BY_SHAPE } else { BY_PATH };
        let named = (scalar && path.is_some()) || key.is_any(signs) || above.key.is(Sign::AnyAnnotations);
        if named || !self.plain {
            return self.of_interest(holder, field, (path, key));
        }
        self.note_unsearched(holder, field, key);
        let shapes = shapes && !key.is(Sign::Aside);
        (!scalar && (shapes || path.is_some())).then_some(Below { path, key, shapes, ..above })
    }

    fn list(&mut self, frame: Frame, open: &mut Vec<Frame>) {
        let tree = self.tree;
        let Below { key, shapes, .. } = frame.below;
        let path = frame.below.path.map(|path| self.paths.item(path));
        self.is_at(&frame);
        if shapes && key.is(Sign::CommandLine) {
            self.command_line(frame);
        }
        if shapes && key.is(Sign::Env) {
            self.sidecar(frame);
        }
        for item in tree.items(frame.node) {
            let child = Frame { node: item, below: Below { path, ..frame.below }, ..frame };
            if !tree.is_scalar(item) {
                open.push(child);
            } else if !(path.is_some() && self.by_rule(&child))
                && shapes
                && let Some((kinds, strength)) = key.list()
            {
                let found = Found::new(kinds, self.home(), strength);
                let mounted = strength == Strength::Weak && key.is(Sign::Mounted);
                self.record(&child, Found { mounted, ..found });
            } else if shapes && self.release.is_some() {
                self.claim_released(child, self.key_text(&frame));
            }
        }
    }
}
