//! The content of a ConfigMap or Secret, in the form that is hashed.
//!
//! Reports content that the API server would refuse: values that are not text, and invalid base64. A message contains
//! keys, but never a value. Must not decide about the object.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::filled_later;
use crate::kube::object::{TargetKind, View};
use crate::kube::ordinary;
use crate::kube::shown;
use crate::kube::signs::Signs;
use crate::kube::suffix::{Content, Fields, Hash};
use crate::text::source::Span;
use crate::yaml::{NodeId, Value};
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use std::borrow::Cow;
use std::collections::HashMap;

pub use crate::kube::key_hash::{has, key_hash, key_hashes, repeats};
pub use crate::kube::object::FIELDS;

/// The maximum number of findings of one kind about one object.
const MOST: usize = 100;

/// Base64 as Go's `encoding/base64.StdEncoding` decodes it: the unused bits of the last character need not be zero.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Reads the content of a core/v1 ConfigMap or Secret. Adds warnings about duplicate keys to `diagnostics`.
///
/// # Errors
/// Everything that the API server would refuse.
pub fn read<'t>(
    view: &View<'t, '_>,
    kind: TargetKind,
    hash: Hash,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Content<'t>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut signs = Signs::NOTHING;
    let mut read = |field| fields(view, field, &mut signs, (&mut problems, diagnostics));
    let data = read("data");
    let (binary_data, string_data, other) = match kind {
        TargetKind::ConfigMap => (read("binaryData"), None, "stringData"),
        TargetKind::Secret => (None, read("stringData"), "binaryData"),
    };
    if view.field(other).is_some() {
        signs = Signs::ANYTHING;
    }
    let mut content = Content { kind, secret_type: secret_type(view), data, binary_data, string_data, signs };
    if hash == Hash::Stored {
        problems.extend(store(view, &mut content));
    } else {
        content.signs = Signs::ANYTHING;
    }
    if problems.is_empty() { Ok(content) } else { Err(problems) }
}

/// True if a field for content contains anything.
pub fn has_any(view: &View<'_, '_>) -> bool {
    FIELDS.into_iter().filter_map(|name| view.field(name)).any(|field| {
        let field = view.tree.deref(field);
        // A scalar other than null is malformed content, not absent content.
        view.tree.children(field).next().is_some()
            || !matches!(view.tree.value(field), None | Some(Value::Null))
    })
}

/// True for a byte of base64 text (RFC 4648, section 4).
#[inline]
pub fn is_base64(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // The slash and the digits are consecutive in ASCII.
    letter | (byte.wrapping_sub(b'/') < 11) | (byte == b'+') | (byte == b'=')
}

/// Decodes base64, ignoring white space; `None` if it is invalid or the bytes are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let text = text.as_bytes();
    let joined = match text.iter().any(u8::is_ascii_whitespace) {
        true => Cow::Owned(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()),
        false => Cow::Borrowed(text),
    };
    String::from_utf8(LENIENT.decode(joined).ok()?).ok()
}

fn secret_type<'t>(view: &View<'t, '_>) -> Cow<'t, str> {
    view.field("type").and_then(|node| view.tree.string(node)).unwrap_or_default()
}

fn fields<'t>(
    view: &View<'t, '_>,
    name: &str,
    signs: &mut Signs,
    (problems, diagnostics): (&mut Vec<Diagnostic>, &mut Vec<Diagnostic>),
) -> Option<Fields<'t>> {
    let tree = view.tree;
    let node = view.field(name).map(|node| tree.deref(node))?;
    if tree.value(node) == Some(Value::Null) {
        return None;
    }
    if !tree.is_mapping(node) {
        problems.push(not_a_mapping(view, name, node));
        return None;
    }
    let encoded = view.target_kind().is_some_and(|kind| kind.encoded() == name);
    if let Some(fields) = ordinary::read(tree, node, encoded, signs) {
        return Some(fields);
    }
    *signs = Signs::ANYTHING;
    let mut fields: Vec<(Cow<'t, str>, Option<Cow<'t, str>>, NodeId)> = Vec::new();
    let mut wrong = Vec::new();
    tree.each_field(node, &mut |key, value| match (tree.key(key), value_text(view, value)) {
        (Some(text), Some(value)) => fields.push((text, value, key)),
        _ => wrong.push((key, value)),
    });
    if !wrong.is_empty() {
        let replaced = without_replaced(view, node, &mut wrong);
        // The sort is stable, so these come before the entries that replace them.
        fields.splice(0..0, replaced.into_iter().map(|(text, key)| (text, None, key)));
    }
    problems.extend(few(wrong.into_iter(), |(key, value)| wrong_entry(view, name, key, value)));
    fields.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    // Documents with merge keys are skipped, because entries from a merge key are meant to be overridden.
    let repeated = fields.chunk_by(|(first, ..), (second, ..)| first == second && !tree.has_merges());
    let repeated = repeated.filter(|run| run.len() > 1).filter_map(|run| {
        // Keys that differ in YAML are not duplicates: `either` reports them.
        let same = |(_, _, key): &&(_, _, NodeId)| tree.value(*key) == tree.value(run[0].2);
        let times = run.iter().filter(same).count();
        let last = run.iter().rev().find(same).filter(|_| times > 1)?;
        Some((&run[0].0, (run[0].2, last.2), times))
    });
    diagnostics.extend(few(repeated, |(key, places, times)| {
        duplicate(view, &entry(view, name, key), places, times)
    }));
    let refused = fields.iter().filter(|(key, ..)| !shown::is_key(key));
    diagnostics.extend(few(refused, |(_, _, key)| refused_key(view, name, *key)));
    Some(fields.into_iter().map(|(key, value, _)| (key, value)).collect())
}

