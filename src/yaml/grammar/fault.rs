//! The error for a document that is refused.

/// The reason why a document is refused, without any of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) message: &'static str,
    pub(super) too_deep: bool,
}

impl Fault {
    pub(super) fn new(at: usize, message: &'static str) -> Self {
        Fault { at, message, too_deep: false }
    }

    pub(super) fn too_deep(at: usize) -> Self {
        Fault { at, message: "collections nest too deep", too_deep: true }
    }

    pub(super) fn no_key(at: usize) -> Self {
        Fault::new(at, "expected a key with `:` on the same line")
    }
}
