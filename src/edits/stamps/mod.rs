//! Annotations that the options ask for: on versioned objects, so that a deployer keeps them; on pod templates, so that
//! a change of what keeps its name still rolls them.
//!
//! Says what is to be written where. Decides nothing about any object.

mod checksums;
mod retained;

use crate::decisions::policy::Decision;
use crate::edits::annotation;
use crate::edits::edit::{Addition, Change, Why};
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::kube::object::{ObjectIndex, View};
use crate::links::resolve::Link;
use crate::options::Options;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::survey::reread;
use crate::text::source::Source;
use crate::yaml::split::Document;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is to be written. A place where no annotation can be written is a finding.
pub fn stamps(
    source: &Source,
    documents: &[Document],
    inventory: &Inventory<'_>,
    (decisions, links): (&Arena<TargetIndex, Decision>, &Arena<ReferenceIndex, Link>),
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Addition> {
    let retained = retained::objects(inventory, decisions, options);
    let used: BTreeMap<ObjectIndex, Vec<checksums::Use>> =
        checksums::uses(inventory, decisions, links, options);
    let wanted: BTreeSet<ObjectIndex> = retained.iter().chain(used.keys()).copied().collect();
    let mut additions = Vec::new();
    let mut add = |changes: Result<Vec<Change>, Box<Diagnostic>>, why, object: ObjectIndex| match changes {
        Ok(changes) => additions.extend(changes.into_iter().map(|change| Addition { change, why })),
        Err(finding) => {
            diagnostics.push(finding.in_document(inventory.objects[object].document));
        }
    };
    reread::each(source, documents, inventory, &wanted, &mut |object, view| {
        if retained.contains(&object) {
            let annotations = retained::annotations(view, &options.retain);
            add(annotate(view, source, &annotations), Why::Retained, object);
        }
        for (template, via, annotations) in
            used.get(&object).map_or(vec![], |used| checksums::templates(view, used))
        {
            let changes = annotation::annotate(view.tree, source, template, via, &annotations);
            add(changes, Why::Checksum, object);
        }
    });
    additions
}

fn annotate(
    view: &View<'_, '_>,
    source: &Source,
    annotations: &[annotation::Annotation],
) -> Result<Vec<Change>, Box<Diagnostic>> {
    annotation::annotate(view.tree, source, view.root, view.via, annotations)
}
