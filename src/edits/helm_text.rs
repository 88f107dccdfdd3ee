//! Rewrites text of versioned objects so that Helm 4 deploys the content that was hashed.
//!
//! Helm 4 re-serialises each document after a post-renderer and changes some block scalars. In double quotes the same
//! text stays unchanged. Text that Helm changed before the post-renderer differs from the chart, so it gets a finding.

use crate::decisions::policy::Decision;
use crate::edits::edit::{Addition, Additions, Change, Why};
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::Arena;
use crate::kube::helm_text;
use crate::kube::object::{ObjectIndex, View};
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::reread;
use crate::text::source::Source;
use crate::yaml::split::Stream;
use crate::yaml::{NodeId, Site, Style, Writing};
use std::collections::BTreeMap;

/// Returns the rewritten text, and a finding for each object whose text Helm changes.
pub fn helm_text(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    decisions: &Arena<TargetIndex, Decision>,
) -> Additions {
    let source = stream.source;
    let targets = inventory.targets.iter().zip(decisions);
    let versioned: BTreeMap<ObjectIndex, bool> = targets
        .filter(|(target, _)| target.changed_by_helm_4)
        .map(|(target, decision)| (target.object, !matches!(decision, Decision::Leave(_))))
        .collect();
    // Searching the whole source for Helm's annotation is slow, so it is done only if necessary.
    if versioned.is_empty() || !helm_text::is_from_helm_4(source) {
        return Additions::default();
    }
    let wanted = versioned.keys().copied().collect();
    let mut additions = Additions::default();
    reread::each(stream, inventory, &wanted, &mut |object, view| {
        let changed = helm_text::changed(source, view);
        if let Some((key, _)) = changed.first() {
            additions.findings.push(finding(view, *key).in_document(inventory.objects.at(object).document));
        }
        if versioned.get(&object) == Some(&true) {
            let values = changed.into_iter().map(|(_, value)| quoted(source, view, value));
            additions.list.extend(values.map(|change| Addition { change, why: Why::HelmText }));
        }
    });
    additions
}

/// Returns the changes that put the affected values of an object into double quotes.
pub fn quote(source: &Source, view: &View<'_, '_>) -> Vec<Change> {
    helm_text::changed(source, view).into_iter().map(|(_, value)| quoted(source, view, value)).collect()
}

fn quoted(source: &Source, view: &View<'_, '_>, value: NodeId) -> Change {
    let (node, old) = (view.tree.node(value), view.tree.text(value).unwrap_or_default());
    let writing = Writing::Scalar(Style::Double);
    let ending = if source.slice(node.span).ends_with('\n') { "\n" } else { "" };
    let text = format!("{}{ending}", writing.write(old));
    Change { site: Site { span: node.span, writing, via: view.via }, text: text.into(), old: old.into() }
}

fn finding(view: &View<'_, '_>, key: NodeId) -> Diagnostic {
    let message = format!("Helm 4 adds or removes blank lines in a value of {}", view.id());
    Diagnostic::new(Code::TextChangedByHelm, message)
        .at(view.tree.node(key).span, "Helm wrote other blank lines than the chart has")
        .help("in the chart, write this text with `|` or in double quotes: Helm 4 re-serialises each document before a post-renderer sees it, and changes folded text (`>`) with indented lines and blocks with `+`")
}
