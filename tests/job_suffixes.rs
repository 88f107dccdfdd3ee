//! Jobs and bare Pods with random templates: what determines their suffix and what does not, and that references to
//! them follow.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod specification;
mod streams;

use immutably::options::{Hash, Jobs, Options};
use immutably::rewrite;
use library::{source, written};
use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;
use specification::suffix_of;
use std::collections::BTreeMap;
use streams::layout::Layout;
use streams::objects::{self, Node, map, text};
use streams::{cases, layout, referrers};

/// Objects that refer to the Job `load` in a field that a rule knows.
const NAMED: [&str; 12] = [
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n}, spec: {podSelector: {matchLabels: {job-name: load}}}}",
    "{apiVersion: v1, kind: Service, metadata: {name: n}, spec: {selector: {batch.kubernetes.io/job-name: load}}}",
    "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: n}, spec: {selector: {matchExpressions: [{key: job-name, operator: In, values: [load]}]}}}",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: n}, rules: [{apiGroups: [batch], resources: [jobs/status], resourceNames: [load], verbs: [get]}]}",
    "{apiVersion: example.com/v1, kind: Hold, metadata: {name: n}, spec: {until: {kind: Job, name: load}}}",
    "{apiVersion: example.com/v1, kind: Hold, metadata: {name: n}, spec: {until: {group: batch, kind: Job, name: load}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n}, spec: {template: {spec: {containers: [{name: a, args: [wait, job/load]}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n}, spec: {template: {spec: {containers: [{name: a, command: [kubectl, logs, jobs, load]}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n}, spec: {template: {spec: {containers: [{name: a, command: [sh, -c, 'kubectl wait jobs.batch/load; true']}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n}, spec: {template: {spec: {containers: [{name: a, args: ['kubectl logs -l job-name=load']}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n}, spec: {template: {spec: {containers: [{name: a, command: [sh, -c, 'kubectl wait \"job/$JOB_NAME\"'], env: [{name: JOB_NAME, value: load}]}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n, annotations: {config.kubernetes.io/depends-on: batch/namespaces/a/Job/load}}, spec: {}}",
];

/// Returns the names of Jobs and Pods in the output, by their names in the input; `None` if the stream is refused.
fn names(text: &str) -> Option<BTreeMap<String, String>> {
    let source = source(text);
    let outcome = rewrite(&source, &Options::default());
    let report = outcome.report();
    let named =
        report.jobs.iter().filter_map(|entry| Some((entry.name.to_owned(), entry.new_name?.to_owned())));
    (!outcome.refused()).then(|| named.collect())
}

fn output(text: &str, options: &Options) -> String {
    library::output(text, options).expect("nothing is wrong with it")
}

fn config_map(value: &str) -> Node {
    map([
        ("apiVersion", text("v1")),
        ("kind", text("ConfigMap")),
        ("metadata", map([("name", text("used"))])),
        ("data", map([("key", text(value))])),
    ])
}

/// Returns a Job with this pod, which also uses the ConfigMap.
fn job(name: &str, pod: &Node) -> Node {
    let used = map([("configMap", map([("name", text("used"))])), ("name", text("used"))]);
    let mut pod = pod.clone();
    if let Node::Map(entries) = &mut pod {
        entries.retain(|(key, _)| key != "volumes");
    }
    let pod = pod.with("volumes", Some(Node::List(vec![used])));
    let labels = map([("app", text("x")), ("job-name", text(name))]);
    let template = map([("metadata", map([("labels", labels)])), ("spec", pod)]);
    map([
        ("apiVersion", text("batch/v1")),
        ("kind", text("Job")),
        ("metadata", map([("name", text(name))])),
        ("spec", map([("template", template)])),
    ])
}

/// Generates pods.
fn pod() -> impl Strategy<Value = Node> {
    let metadata = Just(map([("name", text("x"))])).boxed();
    referrers::workload(metadata)
        .prop_filter_map("has a template of its own", |node| node.get(&["spec", "template", "spec"]).cloned())
}

fn stream(objects: &[Node], layouts: &[Layout]) -> String {
    let documents = objects.iter().zip(layouts.iter().cycle());
    documents.map(|(node, layout)| format!("---\n{}", layout.write(node))).collect()
}

