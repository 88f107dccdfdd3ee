//! Commands of kubectl that find ConfigMaps and Secrets by their labels.

use super::nouns;
use crate::rules::table::Kinds;

/// Verbs at the beginning of arguments without `kubectl`, which is then the command of the image.
const VERBS: [&str; 6] = ["get", "delete", "describe", "label", "annotate", "patch"];

/// What a command of kubectl looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'t> {
    /// The kinds of object.
    pub kinds: Kinds,
    /// The labels that they must have, each with its value if there is only one.
    pub labels: Vec<(&'t str, Option<&'t str>)>,
    /// Where they are.
    pub scope: Scope<'t>,
}

/// The namespace of a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope<'t> {
    /// That of the pod.
    #[default]
    Own,
    /// Any, or one that the text does not state.
    Any,
    /// This one.
    Given(&'t str),
}

/// Returns what the commands in a text look for by labels. Takes linear time.
pub fn queries(text: &str) -> Vec<Query<'_>> {
    let mut found = Vec::new();
    if !(text.contains("-l") || text.contains("--selector")) {
        return found;
    }
    let mut reading = Reading::default();
    for (number, word) in (Words { text, at: 0, quote: None }).enumerate() {
        match word {
            "kubectl" | "oc" => {
                found.extend(std::mem::take(&mut reading).query());
                reading.active = true;
            }
            "\n" => found.extend(std::mem::take(&mut reading).query()),
            _ if reading.active => reading.word(word),
            _ if number == 0 && VERBS.contains(&word) => {
                reading.active = true;
                reading.word(word);
            }
            _ => {}
        }
    }
    found.extend(reading.query());
    found
}

/// The command that is being read.
#[derive(Default)]
struct Reading<'t> {
    active: bool,
    /// The flag whose value is the next word.
    flag: Option<&'t str>,
    verb: bool,
    named: bool,
    query: Query<'t>,
}

impl<'t> Reading<'t> {
    fn word(&mut self, word: &'t str) {
        if let Some(flag) = self.flag.take() {
            return self.value(flag, word);
        }
        // `-lapp=web`
        let glued = ["-l", "-n"].into_iter().find_map(|flag| Some((flag, word.strip_prefix(flag)?)));
        if let Some((flag, value)) = glued.filter(|(_, value)| !value.is_empty()) {
            self.value(flag, value.trim_start_matches('='));
        } else if let Some((flag, value)) = word.split_once('=').filter(|_| word.starts_with('-')) {
            self.value(flag, value);
        } else if word.starts_with('-') {
            let everywhere = matches!(word, "-A" | "--all-namespaces");
            self.query.scope = if everywhere { Scope::Any } else { self.query.scope };
            self.flag = Some(word).filter(|word| takes_value(word));
        } else if !self.verb {
            self.verb = true;
        } else if !std::mem::replace(&mut self.named, true) {
            self.resources(word);
        }
    }

    fn resources(&mut self, list: &str) {
        for noun in list.split(',').filter_map(nouns::resource) {
            self.query.kinds = self.query.kinds.or(noun.kinds());
        }
    }

    fn value(&mut self, flag: &'t str, value: &'t str) {
        let value = value.trim_matches(['"', '\'']);
        match flag {
            "-l" | "--selector" => self.query.labels = labels(value),
            "-n" | "--namespace" if is_literal(value) => self.query.scope = Scope::Given(value),
            "-n" | "--namespace" => self.query.scope = Scope::Any,
            _ => {}
        }
    }

    fn query(self) -> Option<Query<'t>> {
        let wanted = self.query.kinds != Kinds::NONE && !self.query.labels.is_empty();
        wanted.then_some(self.query)
    }
}

fn takes_value(flag: &str) -> bool {
    matches!(
        flag,
        "-l" | "--selector"
            | "-n"
            | "--namespace"
            | "-o"
            | "--output"
            | "--context"
            | "--cluster"
            | "--kubeconfig"
            | "--field-selector"
            | "--template"
            | "-p"
            | "--patch"
            | "--type"
    )
}

/// Returns what a selector requires: `app=web,tier in (a, b),!old`. A part that only excludes is skipped.
fn labels(selector: &str) -> Vec<(&str, Option<&str>)> {
    let mut depth = 0;
    let parts = selector.split(move |sign| {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        sign == ',' && depth <= 0
    });
    parts.filter_map(requirement).filter(|(key, _)| is_literal(key)).collect()
}

fn requirement(part: &str) -> Option<(&str, Option<&str>)> {
    let part = part.trim();
    if part.starts_with('!') || part.contains("!=") {
        return None;
    }
    if let Some((key, value)) = part.split_once('=') {
        let value = value.trim_start_matches('=').trim();
        return Some((key.trim(), Some(value).filter(|value| is_literal(value))));
    }
    let mut words = part.split_whitespace();
    let (key, operator) = (words.next()?, words.next());
    let rest = part.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')').trim());
    match operator {
        Some(operator) if operator.starts_with("notin") => None,
        Some(_) => Some((key, Some(rest).filter(|value| is_literal(value)))),
        None => Some((key, None)),
    }
}

