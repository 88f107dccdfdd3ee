//! Admission policies and their bindings. A binding's `paramRef` names an object whose kind only the policy states.

use super::reference::ReferenceIndex;
use crate::kube::object::View;
use crate::rules::Kinds;
use std::borrow::Cow;

/// The kind of parameter that an admission policy takes (`spec.paramKind`).
#[derive(Clone, Debug)]
pub(super) struct PolicyParam<'s> {
    /// The kind and name of the policy.
    pub(super) policy: (Cow<'s, str>, Cow<'s, str>),
    /// ConfigMap, Secret, or neither.
    pub(super) kinds: Kinds,
}

/// A reference whose kind is stated only by the policy that the binding refers to.
#[derive(Clone, Debug)]
pub(super) struct Binding<'s> {
    /// The index of the reference.
    pub(super) reference: ReferenceIndex,
    /// The kind and name of the policy.
    pub(super) policy: (Cow<'s, str>, Cow<'s, str>),
}

/// Returns the parameter of a policy; `None` if it has none.
pub(super) fn param<'s>(view: &View<'_, 's>, kind: &Cow<'s, str>) -> Option<PolicyParam<'s>> {
    let name = view.tree.name(view.meta("name")?)?;
    let param = view.tree.get(view.field("spec")?, "paramKind")?;
    let core = view.tree.text_of(param, "apiVersion") == Some("v1");
    let kinds =
        if core { view.tree.text_of(param, "kind").map_or(Kinds::NONE, Kinds::named) } else { Kinds::NONE };
    Some(PolicyParam { policy: (kind.clone(), name), kinds })
}

/// Returns the policy that a binding refers to.
pub(super) fn bound<'s>(view: &View<'_, 's>, kind: &str) -> Option<(Cow<'s, str>, Cow<'s, str>)> {
    let name = view.tree.name(view.tree.get(view.field("spec")?, "policyName")?)?;
    Some((Cow::Owned(kind.strip_suffix("Binding")?.to_owned()), name))
}
