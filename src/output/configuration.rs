//! Decides what may be shown of a document without a Secret: everything, except for texts that contain the manifest of a
//! Secret, and except in a configuration of this program.
//!
//! A configuration may hold a key by mistake: as the value of an option that does not exist, or of one that is refused.
//! So only values of options that exist are shown. Must not decide whether a document contains a Secret.

use super::certainty::{OWN, holds_manifest_of_secret, is_own_file};
use crate::findings::diagnostic::Code;
use crate::options::settings::KEYS;
use crate::text::source::Span;
use crate::yaml::{Kind, NodeId, Tree};

/// What surrounds a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Not a configuration.
    Elsewhere,
    /// A configuration, in which every key on the way to the node is a field.
    Field,
    /// The value of another key of a configuration.
    Hidden,
}

/// Returns every scalar of a document, and whether it may be shown.
pub(super) fn scalars(tree: &Tree<'_>) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    let is_own = tree.root().is_some_and(|root| is_own_file(tree, root));
    let start = if is_own { Place::Field } else { Place::Elsewhere };
    let mut open: Vec<(NodeId, Place)> = tree.root().map(|root| (root, start)).into_iter().collect();
    while let Some((id, place)) = open.pop() {
        if matches!(tree.node(id).kind, Kind::Scalar(_)) {
            let may_be_shown = place != Place::Hidden && !tree.text(id).is_some_and(holds_manifest_of_secret);
            found.push((tree.node(id).span, may_be_shown));
        }
        let place = if place == Place::Elsewhere && is_own_object(tree, id) { Place::Field } else { place };
        open.extend(tree.items(id).map(|item| (item, place)));
        for (key, value) in tree.entries(id) {
            let name = tree.text(key).unwrap_or_default();
            open.push((key, of_key(place, name)));
            // A configuration that is not a mapping has no fields.
            let of_value = of_value(place, name);
            let is_bare = place == Place::Elsewhere && of_value == Place::Field && !tree.is_mapping(value);
            open.push((value, if is_bare { Place::Hidden } else { of_value }));
        }
    }
    found.sort_unstable();
    found
}

fn of_key(place: Place, name: &str) -> Place {
    // A word with digits or signs may be a value that lost its key.
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    if place == Place::Field && !is_word { Place::Hidden } else { place }
}

fn of_value(place: Place, name: &str) -> Place {
    match place {
        Place::Elsewhere if name == "functionConfig" => Place::Field,
        Place::Field if !is_field(name) => Place::Hidden,
        place => place,
    }
}

/// True for an object of the group of this program, such as its own configuration as an object.
fn is_own_object(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.entries(id).any(|(key, value)| {
        let version = || tree.text(value).is_some_and(|version| version.starts_with("immutably.dev/"));
        tree.text(key) == Some("apiVersion") && version()
    })
}

/// True for an option, for a field within one, and for a field of an object with options. Not for `secretKeyFiles`:
/// somebody may write the key itself there.
fn is_field(name: &str) -> bool {
    let is_code = || Code::ALL.iter().any(|code| code.as_str() == name);
    name != "secretKeyFiles"
        && (KEYS.contains(&name) || OWN.contains(&name) || WITHIN.contains(&name) || is_code())
}

/// Fields within options and rules, and fields of an object with options.
const WITHIN: [&str; 20] = [
    "apiVersion",
    "closed",
    "codes",
    "create",
    "data",
    "exceptions",
    "fieldSpecs",
    "group",
    "kind",
    "metadata",
    "name",
    "namePrefix",
    "nameSuffix",
    "names",
    "path",
    "reason",
    "severities",
    "spec",
    "until",
    "version",
];
