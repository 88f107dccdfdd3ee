//! Each row of the catalogue and of the table of annotations, tested with an object made from the row. Also the order
//! of the tables, which their heads define.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod instances;
mod library;
mod pages;
mod places;

use immutably::rules::{self, Annotation, CATALOGUE, Format, Kinds, Names, Row, Rules, Step, Target};
use instances::{ELSEWHERE, HERE, Instance};
use serde_json::{Value, json};

const ANNOTATIONS: &str = include_str!("../src/rules/annotations.tsv");
const EXCLUSIONS: &str = include_str!("../src/rules/exclusions.tsv");
const CONVENTIONS: &str = include_str!("../src/rules/conventions.tsv");
const SELECTIONS: &str = include_str!("../src/rules/selections.tsv");

/// What must happen to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The object gets a new name, and the field too.
    Rewritten,
    /// The object keeps its name, because a controller writes the object.
    Kept,
    /// The object gets a new name, and the field does not change: it is not a reference.
    Left,
}

#[test]
fn each_row_of_the_catalogue_does_what_it_says() {
    let rows = rules::read(CATALOGUE, "").expect("the table is well-formed");
    let mut proofs = Vec::new();
    for row in &rows {
        for (kind, fate) in outcomes(row) {
            let name = format!("wanted-{}x", proofs.len());
            proofs.push((row.object.clone(), fate, row_instance(row, kind, fate, &name), name));
        }
    }
    prove(&proofs);
}

#[test]
fn each_annotation_does_what_its_row_says() {
    let rules = Rules::new(&[]);
    let mut proofs = Vec::new();
    for row in rules.annotations() {
        let kinds = row.names.unwrap_or(Kinds::SECRET);
        for kind in if kinds == Kinds::NONE { Kinds::SECRET } else { kinds }.iter() {
            let fate = match (row.written, &row.format) {
                (true, _) => Fate::Kept,
                (_, Format::Nothing) => Fate::Left,
                _ => Fate::Rewritten,
            };
            let name = format!("wanted-{}x", proofs.len());
            let instance = annotation_instance(row, kind.as_str(), fate, &name);
            proofs.push((row.key.clone(), fate, instance, name));
        }
    }
    prove(&proofs);
}

#[test]
fn each_convention_does_what_its_row_says() {
    let mut proofs = Vec::new();
    for line in CONVENTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (groups, kind) = columns[0].split_once('/').expect("group/Kind");
        for group in groups.split('|') {
            let own = format!("own-{}x", proofs.len());
            let (instance, name) = convention_instance(group, kind, columns[1], columns[2], &own);
            proofs.push((columns[0].to_owned(), Fate::Kept, instance, name));
        }
    }
    prove(&proofs);
}

#[test]
fn tables_are_sorted_within_each_block_and_each_row_has_a_source() {
    sorted(CATALOGUE, 6, |columns| (columns[0].to_owned(), columns[1].to_owned(), columns[4].to_owned()));
    sorted(ANNOTATIONS, 5, |columns| (columns[0].to_owned(), String::new(), String::new()));
}

#[test]
fn pages_show_the_tables() {
    let row = |_: &str, [key, on, names, format, source]: [&str; 5]| {
        let names = if names == "none" { "nothing" } else { names };
        format!("`{key}` | {} | {} | {format} | {source}", or(on), or(names))
    };
    let annotations = table("annotation | on | names | format | source", ANNOTATIONS, row);
    pages::keep_table("coverage.md", "annotations", &annotations);
    let row = |block: &str, [by, kinds, pattern, namespace, reason]: [&str; 5]| {
        let namespace =
            if namespace.is_empty() { "any" } else { &format!("`{}`", namespace.replace('|', "`, `")) };
        format!("{block} | {} | {by} `{pattern}` | {namespace} | {reason}", or(kinds))
    };
    let exclusions = table("product | kind | found by | namespace | because", EXCLUSIONS, row);
    pages::keep_table("left-alone.md", "exclusions", &exclusions);
    let row = |_: &str, [object, kind, pattern, unless, reason]: [&str; 5]| {
        let code = |alternatives: &str| match alternatives {
            "" => String::new(),
            _ => format!("`{}`", alternatives.replace('|', "`, `")),
        };
        let (object, unless) = (code(object), code(unless));
        format!("{object} | {kind} | `{pattern}` | {unless} | {reason}")
    };
    let conventions = table("resource | kind | name | unless it has | because", CONVENTIONS, row);
    pages::keep_table("left-alone.md", "conventions", &conventions);
    let row = |_: &str, [object, selector, kinds, namespace, reason]: [&str; 5]| {
        let namespace = match (namespace, namespace.strip_suffix(",any")) {
            ("", _) => "its own".to_owned(),
            (_, Some(field)) => format!("`{field}` beside the selector, or any"),
            (namespace, None) => namespace.to_owned(),
        };
        let (object, kinds) = (object.replace('|', "\\|"), kinds.replace('|', ", "));
        format!("`{object}` | `{selector}` | {kinds} | {namespace} | {reason}")
    };
    let selections = table("resource | selector | kinds | namespace | because", SELECTIONS, row);
    pages::keep_table("left-alone.md", "selections", &selections);
}

