//! Generates the inputs, each with any number of items.

pub(super) fn each(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect()
}

pub(super) fn config_map(name: &str) -> String {
    format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata: {{a: b}}\n")
}

pub(super) fn aliases_of_a_container(count: usize) -> String {
    let head =
        config_map("web") + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n";
    head + "  - &c {name: c, image: i, envFrom: [{configMapRef: {name: web}}]}\n" + &"  - *c\n".repeat(count)
}

pub(super) fn aliases_of_one_name(count: usize) -> String {
    let head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n  - name: c\n    envFrom:\n";
    config_map("web")
        + head
        + "    - configMapRef: {name: &n web}\n"
        + &"    - configMapRef: {name: *n}\n".repeat(count)
}

pub(super) fn anchors_each_with_an_alias(count: usize) -> String {
    let head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  containers:\n";
    let container =
        |at| format!("  - &c{at} {{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}\n  - *c{at}\n");
    config_map("web") + head + &each(count, container)
}

pub(super) fn anchor_defined_again(count: usize) -> String {
    "a:\n".to_owned() + &each(count, |at| format!("- &a {at}\n- *a\n"))
}

pub(super) fn merge_chain(count: usize) -> String {
    let link = |at: usize| format!("k{at}: &a{} {{<<: *a{at}, v: {at}}}\n", at + 1);
    "k: &a0 {v: x}\n".to_owned() + &each(count, link)
}

pub(super) fn one_list(count: usize) -> String {
    let item = |at| {
        format!("- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: n{at}}}\n  data: {{a: '{at}'}}\n")
    };
    "apiVersion: v1\nkind: List\nitems:\n".to_owned() + &each(count, item)
}

pub(super) fn one_line(count: usize) -> String {
    let item = |at| {
        let comma = if at == 0 { "" } else { "," };
        format!(
            "{comma}{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"n{at}\"}},\"data\":{{\"a\":\"{at}\"}}}}"
        )
    };
    format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}", each(count, item))
}

pub(super) fn documents(count: usize) -> String {
    each(count, |at| config_map(&format!("n{at}")))
}

pub(super) fn in_namespaces(count: usize) -> String {
    let secret = |at| {
        format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: web, namespace: n{at}}}\nstringData: {{a: '{at}'}}\n"
        )
    };
    each(count, secret)
}

pub(super) fn grants(count: usize) -> String {
    let role = |at| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r{at}}}\nrules:\n- {{apiGroups: [''], resources: [secrets], resourceNames: [web], verbs: [get]}}\n"
        )
    };
    in_namespaces(count) + &each(count, role)
}

pub(super) fn references_to_any(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{imagePullSecrets: [{{name: web}}]}}\n"
        )
    };
    in_namespaces(count) + &each(count, pod)
}

pub(super) fn one_name(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: n{at}}}\nspec: {{imagePullSecrets: [{{name: web}}]}}\n"
        )
    };
    in_namespaces(count) + &each(count, pod)
}

pub(super) fn twins(count: usize) -> String {
    config_map("web").repeat(count)
}

pub(super) fn previous_names(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p{at}-web\n  annotations: {{internal.config.kubernetes.io/previousNames: web, internal.config.kubernetes.io/prefixes: p{at}-}}\ndata: {{a: '{at}'}}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p{at}-pod\n  annotations: {{internal.config.kubernetes.io/previousNames: pod, internal.config.kubernetes.io/prefixes: p{at}-}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}\n"
        )
    };
    each(count, object)
}

/// Returns ten letters that look like a suffix.
pub(super) fn suffix(at: usize) -> String {
    let letters = b"2456789bcdfghkmt";
    (0..10).map(|digit| char::from(letters[(at.wrapping_mul(2_654_435_761) >> (3 * digit)) % 16])).collect()
}

pub(super) fn suffixed(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: web-{}, namespace: n{at}}}\ndata: {{a: b}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: other}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}\n",
            "4h2mbtbbt6"
        )
    };
    each(count, object)
}

pub(super) fn stale(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web, namespace: n{at}}}\ndata: {{a: b}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: other}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web-{}}}}}]}}]}}\n",
            suffix(at)
        )
    };
    each(count, object)
}

pub(super) fn letter_away(count: usize) -> String {
    let object = |at: usize| {
        config_map(&format!("settings-of-{at}-web"))
            + &format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: setings-of-{at}-web}}}}]}}]}}\n"
            )
    };
    each(count, object)
}

pub(super) fn missing_keys(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, env: [{{name: A, valueFrom: {{configMapKeyRef: {{name: web, key: k{at}}}}}}}]}}]}}\n"
        )
    };
    config_map("web") + &each(count, pod)
}

pub(super) fn mentions(count: usize) -> String {
    let head = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec:\n  list:\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, |at| format!("  - see: web-{at}\n"))
}

pub(super) fn mentions_in_text(count: usize) -> String {
    let head = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec:\n  text: |\n";
    each(count, |at| config_map(&format!("web-{at}")))
        + head
        + &each(count, |at| format!("    see web-{at} there\n"))
}

pub(super) fn mentions_of_each_other(count: usize) -> String {
    let object = |at: usize| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-{at}\ndata: {{next: web-{}}}\n",
            (at + 1) % count
        )
    };
    each(count, object)
}

