//! Reads a text once, from front to end, and says of every wanted word what is around it.

use super::commands::{Command, Role};
use super::nouns;
use super::outline::Outline;
use super::said::{Noun, Said, Word};
use std::ops::Range;

/// How many flags may stand between a kind and a name: `get job --wait=false web`.
const MOST_FLAGS: u8 = 4;
/// Bytes that may lie between a word and what it says something of.
const LONGEST_GAP: usize = 24;

/// Every word for which `wanted` is true, in the order of the text, with what is said of it. Linear in the text.
pub fn read(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<Word> {
    let mut reader = Reader {
        text,
        wanted,
        found: Vec::new(),
        outline: Outline::default(),
        command: Command::default(),
        line: Line::default(),
        token: 0,
        argument: 0,
        first_of_command: 0,
        before: None,
        sign: b'\n',
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if is_word(*byte) {
            let end = bytes[at..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |n| at + n);
            reader.run(at..end);
            at = end;
        } else {
            reader.sign(at, *byte);
            at += 1;
        }
    }
    reader.found
}

/// The bytes of which names, flags and keys are made.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

struct Reader<'t, W> {
    text: &'t str,
    wanted: W,
    found: Vec<Word>,
    outline: Outline,
    command: Command,
    line: Line,
    /// Where the run of text without blanks, quotes and equals signs begins.
    token: usize,
    /// Where the run of text without blanks and quotes begins.
    argument: usize,
    /// How many words had been found when the command began.
    first_of_command: usize,
    before: Option<Before>,
    /// The last sign that is no blank and no quote, since the last word.
    sign: u8,
}

/// The line that is read.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    start: usize,
    /// True once a word or sign was there.
    begun: bool,
    comment: bool,
    /// The column of the dash of a list item.
    dash: Option<usize>,
    /// Quotes so far, single and double.
    quotes: usize,
}

/// The word before.
#[derive(Clone, Copy, Debug)]
struct Before {
    range: (usize, usize),
    /// The kind that it is itself.
    resource: Option<Noun>,
    /// What it names as a key, flag or function.
    field: Option<Noun>,
    flag: bool,
    flags: u8,
    /// `name`, `kind` or `type`.
    role: Key,
    /// What it was said to name.
    said: Option<Noun>,
    /// How many parts of an API path have passed since `namespaces`.
    api: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Other,
    Name,
    Kind,
}

/// How a word follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Blank,
    Slash,
    Assigned,
    Call,
    Comma,
    Far,
}

impl<'t, W: Fn(&str) -> bool> Reader<'t, W> {
    fn sign(&mut self, at: usize, byte: u8) {
        let bytes = self.text.as_bytes();
        let before = at.checked_sub(1).map(|at| bytes[at]);
        match byte {
            b'\n' => return self.end_line(at),
            b' ' | b'\t' | b'\r' | b'"' | b'\'' => {
                self.line.quotes += usize::from(matches!(byte, b'"' | b'\''));
                (self.token, self.argument) = (at + 1, at + 1);
                return;
            }
            b'\\' => return,
            b'#' if !self.line.begun || self.is_remark(before) => self.line.comment = true,
            b'/' if !self.line.begun && bytes.get(at + 1) == Some(&b'/') => self.line.comment = true,
            _ if self.line.comment => {}
            b'[' if !self.line.begun && self.section(at) => {}
            b'{' | b'[' => {
                let noun =
                    self.before.filter(|_| matches!(self.sign, b':' | b'=')).and_then(|word| word.field);
                self.outline.open(byte == b'[', noun);
            }
            b'}' | b']' => self.outline.close(),
            b';' | b'|' | b'&' | b'`' | b')' => self.end_command(),
            b'(' if before == Some(b'$') => self.end_command(),
            _ => {}
        }
        if matches!(byte, b'=' | b',' | b'(' | b'|' | b';')
            || (byte == b':' && !self.text[at..].starts_with("://"))
        {
            self.token = at + 1;
        }
        self.line.begun = true;
        self.sign = byte;
    }

    /// A `#` behind a blank begins a remark, unless a quote is open.
    fn is_remark(&self, before: Option<u8>) -> bool {
        matches!(before, Some(b' ' | b'\t')) && self.line.quotes.is_multiple_of(2)
    }

    fn end_line(&mut self, at: usize) {
        self.line = Line { start: at + 1, ..Line::default() };
        (self.token, self.argument) = (at + 1, at + 1);
        if !self.text[..at].trim_end_matches('\r').ends_with('\\') {
            self.end_command();
            self.before = None;
            if !matches!(self.sign, b',' | b'{' | b'[') {
                self.sign = b'\n';
            }
        }
    }