/// Returns the rows of a table as Markdown. `row` also gets the title of the row's block.
fn table(head: &str, rows: &str, row: impl Fn(&str, [&str; 5]) -> String) -> String {
    let columns = head.split(" | ").count();
    let mut text = format!("| {head} |\n{}|\n", "|---".repeat(columns));
    let mut block = "";
    for line in rows.lines().filter(|line| !line.is_empty()) {
        block = line.strip_prefix("# --- ").and_then(|line| line.strip_suffix(" ---")).unwrap_or(block);
        if !line.starts_with('#') {
            let columns: Vec<&str> = line.split('\t').collect();
            text.push_str(&format!("| {} |\n", row(block, columns.try_into().expect("five columns"))));
        }
    }
    text
}

/// Replaces `|` between alternatives, because it would end a table cell.
fn or(alternatives: &str) -> String {
    alternatives.replace('|', ", ").replace('*', "any")
}

fn sorted(table: &str, width: usize, key: impl Fn(&[&str]) -> (String, String, String)) {
    let mut last = None;
    for line in table.lines().filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            last = None;
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns.len(), width, "{line}");
        assert!(!columns[width - 1].is_empty(), "a source is missing: {line}");
        let key = Some(key(&columns));
        assert!(last < key, "not sorted, or twice: {line}");
        last = key;
    }
}

fn prove(proofs: &[(String, Fate, Instance, String)]) {
    let fates: Vec<Fate> = proofs.iter().map(|proof| proof.1).collect();
    let names: Vec<String> = proofs.iter().map(|proof| proof.3.clone()).collect();
    let instances: Vec<&Instance> = proofs.iter().map(|proof| &proof.2).collect();
    let found = instances::names_after(&instances);
    let mut wrong = String::new();
    for (at, found) in found.iter().enumerate() {
        let named = found.place.contains(&found.target);
        let fate = match (found.target == names[at], named) {
            (false, true) => Some(Fate::Rewritten),
            (false, false) => Some(Fate::Left),
            (true, _) => Some(Fate::Kept),
        };
        if fate != Some(fates[at]) {
            wrong.push_str(&format!(
                "{}: {:?}, not {:?}: {}\n",
                proofs[at].0, fate, fates[at], instances[at].object
            ));
        }
    }
    assert!(!found.is_empty() && wrong.is_empty(), "{wrong}");
}

/// Returns what must happen to the names in the row, for each kind that it can refer to.
fn outcomes(row: &Row) -> Vec<(&'static str, Fate)> {
    let (kinds, fate) = match row.target {
        Target::Names(Names::Kinds(kinds)) => (kinds, Fate::Rewritten),
        Target::Names(Names::Written(kinds)) => (kinds, Fate::Kept),
        Target::Names(Names::Nothing) | Target::Stop => (Kinds::SECRET, Fate::Left),
        Target::Shape(_) => (Kinds::SECRET, Fate::Rewritten),
        Target::Names(_) => (Kinds::BOTH, Fate::Rewritten),
    };
    kinds.iter().map(|kind| (kind.as_str(), fate)).collect()
}

/// Returns the object that the row describes, with the name.
fn row_instance(row: &Row, kind: &str, fate: Fate, name: &str) -> Instance {
    let (group, of) = row.object.split_once('/').expect("group/Kind");
    let api = format!("{}/v1", group.replace('*', "any"));
    let mut object = json!({
        "apiVersion": api.trim_start_matches('/'),
        "kind": of.replace('*', "Any"),
        "metadata": { "name": "user", "namespace": HERE },
    });
    let mut place = steps(&row.path);
    place.extend(below(&row.target).iter().map(|step| (*step).to_owned()));
    *places::at(&mut object, &place) = json!(name);
    let mut put =
        |field: &str, value: Value| *places::at(&mut object, &instances::beside(&place, field)) = value;
    match row.target {
        Target::Names(Names::SiblingKind(_)) => put("kind", json!(kind)),
        Target::Names(Names::SiblingKinds) => put("kinds", json!([kind])),
        Target::Names(Names::RuleResources) => {
            put("apiGroups", json!([""]));
            put("resources", json!([format!("{}s", kind.to_lowercase())]));
        }
        _ => {}
    }
    if let Some((field, value)) = &row.when {
        put(field, json!(value));
    }
    let namespace = match (&row.namespace.fixed, &row.namespace.sibling) {
        (Some(fixed), _) => fixed.as_str(),
        (None, Some(sibling)) => {
            put(sibling, json!(ELSEWHERE));
            ELSEWHERE
        }
        (None, None) if row.namespace.any => ELSEWHERE,
        (None, None) => HERE,
    };
    Instance { object, place, target: instances::target(kind, name, namespace, fate != Fate::Kept) }
}

