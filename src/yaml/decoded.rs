//! Texts of scalars that the source does not have as they are read, one after the other.
//!
//! Must not know how they are written: an allocation of its own for each took half of the time that it takes to read a
//! JSON list.

/// The texts of one document. The next document uses the same memory.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    texts: String,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Decoded {
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.ends.clear();
    }

    /// Where to write a text at the end. [`Decoded::end`] ends it.
    pub(super) fn writer(&mut self) -> &mut String {
        &mut self.texts
    }

    /// Where the text begins that is being written.
    pub(super) fn start(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Ends a text, and gives its number: from 1 on, as 0 stands for none.
    pub(super) fn end(&mut self) -> u32 {
        self.ends.push(self.texts.len());
        // A source of 4 GiB has fewer decoded texts than 32 bits can count.
        u32::try_from(self.ends.len()).unwrap_or_default()
    }

    /// The text with this number.
    pub(super) fn get(&self, number: u32) -> &str {
        let end = |number: u32| {
            number.checked_sub(1).and_then(|at| self.ends.get(at as usize)).copied().unwrap_or_default()
        };
        self.texts.get(end(number.saturating_sub(1))..end(number)).unwrap_or_default()
    }
}
