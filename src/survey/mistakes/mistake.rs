//! A mistake in a text: its position, a description, and the cure.

use std::borrow::Cow;

/// What a person did wrong, in contrast to what the parser noticed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::survey) struct Mistake {
    /// The position, in bytes from the start of the document.
    pub(in crate::survey) at: usize,
    pub(in crate::survey) found: Cow<'static, str>,
    pub(in crate::survey) help: Cow<'static, str>,
}

impl Mistake {
    pub(super) fn new(
        at: usize,
        found: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
    ) -> Mistake {
        Mistake { at, found: found.into(), help: help.into() }
    }
}
