//! Streams around one Secret, in any layout, with different values and notations of its kind.

use super::markers::{ALPHABETS, Marker, marker};
use crate::streams::dice::Dice;
use crate::streams::layout::{Layout, Style};
use crate::streams::objects::{Node, list, map, text};

/// A stream, and the values that must not be shown.
pub(crate) struct Planted {
    pub(crate) text: String,
    pub(crate) markers: Vec<Marker>,
}

/// Notations of the kind: plain, escaped, tagged, folded, misspelled.
const KINDS: [&str; 12] = [
    "Secret",
    "Secret",
    "Secret",
    "\"Secret\"",
    "\"\\u0053ecret\"",
    "!!str Secret",
    "!!binary U2VjcmV0",
    "&kind Secret",
    ">-\n  Secret",
    "Secert",
    "secret",
    "SecretList",
];

/// Documents that may come before and after the Secret.
const NEIGHBOURS: [&str; 7] = [
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        envFrom:\n        - secretRef: {name: db}\n        env:\n        - name: A\n          valueFrom: {secretKeyRef: {name: db, key: absent}}\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {template: {spec: {containers: [{name: c, envFrom: [{secretRef: {name: db}}]}]}}}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {note: \"secret/db\"}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: once}\nspec: {volumes: [{name: v, secret: {secretName: db}}], containers: []}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: read}\nrules: [{apiGroups: [\"\"], resources: [secrets], resourceNames: [db], verbs: [get]}]\n",
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {secretRef: {name: dbx}, other: db}\n",
];

/// Returns a random stream.
pub(crate) fn planted(dice: &mut Dice) -> Planted {
    let markers: Vec<Marker> = (0..8).map(|_| marker(dice.below(ALPHABETS.len()), dice)).collect();
    let layout = layout(dice);
    let secret = secret(&markers, layout.is_json(), dice);
    let secret = if dice.one_in(8) { list(vec![secret]) } else { secret };
    let mut text = neighbour(dice);
    text.push_str(&layout.write(&secret));
    if dice.one_in(16) {
        text.push_str("  ");
    }
    let behind = neighbour(dice);
    text.push_str(&format!("---\n{}", behind.trim_end_matches("---\n")));
    Planted { text, markers }
}

fn neighbour(dice: &mut Dice) -> String {
    if dice.one_in(3) { String::new() } else { format!("{}---\n", dice.pick(&NEIGHBOURS)) }
}

fn layout(dice: &mut Dice) -> Layout {
    let style = [Style::Block, Style::Block, Style::Block, Style::Flow, Style::Json, Style::PrettyJson]
        [dice.below(6)];
    Layout {
        style,
        indentless: dice.one_in(2),
        step: 1 + dice.below(4),
        comments: dice.one_in(6),
        anchors: dice.one_in(4),
        odd_keys: dice.one_in(6),
        seed: dice.below(usize::MAX) as u64,
    }
}

/// Keys, of which all but the first are also options of the program.
const WORDS: [&str; 6] = ["token", "report", "rules", "external", "audit", "strict"];

fn secret(markers: &[Marker], json: bool, dice: &mut Dice) -> Node {
    let kind = KINDS[dice.below(if json { 5 } else { KINDS.len() })];
    let applied = format!("{{\"stringData\":{{\"a\":\"{}\"}}}}", markers[3].text);
    let applied = map([("kubectl.kubernetes.io/last-applied-configuration", text(applied))]);
    let metadata = map([("name", text("db"))])
        .with("namespace", dice.one_in(4).then(|| text("prod")))
        .with("annotations", dice.one_in(2).then_some(applied));
    let strings = map([(WORDS[dice.below(WORDS.len())], text(&markers[0].text))])
        .with("lines", Some(text(format!("x: {}\n{}\n", markers[4].text, markers[5].text))))
        .with("tls.key", dice.one_in(2).then(|| text(format!("-----BEGIN-----\n{}", markers[6].encoded))));
    let mut entries = vec![
        ("apiVersion", text("v1")),
        ("kind", Node::Plain(if json && kind == "Secret" { "\"Secret\"" } else { kind })),
        ("metadata", metadata),
    ];
    let at = dice.below(entries.len() + 1);
    entries.insert(at, ("data", data(markers, dice)));
    let at = dice.below(entries.len() + 1);
    entries.insert(at, ("stringData", strings));
    if dice.one_in(8) {
        entries.push(("sops", map([("mac", text(&markers[7].text))])));
    }
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn data(markers: &[Marker], dice: &mut Dice) -> Node {
    let encoded = || text(&markers[1].encoded);
    let plain = || text(&markers[1].text);
    match dice.below(9) {
        0 => map([("password", text(format!("{}!", markers[1].encoded)))]),
        1 => map([("password", Node::List(vec![plain()]))]),
        2 => map([("password", map([("inner", plain())]))]),
        3 => plain(),
        4 => Node::List(vec![encoded()]),
        5 => map([("password", plain())]),
        6 => map([("pass word", encoded())]),
        _ => map([("password", encoded()), ("other", text(&markers[2].encoded))]),
    }
}
