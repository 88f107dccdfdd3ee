//! The earlier names of a version within a build of kustomize, if its original is kept as well.
//!
//! At the end of a build, kustomize updates references that still contain an earlier name. If both the version and the
//! original had that name, the build fails ("found multiple possible referrals"). A reference to the version already
//! contains its final name, so only the original keeps its earlier names.

use crate::edits::edit::{Addition, Change, Why};
use crate::kube::kustomize;
use crate::kube::object::View;
use crate::kube::suffix::Suffix;

/// Replaces every earlier name of a version with its new name. The number of names stays the same, because kustomize 5
/// refuses an object whose lists of earlier names, kinds and namespaces differ in length. Returns `None` outside a
/// build.
pub(super) fn earlier_names(view: &View<'_, '_>, name: &str, suffix: &Suffix) -> Option<Addition> {
    let value = kustomize::previous_names_value(view)?;
    let old = view.tree.text(value)?.to_owned();
    let site = view.tree.site(value, view.via);
    let new_name = suffix.name(name);
    let names = vec![&*new_name; old.split(',').count()].join(",");
    let text = site.writing.write(&names).into_owned().into();
    Some(Addition { change: Change { site, text, old: old.into() }, why: Why::EarlierNames })
}
