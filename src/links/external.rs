//! References to objects outside the input, which must exist in the cluster when the input is applied.
//!
//! Must not ask the cluster.

use crate::findings::diagnostic::{Code, Diagnostic, Severity};
use crate::kube::arena::Arena;
use crate::kube::object::TargetKind;
use crate::kube::shown;
use crate::links::known::KnownObjects;
use crate::links::resolve::Link;
use crate::options::{External, Options};
use crate::rules::shapes::Strength;
use crate::survey::inventory::Inventory;
use crate::survey::references::{InNamespace, Reference, ReferenceIndex};
use std::collections::HashSet;

/// A ConfigMap that the controller manager creates in every namespace (`RootCACertPublisher`).
const ALWAYS_THERE: &str = "kube-root-ca.crt";

/// Returns a finding for each object outside the input that a reference needs; none unless the options request them.
pub fn external(
    inventory: &Inventory<'_>,
    links: &Arena<ReferenceIndex, Link>,
    options: &Options,
) -> Vec<Diagnostic> {
    let severity = match options.external {
        External::Silent => return Vec::new(),
        External::List => Severity::Note,
        External::Warn => Severity::Warning,
        External::Error => Severity::Error,
    };
    let lister = Lister { inventory, options, known: KnownObjects::new(&options.known) };
    let mut seen = HashSet::new();
    let linked = inventory.collected.references.iter().zip(links);
    let outside = linked.filter(|(reference, link)| **link == Link::Outside && is_needed(*reference));
    let too_many = lister.known.too_many();
    let needed = outside.filter_map(|(reference, _)| {
        let namespace = lister.namespace(reference);
        let kinds: Vec<TargetKind> = reference.kinds.iter().collect();
        let known = kinds.iter().any(|kind| lister.is_known(*kind, namespace, reference.name()));
        let new = !known && seen.insert((kinds.clone(), namespace, reference.name()));
        new.then(|| lister.finding(reference, &kinds, namespace).with_severity(severity))
    });
    needed.chain(too_many).collect()
}

/// True for a reference that is needed for something to start or work.
fn is_needed(reference: Reference<'_>) -> bool {
    reference.strength == Strength::Strong && !reference.optional && !reference.name().is_empty()
}

struct Lister<'a, 's> {
    inventory: &'a Inventory<'s>,
    options: &'a Options,
    known: KnownObjects<'a>,
}

impl<'a> Lister<'a, '_> {
    fn namespace(&self, reference: Reference<'a>) -> Option<&'a str> {
        match reference.namespace() {
            InNamespace::Given(namespace) => Some(namespace),
            InNamespace::Any | InNamespace::Each => None,
            InNamespace::Own => {
                let own = self.inventory.objects.namespace(reference.object);
                own.or(self.options.namespace.as_deref())
            }
        }
    }

    fn is_known(&self, kind: TargetKind, namespace: Option<&str>, name: &str) -> bool {
        (kind == TargetKind::ConfigMap && name == ALWAYS_THERE) || self.known.has(kind, namespace, name)
    }

    fn finding(&self, reference: Reference<'_>, kinds: &[TargetKind], namespace: Option<&str>) -> Diagnostic {
        let owner = self.inventory.objects.at(reference.object);
        let kind = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ");
        let place = namespace
            .map(|namespace| format!(" in namespace `{}`", shown::name(namespace)))
            .unwrap_or_default();
        let message = format!(
            "{} needs {kind} `{}`{place}, which is not in the input",
            owner.id,
            shown::name(reference.name())
        );
        Diagnostic::new(Code::ExternalReference, message)
            .in_document(owner.document)
            .at(reference.site.span, "")
            .help("make sure that it exists in the cluster, then list it in a `--known` file")
    }
}
