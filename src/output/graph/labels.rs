//! Texts for nodes and edges, and names cut to a length.

use crate::output::graph::model::{Edge, Graph, Node, Sums};
use crate::output::relations::How;

/// True for a field of a pod or a pod template.
pub fn is_in_pod(path: &str) -> bool {
    ["ontainers[", "volumes["].iter().any(|part| path.contains(part))
}

/// Returns how an object is used: a word for the use, or else the path of the field.
pub fn how(how: How, path: &str) -> String {
    let word = match how {
        How::Env if path.contains("envFrom[") => "envFrom",
        How::Env => "env",
        How::Volume => "volume",
        How::Projected => "projected volume",
        How::ImagePull => "image pull",
        How::Tls => "TLS",
        How::Argument => "argument",
        How::Annotation => "annotation",
        How::Grant => "grant",
        // A reference without a path comes from an alias; its anchor is in another place.
        How::Field if path.is_empty() => "alias",
        How::Field => return format!("field {}", without_positions(path)),
    };
    word.to_owned()
}

/// Returns how one object uses another, with the first variables and mount paths: `env DATABASE_URL, volume /etc/web`.
pub fn uses(edge: &Edge) -> String {
    let word = |how: &String| match edge.details.get(how) {
        Some(details) => {
            let shown: Vec<&str> = details.iter().take(DETAILS).map(String::as_str).collect();
            let more = details.len() - shown.len();
            let more = if more > 0 { format!(" + {more} more") } else { String::new() };
            format!("{how} {}{more}", shown.join(" + "))
        }
        None => how.clone(),
    };
    edge.how.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// The most variables or mount paths shown for one use.
const DETAILS: usize = 2;

/// Returns kind and name, such as `ConfigMap/web`.
pub fn object(node: &Node) -> String {
    format!("{}/{}", node.kind, node.name)
}

/// Returns the state of a node with its reasons; `None` for a referrer with a single version.
pub fn state(node: &Node) -> Option<String> {
    use crate::output::graph::model::State;
    let versions = if node.versions > 1 { format!(", {} versions", node.versions) } else { String::new() };
    let reasons: Vec<&str> = node.reasons.iter().map(String::as_str).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    match node.state {
        State::Referrer if versions.is_empty() => None,
        state => Some(format!("{}{versions}{reasons}", state.as_str())),
    }
}

/// Returns a namespace as shown to people.
pub fn namespace(namespace: &str) -> &str {
    if namespace.is_empty() { "no namespace" } else { namespace }
}

/// Returns the totals in one line.
pub fn sums(graph: &Graph) -> String {
    let Sums { configuration, workloads, others, uses, dangling, left_alone, unused, outside } = graph.sums();
    let count = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!(
        "{}, {}, {}, {}; {dangling} dangling, {left_alone} left alone, {unused} unused, {outside} outside",
        count(configuration, "configuration object"),
        count(workloads, "workload"),
        count(others, "other referrer"),
        count(uses, "use"),
    )
}

/// Shortens a text to at most `most` characters. Cuts the middle, because the ends distinguish names.
pub fn cut(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept - kept / 2, kept / 2);
    text.chars().take(head).chain(['…']).chain(text.chars().skip(length - tail)).collect()
}

/// Removes the indices from a path: `a[0].b[12].c` becomes `a[].b[].c`.
fn without_positions(path: &str) -> String {
    let mut inside = false;
    let kept = path.chars().filter(|letter| {
        inside = (inside || *letter == '[') && *letter != ']';
        !(inside && letter.is_ascii_digit())
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_the_middle_of_long_names_are_left_out() {
        assert_eq!(without_positions("spec.tls[0].v1[12].secretName"), "spec.tls[].v1[].secretName");
        assert_eq!(cut("web-config-hf678c7m2b", 11), "web-c…c7m2b");
        assert_eq!((cut("short", 5), cut("äöü", 2)), ("short".to_owned(), "ä…".to_owned()));
    }
}
