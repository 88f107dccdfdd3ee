//! Recognises objects whose content another tool fills in or decrypts after rendering.
//!
//! Their names would be made from a placeholder. The content changes later and the name does not, and with `immutable:
//! true` the API server would refuse the change. Must not decide anything about the object.

use super::object::{FIELDS, TargetKind, View};
use super::signs::Signs;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::{memchr, memchr3, memmem};

/// Prefixes of annotation keys that request such a tool, with the reason for messages.
pub const ANNOTATIONS: [(&str, &str); 3] = [
    ("avp.kubernetes.io/", "argocd-vault-plugin fills in its values after this program ran"),
    ("vault.security.banzaicloud.io/", "the Vault webhook of bank-vaults fills in its values in the cluster"),
    ("kapitan.dev/", "Kapitan fills in its values after this program ran"),
];

/// A part of a value that a tool replaces.
struct Placeholder {
    /// How it begins.
    start: &'static str,
    /// What it contains after that on the same line, the first one after a path. Other text may merely begin in the same way.
    parts: &'static [&'static str],
    /// True if it may be anywhere in the value; otherwise it is the whole value, without white space.
    anywhere: bool,
    why: &'static str,
}

const AVP: &str = "argocd-vault-plugin fills in its values after this program ran";
const BANK_VAULTS: &str = "the Vault webhook of bank-vaults fills in its values in the cluster";
const VALS: &str = "vals fills in its values after this program ran";

const PLACEHOLDERS: [Placeholder; 5] = [
    Placeholder { start: "<path:", parts: &["#", ">"], anywhere: true, why: AVP },
    Placeholder { start: "${vault:", parts: &["#", "}"], anywhere: true, why: BANK_VAULTS },
    Placeholder { start: "vault:", parts: &[], anywhere: false, why: BANK_VAULTS },
    Placeholder { start: "ref+", parts: &["://"], anywhere: true, why: VALS },
    Placeholder { start: "ref+", parts: &[], anywhere: false, why: VALS },
];

/// Returns why the content is not final; `None` if there is no sign of that. `signs` are those of the content.
pub fn filled_later(view: &View<'_, '_>, signs: Signs) -> Option<&'static str> {
    if view.field("sops").is_some_and(|sops| view.tree.is_mapping(view.tree.deref(sops))) {
        return Some(
            "SOPS encrypted it, so a change of its name or `immutable` breaks its checksum: decrypt it first",
        );
    }
    by_annotation(view).or_else(|| if signs.placeholder { by_value(view) } else { None })
}

fn by_annotation(view: &View<'_, '_>) -> Option<&'static str> {
    let annotations = view.tree.deref(view.meta("annotations")?);
    let asks = |key: &str| ANNOTATIONS.iter().find(|(start, _)| key.starts_with(start)).map(|(_, why)| *why);
    let mut found = None;
    view.tree.each_field(annotations, &mut |key, _| {
        found = found.or_else(|| view.tree.text(key).and_then(asks));
    });
    found
}

fn by_value(view: &View<'_, '_>) -> Option<&'static str> {
    let encoded = view.target_kind().map(TargetKind::encoded);
    FIELDS.into_iter().filter_map(|field| Some((field, view.field(field)?))).find_map(|(field, values)| {
        let in_value = |text: &str| {
            let decoded = if encoded == Some(field) { decoded(text) } else { None };
            in_text(text).or_else(|| in_text(&decoded?))
        };
        let mut found = None;
        view.tree.each_field(values, &mut |_, value| {
            found = found.or_else(|| view.tree.text(value).and_then(in_value));
        });
        found
    })
}

/// Returns the text of a value that is written as base64.
fn decoded(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()
}

/// False if a value in base64 is certainly no placeholder, neither as written nor decoded.
pub(super) fn may_be_filled_later(base64: &str, decoded: &[u8]) -> bool {
    base64.starts_with("ref+") || (may_have_one(decoded) && str::from_utf8(decoded).is_ok())
}

/// False if the text certainly contains no placeholder.
fn may_have_one(text: &[u8]) -> bool {
    memchr3(b'<', b'$', b'+', text).is_some() || text.starts_with(b"vault:")
}

fn in_text(text: &str) -> Option<&'static str> {
    // Most values are short, and these bytes rule out nearly all of them at a tenth of the cost.
    if !may_have_one(text.as_bytes()) {
        return None;
    }
    let found = PLACEHOLDERS.iter().find(|placeholder| placeholder.is_in(text));
    found.map(|placeholder| placeholder.why)
}

impl Placeholder {
    fn is_in(&self, text: &str) -> bool {
        if !self.anywhere {
            let value = text.trim_end();
            return value.starts_with(self.start) && !value.contains(char::is_whitespace);
        }
        let text = text.as_bytes();
        memmem::find_iter(text, self.start).any(|at| self.is_complete(&text[at + self.start.len()..]))
    }

    /// True if the text after the start continues as a placeholder does.
    fn is_complete(&self, rest: &[u8]) -> bool {
        let line = &rest[..rest.len().min(LONGEST)];
        let line = &line[..memchr(b'\n', line).unwrap_or(line.len())];
        let [first, others @ ..] = self.parts else { return true };
        let Some(at) = memmem::find(line, first.as_bytes()) else { return false };
        let path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-.:".contains(byte);
        line[..at].iter().all(path)
            && others.iter().all(|part| memmem::find(&line[at..], part.as_bytes()).is_some())
    }
}

/// The most bytes of a placeholder, so that a value with many starts takes linear time.
const LONGEST: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_in_longer_values() {
        for text in [
            "<path:kv/data/app#password>",
            "postgres://web:<path:kv/data/app#password | base64encode>@db",
            "a\nb: ${vault:secret/data/app#password}\n",
            "vault:secret/data/app#password",
            "https://ref+vault://secret/app#/password+/",
            "ref+awsssm:/web",
        ] {
            assert!(in_text(text).is_some(), "{text}");
        }
    }

    #[test]
    fn other_text_is_final() {
        for text in [
            "<path: d=\"M0 0\">",
            "<path:a\n#>",
            "vault: a b",
            "${vault}",
            "a href+b",
            "location.href+\"https://x\"",
            "prefix vault:x",
        ] {
            assert!(in_text(text).is_none(), "{text}");
        }
    }
}
