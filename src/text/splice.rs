//! Writes the source with replacements.
//!
//! The text between two replacements is written as a slice of the source, without a copy. Must not know YAML, or why a
//! text is replaced.

use crate::text::replacement::Text;
use crate::text::source::Span;
use std::borrow::Cow;
use std::io::{self, ErrorKind, IoSlice, Write};

/// The number of replacements per write. With the text between them, they are about as many slices as Linux accepts in
/// one call.
const AT_ONCE: usize = 500;

/// Writes `source` with each span replaced. The spans must be sorted and must not overlap.
///
/// # Errors
/// Errors of the writer.
pub fn splice<'a>(
    source: &str,
    mut replacements: impl Iterator<Item = (Span, Cow<'a, Text>)>,
    mut out: impl Write,
) -> io::Result<()> {
    let mut done = 0;
    loop {
        let some: Vec<(Span, Cow<'_, Text>)> = replacements.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return out.write_all(&source.as_bytes()[done..]);
        }
        let mut slices = Vec::with_capacity(2 * some.len());
        for (span, new) in &some {
            slices.push(IoSlice::new(&source.as_bytes()[done..span.start as usize]));
            slices.extend(new.slices(source).map(|slice| IoSlice::new(slice.as_bytes())));
            done = span.end as usize;
        }
        write_all(&mut slices, &mut out)?;
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
        let text = |text: &str| Cow::Owned(Text::Written(text.to_owned()));
        let edits = replacements.iter().map(|(start, end, new)| (Span::new(*start, *end), text(new)));
        splice("abcdef", edits, out)
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
        let source = "ab".repeat(3 * AT_ONCE);
        let text = Text::Pieces([crate::text::replacement::Piece::copied(0, 2)].into());
        let edits = (0..3 * AT_ONCE).map(|at| (Span::new(2 * at, 2 * at + 1), Cow::Borrowed(&text)));
        let mut out = Vec::new();
        splice(&source, edits, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "abb".repeat(3 * AT_ONCE));
    }

    #[test]
    fn a_writer_that_takes_nothing_is_an_error() {
        let mut full: &mut [u8] = &mut [0; 3];
        assert_eq!(spliced(&[(1, 2, "B")], &mut full).unwrap_err().kind(), ErrorKind::WriteZero);
    }
}
