//! What the API server refuses to change, what is copied out of objects, and what a grant takes away: facts of the
//! cluster, whoever deploys.

use crate::application::{dangling, read, touched};
use immutably::deployers::{self, Deployer, Event, Fault, Mishap, Operation, Refusal, State, Trace, What};
use serde_json::{Value, json};

/// Streams deployed one after the other, and what each did.
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

/// Why the second of two streams is refused, if it is.
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
