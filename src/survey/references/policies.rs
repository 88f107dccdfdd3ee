//! Admission policies and their bindings. The policy, another object, states the kind that the `paramRef` of a binding names.

use super::reference::ReferenceIndex;
use crate::kube::object::View;
use crate::rules::Kinds;
use std::borrow::Cow;

/// The kind of parameter that an admission policy takes (`spec.paramKind`).
#[derive(Clone, Debug)]
pub(super) struct PolicyParam<'s> {
    /// The policy's kind and name.
    pub(super) policy: (Cow<'s, str>, Cow<'s, str>),
    /// ConfigMap, Secret or neither.
    pub(super) kinds: Kinds,
}

/// A reference whose kind only the policy can tell that its binding names.
#[derive(Clone, Debug)]
pub(super) struct Binding<'s> {
    /// Index of the reference.
    pub(super) reference: ReferenceIndex,
    /// Kind and name of the policy.
    pub(super) policy: (Cow<'s, str>, Cow<'s, str>),
}

/// What a policy takes, if it takes a parameter.
pub(super) fn param<'s>(view: &View<'_, 's>, kind: &Cow<'s, str>) -> Option<PolicyParam<'s>> {
    let name = view.tree.name(view.meta("name")?)?;
    let param = view.tree.get(view.field("spec")?, "paramKind")?;
    let core = view.tree.text_of(param, "apiVersion") == Some("v1");
    let kinds =
        if core { view.tree.text_of(param, "kind").map_or(Kinds::NONE, Kinds::named) } else { Kinds::NONE };
    Some(PolicyParam { policy: (kind.clone(), name), kinds })
}

/// The policy that a binding names.
pub(super) fn bound<'s>(view: &View<'_, 's>, kind: &str) -> Option<(Cow<'s, str>, Cow<'s, str>)> {
    let name = view.tree.name(view.tree.get(view.field("spec")?, "policyName")?)?;
    Some((Cow::Owned(kind.strip_suffix("Binding")?.to_owned()), name))
}
