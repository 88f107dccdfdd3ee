//! The lines around a fault.

/// The error of the parser, and the text that it read.
#[derive(Debug)]
pub(super) struct Fault<'t> {
    pub(super) text: &'t str,
    /// The byte at which the parser stopped.
    pub(super) at: usize,
    pub(super) message: &'t str,
    /// The line in which it stopped.
    pub(super) line: Line<'t>,
}

/// A line without its line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

impl<'t> Fault<'t> {
    /// Returns `None` for a position that is not in the text.
    pub(super) fn new(text: &'t str, at: usize, message: &'t str) -> Option<Fault<'t>> {
        let before = text.get(..at)?;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = Line { start, text: text[start..end].trim_end_matches('\r') };
        Some(Fault { text, at, message, line })
    }

    /// True if the parser expected a key of a mapping and found something else, or found a key where none is allowed.
    pub(super) fn is_about_keys(&self) -> bool {
        ["expected a key", "found `: ` where"].iter().any(|start| self.message.starts_with(start))
    }

    /// Returns the lines before the fault that are neither empty nor comments, nearest first.
    pub(super) fn above(&self) -> impl Iterator<Item = Line<'t>> + use<'t> {
        let text = self.text;
        let mut end = self.line.start;
        std::iter::from_fn(move || {
            let before = text[..end].strip_suffix('\n')?;
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            end = start;
            Some(Line { start, text: before[start..].trim_end_matches('\r') })
        })
        .filter(|line| !line.content().is_empty() && !line.content().starts_with('#'))
    }
}

impl<'t> Line<'t> {
    /// Returns the number of spaces before the content.
    pub(super) fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Returns the column of the content after the dashes of list items.
    pub(super) fn inner_indent(&self) -> usize {
        let mut rest = self.text.trim_start_matches(' ');
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start_matches(' ');
        }
        self.text.len() - rest.len()
    }

    /// Returns the line without surrounding white space.
    pub(super) fn content(&self) -> &'t str {
        self.text.trim()
    }

    /// Returns the key and the text after its colon, if the line begins with a plain key.
    pub(super) fn entry(&self) -> Option<(&'t str, &'t str)> {
        let inner = &self.text[self.inner_indent()..];
        let (key, value) = inner.split_once(':')?;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
        (!key.is_empty() && key.chars().all(plain)).then_some((key, value))
    }

    /// True for a key with a block scalar below it.
    pub(super) fn opens_text(&self) -> bool {
        let indicators = |value: &str| value.chars().all(|letter| "+-0123456789".contains(letter));
        self.entry().is_some_and(|(_, value)| value.trim().strip_prefix(['|', '>']).is_some_and(indicators))
    }
}
