//! SARIF 2.1.0, in the form that GitHub code scanning accepts.
//!
//! The limits are those of GitHub. It keeps 5,000 results of a run, so the worst come first, and a notification states
//! how many are left out. Waived findings are not results, because GitHub ignores suppressions.

use super::{sentence, worst_first};
use crate::findings::diagnostic::{Code, Severity};
use crate::output::explain;
use crate::output::placed::{Place, Placed, Related};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most results that GitHub keeps for one run.
const MOST: usize = 5000;
/// The most characters in a description.
const LONGEST: usize = 1024;
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the log of one run. `category` distinguishes several runs for one repository.
pub fn log(findings: &[Placed], category: &str) -> Value {
    let sorted = worst_first(findings);
    let codes: BTreeSet<&str> = sorted.iter().map(|finding| finding.code).collect();
    let used: Vec<Code> = Code::ALL.iter().copied().filter(|code| codes.contains(code.as_str())).collect();
    let results: Vec<Value> = sorted.iter().take(MOST).map(|finding| result(finding, &used)).collect();
    let left_out = sorted.len().saturating_sub(MOST);
    let rules: Vec<Value> = used.iter().map(|code| rule(*code)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "immutably",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": { "id": format!("immutably/{category}/") },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications(left_out) }],
            "results": results,
        }],
    })
}

fn notifications(left_out: usize) -> Vec<Value> {
    let text =
        format!("{left_out} findings of the least severity are left out, as GitHub keeps {MOST} of a run");
    (left_out > 0).then(|| json!({ "level": "note", "message": { "text": text } })).into_iter().collect()
}

fn rule(code: Code) -> Value {
    let problem = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    let about = cut(code.about());
    let section = without_links(explain::section(code));
    json!({
        "id": code.as_str(),
        "name": code.as_str(),
        "shortDescription": { "text": about },
        "fullDescription": { "text": about },
        "help": { "text": section, "markdown": section },
        "defaultConfiguration": { "level": code.severity().as_str() },
        "properties": { "precision": "high", "problem.severity": problem, "tags": ["kubernetes", "configuration"] },
    })
}

fn result(finding: &Placed, used: &[Code]) -> Value {
    let rule = used.iter().position(|code| code.as_str() == finding.code);
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity.as_str(),
        "message": { "text": sentence(finding) },
        "locations": [location(finding)],
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "immutably/v1": finding.fingerprint,
        },
    });
    if !finding.related.is_empty() {
        result["relatedLocations"] = finding.related.iter().enumerate().map(related).collect();
    }
    result
}

/// Returns the location of a finding. GitHub requires a line even for a finding without a place, which is about the
/// whole input.
fn location(finding: &Placed) -> Value {
    let anywhere = Place { file: "<stdin>".to_owned(), line: 1, column: 1, end_column: 1 };
    let mut location = json!({ "physicalLocation": physical(finding.place.as_ref().unwrap_or(&anywhere)) });
    if let (Some(kind), Some(name)) = (&finding.kind, &finding.name) {
        let namespace = finding.namespace.as_deref().unwrap_or_default();
        let full = [kind, namespace, name].join("/");
        location["logicalLocations"] =
            json!([{ "name": name, "kind": "resource", "fullyQualifiedName": full }]);
    }
    location
}

fn physical(place: &Place) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&place.file) },
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.line,
            "endColumn": place.end_column.max(place.column),
        },
    })
}

fn related((number, related): (usize, &Related)) -> Value {
    let text = if related.text.is_empty() { "see here" } else { &related.text };
    json!({ "id": number + 1, "physicalLocation": physical(&related.place), "message": { "text": text } })
}

/// Removes the links from a page but keeps their labels: the links would lead nowhere here.
fn without_links(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((target, after)) = behind.split_once(')') else { break };
        match before.rsplit_once('[') {
            Some((outside, label)) if !target.contains(char::is_whitespace) => {
                text.push_str(outside);
                text.push_str(label);
            }
            _ => text.extend([before, "](", target, ")"]),
        }
        rest = after;
    }
    text + rest
}

/// Returns a path as a relative URI, or as a `file:` URI if it is absolute.
fn uri(path: &str) -> String {
    if path == "<stdin>" {
        return "stdin".to_owned();
    }
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
