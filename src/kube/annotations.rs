//! The annotations by which a person decides for one object, and those of other tools that every stage must know.

/// The annotation by which a person decides for one object: `version`, `leave` or `checksum`.
pub const MODE: &str = "immutably.dev/mode";

/// The annotation by which a person asks for an object under its own name beside its version: `true` or `false`.
pub const KEEP_ORIGINAL: &str = "immutably.dev/keep-original";

/// The annotation by which kustomize marks what it will hash at the end of its build.
pub const NEEDS_HASH_SUFFIX: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// The annotation with which Helm makes and deletes an object by name, apart from the release.
pub const HELM_HOOK: &str = "helm.sh/hook";
