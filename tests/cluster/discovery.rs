//! Discovery: versions, groups and resources, and that the server validates fields, so that clients need not.

use super::kinds::{KINDS, Kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Returns the answer to a discovery request; `None` for any other request.
pub(super) fn answer(path: &str) -> Option<Value> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts[..] {
        ["version"] => {
            Some(json!({"major": "1", "minor": "33", "gitVersion": "v1.33.0", "platform": "linux/amd64"}))
        }
        ["api"] => Some(json!({"kind": "APIVersions", "versions": ["v1"]})),
        ["apis"] => Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups()})),
        ["api", "v1"] => Some(resources("", "v1")),
        ["apis", group, version] => Some(resources(group, version)),
        ["openapi", "v3"] => Some(schemas()),
        ["openapi", "v3", "api", "v1"] => Some(schema("", "v1")),
        ["openapi", "v3", "apis", group, version] => Some(schema(group, version)),
        _ => None,
    }
}

fn versions() -> BTreeSet<(&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.group, kind.version)).collect()
}

fn groups() -> Vec<Value> {
    let named = versions().into_iter().filter(|(group, _)| !group.is_empty());
    let group = |(group, version)| {
        let version = json!({"groupVersion": format!("{group}/{version}"), "version": version});
        json!({"name": group, "versions": [version], "preferredVersion": version})
    };
    named.map(group).collect()
}

fn of(group: &str, version: &str) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(move |kind| (kind.group, kind.version) == (group, version))
}

fn resources(group: &str, version: &str) -> Value {
    let verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    let resource = |kind: &Kind| {
        json!({"name": kind.plural, "singularName": kind.kind.to_lowercase(), "namespaced": kind.namespaced,
            "kind": kind.kind, "verbs": verbs, "shortNames": [short(kind.kind)]})
    };
    let list: Vec<Value> = of(group, version).map(resource).collect();
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": list})
}

fn schemas() -> Value {
    let path = |group: &str, version: &str| match group {
        "" => format!("api/{version}"),
        group => format!("apis/{group}/{version}"),
    };
    let paths = versions().into_iter().map(|(group, version)| {
        let path = path(group, version);
        (path.clone(), json!({"serverRelativeURL": format!("/openapi/v3/{path}?hash=1")}))
    });
    json!({"paths": paths.collect::<serde_json::Map<_, _>>()})
}

/// Returns just enough of a schema for a client to see that the server accepts `fieldValidation`.
fn schema(group: &str, version: &str) -> Value {
    let path = |kind: &Kind| {
        let parameter = json!({"name": "fieldValidation", "in": "query"});
        let names = json!({"group": kind.group, "version": kind.version, "kind": kind.kind});
        let patch =
            json!({"parameters": [parameter], "x-kubernetes-group-version-kind": names, "responses": {}});
        (format!("/{}/{}/{{name}}", kind.api_version(), kind.plural), json!({"patch": patch}))
    };
    let paths: serde_json::Map<_, _> = of(group, version).map(path).collect();
    let info = json!({"title": "fake", "version": "1"});
    json!({"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": {}}})
}

/// Returns the short name for kubectl, or else the kind in lower case.
fn short(kind: &str) -> String {
    let short = match kind {
        "ConfigMap" => "cm",
        "CronJob" => "cj",
        "DaemonSet" => "ds",
        "Deployment" => "deploy",
        "Ingress" => "ing",
        "Namespace" => "ns",
        "Pod" => "po",
        "ReplicaSet" => "rs",
        "ReplicationController" => "rc",
        "Service" => "svc",
        "ServiceAccount" => "sa",
        "StatefulSet" => "sts",
        other => return other.to_lowercase(),
    };
    short.to_owned()
}
