//! Annotations on versioned objects, which tell a deployer to keep them or state that the suffix was made with a key,
//! and on pod templates, which roll when an object with a fixed name changes.
//!
//! Returns the text and its places. Must not decide about any object.

mod checksums;
mod keyed;
pub mod retained;

use crate::decisions::Decisions;
use crate::edits::annotation;
use crate::edits::edit::{Addition, Additions, Change, Why};
use crate::findings::diagnostic::Diagnostic;
use crate::kube::object::{ObjectIndex, View};
use crate::links::Links;
use crate::options::Options;
use crate::survey::inventory::Inventory;
use crate::survey::reread;
use crate::text::source::Source;
use crate::yaml::split::Stream;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Returns all such annotations, and a finding for each place where none can be written.
pub fn stamps(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    links: &Links,
    decisions: &Decisions,
    options: &Options,
) -> Additions {
    let source = stream.source;
    let retained = retained::objects(inventory, &decisions.of_targets, options);
    let keyed = keyed::objects(inventory, &decisions.of_targets);
    let used: BTreeMap<ObjectIndex, Vec<checksums::Use>> =
        checksums::uses(inventory, links, decisions, options);
    let wanted: BTreeSet<ObjectIndex> = retained.iter().chain(&keyed).chain(used.keys()).copied().collect();
    let mut additions = Additions::default();
    let mut add = |changes: Result<Vec<Change>, Box<Diagnostic>>, why, object: ObjectIndex| match changes {
        Ok(changes) => additions.list.extend(changes.into_iter().map(|change| Addition { change, why })),
        Err(finding) => {
            additions.findings.push(finding.in_document(inventory.objects.at(object).document));
        }
    };
    let mut checksums = HashSet::new();
    reread::each(stream, inventory, &wanted, &mut |object, view| {
        let (is_retained, is_keyed) = (retained.contains(&object), keyed.contains(&object));
        if is_retained || is_keyed {
            // One call writes all annotations, because the first may create the mapping that contains them.
            let kept = is_retained.then(|| retained::annotations(view, &options.retain));
            let mark = is_keyed.then(keyed::annotation);
            let annotations: Vec<_> = kept.into_iter().flatten().chain(mark).collect();
            let why = if is_retained { Why::Retained } else { Why::Keyed };
            add(annotate(view, source, &annotations), why, object);
        }
        for (template, via, annotations) in
            used.get(&object).map_or(vec![], |used| checksums::templates(view, used))
        {
            let changes = annotation::annotate(view.tree, source, template, via, &annotations);
            add(changes, Why::Checksum, object);
            checksums.extend(annotations);
        }
    });
    additions.findings.extend(checksums::keyless(inventory, options, &checksums));
    additions
}

fn annotate(
    view: &View<'_, '_>,
    source: &Source,
    annotations: &[annotation::Annotation],
) -> Result<Vec<Change>, Box<Diagnostic>> {
    annotation::annotate(view.tree, source, view.root, view.via, annotations)
}
