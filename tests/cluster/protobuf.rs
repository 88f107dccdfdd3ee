//! Secrets as protobuf, which Helm uses for its release records.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

/// The prefix of every protobuf body.
const MAGIC: &[u8] = b"k8s\0";

/// The number of a field and its bytes. Fields of other types are skipped.
type Field<'b> = (u64, &'b [u8]);

/// Returns the Secret in a body; `None` if it is not protobuf or contains another object.
pub(super) fn secret(body: &[u8]) -> Option<Value> {
    let envelope = fields(body.strip_prefix(MAGIC)?)?;
    let head = fields(one(&envelope, 1)?)?;
    if one(&head, 2)? != b"Secret" {
        return None;
    }
    let secret = fields(one(&envelope, 2)?)?;
    let metadata = fields(one(&secret, 1)?)?;
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {
        "name": text(one(&metadata, 1)?), "labels": map(&metadata, 11, text), "annotations": map(&metadata, 12, text)}});
    object["data"] = map(&secret, 2, |bytes| json!(BASE64_STANDARD.encode(bytes)));
    if let Some(kind) = one(&secret, 3) {
        object["type"] = text(kind);
    }
    Some(object)
}

fn text(bytes: &[u8]) -> Value {
    json!(String::from_utf8_lossy(bytes))
}

fn one<'b>(fields: &[Field<'b>], number: u64) -> Option<&'b [u8]> {
    fields.iter().find(|(found, _)| *found == number).map(|(_, bytes)| *bytes)
}

/// Returns a map. Each entry is a message with key and value.
fn map(all: &[Field<'_>], number: u64, value: impl Fn(&[u8]) -> Value) -> Value {
    let entries = all.iter().filter(|(found, _)| *found == number).filter_map(|(_, entry)| fields(entry));
    let pair = |entry: Vec<Field<'_>>| {
        let key = String::from_utf8_lossy(one(&entry, 1)?).into_owned();
        Some((key, value(one(&entry, 2).unwrap_or_default())))
    };
    Value::Object(entries.filter_map(pair).collect::<Map<_, _>>())
}

/// Returns the fields of a message that contain bytes.
fn fields(mut message: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        match tag & 7 {
            0 => drop(varint(&mut message)?),
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                let (bytes, rest) = message.split_at_checked(length)?;
                found.push((tag >> 3, bytes));
                message = rest;
            }
            _ => return None,
        }
    }
    Some(found)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
