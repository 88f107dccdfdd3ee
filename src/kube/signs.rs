//! What may be in the keys and values of an object, seen while they are read.
//!
//! Most objects contain nothing unusual, and later checks of every value can be skipped for them. Must not decide
//! anything.

/// What may be in the keys and values of an object. False means that it certainly is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// A character that has an escape in JSON as Go writes it.
    pub escape: bool,
    /// A placeholder that another tool fills in later.
    pub placeholder: bool,
    /// A block scalar.
    pub block: bool,
    /// Keys that are not in order, or a key that occurs twice in the same field.
    pub disorder: bool,
}

impl Signs {
    /// Anything: nothing is known.
    pub const ANYTHING: Signs = Signs { escape: true, placeholder: true, block: true, disorder: true };
    /// Nothing unusual.
    pub const NOTHING: Signs = Signs { escape: false, placeholder: false, block: false, disorder: false };
}
