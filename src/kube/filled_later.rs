//! Recognises objects whose content another tool fills in or decrypts after rendering.
//!
//! Their names would be made from a placeholder. The content changes later and the name does not, and with `immutable:
//! true` the API server would refuse the change. Must not decide anything about the object.

use super::content::FIELDS;
use super::object::View;

/// Prefixes of annotation keys that request such a tool, with the reason for messages.
pub const ANNOTATIONS: [(&str, &str); 3] = [
    ("avp.kubernetes.io/", "argocd-vault-plugin fills in its values after this program ran"),
    ("vault.security.banzaicloud.io/", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("kapitan.dev/", "Kapitan fills in its values after this program ran"),
];

/// Prefixes of values that a tool replaces, with the reason for messages. The base64 forms are for `data` of a Secret.
const VALUES: [(&str, &str); 5] = [
    ("<path:", "argocd-vault-plugin fills in its values after this program ran"),
    ("PHBhdGg6", "argocd-vault-plugin fills in its values after this program ran"),
    ("vault:", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("dmF1bHQ6", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("ref+", "vals fills in its values after this program ran"),
];

/// The first bytes of [`VALUES`].
const FIRST: [bool; 256] = {
    let (mut first, mut at) = ([false; 256], 0);
    while at < VALUES.len() {
        first[VALUES[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    first
};

/// Returns why the content is not final; `None` if there is no sign of that.
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
            // The first byte rules out nearly all values.
            let may_start = FIRST[usize::from(*text.as_bytes().first()?)];
            let starts = |(start, why): &(&str, &'static str)| {
                (text.starts_with(start) && is_placeholder(text)).then_some(*why)
            };
            if may_start { VALUES.iter().find_map(starts) } else { None }
        })
    })
}

/// True for one line without spaces. Longer text may merely begin like a placeholder.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim_end();
    !text.contains(char::is_whitespace) && !text.is_empty()
}
