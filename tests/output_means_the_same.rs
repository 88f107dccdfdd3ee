//! An independent parser, serde_yaml, confirms that the output means the same as the input: the values are equal,
//! except for the names of versioned objects, the references to them, and `immutable`.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod library;
mod streams;

use immutably::Options;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_yaml::{Mapping, Value};
use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Old and new names.
type Renames = HashSet<(String, String)>;

/// Topics of fixtures with an intentionally larger output; tests/additions_are_harmless.rs covers them.
const MORE: [&str; 3] = ["checksum", "original", "retain"];
/// Fixtures in which a field intentionally contains something other than an old name: a template of a name, a name with its
/// namespace, the name of an earlier version, a checksum, or a list to which names are added.
const OTHER: [&str; 20] = [
    "anchors/two-rules-share-a-list-of-granted-names",
    "annotation/name-and-key",
    "generations/a-hook-that-comes-later",
    "generations/an-earlier-wave-that-comes-later",
    "generations/early-readers-when-nothing-is-carried",
    "keys/a-checksum-without-a-key-is-listed",
    "namespace/a-cluster-scoped-object-means-one-of-several",
    "generations/an-earlier-version-is-retained-too",
    "generations/a-rule-without-a-final-line-break",
    "reference/rbac-cluster-role-means-any-namespace",
    "reference/a-namespace-after-a-full-stop",
    "lifetime/a-grant-behind-comments-tags-and-anchors",
    "lifetime/a-grant-for-other-kinds-too",
    "keys/beside-annotations-that-retain",
    "keys/a-checksum-is-keyed-too",
    "values/the-name-of-the-release",
    "lifetime/a-grant-also-for-what-is-carried-forward",
    "lifetime/a-grant-for-objects-of-several-namespaces",
    "lifetime/a-grant-for-an-object-under-both-names",
    "lifetime/a-grant-for-a-config-map-and-a-secret",
];

#[test]
fn every_fixture_means_the_same_afterwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut counts = Counts::default();
    let topics = folders(&root).into_iter().filter(|topic| !MORE.iter().any(|more| topic.ends_with(more)));
    let mut differences = String::new();
    for folder in topics.flat_map(|topic| folders(&topic)) {
        if OTHER.iter().any(|other| folder.ends_with(other)) {
            continue;
        }
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        if read("args")
            .is_some_and(|args| ["gc\n", "audit\n"].iter().any(|command| args.starts_with(command)))
        {
            // The output of these commands is a different stream, or not a stream.
            continue;
        }
        if let (Some(before), Some(after)) = (read("input.yaml"), read("expected.yaml"))
            && let Err(difference) = compare(&before, &after, &mut counts)
        {
            differences.push_str(&format!("{}: {difference}\n", folder.display()));
        }
    }
    assert!(differences.is_empty(), "{differences}");
    counts.check(50);
}

#[test]
fn every_generated_stream_means_the_same_afterwards() {
    let counts = Cell::new(Counts::default());
    let accepted = Cell::new(0);
    let config = streams::cases(300);
    let enough = config.cases / 3;
    let result = TestRunner::new(config).run(&streams::stream(), |stream| {
        let before = stream.text();
        let Some(after) = library::output(&before, &Options::default()) else { return Ok(()) };
        let mut so_far = counts.get();
        compare(&before, &after, &mut so_far).map_err(TestCaseError::fail)?;
        counts.set(so_far);
        accepted.set(accepted.get() + 1);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(accepted.get() > enough, "most streams are refused: they prove little");
    counts.get().check(100);
}

proptest! {
    #![proptest_config(streams::cases(300))]

    /// Otherwise the other tests would test objects other than intended.
    #[test]
    fn the_generator_writes_what_it_means(node in streams::objects::object(), layout in streams::layout()) {
        let text = layout.write(&node);
        prop_assert_eq!(streams::parse(&text), Some(node.value()), "{}", text);
    }
}

/// The number of documents that serde_yaml could read, of those that it could not, and of changed names.
#[derive(Clone, Copy, Default)]
struct Counts {
    read: usize,
    unread: usize,
    renamed: usize,
}

impl Counts {
    fn check(self, least: usize) {
        let Counts { read, unread, renamed } = self;
        assert!(unread * 4 < read, "the witness could not read {unread} documents, and could read {read}");
        assert!(renamed >= least, "only {renamed} names changed: nothing is proved");
    }
}

fn compare(before: &str, after: &str, counts: &mut Counts) -> Result<(), String> {
    let split = |text: &str| streams::without_originals(streams::split(text));
    let (before, mut after) = (split(before), split(after));
    while after.len() > before.len()
        && after.last().and_then(|last| parse(last)).is_some_and(|last| is_carried(&last))
    {
        after.pop();
    }
    if before.len() != after.len() {
        return Err(format!("{} documents became {}", before.len(), after.len()));
    }
    let (mut pairs, mut renames) = (Vec::new(), Renames::new());
    for (before, after) in before.iter().zip(&after) {
        match (parse(before), parse(after)) {
            (Some(mut before), Some(mut after)) => {
                streams::drop_originals(&mut before);
                streams::drop_originals(&mut after);
                drop_marks(&mut before);
                drop_marks(&mut after);
                pairs.push((before, after));
            }
            // The input may contain a tag that serde_yaml cannot read, and the output a value in its place.
            (None, _) => {
                counts.unread += 1;
                renames.extend(renamed_words(before, after));
            }
            _ => return Err(format!("only one of the two can be read:\n{before}\n--- and\n{after}")),
        }
    }
    for (before, after) in &pairs {
        each_object(before, after, None, &mut |before, after, inherited| {
            rename(before, after, inherited).map(|found| renames.extend(found))
        })?;
    }
    counts.read += pairs.len();
    counts.renamed += renames.len();
    pairs.iter().try_for_each(|(before, after)| {
        each_object(before, after, None, &mut |before, after, inherited| {
            object(before, after, inherited, &renames)
        })
    })
}

/// Removes the annotation of Secrets whose suffix was made with a key, and `annotations` if nothing else is in it.
fn drop_marks(object: &mut Value) {
    if let Some(items) = object.get_mut("items").and_then(Value::as_sequence_mut) {
        items.iter_mut().for_each(drop_marks);
    }
    let is_secret = text(object, &["kind"]).is_some_and(|kind| kind == "Secret");
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_mapping_mut).filter(|_| is_secret)
    else {
        return;
    };
    let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_mapping_mut) else { return };
    let marked = annotations.remove("immutably.dev/keyed").is_some();
    if marked && annotations.is_empty() {
        metadata.remove("annotations");
    }
}

