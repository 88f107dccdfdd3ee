//! Resources that describe a release of a Helm chart, and contain values for it.

use crate::kube::object::View;
use crate::yaml::Tree;

/// Returns the name of the release that an object describes; `None` if it describes none.
pub fn name(view: &View<'_, '_>, group: &str, kind: &str) -> Option<String> {
    if !holds_values(group, kind) {
        return None;
    }
    let text = |path: &[&str]| at(view, path).filter(|text| !text.is_empty()).map(str::to_owned);
    let own = view.meta("name").and_then(|name| view.tree.name(name))?;
    let told = text(&["spec", "releaseName"]).or_else(|| text(&["spec", "source", "helm", "releaseName"]));
    // Flux puts the namespace of the release before its name.
    let elsewhere = text(&["spec", "targetNamespace"]).filter(|_| kind == "HelmRelease");
    Some(told.unwrap_or_else(|| elsewhere.map_or(own.to_string(), |namespace| format!("{namespace}-{own}"))))
}

fn at<'t>(view: &View<'t, '_>, path: &[&str]) -> Option<&'t str> {
    let tree: &'t Tree<'_> = view.tree;
    let found = path.iter().try_fold(view.root, |node, field| tree.get(tree.deref(node), field))?;
    tree.text(found)
}

/// True for a kind whose objects contain the values of a chart.
fn holds_values(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("helm.toolkit.fluxcd.io" | "helm.fluxcd.io", "HelmRelease")
            | ("argoproj.io", "Application" | "ApplicationSet")
            | ("helm.cattle.io", "HelmChart" | "HelmChartConfig")
            | ("fleet.cattle.io", "Bundle" | "HelmOp" | "GitRepo")
            | ("helm.crossplane.io" | "helm.m.crossplane.io", "Release")
    )
}
