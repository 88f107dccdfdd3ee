//! Changes that the API server refuses, what is copied out of objects, and what a revoked grant breaks. These facts are
//! independent of the deployer.

use crate::application::{dangling, read, touched};
use immutably::deployers::{self, Deployer, Event, Fault, Mishap, Operation, Refusal, State, Trace, What};
use serde_json::{Value, json};

/// Deploys streams one after the other. Returns the trace of each.
fn deployed(deployer: Deployer, streams: &[Vec<Value>]) -> Vec<Trace> {
    let mut state = State::default();
    let mut traces = Vec::new();
    for stream in streams {
        let operation = Operation::deploy(&read(stream));
        let trace = deployers::deploy(deployer, &state.settled(), &operation, None::<Mishap>);
        state = trace.state.clone();
        traces.push(trace);
    }
    traces
}

/// Returns why the second of two streams is refused, if it is.
fn refusal(before: Value, after: Value) -> Option<Refusal> {
    let traces = deployed(Deployer::Kubectl, &[vec![before], vec![after]]);
    traces[1].faults.iter().find_map(|fault| match fault {
        Fault::Refused { refusal, .. } => Some(*refusal),
        _ => None,
    })
}

fn secret(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "immutable": true})
}

#[test]
fn the_content_of_an_immutable_object_cannot_change_and_the_rest_can() {
    let object = |immutable: bool, level: &str, label: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "labels": {"a": label}}, "immutable": immutable, "data": {"level": level}});
    assert_eq!(refusal(object(true, "a", "x"), object(true, "b", "x")), Some(Refusal::Immutable));
    assert_eq!(refusal(object(true, "a", "x"), object(false, "a", "x")), Some(Refusal::Immutable));
    assert_eq!(refusal(object(true, "a", "x"), object(true, "a", "y")), None);
    assert_eq!(refusal(object(false, "a", "x"), object(true, "b", "x")), None);
}

#[test]
fn some_fields_can_never_change() {
    let class = |name: &str| {
        let parameters = json!({"csi.storage.k8s.io/provisioner-secret-name": name});
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "a"}, "parameters": parameters})
    };
    let volume = |name: &str| {
        let csi = json!({"driver": "a", "nodePublishSecretRef": {"name": name, "namespace": "prod"}});
        json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "a"}, "spec": {"csi": csi}})
    };
    let pod = |name: &str| {
        let spec = json!({"containers": [{"name": "a", "envFrom": [{"secretRef": {"name": name}}]}]});
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec})
    };
    let job = |name: &str| json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": pod(name)["spec"]}}});
    let run = |name: &str| {
        let workspaces = json!([{"name": "a", "secret": {"secretName": name}}]);
        json!({"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "metadata": {"name": "a"}, "spec": {"workspaces": workspaces}})
    };
    let typed =
        |name: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "type": name});
    let kinds: [&dyn Fn(&str) -> Value; 6] = [&class, &volume, &pod, &job, &run, &typed];
    for kind in kinds {
        assert_eq!(refusal(kind("a"), kind("b")), Some(Refusal::Fixed), "{}", kind("a"));
        assert_eq!(refusal(kind("a"), kind("a")), None, "{}", kind("a"));
    }
    let deployment = |name: &str| json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": {"spec": pod(name)["spec"]}}});
    assert_eq!(refusal(deployment("a"), deployment("b")), None);
}