/// Removes the entries that a later entry with the same key replaces, and returns their keys.
fn without_replaced<'t>(
    view: &View<'t, '_>,
    mapping: NodeId,
    wrong: &mut Vec<(NodeId, NodeId)>,
) -> Vec<(Cow<'t, str>, NodeId)> {
    let mut last: HashMap<Cow<'_, str>, (NodeId, NodeId)> = HashMap::new();
    view.tree.each_field(mapping, &mut |key, value| {
        last.extend(view.tree.key(key).map(|text| (text, (key, value))));
    });
    let counts = |(key, value): &(NodeId, NodeId)| {
        view.tree.key(*key).is_none_or(|text| last.get(&text) == Some(&(*key, *value)))
    };
    let replaced = wrong.iter().filter(|entry| !counts(entry));
    let replaced = replaced.filter_map(|(key, _)| Some((view.tree.key(*key)?, *key))).collect();
    wrong.retain(counts);
    replaced
}

/// Returns the first findings of one kind about one object. The last one states how many more there are. A mapping may
/// contain a million entries with the same mistake.
fn few<T>(mut wrong: impl Iterator<Item = T>, finding: impl Fn(T) -> Diagnostic) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = wrong.by_ref().take(MOST).map(finding).collect();
    // No finding is created for entries that are only counted.
    let others = wrong.count();
    if let Some(last) = found.last_mut().filter(|_| others > 0) {
        let more = format!(" ({others} more findings of this kind are about the same object)");
        last.message = last.message.and(&more);
    }
    found
}

/// Returns a warning about a key that occurs `times` times in a mapping, with its first and last place. kubectl uses
/// the last one.
pub fn duplicate(
    view: &View<'_, '_>,
    path: &str,
    (first, last): (NodeId, NodeId),
    times: usize,
) -> Diagnostic {
    let times = if times == 2 { "twice".to_owned() } else { format!("{times} times") };
    Diagnostic::new(Code::DuplicateKey, format!("{path} is defined {times}; kubectl uses the last one"))
        .at(view.tree.node(last).span, "this one is used")
        .at(view.tree.node(first).span, "this one is ignored")
        .help("delete the unwanted entry")
}

/// Returns an entry of the content for messages. The key of a Secret is not shown, because a value without its
/// indentation looks like a key.
pub(super) fn entry(view: &View<'_, '_>, field: &str, key: &str) -> String {
    match shown::key(key) {
        key if key != shown::HIDDEN && view.target_kind() == Some(TargetKind::ConfigMap) => {
            format!("`{field}.{key}`")
        }
        _ => format!("an entry of `{field}`"),
    }
}

/// Returns the text of a value, `Some(None)` if the value is null, and `None` if it is anything else.
fn value_text<'t>(view: &View<'t, '_>, value: NodeId) -> Option<Option<Cow<'t, str>>> {
    match view.tree.value(value)? {
        Value::Text(text) => Some(Some(text)),
        Value::Null => Some(None),
        _ => None,
    }
}

/// Returns the finding about an entry whose key or value is not text.
fn wrong_entry(view: &View<'_, '_>, field: &str, key: NodeId, value: NodeId) -> Diagnostic {
    let Some(text) = view.tree.key(key) else { return bad_key(view, field, key) };
    let read = view.tree.value(value);
    let found = read.as_ref().map_or("a collection", |value| value.describe());
    let cure = if read.is_none() {
        "write `|` after the colon of this key, so that the lines below become one value"
    } else {
        "put the value in quotes"
    };
    let message = format!("{} is {found}, expected text", entry(view, field, &text));
    Diagnostic::new(Code::InvalidData, message)
        .at(view.tree.node(value).span, format!("kubectl reads {found} here, and the API server refuses it"))
        .help(cure)
}

fn not_a_mapping(view: &View<'_, '_>, field: &str, node: NodeId) -> Diagnostic {
    let found = view.tree.value(node).map_or("a list", |value| value.describe());
    Diagnostic::new(Code::InvalidData, format!("`{field}` is {found}, expected a mapping of keys to text"))
        .at(view.tree.node(node).span, "not a mapping")
        .help(instead_of_mapping(
            view,
            node,
            &format!("write `{field}:` with one `key: \"value\"` line per entry, or omit it"),
        ))
}