/// Parses a document as kubectl does: up to a `...` line, with merge keys applied.
fn parse(document: &str) -> Option<Value> {
    let document = document.find("\n...").map_or(document, |end| &document[..=end]);
    let mut value = streams::parse(document)?;
    value.apply_merge().ok()?;
    Some(value)
}

type Visit<'v> = &'v mut dyn FnMut(&Value, &Value, Option<&str>) -> Result<(), String>;

/// Visits every object with its counterpart. A list without its items counts as an object.
fn each_object(
    before: &Value,
    after: &Value,
    inherited: Option<&str>,
    visit: Visit<'_>,
) -> Result<(), String> {
    let item_kind = text(before, &["kind"]).and_then(|kind| kind.strip_suffix("List"));
    let items = |list: &Value| list.get("items").and_then(Value::as_sequence).cloned();
    let (Some(item_kind), Some(items_before), Some(mut items_after)) =
        (item_kind, items(before), items(after))
    else {
        return visit(before, after, inherited);
    };
    while items_after.len() > items_before.len() && items_after.last().is_some_and(is_carried) {
        items_after.pop();
    }
    let inherited = Some(item_kind).filter(|kind| !kind.is_empty());
    if items_before.len() != items_after.len() {
        return Err(format!("{} items became {}", items_before.len(), items_after.len()));
    }
    for (before, after) in items_before.iter().zip(&items_after) {
        each_object(before, after, inherited, visit)?;
    }
    if item_kind == "Resource" && !results(after).ends_with(&results(before)) {
        return Err(format!("the results {:?} became {:?}", results(before), results(after)));
    }
    let without_items = |list: &Value| {
        let mut list = list.clone();
        let told = if item_kind == "Resource" { "results" } else { "items" };
        list.as_mapping_mut().map(|list| (list.remove("items"), list.remove(told)));
        list
    };
    visit(&without_items(before), &without_items(after), None)
}

/// True for a version of an earlier release, which the input need not contain.
fn is_carried(object: &Value) -> bool {
    text(object, &["metadata", "annotations", "immutably.dev/generations-ago"]).is_some()
}

/// Returns the results of a list. A KRM function puts its own before the others.
fn results(list: &Value) -> Vec<Value> {
    list.get("results").and_then(Value::as_sequence).cloned().unwrap_or_default()
}

/// Returns the old and new names of an object if they differ, including the names before a kustomize build. Only a
/// ConfigMap, Secret, Job or Pod may change its name.
fn rename(before: &Value, after: &Value, inherited: Option<&str>) -> Result<Renames, String> {
    let (old, new) = (text(before, &["metadata", "name"]), text(after, &["metadata", "name"]));
    if old == new {
        return Ok(Renames::new());
    }
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let may_change = is_target(before, inherited) || is_job(before);
    if !may_change || base(new) != Some(old) {
        return Err(format!("`{old}` became `{new}`"));
    }
    let earlier = text(before, &["metadata", "annotations", "internal.config.kubernetes.io/previousNames"]);
    let names = earlier.into_iter().flat_map(|names| names.split(',')).chain([old]);
    Ok(names.map(|old| (old.to_owned(), new.to_owned())).collect())
}

