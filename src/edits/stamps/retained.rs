//! Annotations that tell a deployer to keep an object that the next release omits, or not to version it itself.
//!
//! Each deployer has its own annotations. An existing annotation with another value stays.

use crate::decisions::policy::Decision;
use crate::edits::annotation::Annotation;
use crate::kube::arena::Arena;
use crate::kube::object::{ObjectIndex, View};
use crate::options::{Deployer, Options};
use crate::survey::inventory::{Inventory, TargetIndex};
use std::collections::BTreeSet;

/// An annotation that makes a deployer keep an object.
struct Keeps {
    key: &'static str,
    /// The value, or an item to add to a comma-separated list.
    value: &'static str,
    /// Prefix of list items that exclude the value: `Prune=` for `Prune=false`. `None` if the value is not a list.
    option: Option<&'static str>,
}

/// Helm: `helm.sh/resource-policy` ("Tell Helm Not To Uninstall a Resource").
const HELM: &[Keeps] = &[Keeps { key: "helm.sh/resource-policy", value: "keep", option: None }];
/// Argo CD: "No Prune Resources". Without the second annotation the application would be out of sync.
const ARGO_CD: &[Keeps] = &[
    Keeps { key: "argocd.argoproj.io/sync-options", value: "Prune=false", option: Some("Prune=") },
    Keeps {
        key: "argocd.argoproj.io/compare-options",
        value: "IgnoreExtraneous",
        option: Some("IgnoreExtraneous"),
    },
];
/// Flux: "Garbage collection". Flux ignores the case of the value.
const FLUX: &[Keeps] = &[Keeps { key: "kustomize.toolkit.fluxcd.io/prune", value: "Disabled", option: None }];
/// kapp: "delete-strategy". The object no longer belongs to the application, and stays.
const KAPP: &[Keeps] = &[Keeps { key: "kapp.k14s.io/delete-strategy", value: "orphan", option: None }];

/// Spinnaker: "Kubernetes v2 versioning". Without the annotation, Spinnaker appends `-v000` to the name.
const SPINNAKER: &[Keeps] = &[Keeps { key: "strategy.spinnaker.io/versioned", value: "false", option: None }];

/// Returns the objects that get such annotations: all versioned objects.
pub(super) fn objects(
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
    options: &Options,
) -> BTreeSet<ObjectIndex> {
    let versioned = inventory
        .targets
        .iter()
        .zip(decisions)
        .filter(|(_, decision)| !matches!(decision, Decision::Leave(_)));
    match options.retain[..] {
        [] => BTreeSet::new(),
        _ => versioned.map(|(target, _)| target.object).collect(),
    }
}

/// The annotations that an object is to have, for each deployer.
pub fn annotations(view: &View<'_, '_>, deployers: &[Deployer]) -> Vec<Annotation> {
    let mut found: Vec<Annotation> = Vec::new();
    for keeps in deployers.iter().flat_map(|deployer| table(*deployer)) {
        let there = view.annotation(keeps.key).filter(|value| !value.is_empty());
        let value = match (there, keeps.option) {
            (None, _) => keeps.value.to_owned(),
            (Some(list), Some(option)) if !has(list, option) => format!("{list},{}", keeps.value),
            (Some(_), _) => continue,
        };
        if found.iter().all(|(key, _)| key != keeps.key) {
            found.push((keeps.key.to_owned(), value));
        }
    }
    found
}

fn table(deployer: Deployer) -> &'static [Keeps] {
    match deployer {
        Deployer::Helm => HELM,
        Deployer::ArgoCd => ARGO_CD,
        Deployer::Flux => FLUX,
        Deployer::Kapp => KAPP,
        Deployer::Spinnaker => SPINNAKER,
    }
}

fn has(list: &str, option: &str) -> bool {
    list.split(',').any(|item| item.trim().starts_with(option))
}
