//! More inputs: for subcommands, and inputs that consist of two files.

use super::inputs::{config_map, each, in_namespaces, one_list, suffix};

/// The suffix of the content `a: b`.
const VERSION: &str = "4h2mbtbbt6";

pub(super) fn no_base64(count: usize) -> String {
    "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata:\n".to_owned()
        + &each(count, |at| format!("  k{at}: '-'\n"))
}

pub(super) fn encoded_mentions(count: usize) -> String {
    // Base64 of `see web-one\n`, which mentions an object with that name.
    let secret = |at| {
        format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s{at}}}\ndata: {{a: c2VlIHdlYi1vbmUK}}\n"
        )
    };
    config_map("web-one") + &each(count, secret)
}

pub(super) fn checksums(count: usize) -> String {
    let head = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n";
    let object = |at| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: n{at}\n  annotations: {{immutably.dev/mode: checksum}}\ndata: {{a: '{at}'}}\n"
        )
    };
    let container = |at| format!("      - {{name: c{at}, envFrom: [{{configMapRef: {{name: n{at}}}}}]}}\n");
    each(count, object) + head + &each(count, container)
}

pub(super) fn templates(count: usize) -> String {
    let head = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: web}\nspec:\n";
    let object = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  annotations: {immutably.dev/mode: checksum}\ndata: {a: b}\n";
    let template = |at| {
        format!(
            "- {{name: t{at}, template: {{spec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n"
        )
    };
    object.to_owned() + head + &each(count, template)
}

fn job(name: &str, next: &str) -> String {
    format!(
        "---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}}}\nspec: {{template: {{spec: {{containers: [{{name: c, args: [job/{next}], envFrom: [{{configMapRef: {{name: web}}}}]}}]}}}}}}\n"
    )
}

pub(super) fn jobs_in_a_circle(count: usize) -> String {
    let job = |at: usize| job(&format!("j{at}-x"), &format!("j{}-x", (at + 1) % count));
    config_map("web") + &each(count, job)
}

pub(super) fn jobs_of_one_name(count: usize) -> String {
    config_map("web") + &each(count, |at| job("one-job", &format!("j{at}")))
}

pub(super) fn claims(count: usize) -> String {
    let certificate = |at| {
        format!(
            "---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {{name: c, namespace: n{at}}}\nspec: {{secretName: web}}\n"
        )
    };
    in_namespaces(count) + &each(count, certificate)
}

pub(super) fn loose_claims(count: usize) -> String {
    let cluster = |at| {
        format!(
            "---\napiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: db{at}}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: db{at}-pguser-web}}\nstringData: {{a: b}}\n"
        )
    };
    each(count, cluster)
}

pub(super) fn sidecars(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, env: [{{name: LABEL, value: l{at}}}, {{name: FOLDER, value: /x}}]}}]}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: n{at}, labels: {{l{at}: '1'}}}}\ndata: {{a: b}}\n"
        )
    };
    each(count, pod)
}

pub(super) fn rules_in_annotations(count: usize) -> String {
    let thing = |at| {
        format!(
            "---\napiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: t{at}\n  annotations: {{immutably.dev/references: '[{{path: spec.a, names: ConfigMap}}]'}}\nspec: {{a: web}}\n"
        )
    };
    config_map("web") + &each(count, thing)
}

pub(super) fn rules_in_one_annotation(count: usize) -> String {
    let rule = |at| format!("{{path: spec.a{at}, names: ConfigMap}}, ");
    format!(
        "{}---\napiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: t\n  annotations: {{immutably.dev/references: '[{}]'}}\nspec: {{a: web}}\n",
        config_map("web"),
        each(count, rule)
    )
}

pub(super) fn patterns(count: usize) -> String {
    format!("leave:\n{}", each(count, |at| format!("- ConfigMap/n{at}x\n")))
}

pub(super) fn loose_patterns(count: usize) -> String {
    format!("leave:\n{}", each(count, |at| format!("- ConfigMap/*x{at}\n")))
}

pub(super) fn loose_known(count: usize) -> String {
    each(count, |at| format!("secret/*x{at}\n"))
}

fn version(base: &str, more: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: {base}-{VERSION}{more}}}\ndata: {{a: b}}\n"
    )
}

