//! The number of lines and characters before each block of text, counted once, so that a lookup scans only a block or
//! two.
//!
//! A line may be as long as the whole text, so nothing here scans from the beginning of a line.

/// The size of a block in bytes.
const BLOCK: usize = 1 << 12;

/// The counts before each block.
#[derive(Debug)]
pub(super) struct Marks {
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// Number of line feeds before the block.
    lines: u32,
    /// Number of characters before the block.
    characters: u32,
    /// Offset of the line in which the block begins.
    line_start: u32,
}

impl Marks {
    /// Counts the lines and characters of `text`.
    pub(super) fn of(text: &[u8]) -> Marks {
        let mut at = Block::default();
        let mut start = 0;
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.chunks(BLOCK) {
            blocks.push(at);
            at.lines += number(line_feeds(block));
            at.characters += number(characters(block));
            at.line_start =
                memchr::memrchr(b'\n', block).map_or(at.line_start, |last| number(start + last + 1));
            start += block.len();
        }
        blocks.push(at);
        Marks { blocks }
    }

    /// Returns the number of line feeds before a byte.
    pub(super) fn lines_before(&self, text: &[u8], offset: usize) -> usize {
        let (block, rest) = self.split(text, offset);
        block.lines as usize + line_feeds(rest)
    }

    /// Returns the number of characters before a byte.
    pub(super) fn characters_before(&self, text: &[u8], offset: usize) -> usize {
        let (block, rest) = self.split(text, offset);
        block.characters as usize + characters(rest)
    }

    /// Returns the offset of the line that contains the byte at `offset`.
    pub(super) fn line_start(&self, text: &[u8], offset: usize) -> usize {
        let (block, rest) = self.split(text, offset);
        memchr::memrchr(b'\n', rest).map_or(block.line_start as usize, |at| offset - rest.len() + at + 1)
    }

    /// Returns the offset of the first line feed at `offset` or later; the length of the text if there is none.
    pub(super) fn line_end(&self, text: &[u8], offset: usize) -> usize {
        let next = offset / BLOCK + 1;
        let within = |from: usize, to: usize| memchr::memchr(b'\n', &text[from..to]).map(|at| from + at);
        if let Some(at) = within(offset, (next * BLOCK).min(text.len())) {
            return at;
        }
        let Some(so_far) = self.blocks.get(next).map(|block| block.lines) else { return text.len() };
        let behind = self.blocks.partition_point(|block| block.lines <= so_far);
        let start = ((behind - 1) * BLOCK).min(text.len());
        within(start, (behind * BLOCK).min(text.len())).unwrap_or(text.len())
    }

    /// Returns the offset at a line and a column, both 0-based. The column counts characters. The result is never
    /// beyond the end of the text.
    pub(super) fn offset(&self, text: &[u8], line: usize, column: usize) -> usize {
        let start = match line {
            0 => 0,
            _ => {
                let block = self.blocks.partition_point(|block| (block.lines as usize) < line) - 1;
                let from = (block * BLOCK).min(text.len());
                let left = line - self.blocks[block].lines as usize;
                memchr::memchr_iter(b'\n', &text[from..]).nth(left - 1).map_or(text.len(), |at| from + at + 1)
            }
        };
        let wanted = self.characters_before(text, start) + column;
        let block = self.blocks.partition_point(|block| (block.characters as usize) <= wanted).max(1) - 1;
        let from = (block * BLOCK).min(text.len());
        let left = wanted - self.blocks[block].characters as usize;
        let starts = text[from..].iter().enumerate().filter(|(_, byte)| begins_character(**byte));
        starts.map(|(at, _)| from + at).nth(left).unwrap_or(text.len())
    }

    /// Returns the block of a byte, and the text from the beginning of the block to the byte.
    fn split<'t>(&self, text: &'t [u8], offset: usize) -> (Block, &'t [u8]) {
        let block = (offset / BLOCK).min(self.blocks.len() - 1);
        (self.blocks[block], &text[(block * BLOCK).min(offset)..offset])
    }
}

fn line_feeds(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| begins_character(**byte)).count()
}

/// False for the continuation bytes of a UTF-8 character.
fn begins_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_where_a_scan_finds_it() {
        let line = "äö: ".repeat(2000) + "\n\nb: c\n";
        let text = line.repeat(3) + &"x".repeat(BLOCK);
        let (bytes, marks) = (text.as_bytes(), Marks::of(text.as_bytes()));
        for offset in (0..=text.len()).step_by(61).filter(|offset| text.is_char_boundary(*offset)) {
            let before = &text[..offset];
            assert_eq!(marks.lines_before(bytes, offset), before.matches('\n').count());
            assert_eq!(marks.characters_before(bytes, offset), before.chars().count());
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            assert_eq!(marks.line_start(bytes, offset), start);
            assert_eq!(
                marks.line_end(bytes, offset),
                text[offset..].find('\n').map_or(text.len(), |at| offset + at)
            );
            let (line, column) = (before.matches('\n').count(), text[start..offset].chars().count());
            assert_eq!(marks.offset(bytes, line, column), offset);
        }
    }
}