/// Returns a path within a shape that refers to a Secret, or one in a part where nothing may be rewritten.
fn below(target: &Target) -> &'static [&'static str] {
    match target {
        Target::Stop => &["anything", "secretKeyRef", "name"],
        Target::Shape(shape) => match shape.as_str() {
            "pod" => &["containers", "0", "envFrom", "0", "secretRef", "name"],
            "container" => &["envFrom", "0", "secretRef", "name"],
            "volume" => &["secret", "secretName"],
            other => panic!("a place in @{other} that names a Secret"),
        },
        Target::Names(_) => &[],
    }
}

/// Returns an object from which a name follows, with a text at each path in the pattern; and that name.
fn convention_instance(group: &str, kind: &str, names: &str, pattern: &str, own: &str) -> (Instance, String) {
    let mut object = json!({
        "apiVersion": format!("{group}/v1"),
        "kind": kind,
        "metadata": { "name": own, "namespace": HERE },
    });
    let mut name = pattern.replace("{name}", own).replace('*', "any");
    while let Some((before, (path, after))) =
        name.split_once('{').map(|(before, rest)| (before, rest.split_once('}').expect("a path")))
    {
        let place: Vec<String> = path.split('.').map(str::to_owned).collect();
        *places::at(&mut object, &place) = json!([format!("{own}-told")]);
        name = format!("{before}{own}-told{after}");
    }
    let target = instances::target(names, &name, HERE, false);
    (Instance { object, place: ["metadata", "name"].map(str::to_owned).to_vec(), target }, name)
}

fn steps(path: &[Step]) -> Vec<String> {
    let step = |step: &Step| match step {
        Step::Key(key) => key.replace('/', "~1"),
        Step::Item => "0".to_owned(),
        Step::Value => "entry".to_owned(),
    };
    path.iter().map(step).collect()
}

/// Returns an object with the annotation, in the format of its row.
fn annotation_instance(row: &Annotation, kind: &str, fate: Fate, name: &str) -> Instance {
    let key = row.key.replace('*', "1");
    let value = match &row.format {
        Format::Nothing => format!("example/{name}"),
        Format::Name(_) => name.to_owned(),
        Format::List => format!("another,{name}"),
        Format::EnvList => format!("ONE=another:key,TWO={name}:key"),
        Format::Objects => {
            format!("apps/namespaces/{HERE}/Deployment/{name}, /namespaces/{HERE}/{kind}/{name}")
        }
        Format::Pairs => format!("state=ready,kind={kind},name={name}"),
        Format::TypeAndName => format!("{}/{name}", kind.to_lowercase()),
        Format::Json(Some(field)) => json!({ field: name }).to_string(),
        Format::NameAndKey => format!("{name}.a.b"),
        Format::Json(None) => json!([{ "kind": kind, "name": name }]).to_string(),
    };
    let mut annotations = json!({ &key: value });
    let namespace = match &row.format {
        Format::Name(Some(sibling)) => {
            annotations[sibling] = json!(ELSEWHERE);
            ELSEWHERE
        }
        Format::TypeAndName => {
            annotations[key.replace("/resource", "/namespace")] = json!(ELSEWHERE);
            ELSEWHERE
        }
        _ => HERE,
    };
    let metadata = json!({ "name": "user", "namespace": HERE, "annotations": annotations });
    let carrier = if row.names.is_none() { kind } else { "Any" };
    let api = if row.names.is_none() { "v1" } else { "example.com/v1" };
    let object = json!({ "apiVersion": api, "kind": carrier, "metadata": metadata, "data": { "key": "" } });
    let place = ["metadata", "annotations", &key.replace('/', "~1")].map(str::to_owned).to_vec();
    Instance { object, place, target: instances::target(kind, name, namespace, fate != Fate::Kept) }
}
