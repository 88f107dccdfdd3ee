//! Streams through the library.

#![allow(clippy::expect_used, reason = "a helper of tests stops at what it does not expect")]
#![allow(dead_code)] // each takes what it needs

use immutably::{Options, Outcome, Source, rewrite};

/// A stream as the library takes it.
pub(crate) fn source(text: impl Into<String>) -> Source {
    Source::new("stream.yaml", text).expect("the stream is UTF-8 and small")
}

/// What becomes of a stream; `None` when it is refused.
pub(crate) fn output(text: &str, options: &Options) -> Option<String> {
    written(&rewrite(&source(text), options))
}

/// What an outcome writes: nothing when the stream is refused.
pub(crate) fn written(outcome: &Outcome<'_>) -> Option<String> {
    let mut out = Vec::new();
    outcome.write(&mut out).expect("a vector takes everything");
    assert!(!outcome.refused() || out.is_empty(), "a refused stream was written");
    (!outcome.refused()).then(|| String::from_utf8(out).expect("UTF-8 in, UTF-8 out"))
}
