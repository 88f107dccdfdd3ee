//! Random charts: a few ConfigMaps and Secrets, and objects that use them, one kind of user for each lifetime of a
//! reference.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The number of ConfigMaps and Secrets in a chart.
const CONFIGS: usize = 4;

/// A chart.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    configs: Vec<Config>,
    users: Vec<User>,
}

/// A ConfigMap or Secret.
#[derive(Clone, Debug)]
struct Config {
    secret: bool,
    wave: i8,
}

/// An object that uses one or two of them.
#[derive(Clone, Debug)]
struct User {
    kind: Kind,
    uses: [usize; 2],
    wave: i8,
}

/// The kind of user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Deployment,
    StatefulSet,
    OnDelete,
    ReplicaSet,
    CronJob,
    Job,
    Pod,
    /// A Job that is a Helm hook at these events.
    Hook(&'static str),
    /// A Job that is an Argo CD hook.
    Sync(&'static str),
    /// A ServiceAccount with pull secrets, and a Deployment that uses it.
    Account,
    Role,
    Ingress,
    StorageClass,
    Volume,
    TaskRun,
    Prometheus,
    Knative,
    Partition,
    Broker,
    Optional,
}

/// Kinds for every deployer.
const KINDS: [Kind; 19] = [
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::OnDelete,
    Kind::ReplicaSet,
    Kind::CronJob,
    Kind::Job,
    Kind::Pod,
    Kind::Account,
    Kind::Role,
    Kind::Ingress,
    Kind::StorageClass,
    Kind::Volume,
    Kind::TaskRun,
    Kind::Prometheus,
    Kind::Knative,
    Kind::Partition,
    Kind::Broker,
    Kind::Optional,
    Kind::Deployment,
];

/// Helm hooks.
const HOOKS: [Kind; 7] = [
    Kind::Hook("post-install,pre-upgrade"),
    Kind::Hook("pre-install,pre-upgrade"),
    Kind::Hook("pre-upgrade"),
    Kind::Hook("post-install,post-upgrade"),
    Kind::Hook("pre-rollback"),
    Kind::Hook("post-rollback"),
    Kind::Hook("pre-delete"),
];

/// Argo CD hooks.
const SYNCS: [Kind; 3] = [Kind::Sync("PreSync"), Kind::Sync("Sync"), Kind::Sync("PostSync")];

/// The values of a release: the content of each ConfigMap and Secret, and the image of all pods.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    contents: Vec<u8>,
    image: u8,
}

/// Which hooks a deployer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hooks {
    None,
    Helm,
    ArgoCd,
}

/// Generates a chart with hooks that the deployer runs, and with waves if the deployer knows them.
pub(crate) fn chart(hooks: Hooks) -> BoxedStrategy<Chart> {
    let mut kinds = KINDS.to_vec();
    kinds.extend(if hooks == Hooks::None { &[][..] } else { &HOOKS });
    kinds.extend(if hooks == Hooks::ArgoCd { &SYNCS[..] } else { &[] });
    let wave = move || {
        if hooks == Hooks::ArgoCd {
            prop_oneof![4 => Just(0i8), 1 => -1i8..2].boxed()
        } else {
            Just(0).boxed()
        }
    };
    let config = (any::<bool>(), wave()).prop_map(|(secret, wave)| Config { secret, wave });
    let user = (proptest::sample::select(kinds), [0..CONFIGS, 0..CONFIGS], wave());
    let user = user.prop_map(|(kind, uses, wave)| User { kind, uses, wave });
    (vec(config, CONFIGS), vec(user, 1..5))
        .prop_map(|(mut configs, users)| {
            configs[0].secret = true;
            Chart { configs, users }
        })
        .boxed()
}

/// Generates the values of a release.
pub(crate) fn values() -> impl Strategy<Value = Values> {
    (vec(0u8..3, CONFIGS), 0u8..2).prop_map(|(contents, image)| Values { contents, image })
}

impl Values {
    /// Returns the values with an image that no other release has.
    pub(crate) fn with_a_bad_image(&self) -> Values {
        Values { image: u8::MAX, ..self.clone() }
    }
}

