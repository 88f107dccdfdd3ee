//! Texts that belong together, such as the items of a command line, read as one text.

use super::reader::read;
use super::said::{Said, Word};

/// Several texts joined into one.
#[derive(Debug, Default)]
pub struct Joined {
    text: String,
    /// The byte at which each of the texts begins.
    starts: Vec<usize>,
}

impl Joined {
    /// Joins texts with a space, or with a line break after a text that contains a line break or a `#`.
    pub fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Joined {
        let mut joined = Joined::default();
        let mut lines = false;
        for text in texts {
            if !joined.starts.is_empty() {
                joined.text.push(if lines { '\n' } else { ' ' });
            }
            joined.starts.push(joined.text.len());
            joined.text.push_str(text);
            // A `#` may begin a comment, which ends with its line.
            lines = text.contains(['\n', '#']);
        }
        joined
    }

    /// Returns the joined text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns every wanted word, with the 0-based index of its text and its position in that text.
    pub fn read(&self, wanted: impl Fn(&str) -> bool) -> Vec<(usize, Word)> {
        let mut number = 0;
        let words = read(&self.text, wanted).into_iter().map(|word| {
            while self.starts.get(number + 1).is_some_and(|start| *start <= word.range.start) {
                number += 1;
            }
            let start = self.starts.get(number).copied().unwrap_or_default();
            let range = word.range.start - start..word.range.end - start;
            let said = match word.said {
                Said::Path(at, noun) => Said::Path(at.saturating_sub(start), noun),
                said => said,
            };
            (number, Word { range, said, ..word })
        });
        words.collect()
    }
}
