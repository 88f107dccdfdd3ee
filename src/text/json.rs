//! JSON objects in the input, and how they are written where kubectl reads YAML.
//!
//! kubectl reads an input that begins with a JSON object as JSON, one object after the other. It skips a byte order mark
//! at the beginning of a file, and refuses one later in JSON. Up to 1.32 it refuses a `---` line there. After a `---` line it reads YAML 1.1, which does not have all escapes of JSON, and takes only the
//! first of several objects. Must not know what an object contains.

use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::fmt::Write;

/// The text of a file without the byte order mark at its beginning.
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// True if the text is one JSON value. A byte order mark may precede it.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text.trim_start_matches('\u{feff}')).is_ok()
}

/// True if the text consists of JSON objects only, at least one.
pub fn is_stream(text: &str) -> bool {
    objects(text).is_some()
}

/// The objects of a JSON stream as YAML documents, with a `---` line between them; `None` for any other text.
pub fn as_documents(text: &str) -> Option<String> {
    let documents: Vec<Cow<'_, str>> = objects(text)?.into_iter().map(escaped).collect();
    let end = if text.ends_with('\n') { "\n" } else { "" };
    Some(documents.join("\n---\n") + end)
}

/// Returns a JSON object with other escapes, so that YAML 1.1 reads it in the same way. Returns other text unchanged.
pub fn as_yaml(text: &str) -> Cow<'_, str> {
    let object = text.trim_start_matches('\u{feff}');
    if object.trim_start().starts_with('{') && is_json(object) { escaped(object) } else { text.into() }
}

fn objects(text: &str) -> Option<Vec<&str>> {
    let (mut found, mut rest) = (Vec::new(), unmarked(text).trim_ascii());
    while !rest.is_empty() {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        let ends = rest.starts_with('{') && values.next()?.is_ok();
        let (object, behind) = rest.split_at_checked(values.byte_offset()).filter(|_| ends)?;
        found.push(object);
        rest = behind.trim_ascii_start();
    }
    (!found.is_empty()).then_some(found)
}

/// JSON without what go-yaml refuses or changes in double quotes: `\/`, surrogate pairs, DEL, C1 controls, the line breaks
/// of Unicode and byte order marks.
fn escaped(json: &str) -> Cow<'_, str> {
    let breaks = ['\u{2028}', '\u{2029}', '\u{feff}'];
    let is_unsafe = |c: char| matches!(c, '\u{7f}'..='\u{9f}') || breaks.contains(&c);
    if !json.contains("\\/") && !json.contains("\\ud") && !json.contains("\\uD") && !json.contains(is_unsafe)
    {
        return json.into();
    }
    let (mut out, mut rest) = (String::with_capacity(json.len()), json);
    while let Some(at) = rest.find(|c| c == '\\' || is_unsafe(c)) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match surrogate(rest) {
            _ if rest.starts_with("\\/") => {
                out.push('/');
                "\\/".len()
            }
            Some((c, length)) => {
                out.push(c);
                length
            }
            None if rest.starts_with('\\') => {
                let escape = &rest[..rest.chars().take(2).map(char::len_utf8).sum()];
                out.push_str(escape);
                escape.len()
            }
            None => {
                let c = rest.chars().next().unwrap_or_default();
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    out.into()
}

/// The character of a surrogate pair that the text begins with, and the bytes of the pair. A surrogate alone is U+FFFD, as
/// for Go's `encoding/json`.
fn surrogate(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(0).filter(|unit| (0xd800..0xe000).contains(unit))?;
    let pair = char::decode_utf16([first].into_iter().chain(unit(6))).next();
    match pair {
        Some(Ok(c)) => Some((c, 12)),
        _ => Some(('\u{fffd}', 6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_that_yaml_lacks_are_written_in_another_way() {
        let json = r#"{"a\/b":"\ud83d\uDE00 \\/ \\\/ \u00e9 \n \ud83d\u0041 é","#.to_owned()
            + "\"c\":\"\u{7f}\u{85}\u{2028}\"}";
        let yaml = r#"{"a/b":"😀 \\/ \\/ \u00e9 \n "#.to_owned()
            + "\u{fffd}"
            + r#"\u0041 é","c":"\u007f\u0085\u2028"}"#;
        assert_eq!(as_yaml(&json), yaml);
        assert_eq!(as_yaml("a: \"\\/\""), "a: \"\\/\"");
        assert_eq!(as_yaml("\u{feff}{\"a\":\"\\/\"}"), "{\"a\":\"/\"}");
    }

    #[test]
    fn a_stream_is_objects_only() {
        assert!(is_stream(" {}") && is_stream("{}{\"a\":[]}\n{}\n"));
        for text in ["", " ", "[]", "{}[]", "{}\n---\n{}", "{} # c", "a: 1", "{"] {
            assert!(!is_stream(text), "{text}");
        }
        assert!(is_stream("\u{feff}{}\n{}"));
        assert!(!is_stream("\u{feff}\u{feff}{}") && !is_stream("\n\u{feff}{}") && !is_stream("{}\u{feff}{}"));
        assert_eq!(as_documents("{}{\"a\":\"\\/\"}\n").unwrap(), "{}\n---\n{\"a\":\"/\"}\n");
    }
}
