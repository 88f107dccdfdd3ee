//! Passes streams through the library.

#![allow(clippy::expect_used, reason = "a helper of tests stops at what it does not expect")]
#![allow(dead_code)] // each test uses a part of it

use immutably::{Options, Outcome, Source, rewrite};

/// Returns a stream as input for the library.
pub(crate) fn source(text: impl Into<String>) -> Source {
    Source::new("stream.yaml", text).expect("the stream is UTF-8 and small")
}

/// Returns the output for a stream; `None` if it is refused.
pub(crate) fn output(text: &str, options: &Options) -> Option<String> {
    written(&rewrite(&source(text), options))
}

/// Returns the output of an outcome; `None` if the stream is refused.
pub(crate) fn written(outcome: &Outcome<'_>) -> Option<String> {
    let mut out = Vec::new();
    outcome.write(&mut out).expect("a vector takes everything");
    assert!(!outcome.refused() || out.is_empty(), "a refused stream was written");
    (!outcome.refused()).then(|| String::from_utf8(out).expect("UTF-8 in, UTF-8 out"))
}
