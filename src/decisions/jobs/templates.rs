//! Parses the templates of the Jobs that get a suffix again, and returns their canonical texts.

use super::canonical::{self, Canonical, New};
use super::naming::Naming;
use super::search::alias_limit;
use crate::decisions::policy;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::job::{self, JobIndex};
use crate::kube::object::objects;
use crate::survey::reread;
use crate::text::source::Span;
use crate::yaml::Writing;
use crate::yaml::split::Document;
use std::collections::{HashMap, HashSet};

impl Naming<'_, '_> {
    /// Returns the canonical text of each template.
    pub(super) fn texts(
        &self,
        renaming: &HashSet<JobIndex>,
    ) -> (HashMap<JobIndex, Canonical>, Vec<Diagnostic>) {
        let new = self.new_texts(renaming);
        let mut by_place: HashMap<(Span, Option<u32>), JobIndex> = HashMap::new();
        let mut wanted: HashSet<u32> = HashSet::new();
        for number in renaming {
            let job = &self.input.inventory.jobs[*number];
            by_place.insert((job.span, job.name.via), *number);
            wanted.insert(job.document);
        }
        let (mut texts, mut findings) = (HashMap::new(), Vec::new());
        let is_wanted = |document: &Document| wanted.contains(&document.number);
        reread::documents(self.input.stream, self.input.inventory, is_wanted, &mut |document, tree| {
            for view in objects(tree) {
                let place = (tree.node(view.root).span, view.via);
                let Some(number) = by_place.get(&place) else { continue };
                let kind = self.input.inventory.jobs[*number].kind;
                let Some(root) = job::template(&view, kind) else { continue };
                match canonical::canonical(tree, self.input.stream.source, root, &new) {
                    Some(text) => drop(texts.insert(*number, text)),
                    None => return findings.push(alias_limit(document)),
                }
            }
        });
        (texts, findings)
    }

    /// Returns the places in templates that change, with their final text, sorted.
    fn new_texts(&self, renaming: &HashSet<JobIndex>) -> Vec<(Span, Writing, New)> {
        let uses = self.survey.uses.iter().filter(|used| renaming.contains(&used.job));
        let references = uses.filter_map(|used| {
            let target = self.versioned(used.reference)?;
            // An object that kustomize will rename counts as if it already had its suffix.
            let named = self.decisions[target] != policy::Decision::Keep;
            let target = &self.input.inventory.targets[target];
            let suffix = target.suffix.as_ref().ok().filter(|_| named)?;
            let name = suffix.name(self.input.inventory.name(target));
            let site = self.input.inventory.collected.references.at(used.reference).site;
            Some((site.span, site.writing, New::Name(name)))
        });
        let within = |job: &JobIndex| renaming.contains(job);
        let places =
            self.survey.named.places.iter().filter(|place| place.within.as_ref().is_some_and(within));
        let jobs = places.map(|place| (place.site.span, place.site.writing, New::Job(place.job)));
        let mut new: Vec<_> = references.chain(jobs).collect();
        new.sort_by_key(|(span, ..)| *span);
        new.dedup_by_key(|(span, ..)| *span);
        new
    }
}