pub(super) fn versions(count: usize) -> String {
    each(count, |at| version(&format!("old{at}"), "")) + &each(count, |at| config_map(&format!("n{at}")))
}

pub(super) fn edited_versions(count: usize) -> String {
    let edited = |at| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: n{at}-{}}}\ndata: {{a: b}}\n",
            suffix(at)
        )
    };
    each(count, edited) + &each(count, |at| config_map(&format!("n{at}")))
}

pub(super) fn waivers(count: usize) -> String {
    let object = |at| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: n{at}\n  annotations:\n    immutably.dev/ignore: |\n      unversioned: made by hand\ndata: {{a: b}}\n"
        )
    };
    each(count, object)
}

pub(super) fn waivers_in_one_object(count: usize) -> String {
    let lines = each(count, |at| format!("      missing-key: reason {at}\n"));
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  annotations:\n    immutably.dev/ignore: |\n{lines}data: {{a: b}}\n"
    )
}

pub(super) fn exceptions(count: usize) -> String {
    let one = |at| format!("  - {{codes: [unversioned], name: x{at}, reason: made by hand}}\n");
    format!("audit:\n  exceptions:\n{}", each(count, one))
}

fn user(at: usize, image: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{at}}}\nspec: {{template: {{spec: {{containers: [{{name: c, image: {image}, envFrom: [{{configMapRef: {{name: n{at}}}}}, {{configMapRef: {{name: all}}}}]}}]}}}}}}\n"
    )
}

pub(super) fn users(count: usize) -> String {
    let pair = |at| config_map(&format!("n{at}")) + &user(at, "web:2");
    config_map("all") + &each(count, pair)
}

pub(super) fn changed_users(count: usize) -> String {
    users(count).replace("a: b", "a: c").replace("web:2", "web:1")
}

pub(super) fn changed_list(count: usize) -> String {
    one_list(count).replace("{a: '", "{a: 'x")
}

pub(super) fn long_text(count: usize) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: |\n".to_owned()
        + &each(count, |at| format!("    line {at}\n"))
}

pub(super) fn changed_text(count: usize) -> String {
    long_text(count).replace("line", "text")
}

fn exported(base: &str, at: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{name: {base}-{VERSION}, namespace: n{at}, uid: u{at}, creationTimestamp: '2020-01-01T00:00:00Z'}}\ndata: {{a: b}}\n"
    )
}

const POD: &str = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n0, uid: u, creationTimestamp: '2020-01-01T00:00:00Z'}\nspec: {containers: [{name: c}]}\n";

pub(super) fn generations(count: usize) -> String {
    POD.to_owned() + &each(count, |at| exported("web", at))
}

pub(super) fn mentioned_versions(count: usize) -> String {
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: n{at}, uid: v{at}, creationTimestamp: '2020-01-01T00:00:00Z'}}\nspec: {{containers: [{{name: c, args: ['see web{at}-{VERSION}']}}]}}\n"
        )
    };
    each(count, |at| exported(&format!("web{at}"), at) + &pod(at))
}

pub(super) fn policies(count: usize) -> String {
    let api = "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy";
    let policy = |at| {
        format!(
            "{api}\nmetadata: {{name: p{at}}}\nspec: {{paramKind: {{apiVersion: v1, kind: ConfigMap}}}}\n"
        )
    };
    // The policy that a linear search finds last.
    let last = count - 1;
    let binding = |at| {
        format!(
            "{api}Binding\nmetadata: {{name: b{at}}}\nspec: {{policyName: p{last}, paramRef: {{name: web}}}}\n"
        )
    };
    config_map("web") + &each(count, policy) + &each(count, binding)
}

/// Generates names without digits, because digits distinguish most names.
pub(super) fn long_names_a_letter_away(count: usize) -> String {
    let object = |at: usize| {
        let letters = format!("{at:020b}").replace('0', "a").replace('1', "b");
        let name = format!("-of-{letters}-{}", "w".repeat(200));
        config_map(&format!("settings{name}"))
            + &format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: c, envFrom: [{{configMapRef: {{name: setings{name}}}}}]}}]}}\n"
            )
    };
    each(count, object)
}
