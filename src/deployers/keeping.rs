//! Annotations that tell deployers not to change or delete an object.
//!
//! Must not look at anything but annotations.

use crate::kube::object::View;

/// The annotations of one object. The default is an object without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// `helm.sh/resource-policy: keep`.
    pub helm: bool,
    /// `Prune=false` for Argo CD.
    pub argo_cd: bool,
    /// `Delete=false` for Argo CD: the object stays when the Application is deleted.
    pub argo_cd_after: bool,
    /// `PruneLast=true` for Argo CD.
    pub prune_last: bool,
    /// `kustomize.toolkit.fluxcd.io/prune: Disabled`.
    pub flux: bool,
    /// `kapp.k14s.io/delete-strategy: orphan`.
    pub kapp: bool,
    /// `Force=true` for Argo CD: an object that cannot change is deleted and created again.
    pub argo_cd_forces: bool,
    /// `kustomize.toolkit.fluxcd.io/force: Enabled`.
    pub flux_forces: bool,
    /// `kapp.k14s.io/update-strategy` with a value that allows a replacement.
    pub kapp_forces: bool,
}

impl Keeping {
    /// Reads the annotations of an object.
    pub fn read(view: &View<'_, '_>) -> Keeping {
        let says = |key: &str, value: &str| {
            view.annotation(key).is_some_and(|text| text.trim().eq_ignore_ascii_case(value))
        };
        let options = view.annotation("argocd.argoproj.io/sync-options");
        let options: Vec<&str> = options.unwrap_or_default().split(',').map(str::trim).collect();
        let helm = says("helm.sh/resource-policy", "keep");
        let update = "kapp.k14s.io/update-strategy";
        Keeping {
            helm,
            argo_cd: options.contains(&"Prune=false"),
            argo_cd_after: helm || options.contains(&"Delete=false"),
            prune_last: options.contains(&"PruneLast=true"),
            flux: says("kustomize.toolkit.fluxcd.io/prune", "disabled"),
            kapp: says("kapp.k14s.io/delete-strategy", "orphan"),
            argo_cd_forces: options.contains(&"Force=true"),
            flux_forces: says("kustomize.toolkit.fluxcd.io/force", "enabled"),
            kapp_forces: says(update, "fallback-on-replace") || says(update, "always-replace"),
        }
    }
}
