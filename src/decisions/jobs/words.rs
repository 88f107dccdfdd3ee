//! What the text around a name says of it: `job/web`, `kubectl logs job web`, `--selector=job-name=web`.
//!
//! Pure functions over text. Whether an object of that name exists is not asked here.

use crate::kube::job::JobKind;

/// Labels that the Job controller puts on the pods of a Job, with its name as value.
pub(super) const LABELS: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
/// How many flags may stand between `job` and its name.
const MOST_FLAGS: usize = 4;
/// How far before a word is looked.
const LONGEST_TOKEN: usize = 4096;

/// How a text names an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// In a way that means nothing else: `job/web`.
    Surely(JobKind),
    /// `job web`, which in prose may be chance.
    Likely(JobKind),
}

/// What the text before `at` says of the word that begins there.
pub(super) fn said(text: &str, at: usize) -> Option<Said> {
    let before = tail(text.get(..at)?);
    if let Some(resource) = before.strip_suffix('/') {
        return by_path(resource).map(Said::Surely);
    }
    if is_selected(before) {
        return Some(Said::Surely(JobKind::Job));
    }
    behind_a_word(before).map(Said::Likely)
}

/// The kind that kubectl, and what waits for objects, means by this word.
pub(super) fn resource(word: &str) -> Option<JobKind> {
    match word {
        "job" | "jobs" | "job.batch" | "jobs.batch" | "job.v1.batch" | "jobs.v1.batch" => Some(JobKind::Job),
        // k8s-wait-for: with or without regard to errors.
        "job-wr" | "job-we" => Some(JobKind::Job),
        "pod" | "pods" | "pod-wr" | "pod-we" => Some(JobKind::Pod),
        _ => None,
    }
}

/// The kind that an environment variable of this name speaks of: `JOB_NAME`, `MIGRATION_POD`.
pub(super) fn variable(name: &str) -> Option<JobKind> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|part| {
        match part.to_ascii_uppercase().as_str() {
            "JOB" | "JOBS" | "JOBNAME" => Some(JobKind::Job),
            "POD" | "PODS" | "PODNAME" => Some(JobKind::Pod),
            _ => None,
        }
    })
}

/// True for an item of a list: `web,db`, `["web", "db"]`, `[{"name":"web"}]`; and the namespace before it, `prod/web` or
/// `prod:web`.
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

/// True where a word, though it holds a dash, speaks of a host, of a file, or of an image.
pub(super) fn is_elsewhere(text: &str, start: usize, end: usize) -> bool {
    let before = tail(text.get(..start).unwrap_or_default());
    let behind = text.get(end..).unwrap_or_default();
    let port = behind.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let token = before.rfind(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | ',' | '('));
    let token = &before[token.map_or(0, |at| at + 1)..];
    let path = token.starts_with(['/', '.', '~', '$']) || token.contains("//");
    port || before.ends_with('@') || (path && token.contains('/')) || behind.starts_with('/')
}

/// The end of a text, as long as a path may be: what stands further away says nothing of a word.
fn tail(text: &str) -> &str {
    let mut at = text.len().saturating_sub(LONGEST_TOKEN);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    &text[at..]
}

/// `job/web`; within a longer path only that of the API: `/namespaces/prod/jobs/web`.
fn by_path(before: &str) -> Option<JobKind> {
    let word = last_word(before);
    let kind = resource(word)?;
    let ahead = &before[..before.len() - word.len()];
    let in_path = ahead.ends_with('/');
    let in_api = word.ends_with('s') && ahead.trim_end_matches('/').rsplit('/').nth(1) == Some("namespaces");
    (!in_path || in_api).then_some(kind)
}

/// `job-name=web`, `job_name="web"`, `job-name in (web)`.
fn is_selected(before: &str) -> bool {
    let signs = ['=', '~', '"', '\'', '\\', '('];
    let bare = before.trim_end_matches(signs);
    if bare.len() == before.len() {
        return false;
    }
    let bare = bare.trim_end_matches(" in ");
    LABELS.into_iter().chain(["job_name"]).any(|label| bare.ends_with(label))
}

/// `job web`, `jobs --wait web`.
fn behind_a_word(before: &str) -> Option<JobKind> {
    let mut rest = before;
    for _ in 0..=MOST_FLAGS {
        let trimmed = rest.trim_end_matches([' ', '\t']);
        if trimmed.len() == rest.len() {
            return None;
        }
        let word = trimmed.rsplit([' ', '\t', '\n', '"', '\'', '(', ';', '|', '&']).next()?;
        if !word.starts_with('-') {
            return resource(word);
        }
        rest = &trimmed[..trimmed.len() - word.len()];
    }
    None
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

    fn of(text: &str) -> Option<Said> {
        said(text, text.rfind("web").unwrap())
    }

    #[test]
    fn the_words_before_a_name_tell_what_it_names() {
        for text in [
            "job/web",
            "kubectl wait --for=condition=complete jobs.batch/web",
            "x && kubectl logs job/a,job/web",
            "/apis/batch/v1/namespaces/prod/jobs/web",
            "-l job-name=web",
            "--selector=batch.kubernetes.io/job-name==web",
            "job-name in (web)",
            "kube_job_failed{job_name=~\"web",
        ] {
            assert_eq!(of(text), Some(Said::Surely(JobKind::Job)), "{text}");
        }
        for text in ["job web", "kubectl delete jobs  --ignore-not-found --wait=false web"] {
            assert_eq!(of(text), Some(Said::Likely(JobKind::Job)), "{text}");
        }
        assert_eq!(of("pods/web"), Some(Said::Surely(JobKind::Pod)));
    }

    #[test]
    fn other_words_do_not() {
        for text in
            ["web", "cronjob/web", "https://ci.example.com/job/web", "my job\nweb", "--job=web", "é web"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }

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

    #[test]
    fn hosts_files_and_images_are_elsewhere() {
        let elsewhere = |text: &str| {
            let at = text.find("web-db").unwrap();
            is_elsewhere(text, at, at + 6)
        };
        for text in
            ["http://web-db", "web-db:8080", "root@web-db", "/opt/web-db", "--file=./a/web-db", "web-db/x"]
        {
            assert!(elsewhere(text), "{text}");
        }
        for text in ["web-db", "--wait=web-db", "prod/web-db", "x web-db;"] {
            assert!(!elsewhere(text), "{text}");
        }
    }
}
