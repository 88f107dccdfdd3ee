//! Texts that belong together, such as the items of a command line, read one after the other.

use super::reader::read;
use super::said::{Said, Word};

/// Several texts as one.
#[derive(Debug, Default)]
pub struct Joined {
    text: String,
    /// Where each of them begins.
    starts: Vec<usize>,
}

impl Joined {
    /// Puts texts together, with a blank between them, or a line break after what has several lines.
    pub fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Joined {
        let mut joined = Joined::default();
        let mut lines = false;
        for text in texts {
            if !joined.starts.is_empty() {
                joined.text.push(if lines { '\n' } else { ' ' });
            }
            joined.starts.push(joined.text.len());
            joined.text.push_str(text);
            // A comment ends with its line.
            lines = text.contains(['\n', '#']);
        }
        joined
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every wanted word, with the number of its text and its place in there.
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
