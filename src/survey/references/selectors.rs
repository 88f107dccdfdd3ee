//! The sibling fields of a name, which show what it names.

use crate::rules::{Kinds, Names, Namespace};
use crate::yaml::{NodeId, Tree};
use std::borrow::Cow;

/// The relevant siblings of a `name`.
#[derive(Default)]
pub(super) struct Siblings<'t> {
    pub(super) kind: Option<&'t str>,
    type_: Option<&'t str>,
    foreign_group: bool,
    /// True if `policy` or `external` is next to the name, which then refers to something outside the cluster.
    outside: bool,
    pub(super) key: bool,
    /// True if the only siblings are `key`, `optional`, `namespace`, `kind` and the API group.
    only_selector: bool,
}

impl<'t> Siblings<'t> {
    /// Reads the mapping that contains a `name`.
    pub(super) fn of(tree: &'t Tree<'_>, mapping: NodeId) -> Siblings<'t> {
        let mut found = Siblings { only_selector: true, ..Siblings::default() };
        tree.each_field(mapping, &mut |key, value| {
            let key = tree.text(key).unwrap_or_default();
            let text = || tree.text(value);
            match key {
                "name" | "optional" | "namespace" => {}
                "key" => found.key = text().is_some(),
                "kind" => found.kind = text(),
                "type" => {
                    found.type_ = text();
                    found.only_selector = false;
                }
                "group" | "apiGroup" => {
                    found.foreign_group |= !matches!(text(), None | Some("" | "core" | "v1"))
                }
                "apiVersion" => found.foreign_group |= !matches!(text(), None | Some("" | "v1")),
                "policy" | "external" => found.outside = true,
                _ => found.only_selector = false,
            }
        });
        found
    }

    /// Returns the kind that `{type: configMap, name: ...}` names in the values of a chart.
    pub(super) fn typed_in_values(&self) -> Option<Kinds> {
        match self.type_.filter(|_| self.kind.is_none())? {
            "configMap" | "configmap" => Some(Kinds::CONFIG_MAP),
            "secret" => Some(Kinds::SECRET),
            _ => None,
        }
    }

    /// Returns the kinds that a name under a key for `held` names. The second value is true if only an object with the
    /// data key matches.
    pub(super) fn names(&self, held: Kinds) -> Option<(Kinds, bool)> {
        if self.foreign_group || self.outside {
            return None;
        }
        let typed = |text: Option<&str>| text.map(Kinds::named).filter(|kinds| *kinds != Kinds::NONE);
        if let Some(kinds) = typed(self.kind) {
            return Some((kinds, false));
        }
        if self.kind.is_some() {
            return None;
        }
        if let Some(kinds) = typed(self.type_) {
            return Some((kinds, false));
        }
        match held {
            Kinds::NONE => (self.key && self.only_selector).then_some((Kinds::BOTH, true)),
            kinds => Some((kinds, false)),
        }
    }
}

/// False if no field next to a `name` can tell what it names. This is so for most names, and their siblings need not be
/// read.
pub(super) fn may_tell(tree: &Tree<'_>, mapping: NodeId) -> bool {
    let tells = |key| ["key", "kind", "type"].iter().any(|name| tree.is_text(key, name));
    tree.has_merges() || tree.entries(mapping).any(|(key, _)| tells(key))
}

/// Returns the kinds that a rule's field names, depending on its siblings.
pub(super) fn kinds(tree: &Tree<'_>, names: Names, mapping: NodeId) -> Kinds {
    match names {
        Names::Kinds(kinds) | Names::Written(kinds) => kinds,
        Names::PolicyParam => Kinds::BOTH,
        Names::SiblingKind(default) => Siblings::of(tree, mapping).named_kind(default),
        Names::SiblingKinds => list(tree, mapping, "kinds")
            .fold(Kinds::NONE, |kinds, kind| kinds.or(Kinds::named(kind_part(kind)))),
        Names::RuleResources => rule_resources(tree, mapping),
        Names::Nothing => Kinds::NONE,
    }
}

impl Siblings<'_> {
    fn named_kind(&self, default: Kinds) -> Kinds {
        if self.foreign_group { Kinds::NONE } else { self.kind.map_or(default, Kinds::named) }
    }
}

/// Returns the namespace that the rule or the sibling field states.
pub(super) fn given_namespace<'s>(
    tree: &Tree<'s>,
    rule: &Namespace,
    mapping: NodeId,
) -> Option<Cow<'s, str>> {
    if let Some(fixed) = &rule.fixed {
        return Some(Cow::Owned(fixed.clone()));
    }
    let sibling = tree.get(mapping, rule.sibling.as_deref()?)?;
    tree.name(sibling).filter(|text| !text.is_empty())
}

/// Returns the namespace next to text under `key`: `secretNamespace` or `namespace` next to `secretName`.
pub(super) fn sibling_namespace<'s>(tree: &Tree<'s>, key: &str, mapping: NodeId) -> Option<Cow<'s, str>> {
    let base = key.strip_suffix("Name").unwrap_or(key);
    let named = |field: &str| tree.name(tree.get(mapping, field)?).filter(|text| !text.is_empty());
    named(&format!("{base}Namespace")).or_else(|| named("namespace"))
}

/// Removes the version from a kind, because Kyverno accepts both `v1/Secret` and `Secret`.
fn kind_part(kind: &str) -> &str {
    kind.strip_prefix("v1/").unwrap_or(kind)
}

/// Whether an RBAC rule lets a program change or delete what it names. Reading and watching change nothing.
pub(super) fn lets_change(tree: &Tree<'_>, rule: NodeId) -> bool {
    list(tree, rule, "verbs")
        .any(|verb| matches!(verb, "update" | "patch" | "delete" | "deletecollection" | "*"))
}

/// A rule's resource names stand for every kind that its `resources` list, if `apiGroups` holds the core group.
fn rule_resources(tree: &Tree<'_>, rule: NodeId) -> Kinds {
    if !list(tree, rule, "apiGroups").any(|group| matches!(group, "" | "*")) {
        return Kinds::NONE;
    }
    list(tree, rule, "resources").fold(Kinds::NONE, |kinds, resource| match resource {
        "configmaps" => kinds.or(Kinds::CONFIG_MAP),
        "secrets" => kinds.or(Kinds::SECRET),
        "*" => Kinds::BOTH,
        _ => kinds,
    })
}

fn list<'t>(tree: &'t Tree<'_>, mapping: NodeId, field: &str) -> impl Iterator<Item = &'t str> {
    let node = tree.get(mapping, field).map(|node| tree.deref(node));
    let items = node.into_iter().flat_map(|node| tree.items(node));
    items.filter_map(|item| tree.text(item))
}