/// Updates of fields: API version, kind, the object before and after, and whether the API server refuses the update.
const UPDATES: [(&str, &str, &str, &str, bool); 31] = [
    ("v1", "Service", r#"{"spec":{}}"#, r#"{"spec":{"clusterIP":"None"}}"#, true),
    ("v1", "Service", r#"{"spec":{"clusterIP":"10.0.0.1"}}"#, r#"{"spec":{"clusterIP":"10.0.0.2"}}"#, true),
    ("v1", "Service", r#"{"spec":{"clusterIP":"None"}}"#, r#"{"spec":{}}"#, false),
    (
        "v1",
        "Service",
        r#"{"spec":{"clusterIP":"10.0.0.1"}}"#,
        r#"{"spec":{"type":"ExternalName","clusterIP":""}}"#,
        false,
    ),
    (
        "v1",
        "PersistentVolumeClaim",
        r#"{"spec":{"storageClassName":"a"}}"#,
        r#"{"spec":{"storageClassName":"b"}}"#,
        true,
    ),
    (
        "v1",
        "PersistentVolumeClaim",
        r#"{"spec":{"resources":{"requests":{"storage":"1Gi"}}}}"#,
        r#"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#,
        false,
    ),
    (
        "v1",
        "PersistentVolume",
        r#"{"spec":{"hostPath":{"path":"/a"}}}"#,
        r#"{"spec":{"hostPath":{"path":"/b"}}}"#,
        true,
    ),
    (
        "v1",
        "PersistentVolume",
        r#"{"spec":{"capacity":{"storage":"1Gi"}}}"#,
        r#"{"spec":{"capacity":{"storage":"2Gi"}}}"#,
        false,
    ),
    (
        "v1",
        "PersistentVolumeClaim",
        r#"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#,
        r#"{"spec":{"resources":{"requests":{"storage":"1Gi"}}}}"#,
        true,
    ),
    (
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        r#"{"roleRef":{"name":"a"}}"#,
        r#"{"roleRef":{"name":"b"}}"#,
        true,
    ),
    (
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        r#"{"roleRef":{"name":"a"}}"#,
        r#"{"roleRef":{"name":"b"}}"#,
        true,
    ),
    (
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        r#"{"subjects":[{"name":"a"}]}"#,
        r#"{"subjects":[{"name":"b"}]}"#,
        false,
    ),
    ("scheduling.k8s.io/v1", "PriorityClass", r#"{"value":1}"#, r#"{"value":2}"#, true),
    (
        "scheduling.k8s.io/v1",
        "PriorityClass",
        r#"{"value":1}"#,
        r#"{"value":1,"preemptionPolicy":"PreemptLowerPriority"}"#,
        false,
    ),
    ("storage.k8s.io/v1", "StorageClass", r#"{"provisioner":"a"}"#, r#"{"provisioner":"b"}"#, true),
    (
        "storage.k8s.io/v1",
        "StorageClass",
        r#"{"provisioner":"a"}"#,
        r#"{"provisioner":"a","reclaimPolicy":"Retain"}"#,
        true,
    ),
    (
        "storage.k8s.io/v1",
        "StorageClass",
        r#"{"provisioner":"a"}"#,
        r#"{"provisioner":"a","reclaimPolicy":"Delete","volumeBindingMode":"Immediate"}"#,
        false,
    ),
    (
        "storage.k8s.io/v1",
        "StorageClass",
        r#"{"provisioner":"a"}"#,
        r#"{"provisioner":"a","allowVolumeExpansion":true}"#,
        false,
    ),
    (
        "networking.k8s.io/v1",
        "IngressClass",
        r#"{"spec":{"controller":"a"}}"#,
        r#"{"spec":{"controller":"b"}}"#,
        true,
    ),
    ("node.k8s.io/v1", "RuntimeClass", r#"{"handler":"a"}"#, r#"{"handler":"b"}"#, true),
    (
        "apps/v1",
        "Deployment",
        r#"{"spec":{"selector":{"matchLabels":{"a":"a"}}}}"#,
        r#"{"spec":{"selector":{"matchLabels":{"a":"b"}}}}"#,
        true,
    ),
    (
        "apps/v1",
        "DaemonSet",
        r#"{"spec":{"selector":{"matchLabels":{"a":"a"}}}}"#,
        r#"{"spec":{"selector":{"matchLabels":{"a":"b"}}}}"#,
        true,
    ),
    (
        "v1",
        "ReplicationController",
        r#"{"spec":{"selector":{"a":"a"}}}"#,
        r#"{"spec":{"selector":{"a":"b"}}}"#,
        false,
    ),
    ("apps/v1", "StatefulSet", r#"{"spec":{"serviceName":"a"}}"#, r#"{"spec":{"serviceName":"b"}}"#, true),
    ("apps/v1", "StatefulSet", r#"{"spec":{}}"#, r#"{"spec":{"podManagementPolicy":"Parallel"}}"#, true),
    (
        "apps/v1",
        "StatefulSet",
        r#"{"spec":{"replicas":1}}"#,
        r#"{"spec":{"replicas":2,"minReadySeconds":5,"updateStrategy":{"type":"OnDelete"}}}"#,
        false,
    ),
    (
        "v1",
        "Pod",
        r#"{"spec":{"containers":[{"name":"a","image":"a"}]}}"#,
        r#"{"spec":{"containers":[{"name":"a","image":"b"}]}}"#,
        false,
    ),
    (
        "v1",
        "Pod",
        r#"{"spec":{"containers":[{"name":"a","args":["a"]}]}}"#,
        r#"{"spec":{"containers":[{"name":"a","args":["b"]}]}}"#,
        true,
    ),
    ("batch/v1", "Job", r#"{"spec":{"completionMode":"NonIndexed"}}"#, r#"{"spec":{}}"#, false),
    ("batch/v1", "Job", r#"{"spec":{"completionMode":"Indexed"}}"#, r#"{"spec":{}}"#, true),
    ("batch/v1", "Job", r#"{"spec":{"parallelism":1}}"#, r#"{"spec":{"parallelism":2}}"#, false),
];

#[test]
fn each_field_that_cannot_change_is_known() {
    for (api, kind, before, after, refused) in UPDATES {
        let object = |fields: &str| {
            let mut object: Value = serde_json::from_str(fields).expect("JSON");
            object["apiVersion"] = json!(api);
            object["kind"] = json!(kind);
            object["metadata"] = json!({"name": "a"});
            object
        };
        let found = refusal(object(before), object(after));
        assert_eq!(found, refused.then_some(Refusal::Fixed), "{kind} {before} {after}");
    }
}

#[test]
fn pods_keep_the_pull_secret_that_their_account_had() {
    let stream = |name: &str| {
        let pull = json!([{"name": name}]);
        let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}, "imagePullSecrets": pull});
        let spec = json!({"serviceAccountName": "a", "containers": [{"name": "a"}]});
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}});
        vec![secret(name), account, deployment]
    };
    let traces = deployed(Deployer::Helm4, &[stream("pull-a"), stream("pull-b")]);
    assert_eq!(touched(&traces[1], Event::Unchanged), ["Deployment/a"], "nothing rolls");
    assert_eq!(dangling(&traces[1]), ["Deployment"]);
}

#[test]
fn volumes_keep_the_secrets_of_their_class() {
    let stream = |name: &str| {
        let parameters = json!({"csi.storage.k8s.io/provisioner-secret-name": name, "csi.storage.k8s.io/provisioner-secret-namespace": "prod"});
        let class = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}, "parameters": parameters});
        let mut secret = secret(name);
        secret["metadata"]["namespace"] = json!("prod");
        vec![secret, class]
    };
    let traces = deployed(Deployer::Helm4, &[stream("a"), stream("b")]);
    let volumes = |fault: &Fault| matches!(fault, Fault::Missing { what: What::Copies, .. });
    assert!(traces[1].faults.iter().any(volumes), "{:?}", traces[1].faults);
}

#[test]
fn a_role_that_names_the_new_version_only_takes_the_old_one_from_old_pods() {
    let stream = |names: &[&str]| {
        let rule =
            json!({"apiGroups": [""], "resources": ["secrets"], "resourceNames": names, "verbs": ["get"]});
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "a"}, "rules": [rule]});
        let current = names.first().expect("a name");
        let spec = json!({"containers": [{"name": "a", "envFrom": [{"secretRef": {"name": current}}]}]});
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}});
        vec![secret("a"), secret("b"), role, deployment]
    };
    for (names, revoked) in [(&["b"][..], true), (&["b", "a"], false)] {
        let traces = deployed(Deployer::Helm4, &[stream(&["a"]), stream(names)]);
        let found = traces[1].faults.iter().any(|fault| matches!(fault, Fault::Revoked { .. }));
        assert_eq!(found, revoked, "{names:?}");
    }
}
