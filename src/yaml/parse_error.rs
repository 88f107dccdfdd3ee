//! Why text is not YAML.

/// Why a document is not YAML, in words that hold nothing of the document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where it was noticed.
    pub at: u32,
    /// What was found.
    pub message: String,
    /// True when the only fault is that it nests too deep.
    pub too_deep: bool,
}