/// Returns the cure for text in place of a mapping: `usual`, or to replace a space character that YAML does not
/// accept as a space.
pub(super) fn instead_of_mapping(view: &View<'_, '_>, node: NodeId, usual: &str) -> String {
    let text = view.tree.text(node).unwrap_or_default();
    match text.find(|letter: char| matches!(letter, '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{3000}')) {
        Some(_) => "the text contains an invisible character such as U+00A0 (non-breaking space) where a space belongs: replace it with a plain space".to_owned(),
        None => usual.to_owned(),
    }
}

fn bad_key(view: &View<'_, '_>, field: &str, key: NodeId) -> Diagnostic {
    Diagnostic::new(Code::InvalidData, format!("`{field}` has a key that is not text"))
        .at(view.tree.node(key).span, "expected a key")
        .help("write the key as text, in quotes if necessary")
}

/// Returns the warning about a key that the API server refuses. The key is not shown, because it may be a value in the
/// wrong place.
fn refused_key(view: &View<'_, '_>, field: &str, key: NodeId) -> Diagnostic {
    Diagnostic::new(Code::InvalidKey, format!("`{field}` has a key that the API server refuses"))
        .at(Span::empty(view.tree.node(key).span.start), "this key")
        .help(
            "use only letters, digits, `-`, `_` and `.`, at most 253 characters, and do not start with `..`",
        )
}

/// Converts the content to what the API server would store.
fn store<'t>(view: &View<'t, '_>, content: &mut Content<'t>) -> Vec<Diagnostic> {
    let problems;
    let signs = &mut content.signs;
    for fields in [&mut content.data, &mut content.binary_data, &mut content.string_data] {
        fields.iter_mut().flatten().for_each(|(_, value)| {
            value.get_or_insert_default();
        });
    }
    match content.kind {
        TargetKind::ConfigMap => {
            problems = canonical_base64(view, "binaryData", &mut content.binary_data, signs)
        }
        TargetKind::Secret => {
            problems = canonical_base64(view, "data", &mut content.data, signs);
            fold_string_data(content);
            if content.secret_type.is_empty() {
                content.secret_type = Cow::Borrowed("Opaque");
            }
        }
    }
    content.data.take_if(|fields| fields.is_empty());
    content.binary_data.take_if(|fields| fields.is_empty());
    problems
}

/// Merges `stringData` into `data` as the API server does. If a key occurs twice, the last one counts, so `stringData`
/// is appended.
fn fold_string_data(content: &mut Content<'_>) {
    let Some(strings) = content.string_data.take() else { return };
    let encoded = strings.into_iter().map(|(key, value)| {
        let value = STANDARD.encode(value.unwrap_or_default().as_bytes());
        (key, Some(Cow::Owned(value)))
    });
    content.data.get_or_insert_default().extend(encoded);
    content.signs.disorder = true;
}

fn canonical_base64(
    view: &View<'_, '_>,
    field: &str,
    fields: &mut Option<Fields<'_>>,
    signs: &mut Signs,
) -> Vec<Diagnostic> {
    let (mut wrong, mut decoded) = (Vec::new(), Vec::new());
    for (number, (_, value)) in fields.iter_mut().flatten().enumerate() {
        let Some(text) = value else { continue };
        decoded.clear();
        if STANDARD.decode_vec(text.as_bytes(), &mut decoded).is_ok() {
            signs.placeholder |= filled_later::may_be_filled_later(text, &decoded);
            continue;
        }
        signs.placeholder = true;
        // Go skips line breaks and nothing else.
        let joined: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        match LENIENT.decode(joined) {
            Ok(bytes) => *value = Some(Cow::Owned(STANDARD.encode(bytes))),
            Err(_) => wrong.push(number),
        }
    }
    let fields = fields.as_deref().unwrap_or_default();
    // The last of equal keys counts.
    let is_replaced = |number: usize| {
        fields.get(number + 1).zip(fields.get(number)).is_some_and(|(next, own)| next.0 == own.0)
    };
    let wrong = wrong.into_iter().filter(|number| !is_replaced(*number));
    let wrong = wrong.filter_map(|number| fields.get(number));
    few(wrong, |(key, value)| invalid_base64(view, field, key, value.as_deref().unwrap_or_default()))
}

fn invalid_base64(view: &View<'_, '_>, field: &str, key: &str, text: &str) -> Diagnostic {
    let entries = view.field(field).and_then(|node| view.tree.entry(view.tree.deref(node), key));
    let filled_later = ["${", "$(", "{{", "<"].iter().any(|mark| text.contains(mark));
    let cure = if filled_later {
        "if another tool fills it in later, run this program after that tool, or annotate the object with `immutably.dev/mode: leave`"
    } else if field == "data" {
        "encode it, or move the plain text to `stringData`"
    } else {
        "encode it, or move the plain text to `data`"
    };
    let finding =
        Diagnostic::new(Code::InvalidBase64, format!("{} is not base64", entry(view, field, key))).help(cure);
    match entries {
        Some((_, value)) => finding.at(view.tree.node(value).span, "not base64"),
        None => finding.at(view.tree.node(view.root).span, ""),
    }
}
