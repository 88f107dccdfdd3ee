//! Names in the values of annotations of an object, or of a pod template in it.

use super::collected::{Collected, Known, Subject};
use super::dependencies::{self, Dependency};
use super::parts;
use super::record::{Found, Frame, Memory, Walk};
use super::reference::InNamespace;
use crate::kube::object::View;
use crate::rules::shapes::Strength;
use crate::rules::{Annotation, Format, Kinds};
use crate::yaml::{self, NodeId, Tree};
use std::borrow::Cow;
use std::ops::Range;

impl<'s> Walk<'_, '_, 's> {
    /// Reads every annotation of a `metadata.annotations` mapping, or of the one that an alias refers to.
    pub(super) fn annotations(&mut self, frame: Frame) {
        let (rules, tree) = (self.rules, self.tree);
        tree.each_field_via(frame.node, frame.via, &mut |key, value, via| {
            let rule = tree.text(key).and_then(|key| rules.annotation(key));
            if let (Some(rule), Some(text)) = (rule, tree.text_to_keep(value)) {
                self.annotation(rule, (key, value), &text, Frame { via, ..frame });
            }
        });
    }

    fn annotation(&mut self, rule: &Annotation, (key, node): (NodeId, NodeId), text: &str, frame: Frame) {
        let own = self.subject.target.map_or(Kinds::NONE, |kind| Kinds::named(kind.as_str()));
        let kinds = rule.names.unwrap_or(own);
        let named: Vec<(Range<usize>, Found<'s>)> = match &rule.format {
            Format::Nothing => Vec::new(),
            Format::Name(sibling) => {
                let beside = sibling.as_ref().and_then(|key| self.tree.get(frame.node, key));
                let beside = beside.and_then(|node| self.tree.name(node)).map(InNamespace::Given);
                let found = parts::name(text, 0..text.len()).map(|part| {
                    let otherwise = beside.unwrap_or(self.home());
                    (part.range, found(kinds, parts::in_namespace(part.namespace, otherwise)))
                });
                found.into_iter().collect()
            }
            Format::NameAndKey => {
                let name = text.find('.').unwrap_or(text.len());
                self.parts(kinds, parts::name(text, 0..name).into_iter())
            }
            Format::List => self.parts(kinds, parts::list(text, 0..text.len())),
            Format::EnvList => self.parts(kinds, parts::env_list(text)),
            format @ (Format::Objects | Format::Pairs | Format::TypeAndName) => {
                let beside = self.tree.text(key).and_then(dependencies::namespace_key);
                let beside = beside.and_then(|key| self.tree.get(frame.node, &key));
                let beside = beside.and_then(|node| self.tree.name(node)).map(InNamespace::Given);
                self.objects(dependencies::of(format, text), beside.unwrap_or(self.home()))
            }
            Format::Json(None) => self.embedded(text),
            Format::Json(Some(field)) => {
                embedded_field(text, field).map(|range| (range, found(kinds, self.home()))).collect()
            }
        };
        for (range, found) in named {
            if rule.written {
                self.claim(node, found, "another object in the input asks a controller to write it");
            } else {
                self.record_part(node, text, range, frame.via, found);
            }
        }
    }

    fn objects<'a>(
        &self,
        objects: Vec<Dependency<'a>>,
        otherwise: InNamespace<Cow<'s, str>>,
    ) -> Vec<(Range<usize>, Found<'s>)> {
        let named = |object: Dependency<'a>| {
            let kinds = if object.is("", "ConfigMap", "cm") {
                Kinds::CONFIG_MAP
            } else if object.is("", "Secret", "secret") {
                Kinds::SECRET
            } else {
                return None;
            };
            let namespace = parts::in_namespace(object.namespace, otherwise.clone());
            // An object that waits for another one does not use it.
            Some((object.name, Found::new(kinds, namespace, Strength::Weak)))
        };
        objects.into_iter().filter_map(named).collect()
    }

    fn parts<'a>(
        &self,
        kinds: Kinds,
        parts: impl Iterator<Item = parts::Part<'a>>,
    ) -> Vec<(Range<usize>, Found<'s>)> {
        parts
            .map(|part| (part.range, found(kinds, parts::in_namespace(part.namespace, self.home()))))
            .collect()
    }

    /// Returns the names that the shapes find in JSON or YAML text, with their bytes in the text.
    fn embedded(&self, text: &str) -> Vec<(Range<usize>, Found<'s>)> {
        let mut tree = Tree::default();
        let mut collected = Collected::default();
        if yaml::parse(text, 0, &mut tree).is_err() {
            return Vec::new();
        }
        let Some(root) = tree.root() else { return Vec::new() };
        let Ok(source) = crate::Source::new("", text) else { return Vec::new() };
        let view = View::of(&tree, root);
        let nothing = std::borrow::Cow::Borrowed("");
        let subject = Subject {
            view: &view,
            api: ("", &nothing),
            index: self.subject.index,
            target: None,
            source: &source,
        };
        let (known, mut memory) = (Known::default(), Memory::default());
        Walk::new(subject, self.rules, (&known, &mut memory), &mut collected).run();
        let references = collected.references.iter().filter_map(|reference| {
            let range = within_quotes(text, reference.site.span.range(), reference.name())?;
            let namespace = match reference.namespace() {
                InNamespace::Given(namespace) => InNamespace::Given(namespace.to_string().into()),
                _ => self.home(),
            };
            Some((range, found(reference.kinds, namespace)))
        });
        references.collect()
    }
}

fn found<'s>(kinds: Kinds, namespace: InNamespace<Cow<'s, str>>) -> Found<'s> {
    Found::new(kinds, namespace, Strength::Strong)
}

/// Returns the bytes of the values of every field with this name in JSON or YAML text.
fn embedded_field(text: &str, field: &str) -> impl Iterator<Item = Range<usize>> {
    let mut tree = Tree::default();
    let mut ranges = Vec::new();
    let mut next = if yaml::parse(text, 0, &mut tree).is_ok() { tree.root() } else { None };
    while let Some(id) = next {
        for (key, value) in tree.entries(id) {
            if let (Some(key), Some(name)) = (tree.text(key), tree.text(value))
                && key == field
            {
                ranges.extend(within_quotes(text, tree.node(value).span.range(), name));
            }
        }
        next = tree.after(id);
    }
    ranges.into_iter()
}

/// Returns the bytes of the name in a scalar that may be quoted.
fn within_quotes(text: &str, scalar: Range<usize>, name: &str) -> Option<Range<usize>> {
    let at = scalar.start + text.get(scalar)?.find(name)?;
    Some(at..at + name.len())
}
