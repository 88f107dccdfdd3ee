//! What the context says about one word.

use super::is_word;
use super::state::{Before, Gap, Key, LONGEST_GAP, Reader};
use crate::rules::context::commands::Role;
use crate::rules::context::nouns;
use crate::rules::context::said::{Noun, Said, Word};
use crate::rules::table::Kinds;
use std::ops::Range;

/// The maximum number of flags between a kind and a name: `get job --wait=false web`.
const MOST_FLAGS: u8 = 4;

impl<W: Fn(&str) -> bool> Reader<'_, W> {
    /// Returns what the command says about the word. A flag that selects another namespace or cluster also changes the
    /// words of the command that were found before it.
    pub(super) fn role(&mut self, word: &str) -> Role {
        let here = self.command.is_here();
        let role = self.command.word(word);
        if here && !self.command.is_here() {
            let first = self.first_of_command.min(self.found.len());
            self.found[first..].iter_mut().for_each(|word| (word.here, word.read) = (false, false));
        }
        role
    }

    pub(super) fn key(&mut self, at: usize, key: &str, field: Option<Noun>, sign: u8, first: bool) {
        if sign == b'=' {
            if self.outline.within_section() || self.outline.within_brackets() {
                self.outline.key(key, field);
            }
            return;
        }
        let plain = first && !self.text[..at].ends_with(['"', '\'']);
        if plain && self.outline.within_brackets() && !matches!(self.sign, b',' | b'{' | b'[') {
            self.outline.leave_brackets();
        }
        if self.outline.within_brackets() {
            self.outline.key(key, field);
        } else if first {
            self.outline.line_key(at - self.line.start, self.line.dash.is_some(), key, field);
        }
        if key == "path" {
            self.outline.patch(patched(self.text, at + key.len()));
        }
    }

    /// Reads the value of `kind: Secret` or `type: configMap`.
    pub(super) fn kind_value(&mut self, word: &str, gap: Gap) {
        let is_kind = self.before.is_some_and(|before| before.role == Key::Kind) && gap == Gap::Assigned;
        if !is_kind {
            return;
        }
        let noun = match nouns::resource(word) {
            Some(noun) => noun,
            None if word.starts_with(|c: char| c.is_ascii_uppercase()) => Noun::Other,
            None => return,
        };
        if let Some(waiting) = self.outline.kind(Some(noun))
            && let Some(word) = self.found.get_mut(waiting)
        {
            word.said = Said::Surely(noun);
        }
    }

    pub(super) fn remember(&mut self, range: Range<usize>, gap: Gap, field: Option<Noun>, said: Said) {
        let word = &self.text[range.clone()];
        let flag = word.starts_with('-');
        if let Some(before) = &mut self.before {
            let waits = before.resource.is_some() || before.field == Some(Noun::Job);
            let passed =
                (flag && field.is_none() && gap == Gap::Blank) || (word == "in" && gap == Gap::Blank);
            if waits && passed && before.flags < MOST_FLAGS {
                before.flags += 1;
                before.range.1 = range.end;
                return;
            }
        }
        let api = match self.before {
            _ if word == "namespaces" => 1,
            Some(before) if gap == Gap::Slash && before.api > 0 => before.api.saturating_add(1),
            _ => 0,
        };
        let said = match said {
            Said::Surely(noun) | Said::Likely(noun) => Some(noun),
            _ => None,
        };
        let role = match word {
            "name" => Key::Name,
            "kind" | "type" => Key::Kind,
            _ => Key::Other,
        };
        let field = field.or((word == "-h").then_some(Noun::Other));
        let resource = nouns::resource(word);
        self.before = Some(Before {
            range: (range.start, range.end),
            resource,
            field,
            flag,
            flags: 0,
            role,
            said,
            api,
        });
    }

    /// Returns what the context says about a word. The most certain evidence comes first.
    pub(super) fn said(&mut self, range: &Range<usize>, gap: Gap, role: Role, alone: bool) -> Said {
        let said = self.by_word_before(range, gap).or_else(|| self.by_outline(gap, alone));
        if let Some(Said::Surely(Noun::ConfigMap | Noun::Secret | Noun::Job | Noun::Pod) | Said::Path(..)) =
            said
        {
            return said.unwrap_or(Said::Nothing);
        }
        if self.is_secret_of_argo(range) {
            return Said::Surely(Noun::Secret);
        }
        if self.is_in_kubernetes_uri(range.start) {
            return Said::Surely(Noun::Either);
        }
        let flag = self.text[self.argument..].starts_with('-');
        match role {
            Role::Object(noun) if !flag => return Said::Surely(noun),
            Role::NoName => return Said::NoName,
            Role::Object(_) | Role::None => {}
        }
        if is_host(self.text, range) {
            return Said::NoName;
        }
        said.or_else(|| self.path(range.start, None)).unwrap_or(Said::Nothing)
    }

    pub(super) fn by_word_before(&self, range: &Range<usize>, gap: Gap) -> Option<Said> {
        let before = self.before?;
        let carried = before.said.map(Said::Surely);
        match gap {
            Gap::Blank if before.flag => before.field.map(Said::Surely),
            Gap::Blank => {
                let quoted = carried.filter(|_| self.quoted(range.start));
                before
                    .resource
                    .filter(|noun| quoted.is_none() || *noun != Noun::Other)
                    .map(Said::Likely)
                    .or(quoted)
            }
            Gap::Assigned => before.field.map(Said::Surely),
            Gap::Call => before.field.map(Said::Surely),
            Gap::Comma => {
                let listed = before.resource.filter(|_| self.quoted(range.start)).map(Said::Likely);
                carried.or(listed)
            }
            Gap::Slash => match before.resource {
                // `secrets:ns/web`
                Some(Noun::Other) if matches!(before.said, Some(Noun::ConfigMap | Noun::Secret)) => carried,
                Some(noun) => Some(self.by_slash(&before, noun)),
                None => carried.filter(|_| before.said != Some(Noun::Other)),
            },
            Gap::Far => None,
        }
    }

    /// Interprets `job/web`. In a longer path, the kind is certain only in an API path: `/namespaces/prod/jobs/web`.
    pub(super) fn by_slash(&self, before: &Before, noun: Noun) -> Said {
        let in_path = self.text[..before.range.0].ends_with('/');
        if !in_path || before.api == 3 {
            return Said::Surely(noun);
        }
        self.path(before.range.0, Some(noun)).unwrap_or(Said::Path(self.token, Some(noun)))
    }

    pub(super) fn by_outline(&mut self, gap: Gap, alone: bool) -> Option<Said> {
        let key = self.before.filter(|_| gap == Gap::Assigned).map(|before| before.role);
        let noun = match key {
            Some(Key::Name) => self.outline.named(self.found.len()),
            Some(_) => None,
            None if alone && self.line.dash.is_some() => self.outline.listed(),
            None if matches!(self.sign, b'[' | b',') && self.outline.within_brackets() => {
                self.outline.listed()
            }
            None => None,
        };
        noun.map(Said::Surely)
    }

    pub(super) fn path(&self, at: usize, noun: Option<Noun>) -> Option<Said> {
        let token = self.text.get(self.token..at).filter(|token| token.ends_with('/'))?;
        let variable = || token.get(..token.find('/')?.min(LONGEST_GAP));
        let begins = token.starts_with(['/', '.', '~'])
            || (token.starts_with('$') && !variable()?.to_ascii_uppercase().contains("NAMESPACE"));
        begins.then_some(Said::Path(self.token, noun))
    }

    /// True for `$sso:key`, as Argo CD refers to a Secret and its key.
    pub(super) fn is_secret_of_argo(&self, range: &Range<usize>) -> bool {
        let key = self.text[range.end..].strip_prefix(':');
        self.text[..range.start].ends_with('$')
            && key.is_some_and(|key| key.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    /// True in a URI whose scheme names Kubernetes: `k8s://prod/web`, `kubernetes://web`, `ref+k8s://v1/Secret/prod/web/key`.
    fn is_in_kubernetes_uri(&self, at: usize) -> bool {
        let from = self.argument.max(at.saturating_sub(LONGEST_URI));
        let uri = self.text.get(from..at).and_then(|text| text.split_once("://"));
        let scheme = uri.and_then(|(before, _)| {
            before.rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.')).next()
        });
        scheme.is_some_and(|scheme| {
            scheme.split(['+', '-', '.']).any(|word| matches!(word, "k8s" | "kubernetes"))
        })
    }

    /// Returns the kind that the heading of a block refers to: `secret "web" {`, `data "kubernetes_secret" "web" {`, or
    /// `metadata {` in such a block. `at` is the byte of the brace.
    pub(super) fn header(&self, at: usize) -> Option<Noun> {
        let line = self.text.get(self.line.start..at).filter(|line| line.len() <= LONGEST_HEADER)?;
        let mut words = line.split_whitespace();
        let first = words.next().filter(|word| self.sign == b'w' && word.bytes().all(is_word))?;
        let mut label = None;
        for word in words {
            let text = word.strip_prefix('"')?.strip_suffix('"')?;
            label = label.or(Some(text.strip_suffix("_v1").unwrap_or(text)));
        }
        if first == "metadata" && label.is_none() {
            return self.outline.holder();
        }
        let is_target = |noun: &Noun| noun.kinds() != Kinds::NONE;
        nouns::field(first).filter(is_target).or_else(|| nouns::field(label?).filter(is_target))
    }

    /// Returns the kind that the key before `[0].name` refers to: `secrets.sources[0].name`. `at` is the byte of `word`.
    pub(super) fn indexed(&self, word: &str, at: usize) -> Option<Noun> {
        if word != ".name" {
            return None;
        }
        let from = self.argument.max(at.saturating_sub(LONGEST_HEADER));
        let (key, index) = self.text.get(from..at)?.strip_suffix(']')?.rsplit_once('[')?;
        nouns::field(key).filter(|_| index.bytes().all(|byte| byte.is_ascii_digit()))
    }

    pub(super) fn quoted(&self, at: usize) -> bool {
        self.text[..at].ends_with(['"', '\''])
    }

    /// Returns how the word that begins at `start` follows the previous one.
    pub(super) fn gap(&self, start: usize) -> Gap {
        let Some(before) = self.before else { return Gap::Far };
        let between = self.text.get(before.range.1..start).unwrap_or_default();
        if between.is_empty() || between.len() > LONGEST_GAP {
            return Gap::Far;
        }
        if between.starts_with(": &") || between.starts_with(": !") {
            return Gap::Assigned;
        }
        let mut signs = [0; 4];
        let mut count = 0;
        for byte in between
            .bytes()
            .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\' | b'`'))
        {
            if count == signs.len() {
                return Gap::Far;
            }
            signs[count] = byte;
            count += 1;
        }
        match &signs[..count] {
            [] if between.contains([' ', '\t', '\n']) => Gap::Blank,
            b"/" | b"://" => Gap::Slash,
            b":" | b"=" | b"==" | b"=~" | b":=" | b"=>" | b">" | b":[" | b"=[" | b":-" => Gap::Assigned,
            b"(" => Gap::Call,
            b"," => Gap::Comma,
            _ => Gap::Far,
        }
    }

    pub(super) fn note_all(&mut self, word: &str, at: usize, said: Said) {
        self.note(at..at + word.len(), said);
        for (part, noun) in nouns::in_key(word) {
            let range = at + part.start..at + part.end;
            if (self.wanted)(&self.text[range.clone()]) {
                self.found.push(Word { range, said: Said::Surely(noun), here: true, read: false });
            }
        }
    }

    pub(super) fn note(&mut self, range: Range<usize>, said: Said) {
        if (self.wanted)(&self.text[range.clone()]) {
            let (here, read) = (self.command.is_here(), self.command.reads_here());
            self.found.push(Word { range, said, here, read });
        }
    }
}

/// True for `//web`, `user@web` and `web:8080`, which refer to a host and so to a Service.
fn is_host(text: &str, range: &Range<usize>) -> bool {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let port = behind.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
    port || before.ends_with("//") || before.ends_with('@')
}

/// Returns the kind that the path of a JSON patch refers to, as in `/spec/imagePullSecrets/-`. `at` is the end of the
/// key.
fn patched(text: &str, at: usize) -> Option<Noun> {
    let line = text[at..].trim_start_matches(['"', '\'', ':', ' ']);
    let end = line.bytes().position(|byte| !(is_word(byte) || byte == b'/')).unwrap_or(line.len());
    let path = line.get(..end.min(LONGEST_PATH)).filter(|path| path.starts_with('/'))?;
    let is_place = |part: &&str| *part == "-" || part.bytes().all(|byte| byte.is_ascii_digit());
    let field = path.rsplit('/').find(|part| !is_place(part) && *part != "name")?;
    nouns::field(field)
}

/// Bytes in the longest heading of a block, and in the longest key before an index.
const LONGEST_HEADER: usize = 256;
/// Bytes in the longest URI before a name.
const LONGEST_URI: usize = 256;
/// The length in bytes of the longest path of a JSON patch.
const LONGEST_PATH: usize = 512;
