//! Uses serde_yaml as an independent witness that the output means the same as the input, whatever the options.

use serde_yaml::{Mapping, Value};

/// Prefixes of annotations that options add.
const STAMPS: [&str; 6] =
    ["helm.sh/", "argocd.", "kustomize.toolkit", "kapp.k14s", "checksum.immutably", "immutably.dev/"];

/// Checks that the output contains every object of the input, in the same order, apart from new names, `immutable` and
/// the annotations that options add.
pub(crate) fn mean_the_same(before: &str, after: &str) {
    let (Some(before), Some(after)) = (objects(before), objects(after)) else { return };
    let own =
        |object: &&Value| text(object, &["metadata", "annotations", "immutably.dev/original"]).is_none();
    let mut left = after.iter().filter(own).map(bare);
    for object in before.iter().filter(own).map(bare) {
        let found = left.any(|other| same(&object, &other));
        assert!(found, "no object of the output means this one:\n{object:?}\n--- output:\n{after:?}");
    }
}

/// Returns the objects of a stream; `None` if the witness cannot read it or may split it into other documents than
/// kubectl.
pub(crate) fn objects(stream: &str) -> Option<Vec<Value>> {
    // YAML parsers and versions differ on these characters. Within a build of kustomize, a reference may use an earlier
    // name of an object.
    if !stream.is_ascii()
        || stream.contains("internal.config.kubernetes.io/")
        || stream.contains(['\r', '\t', '!', '%', '?'])
        || stream.contains("<<")
        || stream.contains("\n...")
        || has_an_anchor_twice(stream)
    {
        return None;
    }
    let mut found = Vec::new();
    let stream = format!("\n{stream}");
    let mut documents = stream.split("\n---").peekable();
    while let Some(document) = documents.next() {
        let text = document.split_once('\n').map_or("", |(_, text)| text);
        // The line break before a marker belongs to the document, and kubectl adds the last one if it is missing. One
        // too many would change a `|+` scalar.
        let end = if documents.peek().is_some() || !text.ends_with('\n') { "\n" } else { "" };
        let value: Value = serde_yaml::from_str(&format!("{text}{end}")).ok()?;
        open(&value, &mut found);
    }
    Some(found)
}

/// True if an anchor may be defined twice. serde_yaml 0.9 then mixes up the aliases.
fn has_an_anchor_twice(stream: &str) -> bool {
    let name = |rest: &str| rest.split([' ', ',', '[', ']', '{', '}', '\n']).next().map(str::to_owned);
    let mut names: Vec<String> = stream.split('&').skip(1).filter_map(name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < all
}

fn open(value: &Value, found: &mut Vec<Value>) {
    let list = text(value, &["kind"]).is_some_and(|kind| kind.ends_with("List"));
    match value.get("items").and_then(Value::as_sequence) {
        Some(items) if list => items.iter().for_each(|item| open(item, found)),
        _ if value.is_mapping() => found.push(value.clone()),
        _ => {}
    }
}

/// True for an object of this kind in the core API.
pub(crate) fn is(object: &Value, kind: &str) -> bool {
    text(object, &["kind"]) == Some(kind) && text(object, &["apiVersion"]) == Some("v1")
}

/// Returns the text at a path of fields.
pub(crate) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, key| value.get(*key)).and_then(Value::as_str)
}

/// Returns an object without the annotations that options add, and without mappings that are then empty.
fn bare(object: &Value) -> Value {
    match object {
        Value::Mapping(mapping) => {
            let entries = mapping.iter().filter_map(|(key, value)| {
                let name = key.as_str().unwrap_or_default();
                let value = bare(value);
                let empty = value.is_null() || value.as_mapping().is_some_and(Mapping::is_empty);
                let made = matches!(name, "metadata" | "annotations") && empty;
                let stamp = STAMPS.iter().any(|stamp| name.starts_with(stamp)) || name == "immutable";
                (!made && !stamp).then(|| (key.clone(), value))
            });
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}

/// True if both are equal except for words that got a suffix and lists of names that grew.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.len() == new.len()
                && old.iter().all(|(key, old)| new.get(key).is_some_and(|new| same(old, new)))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            let mut new = new.iter();
            old.iter().all(|old| new.any(|new| same(old, new)))
        }
        (Value::String(old), Value::String(new)) => same_words(old, new),
        _ => old == new,
    }
}

fn same_words(old: &str, new: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    let words = |text: &str| -> Vec<String> { text.split(|c| !inside(c)).map(str::to_owned).collect() };
    let between = |text: &str| text.split(inside).collect::<String>();
    let (before, after) = (words(old), words(new));
    let suffixed = |old: &String, new: &String| {
        let suffix =
            new.strip_prefix(old.as_str()).and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        old == new || suffix.len() == 10 && suffix.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))
    };
    // A template of a name becomes a name.
    old == new
        || old.contains("{{")
        || before.len() == after.len()
            && between(old) == between(new)
            && before.iter().zip(&after).all(|(old, new)| suffixed(old, new))
}