/// Returns a name without its suffix.
fn base(name: &str) -> Option<&str> {
    let (base, suffix) = name.rsplit_once('-')?;
    (suffix.len() == 10 && suffix.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))).then_some(base)
}

/// Returns the names that got a suffix in a document that serde_yaml cannot read.
fn renamed_words(before: &str, after: &str) -> Renames {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.'))).map(str::to_owned).collect()
    };
    let (before, after) = (words(before), words(after));
    let old = |new: &String| base(new).map(str::to_owned).filter(|old| before.contains(old));
    after.into_iter().filter_map(|new| Some((old(&new)?, new))).collect()
}

fn object(before: &Value, after: &Value, inherited: Option<&str>, renames: &Renames) -> Result<(), String> {
    let (mut before, mut after) = (before.clone(), after.clone());
    let targets = is_target(&before, inherited);
    if let (true, Some(before), Some(after)) = (targets, before.as_mapping_mut(), after.as_mapping_mut()) {
        let (old, new) = (before.shift_remove("immutable"), after.shift_remove("immutable"));
        if old != new && new != Some(Value::Bool(true)) {
            return Err(format!("`immutable` became {new:?}"));
        }
    }
    same(&before, &after, "", renames)
}

/// Checks that all values are the same, except for changed names.
fn same(before: &Value, after: &Value, path: &str, renames: &Renames) -> Result<(), String> {
    match (before, after) {
        (Value::Mapping(old), Value::Mapping(new)) => same_entries(old, new, path, renames),
        (Value::Sequence(old), Value::Sequence(new)) if old.len() == new.len() => {
            let mut pairs = old.iter().zip(new).enumerate();
            pairs.try_for_each(|(index, (old, new))| same(old, new, &format!("{path}[{index}]"), renames))
        }
        // A rule that grants access to other kinds too keeps the plain name beside the new one.
        (Value::Sequence(old), Value::Sequence(new)) if path.ends_with(".resourceNames") => {
            let is_renamed = |name: &Value| renames.iter().any(|(old, _)| name.as_str() == Some(old));
            let new: Vec<&Value> =
                new.iter().filter(|name| !(old.contains(name) && is_renamed(name))).collect();
            let old: Vec<&Value> = old.iter().collect();
            let pairs = old.iter().zip(&new);
            let all = old.len() == new.len()
                && pairs.map(|(old, new)| same(old, new, path, renames)).all(|compared| compared.is_ok());
            if all { Ok(()) } else { Err(format!("{path}: {before:?} became {after:?}")) }
        }
        (Value::String(old), Value::String(new)) if same_words(old, new, renames) => Ok(()),
        _ if before == after => Ok(()),
        _ => Err(format!("{path}: {before:?} became {after:?}")),
    }
}

/// True if texts differ only in words that are changed names: `namespace/name`, `--flag=name`, names within JSON.
fn same_words(old: &str, new: &str, renames: &Renames) -> bool {
    let outside = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.'));
    let between = |text: &str| text.split(|c| !outside(c)).map(str::to_owned).collect::<String>();
    let (before, after) = (old.split(outside), new.split(outside));
    let same_word =
        |(old, new): (&str, &str)| old == new || renames.contains(&(old.to_owned(), new.to_owned()));
    old.split(outside).count() == new.split(outside).count()
        && between(old) == between(new)
        && before.zip(after).all(same_word)
}

fn same_entries(old: &Mapping, new: &Mapping, path: &str, renames: &Renames) -> Result<(), String> {
    if !old.keys().eq(new.keys()) {
        let keys = |map: &Mapping| map.keys().cloned().collect::<Vec<_>>();
        return Err(format!("{path}: the keys {:?} became {:?}", keys(old), keys(new)));
    }
    let mut entries = old.iter().zip(new.values());
    entries.try_for_each(|((key, old), new)| {
        same(old, new, &format!("{path}.{}", key.as_str().unwrap_or("?")), renames)
    })
}

fn is_target(object: &Value, inherited: Option<&str>) -> bool {
    let kind = text(object, &["kind"]).or(inherited);
    matches!(kind, Some("ConfigMap" | "Secret"))
        && text(object, &["apiVersion"]).is_none_or(|version| version == "v1")
}

fn is_job(object: &Value) -> bool {
    let is = |field, value| text(object, &[field]) == Some(value);
    is("kind", "Job") && is("apiVersion", "batch/v1") || is("kind", "Pod") && is("apiVersion", "v1")
}

fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, key| value.get(*key)).and_then(Value::as_str)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).expect("the fixtures are there").flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
