//! Anchors, aliases and tags.

use super::fault::Fault;
use super::tokens::{Kind, Tokens};

/// The prefix that `!!` abbreviates.
const CORE: &str = "tag:yaml.org,2002:";

impl Tokens<'_> {
    /// Reads `&name` or `*name`.
    pub(super) fn anchor(&mut self) -> Result<(), Fault> {
        self.save_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark.at;
        let is_anchor = self.cursor.peek(0) == b'&';
        self.cursor.skip();
        let from = self.cursor.mark.at;
        self.skip_while(is_word);
        let name = self.cursor.since(from);
        let ends = matches!(self.cursor.peek(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !(ends || self.cursor.is_separator(0)) {
            return Err(self.fault("an anchor or alias is made of letters, digits, `-` and `_`"));
        }
        self.push(if is_anchor { Kind::Anchor(name) } else { Kind::Alias(name) }, start);
        Ok(())
    }

    /// Reads `!tag`, `!!tag`, `!<tag>` or `!`.
    pub(super) fn tag(&mut self) -> Result<(), Fault> {
        self.save_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark.at;
        self.cursor.skip();
        let tag = if self.cursor.peek(0) == b'<' { self.verbatim_tag()? } else { self.short_tag()? };
        if !self.cursor.is_separator(0) {
            return Err(self.fault("expected a blank or the end of the line after a tag"));
        }
        self.push(Kind::Tag(tag), start);
        Ok(())
    }

    fn verbatim_tag(&mut self) -> Result<String, Fault> {
        self.cursor.skip();
        let tag = self.tag_text(String::new())?;
        if tag.is_empty() || self.cursor.peek(0) != b'>' {
            return Err(self.fault("expected a tag that ends with `>`"));
        }
        self.cursor.skip();
        Ok(tag)
    }

    fn short_tag(&mut self) -> Result<String, Fault> {
        let from = self.cursor.mark.at;
        self.skip_while(is_word);
        let word = self.cursor.since(from);
        if self.cursor.peek(0) != b'!' {
            return self.tag_text(format!("!{word}"));
        }
        if !word.is_empty() {
            return Err(self.fault("found a tag whose prefix no `%TAG` directive defines"));
        }
        self.cursor.skip();
        let tag = self.tag_text(CORE.to_owned())?;
        if tag == CORE {
            return Err(self.fault("expected a tag after `!!`"));
        }
        Ok(tag)
    }

    /// Reads the rest of a tag after `tag`, with `%` escapes.
    fn tag_text(&mut self, tag: String) -> Result<String, Fault> {
        let mut bytes = tag.into_bytes();
        while is_word(self.cursor.peek(0)) || b";/?:@&=+$,.!~*'()[]%".contains(&self.cursor.peek(0)) {
            let mut byte = self.cursor.peek(0);
            self.cursor.skip();
            if byte == b'%' {
                let digits = self.cursor.rest().get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
                byte = digits.ok_or(self.fault("found an escape with too few hexadecimal digits"))?;
                (0..2).for_each(|_| self.cursor.skip());
            }
            bytes.push(byte);
        }
        String::from_utf8(bytes).map_err(|_| self.fault("found a tag that is not UTF-8"))
    }

    fn skip_while(&mut self, test: fn(u8) -> bool) {
        while test(self.cursor.peek(0)) {
            self.cursor.skip();
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
