//! What tells that another tool fills or decrypts an object's content after it was rendered.
//!
//! The name would be made from a placeholder: the content changes later and the name does not, and `immutable: true`
//! would make the API server refuse it. Must not decide anything about the object.

use super::content::FIELDS;
use super::object::View;

/// Beginnings of annotation keys with which a tool finds what it fills in, and the tool.
pub const ANNOTATIONS: [(&str, &str); 3] = [
    ("avp.kubernetes.io/", "argocd-vault-plugin fills in its values after this program ran"),
    ("vault.security.banzaicloud.io/", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("kapitan.dev/", "Kapitan fills in its values after this program ran"),
];

/// Beginnings of values that a tool replaces, and the tool. Base64 text is what `data` of a Secret holds.
const VALUES: [(&str, &str); 5] = [
    ("<path:", "argocd-vault-plugin fills in its values after this program ran"),
    ("PHBhdGg6", "argocd-vault-plugin fills in its values after this program ran"),
    ("vault:", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("dmF1bHQ6", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("ref+", "vals fills in its values after this program ran"),
];

/// The bytes with which [`VALUES`] begin.
const FIRST: [bool; 256] = {
    let (mut first, mut at) = ([false; 256], 0);
    while at < VALUES.len() {
        first[VALUES[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    first
};

/// Why the content is not final; `None` when nothing says so.
pub fn filled_later(view: &View<'_, '_>) -> Option<&'static str> {
    if view.field("sops").is_some_and(|sops| view.tree.is_mapping(view.tree.deref(sops))) {
        return Some(
            "SOPS encrypted it, so a change of its name or `immutable` breaks its checksum: decrypt it first",
        );
    }
    by_annotation(view).or_else(|| by_value(view))
}

fn by_annotation(view: &View<'_, '_>) -> Option<&'static str> {
    let annotations = view.tree.deref(view.meta("annotations")?);
    let mut keys = view.tree.entries(annotations).filter_map(|(key, _)| view.tree.text(key));
    keys.find_map(|key| ANNOTATIONS.iter().find(|(start, _)| key.starts_with(start)).map(|(_, why)| *why))
}

fn by_value(view: &View<'_, '_>) -> Option<&'static str> {
    FIELDS.into_iter().filter_map(|field| view.field(field)).find_map(|field| {
        let mut values = view.tree.entries(view.tree.deref(field)).map(|(_, value)| value);
        values.find_map(|value| {
            let text = view.tree.text(view.tree.deref(value))?;
            // One look at the first byte tells for nearly all.
            let may_start = FIRST[usize::from(*text.as_bytes().first()?)];
            let starts = |(start, why): &(&str, &'static str)| {
                (text.starts_with(start) && is_placeholder(text)).then_some(*why)
            };
            if may_start { VALUES.iter().find_map(starts) } else { None }
        })
    })
}

/// One line without spaces: text that merely begins like a placeholder goes on.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim_end();
    !text.contains(char::is_whitespace) && !text.is_empty()
}
