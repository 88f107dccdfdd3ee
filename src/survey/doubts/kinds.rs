//! Objects that look like a ConfigMap or Secret, but the kind is misspelled or the API version is wrong.
//!
//! Must not show the text of the kind, because it may be a value that ended up there by mistake.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::object::{TargetKind, View};
use crate::text::source::Span;

/// Groups of the API server, none of which contains ConfigMaps or Secrets (Kubernetes 1.36).
const BUILT_IN_GROUPS: [&str; 8] = [
    "apps",
    "batch",
    "core",
    "extensions",
    "policy",
    "autoscaling",
    "networking.k8s.io",
    "rbac.authorization.k8s.io",
];

/// The number of bytes that one edit can change: two neighbouring letters that are swapped, or a letter of up to four
/// bytes.
const LETTER: usize = 4;

/// Returns the finding about an object that is nearly a ConfigMap or Secret; `None` for all others.
pub fn nearly_a_target(view: &View<'_, '_>) -> Option<Diagnostic> {
    if view.target_kind().is_some() {
        return None;
    }
    let node = view.field("kind")?;
    let written = view.tree.text(node)?;
    let kind =
        [TargetKind::ConfigMap, TargetKind::Secret].into_iter().find(|kind| is_nearly(written, *kind))?;
    let version = view.field("apiVersion").map(|node| (node, view.tree.text(node)));
    // A custom resource may have any kind.
    if version.is_some_and(|(_, text)| text.is_some_and(|text| !is_wrong(text))) {
        return None;
    }
    let cure = format!("write `apiVersion: v1` and `kind: {}`", kind.as_str());
    let (message, span) = if written != kind.as_str() {
        (
            format!("the kind looks like a misspelled `{}`: kubectl refuses it", kind.as_str()),
            view.tree.node(node).span,
        )
    } else {
        match version {
            None => (
                format!("a {} without `apiVersion`: kubectl refuses it", kind.as_str()),
                Span::empty(view.tree.node(view.root).span.start),
            ),
            Some((node, _)) => (
                format!("this `apiVersion` has no {}: kubectl refuses it", kind.as_str()),
                view.tree.node(node).span,
            ),
        }
    };
    Some(Diagnostic::new(Code::MisspeltKind, message).at(span, "so the object is not renamed").help(cure))
}

/// True for another case, the plural, or one letter more, less or other.
fn is_nearly(written: &str, kind: TargetKind) -> bool {
    let singular = written.strip_suffix('s').unwrap_or(written);
    written == kind.as_str()
        || singular.eq_ignore_ascii_case(kind.as_str())
        || (written.len() <= 12
            && may_be_near(written, kind.as_str())
            && strsim::osa_distance(written, kind.as_str()) == 1)
}

/// False if the words differ in more bytes than one edit can change, as most do. This avoids computing their distance,
/// which is slow.
fn may_be_near(written: &str, known: &str) -> bool {
    let same = |(a, b): &(u8, u8)| a == b;
    let begin = written.bytes().zip(known.bytes()).take_while(same).count();
    let end = written.bytes().rev().zip(known.bytes().rev()).take_while(same).count();
    begin + end + LETTER >= written.len().max(known.len())
}

/// True for a version without a group, such as `v1`, `v2` or `V1`, and for a group that the API server has without the
/// kind.
fn is_wrong(version: &str) -> bool {
    version.split_once('/').is_none_or(|(group, _)| BUILT_IN_GROUPS.contains(&group))
}
