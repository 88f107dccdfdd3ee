//! How kubectl interprets a scalar, and how to write a new text in the style of an existing scalar.
//!
//! kubectl reads YAML through go-yaml v2 (`resolve.go`), whose rules no Rust crate implements: `yes` is a boolean,
//! `0644` is octal, `08` is a float, `12:30:45` is text. Quoted and block scalars are always text. Must not know
//! Kubernetes.

use super::node::{Cell, Form, NodeId, Style};
use super::number::{float, go_float, integer};
use super::tree::Tree;
use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// The value of a scalar for kubectl.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `~`, `null` or an absent value.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// An integer that fits 64 bits, signed or unsigned.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A text that does not fit its tag, such as `!!int x`, which kubectl refuses.
    Invalid,
}

impl Value<'_> {
    /// Returns the kind of value in words, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::Invalid => "a value that does not fit its tag",
        }
    }
}

/// Base64 as Go's `encoding/base64.StdEncoding` decodes it: the unused bits of the last character need not be zero.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

const CORE: &str = "tag:yaml.org,2002:";

impl<'s> Tree<'s> {
    /// Returns the value of a scalar, following an alias. `None` for mappings and sequences.
    pub fn value(&self, id: NodeId) -> Option<Value<'_>> {
        if let Some(text) = self.surely_text(id) {
            return Some(Value::Text(Cow::Borrowed(text)));
        }
        let cell = self.scalar(id)?;
        let text = self.read(cell);
        let tag = if cell.is_tagged() { self.tag(self.deref(id)) } else { None };
        Some(match tag {
            None if cell.form == Form::Plain => resolve(text),
            None => Value::Text(Cow::Borrowed(text)),
            Some(tag) => tagged(tag, text),
        })
    }

    /// Returns the text of a scalar that is text for kubectl; `None` for numbers, booleans, nulls and collections.
    pub fn string(&self, id: NodeId) -> Option<Cow<'_, str>> {
        if let Some(text) = self.surely_text(id) {
            return Some(Cow::Borrowed(text));
        }
        match self.value(id)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Like [`Tree::string`], but for names, which may outlive the tree. `None` if a tag changes the text (`!!binary`).
    pub fn name(&self, id: NodeId) -> Option<Cow<'s, str>> {
        let is_text = self.scalar(id).is_some_and(Self::is_surely_text)
            || matches!(self.value(id)?, Value::Text(text) if self.text(id).is_some_and(|own| own == text));
        if is_text { self.text_to_keep(id) } else { None }
    }

    /// Returns a mapping key as the JSON key that kubectl makes of it: `010` becomes `8`, `yes` becomes `true`. `None`
    /// for null keys and for keys that are not scalars, which kubectl refuses.
    pub fn key(&self, id: NodeId) -> Option<Cow<'_, str>> {
        if let Some(text) = self.surely_text(id) {
            return Some(Cow::Borrowed(text));
        }
        match self.value(id)? {
            Value::Text(text) => Some(text),
            Value::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            // kubectl refuses an integer key that does not fit 64 signed bits.
            Value::Int(value) => i64::try_from(value).ok().map(|value| Cow::Owned(value.to_string())),
            Value::Float(value) => Some(Cow::Owned(go_float(value))),
            Value::Null | Value::Invalid => None,
        }
    }

    /// True if the node is a scalar, or an alias for one.
    #[inline]
    pub fn is_scalar(&self, id: NodeId) -> bool {
        self.scalar(id).is_some()
    }

    /// True if [`Tree::string`] returns a text.
    pub fn is_string(&self, id: NodeId) -> bool {
        self.scalar(id).is_some_and(Self::is_surely_text) || matches!(self.value(id), Some(Value::Text(_)))
    }

    #[inline]
    fn surely_text(&self, id: NodeId) -> Option<&str> {
        let cell = self.scalar(id).filter(|cell| Self::is_surely_text(cell))?;
        Some(self.read(cell))
    }

    /// Returns the text of a scalar that is certainly text; `None` for aliases and most others.
    #[inline]
    pub(super) fn sure(&self, cell: &Cell) -> Option<&str> {
        (cell.form.is_scalar() && Self::is_surely_text(cell)).then(|| self.read(cell))
    }

    /// True for a scalar that is certainly text: it has no tag, and it is quoted or begins with a letter that begins no
    /// number, boolean or null. Nearly every key and value is of this kind.
    #[inline]
    fn is_surely_text(cell: &Cell) -> bool {
        !cell.is_tagged() && (cell.form != Form::Plain || !cell.is_empty() && !may_mean(cell.first))
    }
}

/// True for the first letter of a number, a boolean or a null.
fn may_mean(first: u8) -> bool {
    matches!(
        first,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' | b'.' | b'+' | b'-' | b'0'
            ..=b'9'
    )
}

/// Resolves a plain scalar by the rules of go-yaml v2.
pub fn resolve(text: &str) -> Value<'_> {
    let Some(first) = text.bytes().next() else { return Value::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => float(text).map_or_else(|| special(text), Value::Float),
        b'+' | b'-' | b'0'..=b'9' => number(text),
        _ => Value::Text(Cow::Borrowed(text)),
    }
}

