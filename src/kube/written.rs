//! The forms in which the user may have written a Secret that the API server stores.
//!
//! The server merges `stringData` into `data`, never returns it, and sets `type`. kustomize hashes the object as
//! written, so its suffix can only be recognised by trying these forms. Must not hash anything.

use crate::kube::object::TargetKind;
use crate::kube::signs::Signs;
use crate::kube::suffix::{Content, Fields};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// With up to this many keys, every subset of the keys is tried in `stringData`.
const EVERY_CHOICE: usize = 4;
/// With up to this many keys, all keys together and each key alone are tried. With more, only all keys together: each
/// form is as large as the object, so their number must not grow with it.
const EACH_ALONE: usize = 64;
/// The type that the server sets for a Secret without one.
const DEFAULT_TYPE: &str = "Opaque";

/// Makes each form except the stored one, one at a time.
pub fn forms<'a>(stored: Content<'a>) -> impl Iterator<Item = Content<'a>> {
    let readable = stored.kind == TargetKind::Secret && stored.string_data.is_none();
    let data = stored.data.as_deref().filter(|_| readable).unwrap_or_default();
    let texts: Vec<Option<String>> = data.iter().map(|(_, value)| text(value.as_deref())).collect();
    let movable: Vec<usize> = (0..texts.len()).filter(|at| texts[*at].is_some()).collect();
    let choices = if readable { choices(&movable) } else { Vec::new() };
    choices.into_iter().flat_map(move |chosen| {
        let content = form(&stored, &texts, &chosen);
        let untyped = (content.secret_type == DEFAULT_TYPE)
            .then(|| Content { secret_type: Cow::Borrowed(""), ..content.clone() });
        untyped.into_iter().chain((!chosen.is_empty()).then_some(content))
    })
}

/// Returns a value of `data` as it would be in `stringData`.
fn text(value: Option<&str>) -> Option<String> {
    let bytes = STANDARD.decode(value.unwrap_or_default()).ok()?;
    String::from_utf8(bytes).ok()
}

/// Returns the sets of keys to move, each in ascending order, including the empty set.
fn choices(keys: &[usize]) -> Vec<Vec<usize>> {
    if keys.len() > EVERY_CHOICE {
        let alone = keys.iter().map(|key| vec![*key]).filter(|_| keys.len() <= EACH_ALONE);
        return [Vec::new(), keys.to_vec()].into_iter().chain(alone).collect();
    }
    let chosen =
        |mask: usize| (0..keys.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| keys[bit]).collect();
    (0..1 << keys.len()).map(chosen).collect()
}

/// Returns the content with these keys in `stringData`.
fn form<'a>(stored: &Content<'a>, texts: &[Option<String>], chosen: &[usize]) -> Content<'a> {
    let (mut data, mut strings): (Fields<'a>, Fields<'a>) = (Vec::new(), Vec::new());
    for (at, (key, value)) in stored.data.iter().flatten().enumerate() {
        match texts.get(at).and_then(Option::as_ref).filter(|_| chosen.binary_search(&at).is_ok()) {
            Some(text) => strings.push((key.clone(), Some(Cow::Owned(text.clone())))),
            None => data.push((key.clone(), value.clone())),
        }
    }
    Content {
        data: (!data.is_empty()).then_some(data),
        string_data: (!strings.is_empty()).then_some(strings),
        signs: Signs::ANYTHING,
        ..stored.clone()
    }
}
