//! The text of a finding.
//!
//! A stream may have as many findings as objects, so the text that all findings of a kind share is stored once, in the
//! program.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The text of a finding: its own part, followed by the part that it shares with other findings.
#[derive(Clone)]
pub struct Message {
    own: Box<str>,
    common: &'static str,
}

impl Message {
    /// Creates a text from the finding's own part and the common part after it.
    pub fn new(own: impl Into<Box<str>>, common: &'static str) -> Message {
        Message { own: own.into(), common }
    }

    /// Returns the whole text.
    pub fn read(&self) -> Cow<'_, str> {
        if self.common.is_empty() { Cow::Borrowed(&self.own) } else { Cow::Owned(self.to_string()) }
    }

    /// Returns the text with `more` appended.
    #[must_use]
    pub fn and(&self, more: &str) -> Message {
        Message::from(format!("{self}{more}"))
    }
}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message::new(text, "")
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Message {
        Message::new(text, "")
    }
}

impl From<Message> for String {
    fn from(message: Message) -> String {
        if message.common.is_empty() { message.own.into() } else { message.to_string() }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.own)?;
        f.write_str(self.common)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.read(), f)
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Message) -> bool {
        self.read() == other.read()
    }
}

impl Eq for Message {}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
