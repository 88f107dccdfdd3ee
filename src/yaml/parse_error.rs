//! The error for text that is not YAML.

/// The reason why a document is not YAML, in words that contain nothing of the document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Offset in the source at which the error was noticed.
    pub at: u32,
    /// What was found.
    pub message: String,
    /// True if the only error is that the document is nested too deep.
    pub too_deep: bool,
}