/// False for text with a variable or a placeholder in it.
fn is_literal(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
}

/// The words of shell text. What ends a command is a line break; a selector in quotes is one word.
struct Words<'t> {
    text: &'t str,
    at: usize,
    /// The quote around the current words.
    quote: Option<u8>,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        loop {
            let byte = *bytes.get(self.at)?;
            match byte {
                b'\n' if self.text[..self.at].trim_end_matches('\r').ends_with('\\') => self.at += 1,
                b'\n' | b';' | b'|' | b'&' | b'`' | b'(' | b')' => {
                    self.at += 1;
                    return Some("\n");
                }
                b'"' | b'\'' if self.quote == Some(byte) => (self.at, self.quote) = (self.at + 1, None),
                b'"' | b'\'' if self.is_value() => return Some(self.quoted(self.at)),
                b'"' | b'\'' => (self.at, self.quote) = (self.at + 1, self.quote.or(Some(byte))),
                b' ' | b'\t' | b'\r' | b'\\' => self.at += 1,
                _ => return Some(self.word()),
            }
        }
    }
}

impl<'t> Words<'t> {
    /// True after a flag.
    fn is_value(&self) -> bool {
        let before = self.text[..self.at].trim_end_matches([' ', '\t']);
        before.ends_with("-l") || before.ends_with("--selector")
    }

    /// Takes the text in quotes, from the quote at this byte.
    fn quoted(&mut self, at: usize) -> &'t str {
        let (start, quote) = (at + 1, self.text.as_bytes()[at]);
        let length = self.text.as_bytes()[start..].iter().position(|byte| *byte == quote);
        let end = length.map_or(self.text.len(), |length| start + length);
        self.at = (end + 1).min(self.text.len());
        &self.text[start..end]
    }

    fn word(&mut self) -> &'t str {
        let start = self.at;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'$' if bytes.get(self.at + 1) == Some(&b'(') && self.at > start => break,
                // `$(POD_NAMESPACE)`
                b'$' if bytes.get(self.at + 1) == Some(&b'(') => {
                    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                    let length = bytes[self.at + 2..].iter().take_while(|byte| is_name(byte)).count();
                    if bytes.get(self.at + 2 + length) != Some(&b')') {
                        self.at += 1;
                        break;
                    }
                    self.at += length + 3;
                }
                b'"' | b'\''
                    if self.text[..self.at].ends_with('=') && self.text[start..].starts_with('-') =>
                {
                    self.quoted(self.at);
                    return &self.text[start..self.at];
                }
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'&' | b'`' | b'(' | b')' | b'"' | b'\'' => {
                    break;
                }
                _ => self.at += 1,
            }
        }
        &self.text[start..self.at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Query<'_> {
        let found = queries(text);
        assert_eq!(found.len(), 1, "{text}");
        found.into_iter().next().unwrap_or_default()
    }

    #[test]
    fn commands_look_for_labels() {
        let labels = [("app", Some("web"))];
        for text in [
            "kubectl get cm -l app=web -o name",
            "kubectl get configmaps -lapp=web",
            "kubectl get -l app==web configmap",
            "x=$(kubectl get cm --selector=app=web -o jsonpath='{.items[0]}') && echo",
            "kubectl get cm -l 'app in (web)'",
            "sh -c kubectl get cm \\\n  -l \"app=web,old!=x,!b\"",
            "sh -c \"kubectl get cm -l app=web\"",
            "get cm --selector app=web",
            "kubectl delete cm --selector='app=web'",
        ] {
            let query = one(text);
            assert_eq!(
                (query.kinds, &query.labels[..], query.scope),
                (Kinds::CONFIG_MAP, &labels[..], Scope::Own),
                "{text}"
            );
        }
        let query = one("kubectl -n prod get cm,secret -l app,tier=$TIER");
        assert_eq!(query.kinds, Kinds::BOTH);
        assert_eq!(query.labels, [("app", None), ("tier", None)]);
        assert_eq!(query.scope, Scope::Given("prod"));
        assert_eq!(one("kubectl get secrets -n $(POD_NAMESPACE) -l a=b").scope, Scope::Any);
        assert_eq!(one("kubectl get secrets -A -l a=b").scope, Scope::Any);
    }

    #[test]
    fn other_commands_look_for_nothing() {
        for text in [
            "kubectl get pods -l app=web",
            "kubectl get cm web",
            "kubectl get cm; ls -l app=web",
            "ls -l cm",
            "kubectl get cm -l $SELECTOR",
            "kubectl get cm -l",
            "kubectl",
            "-l '",
            "kubectl get cm -l $(",
            "",
        ] {
            assert_eq!(queries(text), [], "{text}");
        }
    }
}