fn suffix<'n>(names: &'n BTreeMap<String, String>, name: &str) -> &'n str {
    names.get(name).and_then(|new| new.strip_prefix(name)).unwrap_or_default()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn how_a_template_is_written_does_not_count(
        pod in pod(), value in "[a-z]{1,8}", layouts in proptest::collection::vec(layout(), 4)
    ) {
        let objects = [config_map(&value), job("one", &pod), job("two", &pod)];
        let plain = names(&stream(&objects, &[Layout::simple(0)])).expect("nothing is wrong");
        let other = names(&stream(&objects, &layouts)).expect("nothing is wrong");
        prop_assert_eq!(&plain, &other);
        prop_assert_eq!(suffix(&plain, "one").len(), 11);
        prop_assert_eq!(suffix(&plain, "one"), suffix(&plain, "two"), "the same template twice");
    }

    #[test]
    fn other_content_is_another_name(pod in pod(), one in "[a-z]{1,8}", other in "[A-Z]{1,8}") {
        let with = |value: &str| names(&stream(&[config_map(value), job("one", &pod)], &[Layout::simple(0)]));
        let (one, other) = (with(&one).expect("fine"), with(&other).expect("fine"));
        prop_assert_ne!(&one["one"], &other["one"]);
    }

    #[test]
    fn the_suffix_is_that_of_the_specification(pod in pod(), value in "[a-z]{1,8}", layout in layout()) {
        let text = stream(&[config_map(&value), job("one", &pod)], &[layout]);
        let new = names(&text).expect("nothing is wrong")["one"].clone();
        let written = output(&text, &Options::default());
        let documents: Vec<Value> =
            streams::split(&written).iter().filter_map(|document| streams::parse(document)).collect();
        let job = documents.iter().find(|object| object["kind"] == "Job").expect("it is there");
        prop_assert_eq!(&job["metadata"]["name"], &Value::from(new.as_str()));
        let mut template = job["spec"]["template"].clone();
        template["metadata"]["labels"].as_mapping_mut().expect("labels").remove("job-name");
        let json: serde_json::Value = serde_yaml::from_value(template).expect("a manifest is JSON");
        prop_assert_eq!(new, format!("one-{}", suffix_of(&json.to_string())));
    }

    #[test]
    fn what_names_a_job_by_a_rule_follows(pod in pod(), namer in select(NAMED.to_vec())) {
        let text = format!("{}---\n{namer}\n", stream(&[config_map("x"), job("load", &pod)], &[Layout::simple(0)]));
        let new = names(&text).expect("nothing is wrong")["load"].clone();
        let written = output(&text, &Options::default());
        prop_assert!(written.ends_with(&format!("{}\n", namer.replace("load", &new))), "{written}");
        prop_assert_eq!(output(&written, &Options::default()), written);
    }

    #[test]
    fn no_name_of_a_job_changes_unless_told(stream in streams::stream(), jobs in select(vec![Jobs::Original, Jobs::AsIs])) {
        let text = stream.text();
        let source = source(&text);
        let told = source.text().contains("immutably.dev/mode");
        let outcome = rewrite(&source, &Options { jobs, ..Options::default() });
        prop_assert!(told || outcome.report().jobs.iter().all(|entry| entry.new_name.is_none()));
        if let Some(once) = written(&outcome) {
            prop_assert_eq!(output(&once, &Options { jobs, ..Options::default() }), once);
        }
    }
}

#[test]
fn a_stream_without_config_maps_and_secrets_names_no_job() {
    let named = streams::samples(&objects::no_target(), 200);
    let text = stream(&named, &[Layout::simple(0)]);
    assert_eq!(names(&text), Some(BTreeMap::new()));
}

/// A Secret without a type has a different suffix with each hash. kustomize always appends its own, so `--hash` must
/// not matter.
#[test]
fn what_kustomize_names_counts_as_it_will_be_named() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  annotations: {internal.config.kubernetes.io/needsHashSuffix: enabled}\nstringData: {a: b}\n";
    let job = "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\nspec: {template: {spec: {containers: [{name: a, envFrom: [{secretRef: {name: db}}]}]}}}\n";
    let stream = format!("{secret}{job}");
    let with = |hash| output(&stream, &Options { hash, ..Options::default() });
    assert_eq!(with(Hash::Stored), with(Hash::Kustomize));
    let bare = secret.replace("enabled", "no");
    let hashed = output(&format!("{bare}{job}"), &Options { hash: Hash::Kustomize, ..Options::default() });
    let name = hashed.lines().find_map(|line| line.strip_prefix("  name: ")).expect("its name");
    let built = with(Hash::Stored).replace("name: db", &format!("name: {name}")).replace("enabled", "no");
    assert_eq!(output(&built, &Options::default()), built);
}
