//! Text of the input that messages and reports may show: names, kinds, namespaces and keys, if they are valid.
//!
//! After a missing comma or a missing indentation, a value of a Secret may be in the place of a name or a kind. So only
//! text that the API server could accept there is shown; otherwise messages refer to the place only. Must not look at
//! anything but the text.

use std::borrow::Cow;

/// The replacement for text that must not be shown.
pub const HIDDEN: &str = "…";

/// Returns the text if it can be the name of a ConfigMap, a Secret or a namespace: a DNS-1123 subdomain (RFC 1123) of
/// at most 253 characters. Otherwise returns [`HIDDEN`], like the functions below.
pub fn name(text: &str) -> &str {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    if text.len() <= 253 && text.bytes().all(known) { text } else { HIDDEN }
}

/// Returns the text if it can be the name of an object of any other kind, such as `system:auth-delegator`: no spaces
/// and no control characters.
pub fn any_name(text: &str) -> &str {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'/');
    if text.len() <= 253 && text.bytes().all(known) { text } else { HIDDEN }
}

/// Returns the text if it can be the name of a container image, with a tag or digest.
pub fn image(text: &str) -> &str {
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'/' | b'@');
    if text.len() <= 512 && text.bytes().all(known) { text } else { HIDDEN }
}

/// Returns the text if it can be a kind: at most 63 letters and digits, a letter first.
pub fn kind(text: &str) -> &str {
    let known = text.len() <= 63 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if known && text.starts_with(|first: char| first.is_ascii_alphabetic()) { text } else { HIDDEN }
}

/// Returns the text if it can be a key in `data` of a ConfigMap.
pub fn key(text: &str) -> &str {
    if is_key(text) { text } else { HIDDEN }
}

/// True for a key that the API server accepts (apimachinery `IsConfigMapKey`).
pub fn is_key(key: &str) -> bool {
    is_key_after(key, 0)
}

/// Like [`is_key`], for a text of which the first `same` bytes are those of another key.
#[inline]
pub(super) fn is_key_after(key: &str, same: usize) -> bool {
    let known = |byte: &u8| IN_A_KEY[usize::from(*byte)];
    let rest = key.as_bytes().get(same..).unwrap_or_default();
    !key.is_empty() && key.len() <= 253 && key != "." && !key.starts_with("..") && rest.iter().all(known)
}

/// The bytes allowed in a key, as a table, because every key of the input is checked.
static IN_A_KEY: [bool; 256] = {
    let mut known = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        known[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        byte += 1;
    }
    known
};

/// Returns text of the input or of the command line for a terminal or a log: control characters except tabs and line
/// feeds, and characters that change the direction of text, are each replaced by one other character.
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, is_harmful)
}

/// Like [`printable`], but for text that must stay on one line, such as the name of a file: a separate line could
/// look like a message, or be a command for a CI system.
pub fn line(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| letter == '\n' || is_harmful(letter))
}

fn is_harmful(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        _ => letter.is_control(),
    }
}

fn replaced(text: &str, harmful: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|letter| if harmful(letter) { '\u{fffd}' } else { letter }).collect())
}

/// Returns the message of a parser without the values that it quotes. Names of fields are kept only if they can be
/// fields, because the parsed file may be a Secret that was named by mistake.
pub fn unquoted(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(['"', '`', '\'']) {
        let (before, from) = rest.split_at(at);
        let quote = from.chars().next().unwrap_or('"');
        let inner = &from[1..];
        let Some(end) = inner.find(quote) else { break };
        let field = quote == '`'
            && inner[..end].len() <= 40
            && inner[..end].bytes().all(|byte| byte.is_ascii_alphabetic());
        shown.push_str(before);
        shown.push(quote);
        shown.push_str(if field { &inner[..end] } else { HIDDEN });
        shown.push(quote);
        rest = &inner[end + 1..];
    }
    // A quote without an end hides the rest.
    let rest = rest.find(['"', '`', '\'']).map_or(rest, |at| &rest[..at]);
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_one_is_not_shown() {
        assert_eq!(
            (name("web-1.example"), name("web x"), name("web\n::error::"), name("Web")),
            ("web-1.example", HIDDEN, HIDDEN, HIDDEN)
        );
        assert_eq!((any_name("system:node"), any_name("a b")), ("system:node", HIDDEN));
        assert_eq!(
            (image("a.example:5000/web@sha256:0a"), image("a b")),
            ("a.example:5000/web@sha256:0a", HIDDEN)
        );
        assert_eq!((kind("ConfigMap"), kind("Deployment hunter2"), kind("")), ("ConfigMap", HIDDEN, HIDDEN));
        assert_eq!((key("LOG_LEVEL"), key("a b")), ("LOG_LEVEL", HIDDEN));
        assert_eq!(unquoted("unknown field `namspace` at \"hunter2\""), "unknown field `namspace` at \"…\"");
        assert_eq!(unquoted("invalid type: string \"hunter2"), "invalid type: string ");
        assert_eq!(
            printable("a\u{1b}]0;x\u{7}b\n\tc\u{85}\u{200f}"),
            "a\u{fffd}]0;x\u{fffd}b\n\tc\u{fffd}\u{fffd}"
        );
        assert_eq!(line("a\r\n::error::"), "a\u{fffd}\u{fffd}::error::");
    }
}
