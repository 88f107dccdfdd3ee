//! The objects of a chart with every relevant kind of object.

use serde_json::{Value, json};

/// The values of a release.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values {
    /// The content of the ConfigMap and the Secret.
    pub(crate) level: &'static str,
    /// The image of the Deployments.
    pub(crate) image: &'static str,
    /// The events of a hook Job that reads the ConfigMap.
    pub(crate) hook: Option<&'static str>,
    /// Adds a Job and a bare Pod that read the ConfigMap.
    pub(crate) jobs: bool,
}

impl Values {
    /// Returns the values of a release with this level.
    pub(crate) fn of(level: &'static str) -> Values {
        Values { level, image: "1", hook: None, jobs: true }
    }
}

/// Returns the objects of a release, including hooks.
pub(crate) fn objects(values: Values) -> Vec<Value> {
    let mut objects = vec![
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": []}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web-config"}, "data": {"level": values.level}}),
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web-db"}, "stringData": {"level": values.level}}),
        workload("apps/v1", "Deployment", "web", values.image),
        workload("apps/v1", "StatefulSet", "db", "1"),
    ];
    if values.jobs {
        objects.push(workload("batch/v1", "Job", "load", "1"));
        let spec = pod("1");
        objects.push(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "solo"}, "spec": spec}));
    }
    if let Some(events) = values.hook {
        let mut hook = workload("batch/v1", "Job", "migrate", "1");
        hook["metadata"]["annotations"] = json!({"helm.sh/hook": events});
        objects.push(hook);
    }
    objects
}

/// Returns an object with a pod that reads the ConfigMap and the Secret.
fn workload(version: &str, kind: &str, name: &str, image: &str) -> Value {
    let template = json!({"metadata": {"labels": {"app": name}}, "spec": pod(image)});
    json!({"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": {"template": template}})
}

fn pod(image: &str) -> Value {
    let from = json!([{"configMapRef": {"name": "web-config"}}, {"secretRef": {"name": "web-db"}}]);
    json!({"containers": [{"name": "web", "image": image, "envFrom": from}]})
}
