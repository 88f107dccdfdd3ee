//! Words and fields that refer to Jobs, in addition to those that `rules::context` finds in a text.
//!
//! Contains pure functions over text. Must not ask whether an object of that name exists.

use crate::kube::job::JobKind;
use crate::rules::context::{self, Noun, Said};

/// The labels that the Job controller adds to the pods of a Job. Their value is the name of the Job.
pub(super) const LABELS: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
/// How many bytes before a word are searched.
const LONGEST_TOKEN: usize = 4096;

/// Returns the kind that the words around a name refer to.
pub(super) fn kind(said: Said) -> Option<JobKind> {
    match said {
        Said::Surely(noun) | Said::Likely(noun) => of(noun),
        _ => None,
    }
}

/// Returns the kind that kubectl understands by this word.
pub(super) fn resource(word: &str) -> Option<JobKind> {
    context::resource(word).and_then(of)
}

fn of(noun: Noun) -> Option<JobKind> {
    match noun {
        Noun::Job => Some(JobKind::Job),
        Noun::Pod => Some(JobKind::Pod),
        _ => None,
    }
}

/// True if the word does not directly follow the kind, as in `job -n prod web`.
pub(super) fn is_apart(text: &str, start: usize) -> bool {
    let blank = [' ', '\t', '\n', '"', '\''];
    let before = tail(&text[..start]);
    before.ends_with(blank) && resource(last_word(before.trim_end_matches(blank))).is_none()
}

/// Returns the kind that an environment variable with this name refers to: `JOB_NAME`, `MIGRATION_POD`.
pub(super) fn variable(name: &str) -> Option<JobKind> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|part| {
        match part.to_ascii_uppercase().as_str() {
            "JOB" | "JOBS" | "JOBNAME" => Some(JobKind::Job),
            "POD" | "PODS" | "PODNAME" => Some(JobKind::Pod),
            _ => None,
        }
    })
}

/// Returns `Some` if the word is an item of a list: `web,db`, `["web", "db"]`, `[{"name":"web"}]`. The inner value is
/// the namespace before it, as in `prod/web` or `prod:web`.
pub(super) fn item(text: &str, start: usize, end: usize) -> Option<Option<&str>> {
    let before = tail(text.get(..start)?);
    let behind = text.get(end..)?.trim_start();
    let is_end = |c: char| matches!(c, ',' | '"' | '\'' | '[' | ']' | '}');
    let is_alone = |before: &str| before.trim_end().is_empty() || before.trim_end().ends_with(is_end);
    if !(behind.is_empty() || behind.starts_with(is_end)) {
        return None;
    }
    let Some(scope) = before.strip_suffix(['/', ':']) else {
        let key = before.trim_end_matches(['"', ' ', ':']);
        return (is_alone(before) && !key.ends_with("namespace")).then_some(None);
    };
    let namespace = last_word(scope);
    let alone = is_alone(&scope[..scope.len() - namespace.len()]);
    (alone && !namespace.is_empty()).then_some(Some(namespace))
}

/// Returns the end of a text, at most as long as a path may be. Text further away does not count.
fn tail(text: &str) -> &str {
    let mut at = text.len().saturating_sub(LONGEST_TOKEN);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    &text[at..]
}

fn last_word(text: &str) -> &str {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.rfind(|c| !is_word(c)).map_or(text, |at| {
        let behind = at + text[at..].chars().next().map_or(1, char::len_utf8);
        &text[behind..]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_speak_of_their_kind() {
        assert_eq!(variable("JOB_NAME"), Some(JobKind::Job));
        assert_eq!(variable("migrationPod"), None);
        assert_eq!(variable("WAIT_FOR_POD"), Some(JobKind::Pod));
        assert_eq!(variable("JOBCLASS"), None);
    }

    #[test]
    fn items_of_lists_come_with_their_namespace() {
        let item = |text: &'static str| {
            let at = text.rfind("web").unwrap();
            item(text, at, at + 3)
        };
        for text in ["web", "db,web", "db, web ", "[\"db\",\"web\"]", "[{\"name\": \"web\"}]"] {
            assert_eq!(item(text), Some(None), "{text}");
        }
        for text in ["prod/web", "db,prod:web"] {
            assert_eq!(item(text), Some(Some("prod")), "{text}");
        }
        for text in ["web;x", "the web", "a/b/web", "--x=web", "[{\"namespace\": \"web\"}]"] {
            assert_eq!(item(text), None, "{text}");
        }
    }
}
