//! Finds the end of a JSON object, and where a long list in it can be split, from its brackets and quotes.
//!
//! Reads the text once, 64 bytes at a time. Nothing else is examined: a text with the brackets of JSON may still not be
//! JSON, which its reader will notice.

use crate::text::bits::{Seeker, Set};
use crate::text::parts;
use std::ops::Range;

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

/// Reads the brackets of the object at the beginning of the text, on several threads. Splits a list into parts of at
/// least `part` bytes. `None` if the object is not closed.
pub(super) fn outline(text: &str, part: usize, threads: usize) -> Option<Outline> {
    let mut reader = Reader { depth: 0, quoted: false, lists: Lists { part, ..Lists::default() } };
    let (first, rest) = if threads > 1 { pieces(text, part) } else { (0..text.len(), Vec::new()) };
    let begin = first.end;
    if let Some(outline) = reader.read(text, first)? {
        return Some(outline);
    }
    let balances = parts::each(threads, &rest, |piece| Balance::of(text, piece.clone()));
    // Strings in JSON are on one line. If one is not, it is not known which pieces begin in a string.
    if reader.quoted || balances.iter().any(|balance| balance.quoted) {
        return reader.read(text, begin..text.len())?;
    }
    for (piece, balance) in rest.into_iter().zip(balances) {
        if let Some(outline) = reader.pass(text, piece, &balance)? {
            return Some(outline);
        }
    }
    None
}

/// Splits a text into pieces of about `size` bytes that consist of whole lines. Returns the first one and the others.
fn pieces(text: &str, size: usize) -> (Range<usize>, Vec<Range<usize>>) {
    let mut start = 0;
    let mut pieces = std::iter::from_fn(|| {
        let begin = start;
        let rest = text.as_bytes().get(begin + size..).unwrap_or_default();
        start = memchr::memchr(b'\n', rest).map_or(text.len(), |at| begin + size + at + 1);
        (begin < start).then_some(begin..start)
    });
    (pieces.next().unwrap_or_default(), pieces.collect())
}

/// Calls `bracket` with the offset of each bracket outside of strings, and whether it opens, until it returns a result.
/// `quoted`: whether the text begins in a string, and then whether it ends in one.
fn each_bracket<R>(
    text: &str,
    range: Range<usize>,
    quoted: &mut bool,
    mut bracket: impl FnMut(usize, u8) -> Option<R>,
) -> Option<R> {
    let bytes = text.as_bytes().get(..range.end)?;
    let mut stops = Seeker::<Stops>::new();
    let mut at = range.start;
    loop {
        at = stops.next(bytes, at);
        match *bytes.get(at)? {
            b'"' => *quoted = !*quoted,
            b'\\' => at += 1,
            _ if *quoted => {}
            byte => {
                if let Some(result) = bracket(at, byte) {
                    return Some(result);
                }
            }
        }
        at += 1;
    }
}

/// Reads an object from bracket to bracket.
struct Reader {
    depth: usize,
    quoted: bool,
    lists: Lists,
}

impl Reader {
    /// Reads a piece of the text whose balance is known.
    fn pass(&mut self, text: &str, piece: Range<usize>, balance: &Balance) -> Option<Option<Outline>> {
        match self.depth.checked_add_signed(balance.lowest) {
            // No value of the object ends in this piece, only items of the list, if there is one.
            Some(lowest) if self.depth >= 2 && lowest >= 2 => {
                if lowest == 2 {
                    self.lists.item(balance.lowest_at);
                }
                self.depth = self.depth.checked_add_signed(balance.sum)?;
                Some(None)
            }
            _ => self.read(text, piece),
        }
    }

    /// Reads a piece of the text. Returns the outline if the object ends in it, and `None` if the brackets do not match.
    fn read(&mut self, text: &str, piece: Range<usize>) -> Option<Option<Outline>> {
        let Reader { depth, quoted, lists } = self;
        let end = each_bracket(text, piece, quoted, |at, byte| {
            if matches!(byte, b'{' | b'[') {
                *depth += 1;
                if *depth == 2 {
                    lists.open(at, byte == b'[');
                }
                return None;
            }
            match depth.checked_sub(1) {
                None => return Some(None),
                Some(less) => *depth = less,
            }
            match *depth {
                0 => return Some(Some(at + 1)),
                1 => lists.close(at),
                2 => lists.item(at + 1),
                _ => {}
            }
            None
        });
        match end {
            None => Some(None),
            Some(end) => Some(Some(Outline { end: end?, list: std::mem::take(lists).only() })),
        }
    }
}

