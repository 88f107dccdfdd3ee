//! Measures the time and memory that `immutably gc` needs for an export of 100,000 objects.
//!
//! `cargo bench --bench gc` prints the figures of docs/gc.md; `cargo bench --bench gc -- OBJECTS` those of another
//! size. The bench generates the export in the form that kubectl prints: applications with a Deployment, ReplicaSets,
//! Pods, and six generations of ConfigMaps and three of Secrets.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it does not expect"
)]

use immutably::kube::object::TargetKind;
use immutably::kube::signs::Signs;
use immutably::kube::suffix::{Content, Fields, suffix};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const NOW: &str = "2026-11-25T08:00:00Z";
const RUNS: usize = 5;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let objects = asked.unwrap_or(100_000);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gc-export.json");
    fs::write(&path, export(objects)).expect("the export is written");
    let size = fs::metadata(&path).expect("the export is there").len();
    let mut seconds: Vec<f64> = (0..RUNS).map(|_| run(&path)).collect();
    seconds.sort_by(f64::total_cmp);
    println!("{objects} objects, {} MB of JSON: {:.2} s", size / 1_000_000, seconds[RUNS / 2]);
    if let Some(peak) = peak(&path) {
        println!("peak memory: {peak} MB");
    }
}

fn command(path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_immutably"));
    command.args(["gc", "--now", NOW]).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(path: &Path) -> f64 {
    let start = Instant::now();
    assert!(command(path).status().expect("the program starts").success(), "the export is taken");
    start.elapsed().as_secs_f64()
}

/// Returns the peak memory in MB; `None` without GNU time.
fn peak(path: &Path) -> Option<u64> {
    let figures = path.with_extension("peak");
    let program = command(path);
    let mut time = Command::new("/usr/bin/time");
    time.args(["-f", "%M", "-o"]).arg(&figures).arg(program.get_program()).args(program.get_args());
    time.stdout(File::create("/dev/null").ok()?).stderr(Stdio::null()).status().ok()?;
    Some(fs::read_to_string(figures).ok()?.trim().parse::<u64>().ok()? / 1000)
}

/// Returns an export as one list, with seventeen objects for each application.
fn export(objects: usize) -> Vec<u8> {
    let mut items: Vec<Value> = Vec::with_capacity(objects);
    for number in 0.. {
        if items.len() >= objects {
            break;
        }
        application(number, &mut items);
    }
    items.truncate(objects);
    let list =
        json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}});
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"    "));
    list.serialize(&mut serializer).expect("a vector takes everything");
    out
}

fn application(number: usize, items: &mut Vec<Value>) {
    let app = format!("application-{number}");
    let namespace = format!("team-{}", number % 50);
    let (mut maps, mut secrets) = (Vec::new(), Vec::new());
    let meta = |name: &str, day: usize| {
        json!({
            "annotations": {"meta.helm.sh/release-name": app, "meta.helm.sh/release-namespace": namespace},
            "creationTimestamp": format!("2026-11-{:02}T08:00:00Z", day + 1),
            "labels": {"app.kubernetes.io/instance": "release", "app.kubernetes.io/name": app},
            "name": name, "namespace": namespace, "resourceVersion": "123456", "uid": uid(number, name),
        })
    };
    for generation in 0..6 {
        let data: Vec<(String, String)> = (0..12)
            .map(|key| {
                (format!("server.module-{key}.setting"), format!("value {key} of {number} at {generation}"))
            })
            .collect();
        let name = format!("{app}-{}", hash(TargetKind::ConfigMap, "", &data));
        items.push(json!({"apiVersion": "v1", "data": mapping(&data), "immutable": true, "kind": "ConfigMap", "metadata": meta(&name, generation)}));
        maps.push(name);
    }
    for generation in 0..3 {
        let data = vec![(
            "password".to_owned(),
            format!("cGFzc3dvcmQgb2YgYW4gYXBw{:04}{generation:04}", number % 10_000),
        )];
        let name = format!("{app}-{}", hash(TargetKind::Secret, "Opaque", &data));
        items.push(json!({"apiVersion": "v1", "data": mapping(&data), "immutable": true, "kind": "Secret", "metadata": meta(&name, generation), "type": "Opaque"}));
        secrets.push(name);
    }
    let pod = |generation: usize| pod(&app, &maps[generation], &secrets[generation / 2]);
    let spec = |generation: usize| {
        json!({"replicas": 2, "selector": {"matchLabels": {"app.kubernetes.io/name": app}},
            "template": {"metadata": {"labels": {"app.kubernetes.io/name": app}}, "spec": pod(generation)}})
    };
    let owned = |name: &str, version: &str, kind: &str, owner: &str| {
        let mut meta = meta(name, 5);
        meta["ownerReferences"] = json!([{"apiVersion": version, "blockOwnerDeletion": true, "controller": true, "kind": kind, "name": owner, "uid": uid(number, owner)}]);
        meta
    };
    items.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(&app, 0), "spec": spec(5), "status": status()}));
    for generation in [0, 1, 2, 4, 5] {
        let meta = owned(&format!("{app}-{generation}"), "apps/v1", "Deployment", &app);
        items.push(json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec(generation), "status": status()}));
    }
    for replica in ["a", "b"] {
        let meta = owned(&format!("{app}-5-{replica}"), "apps/v1", "ReplicaSet", &format!("{app}-5"));
        items.push(
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": pod(5), "status": status()}),
        );
    }
}

fn pod(app: &str, map: &str, secret: &str) -> Value {
    json!({
        "containers": [{
            "env": [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"key": "password", "name": secret}}}],
            "envFrom": [{"configMapRef": {"name": map}}],
            "image": format!("registry.example.com/{app}:1.0"), "imagePullPolicy": "IfNotPresent",
            "livenessProbe": {"failureThreshold": 3, "httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10},
            "name": "server", "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
            "resources": {"limits": {"memory": "128Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "volumeMounts": [{"mountPath": "/etc/server", "name": "settings"}],
        }],
        "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler", "securityContext": {},
        "terminationGracePeriodSeconds": 30,
        "volumes": [{"configMap": {"defaultMode": 420, "name": map}, "name": "settings"}],
    })
}

fn status() -> Value {
    let condition =
        |kind: &str| json!({"lastTransitionTime": "2026-11-06T08:00:02Z", "status": "True", "type": kind});
    json!({"conditions": [condition("Available"), condition("Progressing"), condition("Ready")], "observedGeneration": 6, "replicas": 2})
}

fn uid(number: usize, name: &str) -> String {
    format!("{number:08x}-0000-4000-8000-{:012x}", name.len())
}

fn mapping(data: &[(String, String)]) -> Value {
    data.iter()
        .map(|(key, value)| (key.clone(), Value::from(value.as_str())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn hash(kind: TargetKind, secret_type: &str, data: &[(String, String)]) -> String {
    let fields: Fields<'_> =
        data.iter().map(|(key, value)| (key.as_str().into(), Some(value.as_str().into()))).collect();
    let content = Content {
        kind,
        secret_type: secret_type.into(),
        data: Some(fields),
        binary_data: None,
        string_data: None,
        signs: Signs::ANYTHING,
    };
    suffix(content).to_string()
}
