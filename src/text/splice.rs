//! Writes the source with replacements.
//!
//! The text between two replacements is written as a slice of the source, without a copy. The new texts are made in
//! batches, on all threads, while earlier batches are written, so only a few of them are in memory. Must not know YAML,
//! or why a text is replaced.

use crate::text::parts;
use crate::text::replacement::{Piece, Text};
use crate::text::source::Span;
use std::io::{self, ErrorKind, IoSlice, Write};

/// The number of replacements in a batch. With the text between them, they are about as many slices as Linux accepts in
/// one call.
const AT_ONCE: usize = 500;

/// Collects a part of the output: new text, and slices of the source.
#[derive(Debug)]
pub struct Pen<'s> {
    source: &'s str,
    /// All new text.
    new: String,
    slices: Vec<Slice>,
    /// The end of the new text that is in the slices.
    done: usize,
}

#[derive(Clone, Copy, Debug)]
enum Slice {
    Source(Span),
    /// New text from the end of the last such slice up to this offset.
    New(usize),
}

impl<'s> Pen<'s> {
    /// Creates a pen that has written nothing.
    pub fn new(source: &'s str) -> Pen<'s> {
        Pen { source, new: String::new(), slices: Vec::new(), done: 0 }
    }

    /// Creates a pen with room for the texts of this number of edits.
    fn with_room(source: &'s str, edits: usize) -> Pen<'s> {
        Pen {
            new: String::with_capacity(32 * edits),
            slices: Vec::with_capacity(3 * edits),
            ..Pen::new(source)
        }
    }

    /// Returns the string to which new text is to be appended. It may contain earlier text, which must stay.
    pub fn text(&mut self) -> &mut String {
        &mut self.new
    }

    /// Adds a part of the source.
    pub fn copy(&mut self, span: Span) {
        self.end_text();
        self.slices.push(Slice::Source(span));
    }

    /// Adds the pieces of a text.
    pub fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Copied(span) => self.copy(*span),
                Piece::Written(text) => self.new.push_str(text),
            }
        }
    }

    /// Adds a text.
    pub fn text_of(&mut self, text: &Text) {
        match text {
            Text::Written(text) => self.new.push_str(text),
            Text::Pieces(pieces) => self.pieces(pieces),
        }
    }

    fn end_text(&mut self) {
        if self.done < self.new.len() {
            self.done = self.new.len();
            self.slices.push(Slice::New(self.done));
        }
    }

    /// Returns everything that was written.
    pub fn read(mut self) -> String {
        String::from_utf8_lossy(&self.slices().collect::<Vec<_>>().concat()).into_owned()
    }

    /// Returns everything that was written, slice by slice. They are bytes: to take a slice of a text, Rust looks at its
    /// first byte, which is in no cache.
    fn slices(&mut self) -> impl Iterator<Item = &[u8]> {
        self.end_text();
        let (source, new) = (self.source.as_bytes(), self.new.as_bytes());
        let mut done = 0;
        self.slices.iter().map(move |slice| match *slice {
            Slice::Source(span) => source.get(span.range()).unwrap_or_default(),
            Slice::New(end) => &new[std::mem::replace(&mut done, end)..end],
        })
    }
}

/// A source that is written with replacements, from the beginning to the end.
#[derive(Debug)]
pub struct Splice<'s, W> {
    source: &'s str,
    out: W,
    /// The end of the source that is written.
    done: u32,
}

