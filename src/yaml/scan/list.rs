//! A part of a long JSON list: the object that holds the list, with all of its other fields, and some of the items.
//!
//! Whoever reads the parts one after the other sees each item once, at its place and below the same fields as in the whole
//! document, and never needs the nodes of all items at once.

use super::scanner::Scanner;
use crate::yaml::node::Form;
use std::ops::Range;

/// Which items of a list are read; offsets in the text of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::yaml) struct Items {
    /// Where the bracket is that opens the list.
    pub(in crate::yaml) open: usize,
    /// From the end of the item before up to the end of the last item.
    pub(in crate::yaml) range: Range<usize>,
    /// Where the bracket is that closes the list.
    pub(in crate::yaml) close: usize,
}

impl Scanner<'_, '_> {
    /// Reads the document with these items alone. Each part begins where the one before has ended, so that all of them
    /// together are what the whole document is.
    pub(super) fn list(&mut self, items: &Items) -> Option<()> {
        self.gap()?;
        let root = self.open(Form::FlowMapping, self.at);
        self.expect(b'{')?;
        self.flow_key(b'}')?;
        while self.at < items.open {
            self.flow()?;
            self.gap()?;
            self.expect(b',')?;
            self.flow_key(b'}')?;
        }
        self.items(items)?;
        while self.peek()? == b',' {
            self.expect(b',')?;
            self.flow_key(b'}')?;
            self.flow()?;
            self.gap()?;
        }
        (self.peek()? == b'}').then_some(())?;
        self.at += 1;
        self.close(root, self.at);
        self.bytes.get(self.at..)?.trim_ascii().is_empty().then_some(())
    }

    fn items(&mut self, items: &Items) -> Option<()> {
        (self.at == items.open && self.peek()? == b'[').then_some(())?;
        let list = self.open(Form::Sequence, self.at);
        self.at = items.range.start;
        self.gap()?;
        if items.range.start > items.open + 1 {
            self.expect(b',')?;
        }
        loop {
            self.flow()?;
            if self.at == items.range.end {
                break;
            }
            self.gap()?;
            if self.at == items.close {
                break;
            }
            self.expect(b',')?;
        }
        // A last item ends before the bracket, any other where the part ends.
        (self.at == items.range.end && self.bytes.get(items.close) == Some(&b']')).then_some(())?;
        self.at = items.close + 1;
        self.close(list, self.at);
        self.gap()
    }

    /// Goes past a character of the grammar, and past the blanks after it.
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then_some(())?;
        self.at += 1;
        self.gap()
    }
}
