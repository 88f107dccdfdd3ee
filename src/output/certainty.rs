//! Decides whether the text of a document may be shown: only if it is certain to contain no part of a Secret.
//!
//! Must not show anything.

use crate::kube::shown;
use crate::text::source::Source;
use crate::yaml::{Kind, NodeId, Style, Tree};
use std::collections::HashSet;

/// True for text that the parser rejects but that is certain not to be a part of a Secret: one object of a kind that
/// has no content, without any word or escape that a Secret may contain.
pub(super) fn is_harmless(text: &str) -> bool {
    const KINDS: [&str; 8] =
        ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Service", "Ingress", "Role", "NetworkPolicy"];
    let values =
        |field: &'static str| text.lines().filter_map(move |line| line.strip_prefix(field)).map(str::trim);
    let one = |field: &'static str| values(field).count() == 1;
    let lower = text.to_ascii_lowercase();
    one("apiVersion:")
        && one("kind:")
        && values("kind:").all(|kind| KINDS.contains(&kind))
        && !["secret", "data", "sops", "password", "token", "\\", "!!"]
            .iter()
            .any(|sign| lower.contains(sign))
}

/// True if any mapping is a Secret or a list of Secrets by its kind, in any spelling; or if it has the content of a
/// Secret and is neither a ConfigMap nor a list of ConfigMaps.
pub(super) fn may_hold_secret(tree: &Tree<'_>) -> bool {
    let mut next = tree.root();
    while let Some(id) = next {
        if tree.is_mapping(id) && is_like_secret(tree, id) {
            return true;
        }
        next = tree.after(id);
    }
    false
}

/// True for a text with the manifest of a Secret, such as a value of a ConfigMap that a controller applies.
pub(super) fn holds_manifest_of_secret(text: &str) -> bool {
    let is_secret = |rest: &str| {
        let rest = rest.trim_start_matches(['"', '\'', ' ', '\t', ':']);
        rest.starts_with("Secret") && !rest.starts_with("SecretStore")
    };
    text.contains("stringData")
        || text.match_indices("kind").any(|(at, kind)| is_secret(&text[at + kind.len()..]))
}

fn is_like_secret(tree: &Tree<'_>, mapping: NodeId) -> bool {
    let (mut kind, mut content, mut object) = (None, false, false);
    for (key, value) in tree.entries(mapping) {
        match tree.text(key).unwrap_or_default() {
            "kind" => kind = tree.string(value),
            "stringData" | "sops" | "secretGenerator" => return true,
            "data" | "binaryData" => content = true,
            "apiVersion" | "metadata" => object = true,
            _ => {}
        }
    }
    let secret = kind.as_ref().is_some_and(|kind| kind.to_ascii_lowercase().contains("secret"));
    secret || (content && object && !kind.is_some_and(|kind| kind == "ConfigMap" || kind == "ConfigMapList"))
}

/// True for a value that may be shown although its document contains a Secret: an identifying field of an object, with
/// a valid value. `holder`: the field that contains this one; empty for a field of the object itself.
pub(super) fn may_be_shown(holder: &str, field: &str, text: &str) -> bool {
    match (holder, field) {
        ("metadata", "name" | "namespace" | "generateName") => is_plain_name(text),
        ("" | "items", "apiVersion") => is_api_version(text),
        ("" | "items", "kind") => is_kind(text),
        ("" | "items", "type") => is_type(text),
        ("" | "items", "immutable") => matches!(text, "true" | "false"),
        _ => false,
    }
}

/// True if all characters may occur in the name of an object.
fn is_plain_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
}

/// True for a known kind or its plural, in any case. Any other text may be a value that slipped into the place of the
/// kind.
fn is_kind(text: &str) -> bool {
    const OTHERS: [&str; 6] =
        ["Secret", "SecretList", "List", "ResourceList", "SealedSecret", "ExternalSecret"];
    let one = text.strip_suffix(['s', 'S']).unwrap_or(text);
    let known = |kind: &&str| [text, one].iter().any(|text| kind.eq_ignore_ascii_case(text));
    OTHERS.iter().any(known) || CORE.iter().any(known) || is_core_kind(text)
}

/// True for a Secret type that Kubernetes or Helm defines.
fn is_type(text: &str) -> bool {
    const DEFINED: [&str; 9] = [
        "Opaque",
        "bootstrap.kubernetes.io/token",
        "helm.sh/release.v1",
        "kubernetes.io/basic-auth",
        "kubernetes.io/dockercfg",
        "kubernetes.io/dockerconfigjson",
        "kubernetes.io/service-account-token",
        "kubernetes.io/ssh-auth",
        "kubernetes.io/tls",
    ];
    DEFINED.contains(&text)
}

/// True for an object with a valid `apiVersion` and `kind`, for a list of such objects, and for a configuration or rules
/// file of this program. Anything else may be a part of a Secret.
pub(super) fn is_another_object(tree: &Tree<'_>, source: &Source) -> bool {
    let moved = || has_swallowed_lines(tree, source) || has_a_key_of_json(tree);
    let Some(root) = tree.root().filter(|_| !moved()) else { return false };
    // Among manifests, a document with such fields may be a Secret that lost its head.
    let mut open = vec![(root, source.is_settings() && is_own_file(tree, root))];
    while let Some((object, known)) = open.pop() {
        let text = |field| tree.text_of(object, field).filter(|text| !text.is_empty());
        let is_binary = tree.get(object, "kind").is_some_and(|kind| tree.tag(tree.deref(kind)).is_some());
        let kind = text("kind").filter(|kind| !is_binary && shown::kind(kind) != shown::HIDDEN);
        if has_a_field_twice(tree, object) || !has_only_fields(tree, object) {
            return false;
        }
        let version = text("apiVersion").filter(|version| is_api_version(version));
        if version == Some("v1") && !kind.is_some_and(is_core_kind) {
            return false;
        }
        if !tree.is_mapping(object) || !(known || version.is_some() && kind.is_some()) {
            return false;
        }
        if let Some(list) = kind.and_then(|kind| kind.strip_suffix("List")) {
            let known = !matches!(list, "" | "Resource");
            if !has_only_items(tree, object) {
                return false;
            }
            let items = tree.get(object, "items").into_iter().flat_map(|items| tree.items(items));
            open.extend(items.map(|item| (item, known)));
        }
    }
    true
}