    fn end_command(&mut self) {
        self.command = Command::default();
        self.first_of_command = self.found.len();
    }

    /// `[kubernetes.secrets]` alone on its line.
    fn section(&mut self, at: usize) -> bool {
        let rest = &self.text[at..];
        let line = rest[..rest.find('\n').unwrap_or(rest.len()).min(LONGEST_SECTION)].trim_end();
        let Some(name) = line.trim_start_matches('[').strip_suffix(']') else { return false };
        let name = name.trim_end_matches(']');
        if name.is_empty() || !name.bytes().all(|byte| is_word(byte) || byte == b'"') {
            return false;
        }
        self.outline.section(nouns::field(name.trim_matches('"')));
        true
    }

    fn run(&mut self, run: Range<usize>) {
        let raw = &self.text[run.clone()];
        if !self.line.begun && self.dash(raw, run.start) {
            return;
        }
        let word = raw.trim_end_matches(['.', '-']);
        // `${SECRET_NAME:-web}`
        let skipped = usize::from(raw.starts_with('-') && self.sign == b':' && self.glued(run.start));
        let start = run.start + skipped.min(word.len());
        let range = start..run.start + word.len();
        if !range.is_empty() {
            self.word(range, run.end);
        }
        self.line.begun = true;
        self.sign = b'w';
    }

    /// A list item, or the line between two documents.
    fn dash(&mut self, raw: &str, at: usize) -> bool {
        let column = at - self.line.start;
        if raw == "---" && column == 0 {
            self.outline.clear();
        } else if raw != "-" {
            return false;
        } else {
            self.line.dash = Some(column);
            self.outline.item(column);
        }
        self.token = at + raw.len();
        true
    }

    fn glued(&self, at: usize) -> bool {
        at > 0 && self.text.as_bytes()[at - 1] == b':'
    }

    fn word(&mut self, range: Range<usize>, end: usize) {
        let word = &self.text[range.clone()];
        if self.line.comment {
            return self.note(range, Said::NoName);
        }
        let gap = self.gap(range.start);
        let role = self.role(word);
        let key = key_sign(self.text, end);
        let first = !self.line.begun;
        let field = nouns::field(word.trim_start_matches('-'));
        let said = self.said(&range, gap, role, first && key.is_none());
        self.note_all(word, range.start, said);
        if let Some(sign) = key {
            self.key(range.start, word, field, sign, first);
        }
        self.kind_value(word, gap);
        self.remember(range, gap, field, said);
    }

    /// What the command says of the word. A flag may tell that what was found in it so far is somewhere else.
    fn role(&mut self, word: &str) -> Role {
        let read = self.command.reads_here();
        let role = self.command.word(word);
        if read && !self.command.reads_here() {
            let first = self.first_of_command.min(self.found.len());
            self.found[first..].iter_mut().for_each(|word| word.read = false);
        }
        role
    }

    fn key(&mut self, at: usize, key: &str, field: Option<Noun>, sign: u8, first: bool) {
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
    }

