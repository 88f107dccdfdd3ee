//! Watches: the existing objects, then each event, until the watch times out.

use super::http::{Request, begin_chunks, chunk};
use super::kinds::Kind;
use super::{Shared, selectors};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Answers a watch.
pub(super) fn watch(
    request: &Request,
    (kind, namespace): (&'static Kind, &str),
    shared: &Shared,
    out: &mut dyn Write,
) -> io::Result<()> {
    begin_chunks(out)?;
    let seconds = request.param("timeoutSeconds").parse().unwrap_or(300);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut seen: u64 = request.param("resourceVersion").parse().unwrap_or(0);
    let wants_all = request.param("sendInitialEvents") == "true";
    if seen == 0 || wants_all {
        let (lines, revision) = initial(request, (kind, namespace), shared, wants_all);
        seen = revision;
        lines.iter().try_for_each(|line| chunk(out, line))?;
    }
    while Instant::now() < end && !shared.stopped.load(Ordering::SeqCst) {
        let lines = next(request, (kind, namespace), shared, &mut seen);
        lines.iter().try_for_each(|line| chunk(out, line))?;
    }
    chunk(out, "")
}

fn line(what: &str, object: &Value) -> String {
    format!("{}\n", json!({"type": what, "object": object}))
}

/// Returns the existing objects. Ends with a bookmark if the client asked for initial events.
fn initial(
    request: &Request,
    (kind, namespace): (&'static Kind, &str),
    shared: &Shared,
    bookmark: bool,
) -> (Vec<String>, u64) {
    let store = shared.store();
    let found = store.list(kind.kind, namespace).map(|(_, object)| object);
    let mut lines: Vec<String> = found
        .filter(|object| selectors::selected(request, object))
        .map(|object| line("ADDED", object))
        .collect();
    if bookmark {
        let metadata = json!({"resourceVersion": store.revision.to_string(),
            "annotations": {"k8s.io/initial-events-end": "true"}});
        let end = json!({"kind": kind.kind, "apiVersion": kind.api_version(), "metadata": metadata});
        lines.push(line("BOOKMARK", &end));
    }
    (lines, store.revision)
}

/// Returns the events since the last call. Waits a short time for an event.
fn next(
    request: &Request,
    (kind, namespace): (&'static Kind, &str),
    shared: &Shared,
    seen: &mut u64,
) -> Vec<String> {
    let mut store = shared.store();
    if store.revision <= *seen {
        let waited = shared.changed.wait_timeout(store, Duration::from_millis(500));
        store = waited.expect("no request panicked").0;
    }
    let here = |object: &Value| namespace.is_empty() || object["metadata"]["namespace"] == namespace;
    let new = store.events.iter().filter(|event| event.revision > *seen && event.kind == kind);
    let lines = new
        .filter(|event| here(&event.object) && selectors::selected(request, &event.object))
        .map(|event| line(event.what, &event.object))
        .collect();
    *seen = (*seen).max(store.revision);
    lines
}
