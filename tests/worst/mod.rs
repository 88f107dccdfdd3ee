//! Inputs that ask for the most work: each kind of thing of which a stream may hold many, made as large as wanted.

#![allow(dead_code)] // the benchmark and the test take what they need

/// How a case is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The input on standard input, with these arguments.
    Filter(&'static [&'static str]),
    /// The input is a rules file for a small stream.
    Rules,
    /// The input is a list of known objects for a small stream.
    Known,
    /// The output of a first run is run once more.
    Twice,
    /// The input is what was deployed before a small stream.
    Previous,
    /// `immutably gc`.
    Gc,
}

use Way::{Filter, Gc, Known, Previous, Rules, Twice};

/// A kind of input: its name, how it is run, how many things are a fair beginning, and the text with so many.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
    pub(crate) size: usize,
    pub(crate) make: fn(usize) -> String,
}

const fn case(name: &'static str, way: Way, size: usize, make: fn(usize) -> String) -> Case {
    Case { name, way, size, make }
}

/// Every case.
pub(crate) const CASES: &[Case] = &[
    case("aliases-of-a-container", Filter(&[]), 2000, aliases_of_a_container),
    case("aliases-of-one-name", Filter(&[]), 20_000, aliases_of_one_name),
    case("anchors-each-with-an-alias", Filter(&[]), 8000, anchors_each_with_an_alias),
    case("anchor-defined-again", Filter(&[]), 20_000, anchor_defined_again),
    case("merge-chain", Filter(&[]), 4000, merge_chain),
    case("unreferenced-in-one-list", Filter(&["--unreferenced=version"]), 4000, one_list),
    case("unreferenced-on-one-line", Filter(&["--unreferenced=version"]), 4000, one_line),
    case(
        "unreferenced-on-one-line-as-json",
        Filter(&["--unreferenced=version", "--format=json"]),
        4000,
        one_line,
    ),
    case("unreferenced-on-one-line-in-a-report", Filter(&["--report=/dev/null", "-q"]), 4000, one_line),
    case("unreferenced-in-documents", Filter(&["--unreferenced=version"]), 4000, documents),
    case("errors-in-one-list", Filter(&["--unreferenced=error"]), 4000, one_list),
    case("diff-of-one-list", Filter(&["--diff"]), 4000, one_list),
    case("diff-of-documents", Filter(&["--diff"]), 4000, documents),
    case("kept-originals", Filter(&["--keep-original=*/*"]), 4000, documents),
    case("kept-originals-in-one-list", Filter(&["--keep-original=*/*"]), 4000, one_list),
    case("retained", Filter(&["--retain=helm,argocd"]), 4000, documents),
    case("grants-on-one-name-in-many-namespaces", Filter(&["-q"]), 2000, grants),
    case("references-to-one-name-in-many-namespaces", Filter(&["-q"]), 2000, references_to_any),
    case("one-name-in-many-namespaces", Filter(&["-q"]), 8000, one_name),
    case("one-object-many-times", Filter(&["-q"]), 8000, twins),
    case("previous-names", Filter(&["-q"]), 2000, previous_names),
    case("names-of-one-base-with-suffixes", Filter(&["-q"]), 4000, suffixed),
    case("stale-references", Filter(&["-q"]), 4000, stale),
    case("names-a-letter-away", Filter(&["-q"]), 4000, letter_away),
    case("missing-keys", Filter(&[]), 4000, missing_keys),
    case("mentions-in-one-object", Filter(&["-q"]), 4000, mentions),
    case("mentions-in-one-text", Filter(&["-q"]), 4000, mentions_in_text),
    case("mentions-of-each-other", Filter(&["-q"]), 4000, mentions_of_each_other),
    case("twice-the-same-keys", Filter(&[]), 4000, same_keys),
    case("one-key-many-times", Filter(&[]), 50_000, one_key),
    case("many-keys", Filter(&["-q"]), 50_000, many_keys),
    case("keys-that-are-refused", Filter(&[]), 20_000, refused_keys),
    case("values-that-are-no-text", Filter(&[]), 20_000, no_text),
    case("names-that-are-refused", Filter(&[]), 4000, refused_names),
    case("documents-that-are-broken", Filter(&[]), 8000, broken_documents),
    case("quotes-that-do-not-end", Filter(&[]), 8000, open_quotes),
    case("markers", Filter(&[]), 200_000, markers),
    case("byte-order-marks", Filter(&[]), 200_000, byte_order_marks),
    case("carriage-returns", Filter(&["-q"]), 200_000, carriage_returns),
    case("one-long-line", Filter(&["-q"]), 2_000_000, long_line),
    case("deep-nesting", Filter(&[]), 500_000, nesting),
    case("comments-before-a-key", Filter(&["-q"]), 200_000, comments),
    case("block-texts", Filter(&["-q"]), 20_000, block_texts),
    case("arguments", Filter(&["-q"]), 20_000, arguments),
    case("environment", Filter(&["-q"]), 20_000, environment),
    case("annotations", Filter(&["-q"]), 20_000, annotations),
    case("json-in-an-annotation", Filter(&["-q"]), 500_000, json_annotation),
    case("jobs", Filter(&[]), 4000, jobs),
    case("jobs-in-a-chain", Filter(&["-q"]), 4000, jobs_in_a_chain),
    case("kinds", Filter(&["-q"]), 2000, kinds),
    case("outside-references", Filter(&["--external=list"]), 4000, outside),
    case("krm-results-once-more", Twice, 2000, krm),
    case("rules", Rules, 4000, rules),
    case("rules-on-one-line", Rules, 4000, rules_on_one_line),
    case("name-references-of-kustomize", Rules, 4000, name_references),
    case("known-objects", Known, 20_000, known),
    case("versions-of-one-base", Previous, 4000, suffixed),
    case("versions-in-an-export", Gc, 4000, export),
];

