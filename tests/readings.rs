//! Compares the values that kubectl and this program read from a document.
//!
//! `IMMUTABLY_READINGS` sets the number of documents; `IMMUTABLY_SEED` selects them.

#![allow(clippy::expect_used, clippy::print_stderr)] // a test fails by panicking, and tells what it tried

mod odd;
mod tools;

use immutably::yaml::{self, Kind, NodeId, Tree, Value};
use immutably::{Options, Source, rewrite};
use odd::Dice;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn odd_documents_mean_what_they_mean_to_kubectl() {
    let Some(kubectl) = tools::kubectl("readings of odd documents") else { return };
    let number =
        |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let mut dice = Dice::new(number("IMMUTABLY_SEED", 1));
    let count = usize::try_from(number("IMMUTABLY_READINGS", 400)).expect("a number of documents");
    let texts: Vec<String> = (0..count).map(|_| odd::text(&mut dice)).collect();
    let (mut taken, mut wrong) = (0, 0);
    for texts in texts.chunks(500) {
        let documents: Vec<String> =
            texts.iter().enumerate().map(|(number, text)| odd::head(&name(number)) + text).collect();
        let readings = kubectl_readings(&kubectl, &documents);
        for (text, theirs) in texts.iter().zip(readings) {
            taken += usize::from(theirs.is_ok());
            if let Some(difference) = difference(text, &theirs) {
                wrong += 1;
                eprintln!("{text:?}\n  {difference}");
            }
        }
    }
    eprintln!("{count} documents, of which kubectl takes {taken}");
    assert_eq!(wrong, 0, "documents that are read otherwise");
    assert!(taken * 5 > count, "too few documents that kubectl takes");
}

#[test]
fn what_comes_out_of_an_odd_document_is_the_same_object_to_kubectl() {
    let Some(kubectl) = tools::kubectl("output of odd documents") else { return };
    let (mut dice, count) = settings();
    let (mut taken, mut wrong) = (0, 0);
    for start in (0..count).step_by(500) {
        let size = (count - start).min(500);
        let before = (0..size).map(|number| odd::config_map(&name(number), &mut dice)).collect::<Vec<_>>();
        let after: Vec<Option<String>> = before.iter().map(|document| output(document)).collect();
        let outputs: Vec<String> = after.iter().map(|after| after.clone().unwrap_or_default()).collect();
        let readings =
            kubectl_readings(&kubectl, &before).into_iter().zip(kubectl_readings(&kubectl, &outputs));
        for ((before, after), (read_before, read_after)) in before.iter().zip(&after).zip(readings) {
            let Ok(read_before) = read_before else { continue };
            taken += 1;
            if after.is_none() || !is_versioned(&read_before, read_after.as_ref().ok()) {
                wrong += 1;
                eprintln!("{before:?}\n  after   {after:?}\n  read    {read_after:?}");
            }
        }
    }
    eprintln!("{count} documents, of which kubectl takes {taken}");
    assert_eq!(wrong, 0, "documents that are something else afterwards");
    assert!(taken * 2 > count, "too few documents that kubectl takes");
}

/// Returns the output for a document; `None` if it is refused.
fn output(document: &str) -> Option<String> {
    let source = Source::new("odd.yaml", document).expect("UTF-8");
    let outcome = rewrite(&source, &Options::default());
    let mut out = Vec::new();
    outcome.write(&mut out).expect("a vector takes everything");
    (!outcome.refused()).then(|| String::from_utf8(out).expect("UTF-8"))
}

