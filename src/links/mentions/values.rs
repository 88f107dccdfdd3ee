//! The base64 values of a mapping, read from its text if the text is simple: each entry and each value is on one line,
//! without escapes, anchors or block scalars, as charts and `kubectl get` write them.
//!
//! This avoids parsing every Secret. The result may include other text, such as a key or a word of a comment. It must
//! include every value whole, or be `None`.

use crate::kube::content::is_base64;
use crate::text::bits;

/// Returns every run of base64 characters in the text of a mapping, which includes the values; `None` if a value may be
/// written in another way.
pub(super) fn simple(mapping: &str) -> Option<impl Iterator<Item = &str>> {
    let bytes = mapping.as_bytes();
    let odd = bits::positions(bytes, is_odd).next().is_some();
    let simple = !odd && mapping.lines().all(|line| begins_an_entry(line.trim_start_matches(' ').as_bytes()));
    simple.then(|| bits::runs(bytes, is_base64).map(|run| &mapping[run]))
}

/// True for a byte that may begin a block scalar, an escape, an alias, an anchor or a tag, and for unusual white space,
/// single quotes, `%` and non-ASCII characters.
#[inline]
fn is_odd(byte: u8) -> bool {
    (byte == b'|')
        | (byte == b'>')
        | (byte == b'\\')
        | (byte == b'*')
        | (byte == b'&')
        | (byte == b'!')
        | (byte == b'\t')
        | (byte == b'\r')
        | (byte >= 0x80)
        | (byte == b'\'')
        | (byte == b'%')
}

/// True for a line that cannot continue a value of the previous line, because it begins with a key, a bracket or a
/// comment. False if a value contains a space, because decoding ignores white space.
fn begins_an_entry(line: &[u8]) -> bool {
    let Some(first) = line.first() else { return true };
    if matches!(first, b'#') {
        return true;
    }
    let line = match line.iter().position(|byte| !matches!(byte, b'{' | b'}' | b',')) {
        Some(at) => &line[at..],
        None => return true,
    };
    let ends = |part: &[u8]| part.last().is_some_and(|last| is_base64(*last));
    let begins = |part: &[u8]| part.first().is_some_and(|first| is_base64(*first));
    let parts = line.split(|byte| *byte == b' ').filter(|part| !part.is_empty());
    let spaced = parts.clone().zip(parts.skip(1)).any(|(part, next)| ends(part) && begins(next));
    let key = line.strip_prefix(b"\"").unwrap_or(line);
    let end = key.iter().position(|byte| !is_key(*byte)).unwrap_or(key.len());
    let behind = key[end..].strip_prefix(b"\"").unwrap_or(&key[end..]);
    !spaced && end > 0 && behind.starts_with(b":")
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_values_are_whole() {
        for text in [
            "tls.crt: d2Vi\n  b: ZGI=",
            "{\"tls.crt\":\"d2Vi\",\"b\":\"ZGI=\"}",
            "{\n  \"tls.crt\": \"d2Vi\",\n  \"b\": \"ZGI=\"\n}",
        ] {
            let found: Vec<&str> = simple(text).into_iter().flatten().collect();
            assert!(found.contains(&"d2Vi") && found.contains(&"ZGI="), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_goes_over_lines_is_not_simple() {
        for text in [
            "a: d2Vi\n  ZGI=",
            "a: \"d2Vi\n  ZGI=\"",
            "a: |\n  d2Vi",
            "a: \"d2V\\x69\"",
            "a: *b",
            "a: d2V i",
            "a: d2Vi  ZGI=",
            "a:\n  d2Vi",
            "? a\n: d2Vi",
            "{\"a\": \"d2V\n i\"}",
        ] {
            assert!(simple(text).is_none(), "{text}");
        }
    }
}