fn each(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

fn config_map(name: &str) -> String {
    format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata: {{a: b}}\n")
}

fn aliases_of_a_container(count: usize) -> String {
    let head =
        config_map("web") + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n";
    head + "  - &c {name: c, image: i, envFrom: [{configMapRef: {name: web}}]}\n" + &"  - *c\n".repeat(count)
}

fn aliases_of_one_name(count: usize) -> String {
    let head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n  - name: c\n    envFrom:\n";
    config_map("web")
        + head
        + "    - configMapRef: {name: &n web}\n"
        + &"    - configMapRef: {name: *n}\n".repeat(count)
}

fn anchors_each_with_an_alias(count: usize) -> String {
    let head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n";
    let container =
        |at| format!("  - &c{at} {{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}\n  - *c{at}\n");
    config_map("web") + head + &each(count, container)
}

fn anchor_defined_again(count: usize) -> String {
    "a:\n".to_owned() + &each(count, |at| format!("- &a {at}\n- *a\n"))
}

fn merge_chain(count: usize) -> String {
    let link = |at: usize| format!("k{at}: &a{} {{<<: *a{at}, v: {at}}}\n", at + 1);
    "k: &a0 {v: x}\n".to_owned() + &each(count, link)
}

fn one_list(count: usize) -> String {
    let item = |at| {
        format!("- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: n{at}}}\n  data: {{a: '{at}'}}\n")
    };
    "apiVersion: v1\nkind: List\nitems:\n".to_owned() + &each(count, item)
}

fn one_line(count: usize) -> String {
    let item = |at| {
        let comma = if at == 0 { "" } else { "," };
        format!(
            "{comma}{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"n{at}\"}},\"data\":{{\"a\":\"{at}\"}}}}"
        )
    };
    format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}", each(count, item))
}

fn documents(count: usize) -> String {
    each(count, |at| config_map(&format!("n{at}")))
}

fn in_namespaces(count: usize) -> String {
    let secret = |at| {
        format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: web, namespace: n{at}}}\nstringData: {{a: '{at}'}}\n"
        )
    };
    each(count, secret)
}

fn grants(count: usize) -> String {
    let role = |at| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r{at}}}\nrules:\n- {{apiGroups: [''], resources: [secrets], resourceNames: [web], verbs: [get]}}\n"
        )
    };
    in_namespaces(count) + &each(count, role)
}

fn references_to_any(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{imagePullSecrets: [{{name: web}}]}}\n"
        )
    };
    in_namespaces(count) + &each(count, pod)
}

fn one_name(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: n{at}}}\nspec: {{imagePullSecrets: [{{name: web}}]}}\n"
        )
    };
    in_namespaces(count) + &each(count, pod)
}

fn twins(count: usize) -> String {
    config_map("web").repeat(count)
}

fn previous_names(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p{at}-web\n  annotations: {{internal.config.kubernetes.io/previousNames: web, internal.config.kubernetes.io/prefixes: p{at}-}}\ndata: {{a: '{at}'}}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p{at}-pod\n  annotations: {{internal.config.kubernetes.io/previousNames: pod, internal.config.kubernetes.io/prefixes: p{at}-}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}\n"
        )
    };
    each(count, object)
}

/// Letters of which suffixes consist.
fn suffix(at: usize) -> String {
    let letters = b"2456789bcdfghkmt";
    (0..10).map(|digit| char::from(letters[(at.wrapping_mul(2_654_435_761) >> (3 * digit)) % 16])).collect()
}

fn suffixed(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: web-{}, namespace: n{at}}}\ndata: {{a: b}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: other}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}\n",
            "4h2mbtbbt6"
        )
    };
    each(count, object)
}

fn stale(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web, namespace: n{at}}}\ndata: {{a: b}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: other}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web-{}}}}}]}}]}}\n",
            suffix(at)
        )
    };
    each(count, object)
}

fn letter_away(count: usize) -> String {
    let object = |at: usize| {
        config_map(&format!("settings-of-{at}-web"))
            + &format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: setings-of-{at}-web}}}}]}}]}}\n"
            )
    };
    each(count, object)
}

fn missing_keys(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, env: [{{name: A, valueFrom: {{configMapKeyRef: {{name: web, key: k{at}}}}}}}]}}]}}\n"
        )
    };
    config_map("web") + &each(count, pod)
}

