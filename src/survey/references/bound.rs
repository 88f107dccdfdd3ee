//! Roles that are bound to programs of other namespaces.
//!
//! Reads one object. Must not look for what the rules of a Role grant.

use crate::kube::object::View;
use std::borrow::Cow;

/// A RoleBinding of a Role to a subject of another namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound<'s> {
    /// The name of the Role.
    pub role: Cow<'s, str>,
    /// The namespace of the RoleBinding and the Role, if it sets one.
    pub namespace: Option<Cow<'s, str>>,
    /// The namespaces of its subjects.
    pub subjects: Box<[Cow<'s, str>]>,
}

/// Reads a RoleBinding. `None` if it binds no Role or states no namespace of a subject.
pub(super) fn bound<'s>(view: &View<'_, 's>) -> Option<Bound<'s>> {
    let tree = view.tree;
    let role = tree.deref(view.field("roleRef")?);
    if tree.text_of(role, "kind") != Some("Role") {
        return None;
    }
    let subjects = tree.items(tree.deref(view.field("subjects")?));
    let subjects = subjects.filter_map(|item| tree.name(tree.get(tree.deref(item), "namespace")?));
    let subjects: Box<[Cow<'_, str>]> = subjects.filter(|name| !name.is_empty()).collect();
    let bound = Bound { role: tree.name(tree.get(role, "name")?)?, namespace: view.id().namespace, subjects };
    Some(bound).filter(|bound| !bound.subjects.is_empty())
}
