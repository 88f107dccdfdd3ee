//! Annotations with which users control the treatment of an object, and annotations of other tools that every stage
//! must know.

use super::object::View;

/// The annotation that selects the treatment of an object: `version`, `leave` or `checksum`.
pub const MODE: &str = "immutably.dev/mode";

/// The annotation that requests an object under its original name next to its version: `true` or `false`.
pub const KEEP_ORIGINAL: &str = "immutably.dev/keep-original";

/// The annotation with which kustomize marks objects that it will hash at the end of its build.
pub const NEEDS_HASH_SUFFIX: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// The annotation of a hook, which Helm creates and deletes by name, separately from the release.
pub const HELM_HOOK: &str = "helm.sh/hook";

/// The annotation of a hook, which Argo CD creates and deletes by name, separately from the application.
pub const ARGOCD_HOOK: &str = "argocd.argoproj.io/hook";

/// The annotation with the wave of a phase in which Argo CD applies an object.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The annotation with which this program marks an original that it wrote next to a version.
pub const ORIGINAL: &str = "immutably.dev/original";

/// The annotation with which this program marks an original that stays because something outside the input may read it:
/// [`OUTSIDE`].
pub const ORIGINAL_FOR: &str = "immutably.dev/original-for";

/// The value of [`ORIGINAL_FOR`].
pub const OUTSIDE: &str = "outside";

/// The annotation with which this program marks a Secret whose suffix was made with a key. It reveals nothing about the
/// key.
pub const KEYED: &str = "immutably.dev/keyed";

/// The annotation with which a chart tells Helm not to delete an object: `keep`.
pub const HELM_RESOURCE_POLICY: &str = "helm.sh/resource-policy";

/// The annotation with the template that an object came from, which Helm 4 sets for post-renderers.
pub const HELM_TEMPLATE: &str = "postrenderer.helm.sh/postrender-filename";

/// The annotation that waives findings of an object: `CODE until DATE: reason`, one per line.
pub const IGNORE: &str = "immutably.dev/ignore";

/// The annotation that states how many releases ago an object was current. An object without it is current.
pub const GENERATIONS_AGO: &str = "immutably.dev/generations-ago";

/// The prefix of every annotation of this program.
pub const PREFIX: &str = "immutably.dev/";

/// The names of all annotations of this program, without [`PREFIX`].
pub const KNOWN: [&str; 9] = [
    "mode",
    "keep-original",
    "original",
    "original-for",
    "keyed",
    "references",
    "generations-ago",
    "checksum",
    "ignore",
];

/// True for a hook, which a deployer creates and deletes by name, separately from the release.
pub fn is_hook(view: &View<'_, '_>) -> bool {
    view.annotation(HELM_HOOK).is_some() || view.annotation(ARGOCD_HOOK).is_some()
}