fn mentions(count: usize) -> String {
    let head = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec:\n  list:\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, |at| format!("  - see: web-{at}\n"))
}

fn mentions_in_text(count: usize) -> String {
    let head = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec:\n  text: |\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, |at| format!("    see web-{at} there\n"))
}

fn mentions_of_each_other(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-{at}\ndata: {{next: web-{}}}\n",
            (at + 1) % count
        )
    };
    each(count, object)
}

fn same_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: a\n  k{at}: b\n"))
}

fn one_key(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned() + &"  k: a\n".repeat(count)
}

fn many_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: a\n"))
}

fn refused_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k {at}: a\n"))
}

fn no_text(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: {at}\n"))
}

fn refused_names(count: usize) -> String {
    each(count, |at| config_map(&format!("N_{at}")))
}

fn broken_documents(count: usize) -> String {
    "---\na: [\n".repeat(count)
}

fn open_quotes(count: usize) -> String {
    "---\n\"\n".repeat(count)
}

fn markers(count: usize) -> String {
    "---\n".repeat(count)
}

fn byte_order_marks(count: usize) -> String {
    "\u{feff}---\n".repeat(count)
}

fn carriage_returns(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: |\n".to_owned() + &"\r".repeat(count)
}

fn long_line(count: usize) -> String {
    let value = "x".repeat(count);
    format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"web\"}},\"stringData\":{{\"a\":\"{value}\"}}}}"
    )
}

fn nesting(count: usize) -> String {
    "[".repeat(count)
}

fn comments(count: usize) -> String {
    let comments = "# x\n".repeat(count);
    format!("apiVersion: v1\n{comments}kind: ConfigMap\n{comments}metadata: {{name: web}}\ndata: {{a: b}}\n")
}

fn block_texts(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: |2-\n    a\n   b\n"))
}

fn pod_of(lines: &str, list: &str) -> String {
    format!(
        "{}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: pod}}\nspec:\n  containers:\n  - name: c\n    {list}:\n{lines}",
        config_map("web")
    )
}

fn arguments(count: usize) -> String {
    pod_of(&each(count, |at| format!("    - --config-map-{at}=web\n")), "args")
}

fn environment(count: usize) -> String {
    pod_of(&each(count, |at| format!("    - {{name: CONFIG_MAP_{at}, value: web}}\n")), "env")
}

fn annotations(count: usize) -> String {
    let head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n";
    head.to_owned() + &each(count, |at| format!("    example.com/a{at}: web\n")) + &config_map("web")
}

fn json_annotation(count: usize) -> String {
    let list = "[".to_owned() + &"1,".repeat(count) + "1]";
    let head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n";
    format!("{head}    kubectl.kubernetes.io/last-applied-configuration: '{list}'\n{}", config_map("web"))
}

fn jobs(count: usize) -> String {
    let job = |at| {
        format!(
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {{generateName: j{at}-}}\nspec: {{template: {{spec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n"
        )
    };
    config_map("web") + &each(count, job)
}

fn jobs_in_a_chain(count: usize) -> String {
    let job = |at: usize| {
        format!(
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: j{at}-x}}\nspec: {{template: {{spec: {{containers: [{{name: c, args: [job/j{}-x], envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n",
            at + 1
        )
    };
    config_map("web") + &each(count, job)
}

fn kinds(count: usize) -> String {
    each(count, |at| {
        format!(
            "---\napiVersion: example.com/v1\nkind: Kind{at}\nmetadata: {{name: web}}\nspec: {{secretName: web}}\n"
        )
    })
}

fn outside(count: usize) -> String {
    each(count, |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{imagePullSecrets: [{{name: s{at}}}]}}\n"
        )
    })
}

fn krm(count: usize) -> String {
    "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n".to_owned()
        + one_list(count).split_once("items:\n").map_or("", |(_, items)| items)
}

fn rules(count: usize) -> String {
    "rules:\n".to_owned()
        + &each(count, |at| format!("- {{kind: Thing, path: spec.field{at}, names: Secret}}\n"))
}

fn rules_on_one_line(count: usize) -> String {
    let rules = each(count, |at| format!("{{kind: Thing, path: spec.field{at}, names: Secret}}, "));
    format!("rules: [{rules}]")
}

fn name_references(count: usize) -> String {
    "nameReference:\n- kind: Secret\n  fieldSpecs:\n".to_owned()
        + &each(count, |at| format!("  - {{kind: Thing, path: spec/field{at}}}\n"))
}

fn known(count: usize) -> String {
    each(count, |at| format!("secret/s{at}\n"))
}

fn export(count: usize) -> String {
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n, uid: u, creationTimestamp: '2020-01-01T00:00:00Z'}\nspec: {containers: [{name: c}]}\n";
    let object = |at| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: web{at}-4h2mbtbbt6, namespace: n, uid: u{at}, creationTimestamp: '2020-01-01T00:00:00Z'}}\ndata: {{a: b}}\n"
        )
    };
    pod.to_owned() + &each(count, object)
}

/// The stream beside a rules file, a list of known objects, or what was deployed before.
pub(crate) const STREAM: &str =
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec: {secretName: web}\n";
