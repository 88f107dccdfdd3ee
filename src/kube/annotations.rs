//! The annotations by which a person decides for one object, and those of other tools that every stage must know.

use super::object::View;

/// The annotation by which a person decides for one object: `version`, `leave` or `checksum`.
pub const MODE: &str = "immutably.dev/mode";

/// The annotation by which a person asks for an object under its original name next to its version: `true` or `false`.
pub const KEEP_ORIGINAL: &str = "immutably.dev/keep-original";

/// The annotation by which kustomize marks what it will hash at the end of its build.
pub const NEEDS_HASH_SUFFIX: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// The annotation with which Helm makes and deletes an object by name, apart from the release.
pub const HELM_HOOK: &str = "helm.sh/hook";

/// The annotation with which Argo CD makes and deletes an object by name, apart from the application.
pub const ARGOCD_HOOK: &str = "argocd.argoproj.io/hook";

/// The annotation that says in which wave of a phase Argo CD applies an object.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The annotation with which this program marks an object that it wrote under its original name next to its version.
pub const ORIGINAL: &str = "immutably.dev/original";

/// The annotation with which this program marks a Secret whose suffix was made with a key. It says nothing about the key.
pub const KEYED: &str = "immutably.dev/keyed";

/// The annotation with which a chart tells Helm not to delete an object: `keep`.
pub const HELM_RESOURCE_POLICY: &str = "helm.sh/resource-policy";

/// The annotation in which Helm 4 tells a post-renderer which template an object came from.
pub const HELM_TEMPLATE: &str = "postrenderer.helm.sh/postrender-filename";

/// The annotation with which a person waives findings of an object: `CODE until DATE: reason`, one on each line.
pub const IGNORE: &str = "immutably.dev/ignore";

/// What every annotation of this program begins with.
pub const PREFIX: &str = "immutably.dev/";

/// The names, after [`PREFIX`], of all annotations of this program.
pub const KNOWN: [&str; 8] =
    ["mode", "keep-original", "original", "keyed", "references", "generations-ago", "checksum", "ignore"];

/// True for an object that a deployer makes and deletes by name, apart from the release.
pub fn is_hook(view: &View<'_, '_>) -> bool {
    view.annotation(HELM_HOOK).is_some() || view.annotation(ARGOCD_HOOK).is_some()
}
