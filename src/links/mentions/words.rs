//! The words of a text that could be names.

use crate::text::bits;
use crate::text::source::Span;
use std::ops::Range;

/// Returns runs of the characters of a DNS subdomain that are not part of a longer word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    bits::runs(bytes, is_word).filter_map(|run| of_run(bytes, run))
}

/// Returns the word in a run of word characters.
pub(super) fn of_run(bytes: &[u8], run: Range<usize>) -> Option<Span> {
    // `${NAME:-web}`
    let default = bytes[run.start] == b'-' && bytes[..run.start].ends_with(b":");
    let start = run.start + usize::from(default);
    // A `.` or `-` at the end belongs to the sentence.
    let last = bytes[start..run.end].iter().rposition(|byte| !matches!(byte, b'.' | b'-'))?;
    Some(Span::new(start, start + last + 1))
}

#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'-') | (byte == b'.') | (byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        let text = "--flag=ns/web-config: \"web\". my_web web.example ${A:-web}";
        let found: Vec<&str> = words(text).map(|span| &text[span.range()]).collect();
        assert_eq!(found, ["--flag", "ns", "web-config", "web", "my_web", "web.example", "A", "web"]);
    }
}