    /// `kind: Secret`, `type: configMap`.
    fn kind_value(&mut self, word: &str, gap: Gap) {
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

    fn remember(&mut self, range: Range<usize>, gap: Gap, field: Option<Noun>, said: Said) {
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

    /// What is around a word, the surest sign first.
    fn said(&mut self, range: &Range<usize>, gap: Gap, role: Role, alone: bool) -> Said {
        let said = self.by_word_before(range, gap).or_else(|| self.by_outline(gap, alone));
        if let Some(Said::Surely(Noun::ConfigMap | Noun::Secret | Noun::Job | Noun::Pod) | Said::Path(..)) =
            said
        {
            return said.unwrap_or(Said::Nothing);
        }
        if self.is_secret_of_argo(range) {
            return Said::Surely(Noun::Secret);
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

    fn by_word_before(&self, range: &Range<usize>, gap: Gap) -> Option<Said> {
        let before = self.before?;
        let carried = before.said.map(Said::Surely);
        match gap {
            Gap::Blank if before.flag => before.field.map(Said::Surely),
            Gap::Blank => before.resource.map(Said::Likely).or(carried.filter(|_| self.quoted(range.start))),
            Gap::Assigned => before.field.map(Said::Surely),
            Gap::Call => before.field.map(Said::Surely),
            Gap::Comma => {
                let listed = before.resource.filter(|_| self.quoted(range.start)).map(Said::Likely);
                carried.or(listed)
            }
            Gap::Slash => match before.resource {
                Some(noun) => Some(self.by_slash(&before, noun)),
                None => carried.filter(|_| before.said != Some(Noun::Other)),
            },
            Gap::Far => None,
        }
    }

    /// `job/web`; within a longer path only that of the API: `/namespaces/prod/jobs/web`.
    fn by_slash(&self, before: &Before, noun: Noun) -> Said {
        let in_path = self.text[..before.range.0].ends_with('/');
        if !in_path || before.api == 3 {
            return Said::Surely(noun);
        }
        self.path(before.range.0, Some(noun)).unwrap_or(Said::Path(self.token, Some(noun)))
    }

    fn by_outline(&mut self, gap: Gap, alone: bool) -> Option<Said> {
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

    fn path(&self, at: usize, noun: Option<Noun>) -> Option<Said> {
        let token = self.text.get(self.token..at)?;
        let variable = || token.get(..token.find('/')?.min(LONGEST_GAP));
        let begins = token.starts_with(['/', '.', '~'])
            || (token.starts_with('$') && !variable()?.to_ascii_uppercase().contains("NAMESPACE"));
        (begins && token.ends_with('/')).then_some(Said::Path(self.token, noun))
    }

    /// `$sso:key`, as Argo CD names a Secret and its key.
    fn is_secret_of_argo(&self, range: &Range<usize>) -> bool {
        let key = self.text[range.end..].strip_prefix(':');
        self.text[..range.start].ends_with('$')
            && key.is_some_and(|key| key.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    fn quoted(&self, at: usize) -> bool {
        self.text[..at].ends_with(['"', '\''])
    }

    /// How the word that begins here follows the one before.
    fn gap(&self, start: usize) -> Gap {
        let Some(before) = self.before else { return Gap::Far };
        let between = self.text.get(before.range.1..start).unwrap_or_default();
        if between.is_empty() || between.len() > LONGEST_GAP {
            return Gap::Far;
        }
        let mut signs = [0; 4];
        let mut count = 0;
        for byte in between
            .bytes()
            .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\'))
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

    fn note_all(&mut self, word: &str, at: usize, said: Said) {
        self.note(at..at + word.len(), said);
        for (offset, noun) in nouns::in_key(word) {
            let range = at + offset..at + word.len();
            if (self.wanted)(&self.text[range.clone()]) {
                self.found.push(Word { range, said: Said::Surely(noun), read: false });
            }
        }
    }

    fn note(&mut self, range: Range<usize>, said: Said) {
        if (self.wanted)(&self.text[range.clone()]) {
            let read = self.command.reads_here();
            self.found.push(Word { range, said, read });
        }
    }
}

/// `//web`, `user@web` and `web:8080` speak of a host, which is a Service.
fn is_host(text: &str, range: &Range<usize>) -> bool {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let port = behind.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
    port || before.ends_with("//") || before.ends_with('@')
}

/// The sign that makes the word before it a key: `name:`, `"name" :`, `name = `.
fn key_sign(text: &str, end: usize) -> Option<u8> {
    let rest = &text.as_bytes()[end..];
    let quoted = matches!(rest.first(), Some(b'"' | b'\''));
    let rest = &rest[usize::from(quoted)..];
    let blanks = rest.iter().take(LONGEST_GAP).take_while(|byte| **byte == b' ').count();
    match (rest.get(blanks)?, rest.get(blanks + 1)) {
        (b':', next) => (quoted || next.is_none_or(u8::is_ascii_whitespace)).then_some(b':'),
        (b'=', next) => (next != Some(&b'=')).then_some(b'='),
        _ => None,
    }
}

/// Bytes in the longest heading of a section.
const LONGEST_SECTION: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the last `web` of a text.
    fn of(text: &str) -> Said {
        let found = read(text, |word| word == "web");
        assert!(found.is_sorted_by_key(|word| word.range.start), "{text}");
        found.last().map_or(Said::Nothing, |word| word.said)
    }

    fn names(text: &str) -> Option<Noun> {
        match of(text) {
            Said::Surely(noun) | Said::Likely(noun) => Some(noun),
            _ => None,
        }
    }

    #[test]
    fn a_kind_before_a_word_says_what_it_names() {
        for text in [
            "secret/web",
            "kubectl get secret web -o yaml",
            "kubectl get secret -n prod web",
            "kubectl get secret other web",
            "kubectl create secret generic web --from-literal=a=b",
            "secret:web:password",
            "secret://prod/web",
            "${secrets:prod/web:password}",
            "$web:clientID",
            "secretName: web",
            "a = 1\nexistingSecret = \"web\"",
            "secretKeyRef:\n  name: web\n  key: a",
            "secretKeyRef: {name: web, key: a}",
            "{\"secret\":{\"secretName\":\"web\"}}",
            "{\"imagePullSecrets\":[{\"name\":\"web\"}]}",
            "imagePullSecrets:\n- name: web",
            "imagePullSecrets:\n  - web",
            "imagePullSecrets: [other, web]",
            "{kind: Secret, name: web}",
            "{name: web, kind: Secret}",
            "- kind: Secret\n  name: web",
            "kind: Secret\nmetadata:\n  labels: {a: b}\n  name: web",
            "[[runners.kubernetes.volumes.secret]]\n  name = \"web\"",
            "image_pull_secrets = [\"web\"]",
            "spark.kubernetes.driver.secrets.web=/etc/secrets",
            "spark.kubernetes.driver.secretKeyRef.PASSWORD=web:password",
            "body.compareSecret('token', 'web')",
            "lookup \"v1\" \"Secret\" \"prod\" \"web\"",
            "<secretName>web</secretName>",
            "--tls-secret web",
            "--tls-secret=web",
            "curl https://host/api/v1/namespaces/prod/secrets/web",
            "credentials: web",
            "${SECRET_NAME:-web}",
            "{{- if x }}\nsecretKeyRef:\n  {{- with y }}\n  name: web\n  {{- end }}",
        ] {
            assert_eq!(names(text), Some(Noun::Secret), "{text}");
        }
        for text in ["cm/web", "configmaps web", "volumes:\n- name: x\n  configMap:\n    name: web"] {
            assert_eq!(names(text), Some(Noun::ConfigMap), "{text}");
        }
    }

    #[test]
    fn other_kinds_and_hosts_are_told_apart() {
        for text in [
            "service/web",
            "kubectl rollout restart deployment web",
            "MYSQL_DATABASE=web",
            "kind: Pod\nmetadata:\n  name: web",
            "--host web",
        ] {
            assert_eq!(names(text), Some(Noun::Other), "{text}");
        }
        for text in [
            "nc -z -w 2 web",
            "until curl -s web; do",
            "http://web/",
            "root@web",
            "web:8080",
            "# secret/web",
            "a: b # secret web",
            "kubectl get pods -n web",
        ] {
            assert_eq!(of(text), Said::NoName, "{text}");
        }
        for text in ["the web", "web", "secret\nweb", "secret: x\nother: web", "a: web"] {
            assert_eq!(of(text), Said::Nothing, "{text}");
        }
    }

    #[test]
    fn paths_are_told_apart() {
        assert_eq!(of("/etc/web/conf.yaml"), Said::Path(0, None));
        assert_eq!(of("--conf=/etc/secrets/web/x"), Said::Path(7, Some(Noun::Secret)));
        assert_eq!(of("cat ./web"), Said::Path(4, None));
        assert_eq!(of("$(POD_NAMESPACE)/web"), Said::Nothing);
    }

    #[test]
    fn words_tell_jobs() {
        for text in [
            "job/web",
            "kubectl wait --for=condition=complete jobs.batch/web",
            "x && kubectl logs job/a,job/web",
            "/apis/batch/v1/namespaces/prod/jobs/web",
            "-l job-name=web",
            "--selector=batch.kubernetes.io/job-name==web",
            "job-name in (web)",
            "kube_job_failed{job_name=~\"web",
            "job web",
            "kubectl delete jobs  --ignore-not-found --wait=false web",
        ] {
            assert_eq!(names(text), Some(Noun::Job), "{text}");
        }
        for text in ["https://ci.example.com/job/web", "my job\nweb", "--job=web", "é web"] {
            assert_eq!(names(text), None, "{text}");
        }
        assert_eq!(names("pods/web"), Some(Noun::Pod));
    }

    #[test]
    fn only_what_kubectl_reads_here_is_read() {
        let reads = |text| read(text, |word| word == "web").last().is_some_and(|word: &Word| word.read);
        assert!(reads("kubectl get secret web -o yaml") && reads("kubectl get secret/web"));
        for text in [
            "kubectl delete secret web",
            "kubectl get secret web -n prod",
            "kubectl --context x get secret web",
            "kubectl get secret web --namespace=prod",
            "echo secret web",
        ] {
            assert!(!reads(text), "{text}");
        }
    }
}