/// How the brackets of a piece of text change the depth, if it does not begin in a string.
#[derive(Default)]
struct Balance {
    sum: isize,
    /// The lowest sum after a closing bracket, and the offset after the first such bracket.
    lowest: isize,
    lowest_at: usize,
    /// True if the piece ends in a string.
    quoted: bool,
}

impl Balance {
    fn of(text: &str, piece: Range<usize>) -> Balance {
        let mut balance = Balance { lowest: isize::MAX, ..Balance::default() };
        let Balance { sum, lowest, lowest_at, quoted } = &mut balance;
        each_bracket(text, piece, quoted, |at, byte| {
            *sum += if matches!(byte, b'{' | b'[') { 1 } else { -1 };
            if matches!(byte, b'}' | b']') && *sum < *lowest {
                (*lowest, *lowest_at) = (*sum, at + 1);
            }
            None::<()>
        });
        balance
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
        let end = |text| outline(text, 1, 1).map(|outline| outline.end);
        assert_eq!(end(r#"{"a":"}\"}"} x"#), Some(12));
        assert_eq!(end(r#"{"a": 1"#), None);
        assert_eq!(end(r#"{"a\"#), None);
    }

    #[test]
    fn a_list_is_cut_between_items() {
        let text = r#"{"a":[[1],{}],"items":[{"b":"[[[[["} , {},{},{"c":[]}],"d":{"e":[[1]]}}"#;
        let list = outline(text, 10, 1).unwrap().list.unwrap();
        assert_eq!(&text[list.open..=list.close], r#"[{"b":"[[[[["} , {},{},{"c":[]}]"#);
        let parts: Vec<&str> = list.cuts.iter().map(|end| &text[list.open + 1..*end]).collect();
        assert_eq!(parts, [r#"{"b":"[[[[["}"#]);
    }

    #[test]
    fn of_two_long_lists_none_is_cut() {
        assert_eq!(outline(r#"{"a":[{},{},{}],"b":[{},{},{}]}"#, 2, 1).unwrap().list, None);
        assert!(outline(r#"{"a":[{},{},{}],"b":[{}]}"#, 2, 1).unwrap().list.is_some());
    }

    #[test]
    fn threads_find_the_same_end_and_the_same_list() {
        let item = "{\n\"a\": [\"]\\\"[\", {}],\n\"b\": {\"c\": 1}\n},\n".repeat(9);
        let object = format!("{{\"items\":\n[{item}{{\n}}\n],\n\"kind\": {{\n}}\n}}\n");
        let changes =
            [("}\n}\n", "}\n"), ("\"kind\"", "\"ki\nnd\""), ("1", "[\n1]"), ("1", "]\n["), (",\n{\n}", "")];
        let texts = changes.map(|(from, to)| object.replace(from, to));
        for text in texts.iter().chain([&object, &object.repeat(2)]) {
            for part in [1, 20, 70, 1000] {
                let (one, two) = (outline(text, part, 1), outline(text, part, 2));
                assert_eq!(one.as_ref().map(|one| one.end), two.as_ref().map(|two| two.end), "{text}");
                let lists = [one, two].map(|outline| outline.and_then(|outline| outline.list));
                if let [Some(one), Some(two)] = lists {
                    assert_eq!((one.open, one.close), (two.open, two.close), "{text}");
                    assert!(two.cuts.windows(2).all(|cuts| cuts[1] - cuts[0] >= part), "{text}");
                    let all = outline(text, 1, 1).and_then(|outline| outline.list).unwrap().cuts;
                    assert!(two.cuts.iter().all(|cut| all.contains(cut)), "{text}");
                }
            }
        }
    }
}