/// True if the objects are the same except for a suffix and `immutable`.
fn is_versioned(before: &Json, after: Option<&Json>) -> bool {
    let Some(mut after) = after.cloned() else { return false };
    let is_immutable = after["immutable"] == Json::Bool(true);
    let name = after["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    after["metadata"]["name"] = name.get(..6).into();
    let mut before = before.clone();
    [&mut before, &mut after]
        .into_iter()
        .filter_map(Json::as_object_mut)
        .for_each(|object| drop(object.remove("immutable")));
    is_immutable && name.len() == "n00000-0123456789".len() && before == after
}

fn settings() -> (Dice, usize) {
    let number =
        |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let count = usize::try_from(number("IMMUTABLY_READINGS", 400)).expect("a number of documents");
    (Dice::new(number("IMMUTABLY_SEED", 1)), count)
}

/// Returns the difference between the two readings, if any.
fn difference(text: &str, theirs: &Result<Json, String>) -> Option<String> {
    let document = odd::head("x") + text;
    let ours = reading(&document);
    match (ours, theirs) {
        (Ok(Reading::Random), _) => None,
        // We read an invalid timestamp as text, like kubectl reads a valid one.
        (Ok(_), Err(theirs)) if theirs.contains("cannot decode") && document.contains("!!timestamp") => None,
        // kubectl rejects `[a?b]`, although it has only one meaning.
        (Ok(_), Err(theirs)) if theirs.contains("did not find expected ','") && document.contains('?') => {
            None
        }
        (Ok(Reading::Sure(ours)), Ok(theirs)) => {
            let mut theirs = theirs.clone();
            theirs["metadata"] = ours["metadata"].clone();
            (!same(&ours, &theirs)).then(|| format!("ours    {ours}\n  theirs  {theirs}"))
        }
        (Err(ours), Ok(theirs)) => Some(format!("ours    refused: {ours}\n  theirs  {theirs}")),
        (Ok(Reading::Sure(ours)), Err(theirs)) => {
            Some(format!("ours    {ours}\n  theirs  refused: {theirs}"))
        }
        (Err(_), Err(_)) => None,
    }
}

enum Reading {
    Sure(Json),
    /// Two keys differ in YAML but are the same in JSON: kubectl uses the value of either.
    Random,
}

fn reading(document: &str) -> Result<Reading, String> {
    let mut tree = Tree::default();
    yaml::parse(document, 0, &mut tree).map_err(|error| error.message)?;
    let mut random = false;
    let root = tree.root().ok_or("nothing")?;
    let json = json(&tree, root, &mut random)?;
    Ok(if random { Reading::Random } else { Reading::Sure(json) })
}

fn json(tree: &Tree<'_>, id: NodeId, random: &mut bool) -> Result<Json, String> {
    let id = tree.deref(id);
    match tree.node(id).kind {
        Kind::Mapping(_) => mapping(tree, id, random),
        Kind::Sequence => tree.items(id).map(|item| json(tree, item, random)).collect(),
        _ => match tree.value(id).ok_or("no scalar")? {
            Value::Null => Ok(Json::Null),
            Value::Bool(value) => Ok(Json::from(value)),
            Value::Int(value) => {
                Ok(i64::try_from(value).map_or_else(|_| Json::from(value as f64), Json::from))
            }
            Value::Float(value) if value.is_finite() => Ok(Json::from(value)),
            Value::Text(text) => Ok(Json::from(text.as_ref())),
            Value::Float(_) | Value::Invalid => Err("a value that JSON does not have".to_owned()),
        },
    }
}

fn mapping(tree: &Tree<'_>, id: NodeId, random: &mut bool) -> Result<Json, String> {
    for (key, value) in tree.entries(id).filter(|(key, _)| tree.is_merge(*key)) {
        for source in tree.merged(value) {
            if !tree.is_mapping(tree.deref(source)) {
                return Err(format!("{key:?} merges no mapping"));
            }
        }
    }
    let mut fields = Vec::new();
    tree.each_field(id, &mut |key, value| fields.push((key, value)));
    let mut found: HashMap<String, (Value<'_>, NodeId)> = HashMap::new();
    for (key, value) in fields {
        let name = tree.key(key).ok_or("a key that JSON does not have")?.into_owned();
        let meaning = tree.value(key).ok_or("no scalar")?;
        let before = found.insert(name, (meaning.clone(), value));
        *random |= before.is_some_and(|(before, _)| before != meaning);
    }
    let fields = found.into_iter().map(|(name, (_, value))| Ok((name, json(tree, value, random)?)));
    fields.collect::<Result<Map<_, _>, String>>().map(Json::Object)
}

/// True if the values are the same for a program that reads numbers as floats.
fn same(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Object(ours), Json::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, value)| theirs.get(key).is_some_and(|theirs| same(value, theirs)))
        }
        (Json::Array(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Json::Number(ours), Json::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap_or(f64::NAN), theirs.as_f64().unwrap_or(f64::NAN));
            (ours - theirs).abs() <= ours.abs() * 1e-15
        }
        _ => ours == theirs,
    }
}

/// Returns a name. All names have the same length.
fn name(number: usize) -> String {
    format!("n{number:05}")
}

/// Returns what kubectl reads from each document, or why it rejects it. Each document begins with the name of [`name`].
fn kubectl_readings(kubectl: &Path, documents: &[String]) -> Vec<Result<Json, String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, document) in documents.iter().enumerate() {
        fs::write(folder.path().join(format!("{number:05}.yaml")), document)
            .expect("the document is written");
    }
    let mut command = Command::new(kubectl);
    command
        .args(["label", "--local", "q=w", "-o", "json", "-f"])
        .arg(folder.path())
        .env("HOME", folder.path());
    let output = command.output().expect("kubectl starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let mut found: Vec<Result<Json, String>> = vec![Err("without a reason".to_owned()); documents.len()];
    for object in serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Json>() {
        let mut object = object.expect("kubectl writes JSON");
        object["metadata"]["labels"].take();
        let number =
            object["metadata"]["name"].as_str().and_then(|name| name.get(1..6)?.parse::<usize>().ok());
        found[number.expect("a name")] = Ok(object);
    }
    for line in told.lines() {
        if let Some((place, error)) = line.split_once(".yaml") {
            let number = place.get(place.len() - 5..).and_then(|number| number.parse::<usize>().ok());
            found[number.expect("a file's name")] = Err(error.to_owned());
        }
    }
    assert!(found.iter().any(Result::is_ok), "kubectl takes nothing: {told}");
    found
}