impl<'s, W: Write> Splice<'s, W> {
    /// Creates a splice that has written nothing.
    pub fn new(source: &'s str, out: W) -> Splice<'s, W> {
        Splice { source, out, done: 0 }
    }

    /// Writes the source up to the end of the last replacement, with all replacements. `span` returns the bytes that
    /// are replaced, and `write` writes the new text. The spans must be sorted, must not overlap, and must come after
    /// those of earlier calls. Uses at most `threads` threads.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn replace<E: Sync>(
        &mut self,
        threads: usize,
        edits: &[E],
        span: impl Fn(&E) -> Span + Sync,
        write: impl Fn(&E, &mut Pen<'s>) + Sync,
    ) -> io::Result<()> {
        let from = |done: &mut u32, edits: &'_ [E]| {
            std::mem::replace(done, edits.last().map_or(*done, |last| span(last).end))
        };
        let batches: Vec<(u32, &[E])> =
            edits.chunks(AT_ONCE).map(|edits| (from(&mut self.done, edits), edits)).collect();
        let batch = |(from, edits): &(u32, &[E])| {
            let (mut pen, mut done) = (Pen::with_room(self.source, edits.len()), *from);
            for edit in *edits {
                let Span { start, end } = span(edit);
                pen.copy(Span { start: done, end: start });
                write(edit, &mut pen);
                done = end;
            }
            pen
        };
        let out = &mut self.out;
        parts::in_order(threads, &batches, batch, |mut pen| {
            let mut slices: Vec<IoSlice<'_>> = pen.slices().map(IoSlice::new).collect();
            write_all(&mut slices, out)
        })
    }

    /// Writes the rest of the source.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&self.source.as_bytes()[self.done as usize..])
    }
}

fn write_all(mut slices: &mut [IoSlice<'_>], out: &mut impl Write) -> io::Result<()> {
    // Skips empty slices at the beginning.
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        match out.write_vectored(slices) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut slices, written),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(replacements: &[(usize, usize, &str)], out: impl Write) -> io::Result<()> {
        let span = |(start, end, _): &(usize, usize, &str)| Span::new(*start, *end);
        let mut splice = Splice::new("abcdef", out);
        splice.replace(1, replacements, span, |(.., new), pen| pen.text().push_str(new))?;
        splice.finish()
    }

    /// A writer that accepts two bytes at a time, and is interrupted before each.
    #[derive(Default)]
    struct Slow {
        taken: Vec<u8>,
        interrupted: bool,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(ErrorKind::Interrupted.into());
            }
            let some = bytes.len().min(2);
            self.taken.extend(&bytes[..some]);
            Ok(some)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn replacements_grow_shrink_and_insert_anywhere() {
        for (replacements, expected) in [
            (&[][..], "abcdef"),
            (&[(0, 1, "AAA"), (2, 4, ""), (6, 6, "!")][..], "AAAbef!"),
            (&[(0, 0, ""), (0, 6, "")][..], ""),
        ] {
            let (mut out, mut slow) = (Vec::new(), Slow::default());
            spliced(replacements, &mut out).unwrap();
            spliced(replacements, &mut slow).unwrap();
            assert_eq!((out.as_slice(), slow.taken.as_slice()), (expected.as_bytes(), expected.as_bytes()));
        }
    }

    #[test]
    fn more_replacements_than_are_written_at_once() {
        let source = "ab".repeat(9 * AT_ONCE);
        let edits: Vec<usize> = (0..9 * AT_ONCE).collect();
        let span = |at: &usize| Span::new(2 * at, 2 * at + 1);
        let text = Text::Pieces([Piece::copied(0, 2), Piece::written("c")].into());
        for threads in 0..5 {
            let mut out = Vec::new();
            let mut splice = Splice::new(&source, &mut out);
            splice.replace(threads, &edits[..4], span, |_, pen| pen.text_of(&text)).unwrap();
            splice.replace(threads, &edits[4..], span, |_, pen| pen.text_of(&text)).unwrap();
            splice.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), "abcb".repeat(9 * AT_ONCE), "{threads} threads");
        }
    }

    #[test]
    fn a_writer_that_takes_nothing_is_an_error() {
        let mut full: &mut [u8] = &mut [0; 3];
        assert_eq!(spliced(&[(1, 2, "B")], &mut full).unwrap_err().kind(), ErrorKind::WriteZero);
    }
}
