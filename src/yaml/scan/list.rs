//! A part of a long JSON list: the object that contains the list, with all its other fields, and some of the items.
//!
//! The parts, read one after the other, contain each item once, at its place and below the same fields as in the whole
//! document. The nodes of all items are never in memory at once.

use super::scanner::Scanner;
use crate::yaml::node::Form;
use std::ops::Range;

/// The items of a list to read, as offsets in the text of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::yaml) struct Items {
    /// Offset of the opening bracket.
    pub(in crate::yaml) open: usize,
    /// From the end of the previous item to the end of the last item to read.
    pub(in crate::yaml) range: Range<usize>,
    /// Offset of the closing bracket.
    pub(in crate::yaml) close: usize,
}

impl Scanner<'_, '_> {
    /// Reads the document with only these items. Each part begins where the previous one ended, so together they cover
    /// the whole document.
    pub(super) fn list(&mut self, items: &Items) -> Option<()> {
        self.gap()?;
        let root = self.open(Form::FlowMapping, self.at);
        self.expect(b'{')?;
        self.flow_key()?;
        while self.at < items.open {
            self.flow()?;
            self.gap()?;
            self.expect(b',')?;
            self.flow_key()?;
        }
        self.items(items)?;
        while self.peek()? == b',' {
            self.expect(b',')?;
            self.flow_key()?;
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
        // The last part ends before the closing bracket, any other part at the end of its range.
        (self.at == items.range.end && self.bytes.get(items.close) == Some(&b']')).then_some(())?;
        self.at = items.close + 1;
        self.close(list, self.at);
        self.gap()
    }

    /// Skips this byte and the blanks after it; `None` for any other byte.
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then_some(())?;
        self.at += 1;
        self.gap()
    }
}
