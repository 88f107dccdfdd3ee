//! Where a JSON object ends, and where a long list in it can be cut, as its brackets and quotes tell.
//!
//! Goes through the text once, 64 bytes at a time. Nothing else is looked at: what has the brackets of JSON may still be
//! something else, and whoever reads it finds that out.

use crate::text::bits::{Seeker, Set};

/// An object that its brackets tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// The offset after the bracket that closes it.
    pub(super) end: usize,
    /// The only long list that is the value of one of its fields.
    pub(super) list: Option<LongList>,
}

/// A list that is long enough to be read in parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LongList {
    /// Offset of the bracket that opens it.
    pub(super) open: usize,
    /// Ends of items, in order. Between two of them are about as many bytes as a part should have.
    pub(super) cuts: Vec<usize>,
    /// Offset of the bracket that closes it.
    pub(super) close: usize,
}

/// Reads the brackets of the object that a text begins with. A list is cut into parts of at least `part` bytes. `None`
/// when the object is not closed.
pub(super) fn outline(text: &str, part: usize) -> Option<Outline> {
    let bytes = text.as_bytes();
    let mut stops = Seeker::<Stops>::new();
    let (mut at, mut depth, mut quoted) = (0, 0_usize, false);
    let mut lists = Lists { part, ..Lists::default() };
    loop {
        at = stops.next(bytes, at);
        let byte = *bytes.get(at)?;
        match byte {
            b'"' => quoted = !quoted,
            b'\\' => at += 1,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                if depth == 2 {
                    lists.open(at, byte == b'[');
                }
            }
            _ => {
                depth = depth.checked_sub(1)?;
                match depth {
                    0 => return Some(Outline { end: at + 1, list: lists.only() }),
                    1 => lists.close(at),
                    2 => lists.item(at + 1),
                    _ => {}
                }
            }
        }
        at += 1;
    }
}

/// Brackets, quotes and backslashes.
struct Stops;

impl Set for Stops {
    #[inline]
    fn has(byte: u8) -> bool {
        // `{` and `[` differ in one bit, and so do `}` and `]`.
        let bracket = byte & !0x20;
        (bracket == b'[') | (bracket == b']') | (byte == b'"') | (byte == b'\\')
    }
}

/// The long lists among the fields of the outermost object.
#[derive(Default)]
struct Lists {
    part: usize,
    /// Where the list opens that is open, and where its last part begins.
    current: Option<(usize, usize)>,
    cuts: Vec<usize>,
    found: Vec<LongList>,
}

impl Lists {
    fn open(&mut self, at: usize, is_list: bool) {
        self.current = is_list.then_some((at, at + 1));
    }

    fn item(&mut self, end: usize) {
        if let Some((_, begin)) = &mut self.current
            && end - *begin >= self.part
        {
            self.cuts.push(end);
            *begin = end;
        }
    }

    fn close(&mut self, close: usize) {
        let Some((open, begin)) = self.current.take() else { return };
        let mut cuts = std::mem::take(&mut self.cuts);
        // A short rest belongs to the part before it.
        if close - begin < self.part {
            cuts.pop();
        }
        self.found.extend((!cuts.is_empty()).then_some(LongList { open, cuts, close }));
    }

    fn only(mut self) -> Option<LongList> {
        self.found.pop().filter(|_| self.found.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_close_nothing() {
        let end = |text| outline(text, 1).map(|outline| outline.end);
        assert_eq!(end(r#"{"a":"}\"}"} x"#), Some(12));
        assert_eq!(end(r#"{"a": 1"#), None);
        assert_eq!(end(r#"{"a\"#), None);
    }

    #[test]
    fn a_list_is_cut_between_items() {
        let text = r#"{"a":[[1],{}],"items":[{"b":"[[[[["} , {},{},{"c":[]}],"d":{"e":[[1]]}}"#;
        let list = outline(text, 10).unwrap().list.unwrap();
        assert_eq!(&text[list.open..=list.close], r#"[{"b":"[[[[["} , {},{},{"c":[]}]"#);
        let parts: Vec<&str> = list.cuts.iter().map(|end| &text[list.open + 1..*end]).collect();
        assert_eq!(parts, [r#"{"b":"[[[[["}"#]);
    }

    #[test]
    fn of_two_long_lists_none_is_cut() {
        assert_eq!(outline(r#"{"a":[{},{},{}],"b":[{},{},{}]}"#, 2).unwrap().list, None);
        assert!(outline(r#"{"a":[{},{},{}],"b":[{}]}"#, 2).unwrap().list.is_some());
    }
}
