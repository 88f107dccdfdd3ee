//! Words and fields that refer to Jobs, in addition to those that `rules::context` finds in a text.
//!
//! Contains pure functions over text. Must not ask whether an object of that name exists.

use crate::kube::job::JobKind;
use crate::rules::arguments;
use crate::rules::context::{self, Noun, Said};
use memchr::memmem;

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

/// What the name of an environment variable says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Nothing.
    Nothing,
    /// It names a Job or Pod of the cluster: `WAIT_FOR_JOB`.
    Surely(JobKind),
    /// It names a Job of the cluster, or one that only the program knows: `JOB_NAME`.
    Perhaps(JobKind),
    /// It names something of another system: `SPRING_BATCH_JOB_NAME`, `PUSHGATEWAY_JOB`.
    Other,
}

/// Words of variables that only programs for Kubernetes read.
const OF_KUBERNETES: [&str; 7] = ["DEPENDENCY", "WAIT", "WAITFOR", "K8S", "KUBE", "KUBERNETES", "KUBECTL"];
/// Systems that have jobs of their own.
const OF_OTHERS: [&str; 24] = [
    "SPRING",
    "BATCH",
    "PUSHGATEWAY",
    "PUSH",
    "GATEWAY",
    "PROMETHEUS",
    "METRICS",
    "SCRAPE",
    "LOKI",
    "OTEL",
    "NOMAD",
    "FLINK",
    "SPARK",
    "DATAFLOW",
    "GLUE",
    "QUARTZ",
    "CRON",
    "CI",
    "JENKINS",
    "GITLAB",
    "DATABRICKS",
    "SAGEMAKER",
    "SLURM",
    "BIGQUERY",
];

/// Returns what an environment variable with this name says. The last word decides: `MIGRATION_JOB` and `JOB_NAME`, but
/// not `JOB_TYPE`.
pub(super) fn variable(name: &str) -> Named {
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let kind = |word: &&str| match () {
        () if is(word, &["JOB", "JOBS", "JOBNAME", "JOBNAMES"]) => Some(JobKind::Job),
        () if is(word, &["POD", "PODS", "PODNAME", "PODNAMES"]) => Some(JobKind::Pod),
        () => None,
    };
    let Some(kind) = words.iter().find_map(kind) else { return Named::Nothing };
    let of_the_name =
        |word: &str| is(word, &["NAME", "NAMES", "JSON"]) || word.bytes().all(|byte| byte.is_ascii_digit());
    while words.last().is_some_and(|last| of_the_name(last)) {
        words.pop();
    }
    let last = words.last().map(|last| last.to_ascii_lowercase()).unwrap_or_default();
    if words.iter().any(|word| is(word, &OF_OTHERS)) || arguments::is_other(&last) {
        Named::Other
    } else if kind == JobKind::Pod || words.iter().any(|word| is(word, &OF_KUBERNETES)) {
        // Other systems have no Pods.
        Named::Surely(kind)
    } else {
        Named::Perhaps(kind)
    }
}

/// True if the text of an object speaks of Kubernetes' own Jobs and Pods, so that `JOB_NAME` in it means one of them.
pub(super) fn speaks_of_kubernetes(text: &str) -> bool {
    let signs = ["kubectl", "job/$", "jobs/$", "pod/$", "pods/$", "k8s-wait-for", "/apis/batch/"];
    signs.iter().any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
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
        for name in ["WAIT_FOR_JOB", "JOB_TO_WAIT_FOR", "DEPENDENCY_JOBS_JSON", "K8S_JOB_NAME"] {
            assert_eq!(variable(name), Named::Surely(JobKind::Job), "{name}");
        }
        for name in ["JOB_NAME", "JOB_NAME_2", "JOB", "MIGRATION_JOB", "x_JOBNAME", "JOB_TO_RUN"] {
            assert_eq!(variable(name), Named::Perhaps(JobKind::Job), "{name}");
        }
        for name in [
            "SPRING_BATCH_JOB_NAME",
            "PUSHGATEWAY_JOB",
            "spring.batch.job.names",
            "CRON_JOB",
            "JOB_TYPE",
            "JOB_QUEUE_NAME",
        ] {
            assert_eq!(variable(name), Named::Other, "{name}");
        }
        for name in ["JOBCLASS", "migrationPod", "NAME", "", "_"] {
            assert_eq!(variable(name), Named::Nothing, "{name}");
        }
        assert_eq!(variable("WAIT_FOR_POD"), Named::Surely(JobKind::Pod));
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
