//! Finds the end of a JSON object, and where a long list in it can be split, from its brackets and quotes.
//!
//! Reads the text once, 64 bytes at a time. Nothing else is examined: a text with the brackets of JSON may still not be
//! JSON, which its reader will notice.

use crate::text::bits::{Seeker, Set};

/// The extent of an object according to its brackets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// The offset after the closing bracket.
    pub(super) end: usize,
    /// The long list among the values of the object's fields, if there is exactly one.
    pub(super) list: Option<LongList>,
}

/// A list that is long enough to read in parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LongList {
    /// Offset of the opening bracket.
    pub(super) open: usize,
    /// The offsets after some items, in order. Two of them are at least the size of a part apart.
    pub(super) cuts: Vec<usize>,
    /// Offset of the closing bracket.
    pub(super) close: usize,
}

/// Reads the brackets of the object at the beginning of the text. Splits a list into parts of at least `part` bytes.
/// `None` if the object is not closed.
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
    /// The offset of the open list, and the offset of its last part.
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
