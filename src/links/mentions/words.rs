//! The words of a text that could be names.

use crate::text::source::Span;

/// Runs of the characters of a DNS subdomain, not part of a longer word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(|byte| is_word(*byte))?;
            let end = bytes[start..]
                .iter()
                .position(|byte| !is_word(*byte))
                .map_or(bytes.len(), |length| start + length);
            at = end;
            // `${NAME:-web}`
            let default = text[..start].ends_with(':') && bytes[start] == b'-';
            let start = start + usize::from(default);
            // A full stop or dash at the end belongs to the sentence.
            let word = text.get(start..end)?.trim_end_matches(['.', '-']);
            if !word.is_empty() {
                return Some(Span::new(start, start + word.len()));
            }
        }
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
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
