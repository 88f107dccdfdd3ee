//! The decoded texts of scalars whose text is not a slice of the source, one after the other.
//!
//! Must not know how scalars are written. Separate allocations for each text took half of the time to read a JSON list.

/// The texts of one document. The next document reuses the memory.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    texts: String,
    /// The end of each text.
    ends: Vec<usize>,
}

impl Decoded {
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.ends.clear();
    }

    /// Returns the string to append a text to. [`Decoded::end`] completes the text.
    pub(super) fn writer(&mut self) -> &mut String {
        &mut self.texts
    }

    /// Returns the start of the text that is being written.
    pub(super) fn start(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Completes a text, and returns its number. Numbers start at 1, because 0 means that there is no decoded text.
    pub(super) fn end(&mut self) -> u32 {
        self.ends.push(self.texts.len());
        // A source of less than 4 GiB has fewer decoded texts than 32 bits can count.
        u32::try_from(self.ends.len()).unwrap_or_default()
    }

    /// Returns the text with this number.
    pub(super) fn get(&self, number: u32) -> &str {
        let end = |number: u32| {
            number.checked_sub(1).and_then(|at| self.ends.get(at as usize)).copied().unwrap_or_default()
        };
        self.texts.get(end(number.saturating_sub(1))..end(number)).unwrap_or_default()
    }
}