impl Chart {
    /// Returns the objects of a release.
    pub(crate) fn objects(&self, values: &Values) -> Vec<Value> {
        let mut objects =
            vec![json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "broken"}})];
        for (number, config) in self.configs.iter().enumerate() {
            let (kind, field) = if config.secret { ("Secret", "stringData") } else { ("ConfigMap", "data") };
            let metadata = metadata(&name(number), config.wave);
            let data = json!({"level": format!("level {}", values.contents[number])});
            objects.push(json!({"apiVersion": "v1", "kind": kind, "metadata": metadata, field: data}));
        }
        for (number, user) in self.users.iter().enumerate() {
            objects.extend(self.user(number, user, values));
        }
        objects
    }

    fn user(&self, number: usize, user: &User, values: &Values) -> Vec<Value> {
        let pod = self.pod(user, values);
        let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": pod});
        let object = |version: &str, kind: &str, spec: Value| {
            let metadata = metadata(&format!("user-{number}"), user.wave);
            json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})
        };
        let hook = |key: &str, value: &str| {
            let mut job = object("batch/v1", "Job", json!({"template": template}));
            job["metadata"]["annotations"][key] = json!(value);
            vec![job]
        };
        let secret = self.secret(user);
        match user.kind {
            Kind::Deployment => vec![object("apps/v1", "Deployment", json!({"template": template}))],
            Kind::StatefulSet => vec![object("apps/v1", "StatefulSet", json!({"template": template}))],
            Kind::OnDelete => {
                let spec = json!({"template": template, "updateStrategy": {"type": "OnDelete"}});
                vec![object("apps/v1", "StatefulSet", spec)]
            }
            Kind::Partition => {
                let strategy = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}});
                let spec = json!({"template": template, "updateStrategy": strategy});
                vec![object("apps/v1", "StatefulSet", spec)]
            }
            Kind::Optional => {
                let mut template = template;
                let from = json!({"secretRef": {"name": secret, "optional": true}});
                template["spec"]["containers"][0]["envFrom"] = json!([from]);
                vec![object("apps/v1", "DaemonSet", json!({"template": template}))]
            }
            Kind::Knative => {
                let mut template = template;
                template["metadata"]["name"] = json!("web-1");
                vec![object("serving.knative.dev/v1", "Service", json!({"template": template}))]
            }
            Kind::Broker => {
                let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "name": name(user.uses[0])});
                vec![object("eventing.knative.dev/v1", "Broker", json!({"config": config}))]
            }
            Kind::ReplicaSet => vec![object("apps/v1", "ReplicaSet", json!({"template": template}))],
            Kind::CronJob => {
                vec![object("batch/v1", "CronJob", json!({"jobTemplate": {"spec": {"template": template}}}))]
            }
            Kind::Job => vec![object("batch/v1", "Job", json!({"template": template}))],
            Kind::Pod => vec![object("v1", "Pod", pod)],
            Kind::Hook(events) => hook("helm.sh/hook", events),
            Kind::Sync(phase) => hook("argocd.argoproj.io/hook", phase),
            Kind::Account => self.account(number, user, values),
            Kind::Role => {
                let mut role = object("rbac.authorization.k8s.io/v1", "Role", Value::Null);
                let names = user.uses.map(name);
                role["rules"] = json!([{"apiGroups": [""], "resources": ["configmaps", "secrets"], "resourceNames": names, "verbs": ["get"]}]);
                vec![role]
            }
            Kind::Ingress => {
                let spec = json!({"tls": [{"hosts": ["example.com"], "secretName": secret}]});
                vec![object("networking.k8s.io/v1", "Ingress", spec)]
            }
            Kind::StorageClass => {
                let mut class = object("storage.k8s.io/v1", "StorageClass", Value::Null);
                class["provisioner"] = json!("example.com");
                class["parameters"] = json!({
                    "csi.storage.k8s.io/provisioner-secret-name": secret,
                    "csi.storage.k8s.io/provisioner-secret-namespace": "prod",
                });
                vec![class]
            }
            Kind::Volume => {
                let csi = json!({"driver": "example.com", "volumeHandle": "a", "nodePublishSecretRef": {"name": secret, "namespace": "prod"}});
                vec![object("v1", "PersistentVolume", json!({"csi": csi}))]
            }
            Kind::TaskRun => {
                let spec = json!({"workspaces": [{"name": "a", "secret": {"secretName": secret}}]});
                vec![object("tekton.dev/v1", "TaskRun", spec)]
            }
            Kind::Prometheus => {
                vec![object("monitoring.coreos.com/v1", "Prometheus", json!({"secrets": [secret]}))]
            }
        }
    }

    fn account(&self, number: usize, user: &User, values: &Values) -> Vec<Value> {
        let named = format!("user-{number}");
        let pull = json!([{"name": self.secret(user)}]);
        let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(&named, user.wave), "imagePullSecrets": pull});
        let spec = json!({"serviceAccountName": named, "containers": [{"name": "web", "image": values.image.to_string()}]});
        let template = json!({"spec": spec});
        let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(&named, user.wave), "spec": {"template": template}});
        vec![account, deployment]
    }

    /// Returns a pod that uses the first object in its environment and the second as a volume.
    fn pod(&self, user: &User, values: &Values) -> Value {
        let [first, second] = user.uses.map(name);
        let from = if self.configs[user.uses[0]].secret { "secretRef" } else { "configMapRef" };
        let volume = if self.configs[user.uses[1]].secret {
            json!({"name": "a", "secret": {"secretName": second}})
        } else {
            json!({"name": "a", "configMap": {"name": second}})
        };
        json!({
            "containers": [{"name": "web", "image": values.image.to_string(), "envFrom": [{from: {"name": first}}]}],
            "volumes": [volume],
        })
    }

    /// Returns the name of a Secret that the user uses, or else of the first object of the chart, which is a Secret.
    fn secret(&self, user: &User) -> String {
        let found = user.uses.into_iter().find(|number| self.configs[*number].secret);
        name(found.unwrap_or(0))
    }
}

/// Returns a name with hyphens, so that any text with it is a mention.
fn name(number: usize) -> String {
    format!("shop-config-{number}")
}

fn metadata(name: &str, wave: i8) -> Value {
    if wave == 0 {
        return json!({"name": name, "annotations": {"example.com/team": "web"}});
    }
    json!({"name": name, "annotations": {"argocd.argoproj.io/sync-wave": wave.to_string()}})
}
