//! Names in base64 text: the data of Secrets and the binary data of ConfigMaps.
//!
//! Must not report a position other than that of a key: decoded text is never shown.

use super::found::{Form, Found};
use super::judge::{Field, judge};
use super::names::Names;
use super::scope::Scope;
use super::values;
use crate::kube::content;
use crate::kube::object::objects;
use crate::rules::context;
use crate::survey::inventory::Inventory;
use crate::survey::reread;
use crate::text::source::Span;
use crate::yaml::Tree;
use crate::yaml::split::{Document, Stream};

/// True for a document with encoded values that contain, or may contain, a name. Only such a document is read again.
pub(super) fn may_hold(
    document: Document,
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    names: &Names<'_>,
) -> bool {
    let holds = |value: &str| content::decode(value).is_some_and(|text| !names.within(&text).is_empty());
    let may_hold = |mapping: &Span| match values::simple(stream.source.slice(*mapping)) {
        Some(mut values) => values.any(holds),
        None => true,
    };
    reread::within(&inventory.encoded, document.span).iter().any(may_hold)
}

/// Searches the encoded values of a document.
pub(super) fn search(tree: &Tree<'_>, names: &Names<'_>, scope: &Scope<'_>, found: &mut Found<'_, '_>) {
    for view in objects(tree) {
        let Some((own, kind)) = scope.owner(tree.node(view.root).span.start) else { continue };
        let Some(values) = view.field(kind.encoded()) else { continue };
        tree.each_field(values, &mut |key, value| {
            let name = tree.text(key).unwrap_or_default();
            let place = tree.node(key).span;
            let Some(text) = tree.text(value).and_then(content::decode) else { return };
            // Most values contain none of the names.
            if names.within(&text).is_empty() || is_password(name) {
                return;
            }
            let field = Field { names: None, command: false, secret: true };
            for word in context::read(&text, |word| names.contains(word)) {
                let Some(named) = names.get(&text[word.range.clone()]) else { continue };
                let verdict = judge(&text, &word, named, field);
                found.note((&text, word.range.end), (named, verdict), Some(own), (place, Form::Hidden));
            }
        });
    }
}

/// True for a key whose value is never reported, because even the fact that it is a name would reveal it.
pub(super) fn is_password(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "passwd", "pwd", "pass", "token"].iter().any(|ending| key.ends_with(ending))
}
