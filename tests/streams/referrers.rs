//! Random objects that refer to ConfigMaps and Secrets in well-known fields.

use super::objects::{Node, map, name, named, text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Generates an object that refers to ConfigMaps and Secrets.
pub(crate) fn referrer() -> BoxedStrategy<Node> {
    prop_oneof![4 => workload(named()), 1 => ingress(named()), 1 => service_account(named()), 1 => role(named())].boxed()
}

/// Generates an object with a pod, with references of every kind that a pod can have.
pub(crate) fn workload(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let kinds = [
        ("v1", "Pod"),
        ("batch/v1", "Job"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "CronJob"),
    ];
    (metadata, select(kinds.to_vec()), vec((0usize..7, any::<bool>(), name()), 0..7))
        .prop_map(|(metadata, (version, kind), references)| {
            let pod = pod(&references);
            let template = |pod| map([("template", map([("spec", pod)]))]);
            let spec = match kind {
                "Pod" => pod,
                "CronJob" => map([("jobTemplate", map([("spec", template(pod))]))]),
                _ => template(pod).with("replicas", Some(Node::Plain("2"))),
            };
            map([("apiVersion", text(version)), ("kind", text(kind)), ("metadata", metadata), ("spec", spec)])
        })
        .boxed()
}

fn pod(references: &[(usize, bool, String)]) -> Node {
    let of = |wanted: usize, node: &dyn Fn(bool, Node) -> Node| {
        let found = references.iter().filter(|(way, ..)| *way == wanted);
        found.map(|(_, secret, name)| node(*secret, text(name.clone()))).collect::<Vec<_>>()
    };
    let env_from =
        of(0, &|secret, name| map([(either(secret, "secretRef", "configMapRef"), map([("name", name)]))]));
    let env = of(1, &|secret, name| {
        let key =
            map([("key", text("a")), ("name", name)]).with("optional", secret.then_some(Node::Plain("true")));
        let from = map([(either(secret, "secretKeyRef", "configMapKeyRef"), key)]);
        map([("name", text("A")), ("valueFrom", from)])
    });
    let mut volumes = of(2, &|secret, name| {
        let source = either(secret, ("secret", "secretName"), ("configMap", "name"));
        map([("name", name.clone()), (source.0, map([(source.1, name)]))])
    });
    volumes.extend(of(3, &|secret, name| {
        let source = map([(either(secret, "secret", "configMap"), map([("name", name)]))]);
        map([("name", text("web")), ("projected", map([("sources", Node::List(vec![source]))]))])
    }));
    let pull = of(4, &|_, name| map([("name", name)]));
    let plain = of(5, &|_, name| map([("name", text("B")), ("value", name)]));
    let waits = of(6, &|job, name| {
        let Node::Text(name) = name else { return name };
        text(format!("{}/{name}", either(job, "job", "pod")))
    });
    let container = map([("name", text("web")), ("image", text("web"))])
        .with("args", some(waits))
        .with("envFrom", some(env_from))
        .with("env", some(env.into_iter().chain(plain).collect()));
    map([("containers", Node::List(vec![container]))])
        .with("volumes", some(volumes))
        .with("imagePullSecrets", some(pull))
}

fn some(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then_some(Node::List(items))
}

pub(crate) fn ingress(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let kind = [("apiVersion", text("networking.k8s.io/v1")), ("kind", text("Ingress"))];
    let tls = name().prop_map(|name| {
        map([("hosts", Node::List(vec![text("*.example.com")])), ("secretName", text(name))])
    });
    (metadata, vec(tls, 1..3))
        .prop_map(move |(metadata, tls)| {
            let spec = map([("tls", Node::List(tls))]);
            map(kind.clone()).with("metadata", Some(metadata)).with("spec", Some(spec))
        })
        .boxed()
}

pub(crate) fn service_account(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let names = || vec(name().prop_map(|name| map([("name", text(name))])), 0..3);
    (metadata, names(), names())
        .prop_map(|(metadata, secrets, pull)| {
            map([("apiVersion", text("v1")), ("kind", text("ServiceAccount")), ("metadata", metadata)])
                .with("secrets", some(secrets))
                .with("imagePullSecrets", some(pull))
        })
        .boxed()
}

pub(crate) fn role(metadata: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let version = text("rbac.authorization.k8s.io/v1");
    let resource = select(&["secrets", "configmaps", "pods", "*"][..]);
    (metadata, resource, vec(name().prop_map(text), 0..3))
        .prop_map(move |(metadata, resource, names)| {
            let rule = map([
                ("apiGroups", Node::List(vec![text("")])),
                ("resources", Node::List(vec![text(resource)])),
                ("resourceNames", Node::List(names)),
                ("verbs", Node::List(vec![text("get")])),
            ]);
            map([("apiVersion", version.clone()), ("kind", text("Role")), ("metadata", metadata)])
                .with("rules", Some(Node::List(vec![rule])))
        })
        .boxed()
}

fn either<T>(secret: bool, if_secret: T, if_not: T) -> T {
    if secret { if_secret } else { if_not }
}
