//! Sorted spans in 4 bytes each, for a set with very many of them.
//!
//! The text is divided into pages of 64 KiB. Within a page, the start and the length of a span fit into 16 bits each. A
//! span that extends over several pages is stored as several.

use super::source::Span;

/// The number of bits of an offset within a page.
const PAGE: u32 = 16;

/// Spans that do not overlap, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// The offset in its page of the first byte of each span, and of its last one.
    parts: Vec<[u16; 2]>,
    /// For each page up to the last one with a span, the number of spans in it and in all earlier ones.
    pages: Vec<u32>,
    /// Offset after the last span.
    end: u32,
}

impl Spans {
    /// Adds a span. What is before the end of an earlier one is left out.
    pub fn push(&mut self, span: Span) {
        let mut start = span.start.max(self.end);
        while start < span.end {
            let last = (span.end - 1).min(start | u32::from(u16::MAX));
            match self.parts.last_mut().filter(|_| start == self.end && in_page(start) > 0) {
                Some(part) => part[1] = in_page(last),
                None => self.add(start >> PAGE, [in_page(start), in_page(last)]),
            }
            start = last.saturating_add(1);
            self.end = start;
        }
    }

    fn add(&mut self, page: u32, part: [u16; 2]) {
        let (page, before) = (page as usize, self.pages.last().copied().unwrap_or_default());
        if page >= self.pages.len() {
            self.pages.resize(page + 1, before);
        }
        self.pages[page] += 1;
        self.parts.push(part);
    }

    /// Adds the spans of a later part of the text.
    pub fn append(&mut self, later: Spans) {
        let before = self.pages.last().copied().unwrap_or_default();
        self.pages.resize(self.pages.len().max(later.pages.len()), before);
        self.pages.iter_mut().zip(&later.pages).for_each(|(count, more)| *count += more);
        self.parts.extend(later.parts);
        self.end = self.end.max(later.end);
    }

    /// Makes room for this many times as many spans, if the system has it.
    pub fn reserve(&mut self, times: usize) {
        // Without the room, the list grows later.
        let _ = self.parts.try_reserve_exact(self.parts.len().saturating_mul(times.saturating_sub(1)));
    }

    /// Returns the words that are not within a span. The words must be sorted, so no span is examined twice.
    pub fn outside<'p>(&'p self, words: impl Iterator<Item = Span> + 'p) -> impl Iterator<Item = Span> + 'p {
        let (mut page, mut spans) = (None, &[][..]);
        words.filter(move |word| {
            let own = word.start >> PAGE;
            if page != Some(own) {
                (page, spans) = (Some(own), self.of_page(own as usize));
            }
            let (start, last) = (in_page(word.start), word.end.saturating_sub(1));
            // The spans that end before the word are not needed again.
            let over = spans.iter().take_while(|[_, last]| *last < start).count();
            spans = &spans[over..];
            let Some([first, end]) = spans.first() else { return true };
            let goes_on = *end == u16::MAX && last >> PAGE == own + 1;
            let is_within = last <= (own << PAGE | u32::from(*end))
                || (goes_on && self.begins_with(own + 1, in_page(last)));
            *first > start || !is_within
        })
    }

    /// True if a span covers a page from its start up to this offset.
    fn begins_with(&self, page: u32, last: u16) -> bool {
        self.of_page(page as usize).first().is_some_and(|[first, end]| *first == 0 && last <= *end)
    }

    fn of_page(&self, page: usize) -> &[[u16; 2]] {
        let count = |page: usize| self.pages.get(page).map(|count| *count as usize);
        let end = count(page).unwrap_or(self.parts.len());
        let start = page.checked_sub(1).map_or(0, |before| count(before).unwrap_or(self.parts.len()));
        self.parts.get(start..end).unwrap_or_default()
    }
}

/// Returns an offset within its page.
fn in_page(offset: u32) -> u16 {
    (offset & u32::from(u16::MAX)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    #[test]
    fn a_span_over_several_pages_holds_words_of_each() {
        let mut spans = Spans::default();
        [span(5, 10), span(8, 12), span(20, 200_000)].into_iter().for_each(|span| spans.push(span));
        let mut later = Spans::default();
        later.push(span(200_005, 200_010));
        spans.append(later);
        let within =
            [span(6, 12), span(20, 21), span(70_000, 70_009), span(199_990, 200_000), span(200_005, 200_010)];
        let outside = [
            span(3, 6),
            span(12, 20),
            span(199_990, 200_001),
            span(200_004, 200_006),
            span(900_000, 900_001),
        ];
        let mut words = [within, outside].concat();
        words.sort_unstable();
        assert_eq!(spans.outside(words.into_iter()).collect::<Vec<_>>(), outside);
    }

    proptest! {
        #[test]
        fn words_outside_are_those_of_a_list(
            gaps in prop::collection::vec((0_u32..40_000, 1_u32..40_000), 0..20),
            mut words in prop::collection::vec((0_u32..900_000, 1_u32..300), 0..60),
            cut in 0_usize..20,
        ) {
            let mut list = Vec::new();
            let mut end = 0;
            for (gap, length) in gaps {
                // One byte apart, so that no two of them touch.
                list.push(span(end + gap + 1, end + gap + 1 + length));
                end += gap + 1 + length;
            }
            let (mut spans, mut later) = (Spans::default(), Spans::default());
            list.iter().take(cut).for_each(|span| spans.push(*span));
            list.iter().skip(cut).for_each(|span| later.push(*span));
            spans.append(later);
            words.sort_unstable();
            let words: Vec<Span> = words.into_iter().map(|(start, length)| span(start, start + length)).collect();
            let expected = words.iter().filter(|word| !list.iter().any(|span| span.contains(**word)));
            let found: Vec<Span> = spans.outside(words.iter().copied()).collect();
            prop_assert_eq!(found, expected.copied().collect::<Vec<_>>());
        }
    }
}