/// True for a list that has only the usual fields of a list. Any other field may be a line of an item that lost its
/// indentation.
fn has_only_items(tree: &Tree<'_>, list: NodeId) -> bool {
    const OTHERS: [&str; 5] = ["apiVersion", "kind", "metadata", "functionConfig", "results"];
    tree.entries(list).all(|(key, value)| match tree.text(key) {
        Some("items") => tree.node(value).kind == Kind::Sequence,
        key => key.is_some_and(|key| OTHERS.contains(&key)),
    })
}

/// True if every key of the object looks like a field of the API. Any other key may be a damaged marker line, with
/// another object after it.
fn has_only_fields(tree: &Tree<'_>, object: NodeId) -> bool {
    let is_field = |key: &str| {
        key.starts_with(|first: char| first.is_ascii_alphabetic())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    tree.entries(object).all(|(key, _)| tree.text(key).is_some_and(is_field))
}

/// True for a kind of the core API, or a list of one. A kind with a missing letter may have been a Secret.
fn is_core_kind(kind: &str) -> bool {
    let of_one = kind.strip_suffix("List").unwrap_or(kind);
    of_one.is_empty() || CORE.contains(&of_one)
}

/// The kinds of core/v1 (Kubernetes 1.36) except Secret.
const CORE: [&str; 16] = [
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Service",
    "ServiceAccount",
];

/// True for `v1`, `apps/v1`, `example.com/v1beta1` and the like. Anything else after the number may be a value that lost
/// the line break before it.
fn is_api_version(text: &str) -> bool {
    let version = text.rsplit('/').next().unwrap_or_default();
    let is_version = version.strip_prefix('v').is_some_and(|rest| {
        let stage = without_digits(rest);
        let number = stage.strip_prefix("alpha").or(stage.strip_prefix("beta")).unwrap_or(stage);
        stage.len() < rest.len() && without_digits(number).is_empty()
    });
    is_version && shown::any_name(text) != shown::HIDDEN
}

fn without_digits(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// True if an object has the same field twice, which happens when the marker line between two objects is lost.
fn has_a_field_twice(tree: &Tree<'_>, object: NodeId) -> bool {
    let mut seen = HashSet::new();
    tree.entries(object).any(|(key, _)| tree.text(key).is_some_and(|key| !seen.insert(key)))
}

/// True if a plain scalar continues on another line, which happens when a line was moved or lost its indentation.
fn has_swallowed_lines(tree: &Tree<'_>, source: &Source) -> bool {
    let swallowed = |id| {
        let node = tree.node(id);
        node.kind == Kind::Scalar(Style::Plain) && source.slice(node.span).contains('\n')
    };
    std::iter::successors(tree.root(), |id| tree.after(*id)).any(swallowed)
}

/// True if a plain key contains a quote, bracket, brace or comma. This happens when a line of JSON lost its beginning
/// and is read as one long key.
fn has_a_key_of_json(tree: &Tree<'_>) -> bool {
    let is_odd = |key: NodeId| {
        let plain = tree.node(key).kind == Kind::Scalar(Style::Plain);
        plain && tree.text(key).is_some_and(|text| text.contains(['"', '{', '}', '[', ']', ',']))
    };
    let all = std::iter::successors(tree.root(), |id| tree.after(*id));
    all.flat_map(|id| tree.entries(id)).any(|(key, _)| is_odd(key))
}

/// True for a rules or configuration file of this program: a mapping with at least one of its fields, and no field of a
/// Kubernetes object.
pub(super) fn is_own_file(tree: &Tree<'_>, root: NodeId) -> bool {
    let has = |fields: &[&str]| {
        tree.entries(root).any(|(key, _)| tree.text(key).is_some_and(|key| fields.contains(&key)))
    };
    tree.is_mapping(root) && has(&OWN) && !has(&OF_OBJECTS)
}

/// Fields that no object has.
pub(super) const OWN: [&str; 19] = [
    "audit",
    "checksumLeftAlone",
    "external",
    "helmSecrets",
    "jobs",
    "keep",
    "keepOriginal",
    "known",
    "leave",
    "nameReference",
    "noWellKnown",
    "only",
    "previous",
    "previousOptional",
    "report",
    "retain",
    "rules",
    "strict",
    "unreferenced",
];

const OF_OBJECTS: [&str; 11] = [
    "annotations",
    "apiVersion",
    "binaryData",
    "data",
    "immutable",
    "kind",
    "metadata",
    "name",
    "sops",
    "stringData",
    "type",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_a_number_and_perhaps_a_stage() {
        for version in
            ["v1", "apps/v1", "v10", "example.com/v1beta1", "example.com/v2alpha", "example.com/v1alpha12"]
        {
            assert!(is_api_version(version), "{version}");
        }
        for other in
            ["", "v", "1", "v1hqzvobdx", "example.com/v1beta1x", "v1alphabet", "vbeta1", "beta1", "v1-x"]
        {
            assert!(!is_api_version(other), "{other}");
        }
    }
}