pub(super) fn same_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: a\n  k{at}: b\n"))
}

pub(super) fn one_key(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned() + &"  k: a\n".repeat(count)
}

pub(super) fn many_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: a\n"))
}

/// The name may be one that kustomize made, so the forms in which the Secret may have been written are tried.
pub(super) fn many_keys_under_a_suffix(count: usize) -> String {
    "apiVersion: v1\nkind: Secret\nmetadata: {name: db-4h2mbtbbt6}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: aHVudGVyMg==\n"))
}

pub(super) fn refused_keys(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k {at}: a\n"))
}

pub(super) fn no_text(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: {at}\n"))
}

pub(super) fn refused_names(count: usize) -> String {
    each(count, |at| config_map(&format!("N_{at}")))
}

pub(super) fn broken_documents(count: usize) -> String {
    "---\na: [\n".repeat(count)
}

pub(super) fn open_quotes(count: usize) -> String {
    "---\n\"\n".repeat(count)
}

pub(super) fn markers(count: usize) -> String {
    "---\n".repeat(count)
}

pub(super) fn byte_order_marks(count: usize) -> String {
    "\u{feff}---\n".repeat(count)
}

pub(super) fn carriage_returns(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: |\n".to_owned() + &"\r".repeat(count)
}

pub(super) fn long_line(count: usize) -> String {
    let value = "x".repeat(count);
    format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"web\"}},\"stringData\":{{\"a\":\"{value}\"}}}}"
    )
}

pub(super) fn nesting(count: usize) -> String {
    "[".repeat(count)
}

pub(super) fn comments(count: usize) -> String {
    let comments = "# x\n".repeat(count);
    format!("apiVersion: v1\n{comments}kind: ConfigMap\n{comments}metadata: {{name: web}}\ndata: {{a: b}}\n")
}

pub(super) fn block_texts(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: |2-\n    a\n   b\n"))
}

fn pod_of(lines: &str, list: &str) -> String {
    format!(
        "{}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: pod}}\nspec:\n  containers:\n  - name: c\n    {list}:\n{lines}",
        config_map("web")
    )
}

pub(super) fn arguments(count: usize) -> String {
    pod_of(&each(count, |at| format!("    - --config-map-{at}=web\n")), "args")
}

pub(super) fn environment(count: usize) -> String {
    pod_of(&each(count, |at| format!("    - {{name: CONFIG_MAP_{at}, value: web}}\n")), "env")
}

pub(super) fn annotations(count: usize) -> String {
    let head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n";
    head.to_owned() + &each(count, |at| format!("    example.com/a{at}: web\n")) + &config_map("web")
}

pub(super) fn json_annotation(count: usize) -> String {
    let list = "[".to_owned() + &"1,".repeat(count) + "1]";
    let head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n";
    format!("{head}    kubectl.kubernetes.io/last-applied-configuration: '{list}'\n{}", config_map("web"))
}

pub(super) fn jobs(count: usize) -> String {
    let job = |at| {
        format!(
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {{generateName: j{at}-}}\nspec: {{template: {{spec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n"
        )
    };
    config_map("web") + &each(count, job)
}

pub(super) fn jobs_in_a_chain(count: usize) -> String {
    let job = |at: usize| {
        format!(
            "---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: j{at}-x}}\nspec: {{template: {{spec: {{containers: [{{name: c, args: [job/j{}-x], envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n",
            at + 1
        )
    };
    config_map("web") + &each(count, job)
}

pub(super) fn kinds(count: usize) -> String {
    each(count, |at| {
        format!(
            "---\napiVersion: example.com/v1\nkind: Kind{at}\nmetadata: {{name: web}}\nspec: {{secretName: web}}\n"
        )
    })
}

pub(super) fn outside(count: usize) -> String {
    each(count, |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{imagePullSecrets: [{{name: s{at}}}]}}\n"
        )
    })
}

pub(super) fn krm(count: usize) -> String {
    "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n".to_owned()
        + one_list(count).split_once("items:\n").map_or("", |(_, items)| items)
}

pub(super) fn rules(count: usize) -> String {
    "rules:\n".to_owned()
        + &each(count, |at| format!("- {{kind: Thing, path: spec.field{at}, names: Secret}}\n"))
}

pub(super) fn rules_on_one_line(count: usize) -> String {
    let rules = each(count, |at| format!("{{kind: Thing, path: spec.field{at}, names: Secret}}, "));
    format!("rules: [{rules}]")
}

pub(super) fn name_references(count: usize) -> String {
    "nameReference:\n- kind: Secret\n  fieldSpecs:\n".to_owned()
        + &each(count, |at| format!("  - {{kind: Thing, path: spec/field{at}}}\n"))
}

pub(super) fn known(count: usize) -> String {
    each(count, |at| format!("secret/s{at}\n"))
}

pub(super) fn export(count: usize) -> String {
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns, uid: u, creationTimestamp: '2020-01-01T00:00:00Z'}\nspec: {containers: [{name: c}]}\n";
    let object = |at| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: web{at}-4h2mbtbbt6, namespace: ns, uid: u{at}, creationTimestamp: '2020-01-01T00:00:00Z'}}\ndata: {{a: b}}\n"
        )
    };
    pod.to_owned() + &each(count, object)
}