/// Writes `text` in `style`. Double-quotes a plain scalar that would not be read back as the same text. A block scalar
/// becomes plain.
pub fn write(text: &str, style: Style) -> Cow<'_, str> {
    match style {
        Style::Single => Cow::Owned(format!("'{}'", text.replace('\'', "''"))),
        Style::Double => Cow::Owned(double_quoted(text)),
        Style::Plain | Style::Block if stays_plain(text) => Cow::Borrowed(text),
        Style::Plain | Style::Block => Cow::Owned(double_quoted(text)),
    }
}

fn stays_plain(text: &str) -> bool {
    // Without branches or an early exit, the compiler checks 16 bytes at a time.
    let letter = |byte: u8| ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10);
    let plain = |byte: u8| letter(byte) | (byte == b'.') | (byte == b'-') | (byte == b'_') | (byte == b'/');
    text.bytes().fold(true, |all, byte| all & plain(byte))
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && resolve(text) == Value::Text(Cow::Borrowed(text))
}

/// Writes JSON escapes, which are valid in double-quoted YAML too.
fn double_quoted(text: &str) -> String {
    // A name needs no escape, and formatting a JSON value takes ten times as long.
    let unescaped = |byte: u8| (byte.wrapping_sub(b' ') <= b'~' - b' ') & (byte != b'"') & (byte != b'\\');
    if text.bytes().fold(true, |all, byte| all & unescaped(byte)) {
        return ["\"", text, "\""].concat();
    }
    serde_json::Value::from(text).to_string()
}

fn tagged<'a>(tag: &str, text: &'a str) -> Value<'a> {
    let resolved = resolve(text);
    match tag.strip_prefix(CORE) {
        Some("binary") => binary(text),
        Some("int") => matches!(resolved, Value::Int(_)).then_some(resolved).unwrap_or(Value::Invalid),
        Some("bool") => matches!(resolved, Value::Bool(_)).then_some(resolved).unwrap_or(Value::Invalid),
        Some("null") => matches!(resolved, Value::Null).then_some(resolved).unwrap_or(Value::Invalid),
        Some("float") => match resolved {
            #[allow(clippy::cast_precision_loss)] // as Go's float64(int64)
            Value::Int(value) => Value::Float(value as f64),
            Value::Float(value) => Value::Float(value),
            _ => Value::Invalid,
        },
        _ => Value::Text(Cow::Borrowed(text)),
    }
}

/// Decodes base64 as Go does, which skips only line breaks. A byte that is not UTF-8 is U+FFFD in JSON.
fn binary(text: &str) -> Value<'_> {
    let joined: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let Ok(bytes) = LENIENT.decode(joined) else { return Value::Invalid };
    let mut decoded = String::new();
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Value::Text(Cow::Owned(decoded))
}

fn word(text: &str) -> Value<'_> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Value::Null,
        _ => Value::Text(Cow::Borrowed(text)),
    }
}

fn special(text: &str) -> Value<'_> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Value::Float(f64::NEG_INFINITY),
        _ => Value::Text(Cow::Borrowed(text)),
    }
}

fn number(text: &str) -> Value<'_> {
    // A quick test for many texts that begin with a digit but are not numbers, such as sizes and addresses.
    if text.len() > 400 || text.bytes().any(|byte| matches!(byte, b' ' | b'/' | b':')) {
        return Value::Text(Cow::Borrowed(text));
    }
    let plain: Cow<'_, str> =
        if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    if let Some(value) = integer(&plain) {
        return Value::Int(value);
    }
    if let Some(value) = float(&plain) {
        return Value::Float(value);
    }
    special(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_they_mean_to_kubectl() {
        let text = |text: &'static str| Value::Text(Cow::Borrowed(text));
        let cases = [
            ("0644", Value::Int(420)),
            ("0o644", Value::Int(420)),
            ("-0644", Value::Int(-420)),
            ("0x1F", Value::Int(31)),
            ("0b101", Value::Int(5)),
            ("1_000", Value::Int(1000)),
            ("9223372036854775808", Value::Int(9_223_372_036_854_775_808)),
            ("08", Value::Float(8.0)),
            ("1e3", Value::Float(1000.0)),
            ("+.5", Value::Float(0.5)),
            ("1.", Value::Float(1.0)),
            (".5", Value::Float(0.5)),
            ("1e400", text("1e400")),
            ("12:30:45", text("12:30:45")),
            ("2001-12-14", text("2001-12-14")),
            ("1.2.3", text("1.2.3")),
            ("-", text("-")),
            ("0x", text("0x")),
            ("yes", Value::Bool(true)),
            ("Off", Value::Bool(false)),
            ("yEs", text("yEs")),
            ("~", Value::Null),
            ("", Value::Null),
            ("nULL", text("nULL")),
        ];
        for (written, value) in cases {
            assert_eq!(resolve(written), value, "{written}");
        }
    }

    #[test]
    fn a_new_name_keeps_its_style_unless_it_would_mean_something_else() {
        assert_eq!(write("web-4h2mbtbbt6", Style::Plain), "web-4h2mbtbbt6");
        assert_eq!(write("1e3", Style::Plain), "\"1e3\"");
        assert_eq!(write("it's", Style::Single), "'it''s'");
        assert_eq!(write("a", Style::Block), "a");
    }
}
