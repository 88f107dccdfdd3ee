//! Names within what is encoded in base64: the data of Secrets and the binary data of ConfigMaps.
//!
//! Must not give any place but that of a key: what was decoded is never shown.

use super::found::{Form, Found};
use super::judge::{Field, judge};
use super::names::Names;
use super::scope::Scope;
use crate::kube::content;
use crate::kube::object::{TargetKind, objects};
use crate::rules::context;
use crate::survey::inventory::Inventory;
use crate::yaml::Tree;
use crate::yaml::split::{Document, Stream};
use memchr::memmem;
use std::collections::HashSet;

/// True for a document that may hold such values.
pub(super) fn holders(stream: &Stream<'_>, inventory: &Inventory<'_>) -> HashSet<u32> {
    let secrets = inventory.targets.iter().filter(|target| target.kind == TargetKind::Secret);
    let mut found: HashSet<u32> = secrets.map(|target| inventory.object(target).document).collect();
    let binary = memmem::Finder::new("binaryData");
    let holds = |document: &&Document| binary.find(stream.source.slice(document.span).as_bytes()).is_some();
    found.extend(stream.documents.iter().filter(holds).map(|document| document.number));
    found
}

/// Looks through the encoded values of a document.
pub(super) fn search(tree: &Tree<'_>, names: &Names<'_>, scope: &Scope<'_>, found: &mut Found<'_, '_>) {
    for view in objects(tree) {
        let Some((own, kind)) = scope.owner(tree.node(view.root).span.start) else { continue };
        let field = if kind == TargetKind::Secret { "data" } else { "binaryData" };
        let Some(values) = view.field(field) else { continue };
        tree.each_field(values, &mut |key, value| {
            let name = tree.text(key).unwrap_or_default();
            let place = tree.node(key).span;
            let Some(text) = tree.text(value).and_then(content::decode) else { return };
            // Most values hold none of the names.
            if names.within(&text).next().is_none() || is_password(name) {
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

/// True for the key of a value of which nothing is to be said, not even that it is a name.
pub(super) fn is_password(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "passwd", "pwd", "pass", "token"].iter().any(|ending| key.ends_with(ending))
}
