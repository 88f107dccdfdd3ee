//! Every edit, in the order of the source and without overlap, each with its cause.
//!
//! Made once from the links and the decisions. No earlier stage changes names. Must not decide.

use crate::decisions::Decisions;
use crate::decisions::policy::{Because, Decision};
use crate::edits::ambiguous;
use crate::edits::anchors::{self, Use};
use crate::edits::edit::{Addition, AdditionIndex, Additions, Cause, Change, Edit};
use crate::edits::grants::is_in_list;
use crate::edits::texts::Input;
use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::arena::{Arena, ArenaIndex};
use crate::kube::object::ObjectIndex;
use crate::links::Links;
use crate::links::resolve::Link;
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Copying, Inventory, Target, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::text::parts;
use crate::text::replacement::Text;
use crate::text::source::Span;
use crate::text::splice::{Pen, Splice};
use crate::yaml::split;
use crate::yaml::{Site, Style, Writing};
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::io::{self, Write};
use std::ops::Range;

/// All edits, in the order of the source.
#[derive(Debug, Default)]
pub struct Plan {
    /// The edits, sorted and without overlap.
    pub edits: Vec<Edit>,
    /// The text of all changes other than new names and `immutable`. Edits refer to them by index.
    pub additions: Arena<AdditionIndex, Addition>,
    /// The findings about edits that are not possible.
    pub findings: Vec<Diagnostic>,
}

impl Plan {
    /// Returns the plan with more insertions, which must not overlap an edit. At the same place they come after earlier
    /// ones.
    #[must_use]
    pub fn with(mut self, additions: Vec<Addition>) -> Plan {
        if additions.is_empty() {
            return self;
        }
        for addition in additions {
            let site = addition.change.site;
            let cause = Cause::Addition(self.additions.push(addition));
            self.edits.push(Edit { span: site.span, cause, writing: site.writing });
        }
        // The sort is stable, so edits at the same place keep their order.
        self.edits.sort_by_key(|edit| edit.span.start);
        self
    }

    /// Writes the text that replaces the bytes of an edit.
    pub fn write(&self, edit: &Edit, input: Input<'_, '_>, pen: &mut Pen<'_>) {
        input.write(edit, &self.additions, pen);
    }

    /// Writes the source with all edits and with one more insertion. Uses at most `threads` threads.
    ///
    /// # Errors
    /// Errors of the writer.
    pub fn write_all(
        &self,
        input: Input<'_, '_>,
        insertion: Option<(Span, String)>,
        threads: usize,
        out: impl Write,
    ) -> io::Result<()> {
        let mut splice = Splice::new(input.source.text(), out);
        let write = |edit: &Edit, pen: &mut Pen<'_>| self.write(edit, input, pen);
        let at = insertion.as_ref().map_or(u32::MAX, |(span, _)| span.start);
        let (before, behind) = self.edits.split_at(self.edits.partition_point(|edit| edit.span.start <= at));
        splice.replace(threads, before, |edit| edit.span, write)?;
        if let Some((span, text)) = insertion {
            splice.replace(1, &[text], |_| span, |text, pen| pen.text().push_str(text))?;
        }
        splice.replace(threads, behind, |edit| edit.span, write)?;
        splice.finish()
    }
}

/// Makes the plan. An edit that is not possible is a finding of error severity.
///
/// Additions for the same place are written in the given order.
pub fn plan(
    input: Input<'_, '_>,
    links: &Links,
    decisions: &Decisions,
    additions: Additions,
    threads: usize,
) -> Plan {
    let Additions { list: additions, findings } = additions;
    let additions: Arena<AdditionIndex, Addition> = additions.into_iter().collect();
    let mut planner = Planner::new(input, decisions);
    planner.findings = findings;
    planner.additions(&additions);
    // Uses in documents with aliases must stay in this order.
    let threads = if input.inventory.aliased.is_empty() { threads } else { 1 };
    let work = |part: &Part| {
        let mut planner = Planner::new(input, decisions);
        planner.part(part, links);
        planner
    };
    // A part is freed when it is joined, so there is never a second copy of the whole plan.
    planner.edits.reserve_exact(2 * input.inventory.targets.len() + links.of_references.len());
    let parts = in_parts(input.inventory, parts::count(threads).max(input.inventory.targets.len() / A_PART));
    let Ok(()) = parts::in_order(threads, &parts, work, |mut part| {
        planner.edits.append(&mut part.edits);
        planner.uses.append(&mut part.uses);
        planner.findings.append(&mut part.findings);
        Ok::<(), Infallible>(())
    });
    planner.place_in_aliased_documents();
    let (edits, findings) = planner.finish(&additions);
    Plan { edits, additions, findings }
}

/// The number of ConfigMaps and Secrets in a part of a large plan.
const A_PART: usize = 4096;

/// A part of the targets and references, as positions.
type Part = (Range<usize>, Range<usize>);

/// Splits the targets and references into parts. The edits of a part come before those of later parts, because both are
/// in the order of the objects that contain them.
fn in_parts(inventory: &Inventory<'_>, count: usize) -> Vec<Part> {
    let (targets, references) = (&inventory.targets, &inventory.collected.references);
    let (mut parts, mut done) = (Vec::with_capacity(count), (0, 0));
    for number in 1..=count {
        let mut end = (targets.len(), references.len());
        if number < count {
            let first = ObjectIndex::at(inventory.objects.len() * number / count);
            let target = targets.partition_point(|target| target.object < first);
            end = (target.max(done.0), references.before(first).max(done.1));
        }
        parts.push((done.0..end.0, done.1..end.1));
        done = end;
    }
    parts
}

struct Planner<'i, 's> {
    input: Input<'i, 's>,
    inventory: &'i Inventory<'s>,
    decisions: &'i Decisions,
    edits: Vec<Edit>,
    /// Places in documents with aliases. They are resolved together.
    uses: Vec<Use>,
    findings: Vec<Diagnostic>,
}

impl<'i, 's> Planner<'i, 's> {
    fn new(input: Input<'i, 's>, decisions: &'i Decisions) -> Planner<'i, 's> {
        let inventory = input.inventory;
        Planner { input, inventory, decisions, edits: Vec::new(), uses: Vec::new(), findings: Vec::new() }
    }

    fn part(&mut self, (targets, references): &Part, links: &Links) {
        self.edits.reserve_exact(2 * targets.len() + references.len());
        for index in targets.clone().map(TargetIndex::at) {
            self.target(index, &self.inventory.targets[index]);
        }
        for index in references.clone().map(ReferenceIndex::at) {
            self.link(index, self.decisions.link(index, links));
        }
        self.sort();
    }

    /// Adds the edits of a target, in the order of the text: the entry `immutable` usually goes after the kind, before
    /// the name.
    fn target(&mut self, index: TargetIndex, target: &Target) {
        let decision = self.decisions.of_targets[index];
        let immutable = match decision {
            Decision::Leave(_) => None,
            _ => target.immutable.place(self.input.source),
        };
        let is_first = |span: &Span| span.start < target.name.span.start;
        self.make_immutable(index, target, immutable.filter(is_first));
        self.place(target.name, self.renamed(index).map(Cause::Name));
        self.make_immutable(index, target, immutable.filter(|span| !is_first(span)));
        if let (Some(because), Copying::Marked(_), Ok(_)) =
            (decision.original(), target.copying, &target.suffix)
        {
            self.copy(index, target, because == Because::Outside);
        }
    }

    fn make_immutable(&mut self, index: TargetIndex, target: &Target, place: Option<Span>) {
        if let Some(span) = place {
            let site = Site { span, writing: Writing::Scalar(Style::Plain), via: target.name.via };
            self.place(site, Some(Cause::Immutable(index)));
        }
    }

    /// Adds a copy of the document of a target after that document.
    fn copy(&mut self, index: TargetIndex, target: &Target, outside: bool) {
        let number = self.inventory.object(target).document;
        let Some(at) = split::position(self.input.documents, number) else { return };
        let span = Span::empty(self.input.documents[at].span.end);
        self.edits.push(Edit { span, cause: Cause::Original(index, outside), writing: Writing::Inner });
    }

    fn link(&mut self, index: ReferenceIndex, link: &Link) {
        if self.decisions.earlier.contains_key(&index) {
            // An addition gives it the name of an earlier version.
            return;
        }
        let reference = self.inventory.collected.references.at(index);
        let cause = match link {
            Link::Outside | Link::Plain(_) => None,
            // A reference that must keep its text continues to use the original.
            _ if self.decisions.stays(reference, link) => None,
            Link::To(target) => self.renamed(*target).map(Cause::Reference),
            Link::Ambiguous(targets) => self.ambiguous(index, targets).map(Cause::Reference),
        };
        self.place(reference.site, cause);
    }

    /// Records the additions. Equal text at the same place is one addition: a part of the document that aliases also
    /// use is reached several times.
    fn additions(&mut self, additions: &Arena<AdditionIndex, Addition>) {
        let mut first: HashMap<(Span, &Text), AdditionIndex> = HashMap::new();
        for (index, addition) in additions.indexed() {
            let Change { site, text, .. } = &addition.change;
            let is_shared = self.inventory.shared_at(site.span).is_some();
            let index = if is_shared { *first.entry((site.span, text)).or_insert(index) } else { index };
            self.place(*site, Some(Cause::Addition(index)));
        }
    }

    /// Returns the index unchanged if the target gets a new name, and `None` otherwise.
    fn renamed(&self, index: TargetIndex) -> Option<TargetIndex> {
        let target = &self.inventory.targets[index];
        (self.decisions.of_targets[index].renames() && target.suffix.is_ok()).then_some(index)
    }

    /// Returns the target whose name the reference gets. Several candidates are no problem if all have the same new
    /// name.
    fn ambiguous(&mut self, index: ReferenceIndex, targets: &[TargetIndex]) -> Option<TargetIndex> {
        let outcome = |target: TargetIndex| {
            self.renamed(target).and_then(|target| self.inventory.targets[target].suffix.as_ref().ok())
        };
        let first = *targets.first()?;
        if targets.iter().all(|target| outcome(*target) == outcome(first)) {
            return self.renamed(first);
        }
        let reference = self.inventory.collected.references.at(index);
        // A list can hold all names: the others are added to it.
        if reference.strength == Strength::Grant && is_in_list(self.input.source, &reference.site) {
            return targets.iter().find_map(|target| self.renamed(*target));
        }
        self.findings.push(ambiguous::finding(self.inventory, &reference, targets));
        None
    }

    /// Records the change that a place needs. `cause` is `None` if the text stays.
    fn place(&mut self, site: Site, cause: Option<Cause>) {
        if self.inventory.shared_at(site.span).is_some() {
            self.uses.push(Use { site, wish: cause });
        } else if let Some(cause) = cause {
            self.edits.push(Edit { span: site.span, cause, writing: site.writing });
        }
    }

    fn place_in_aliased_documents(&mut self) {
        let mut by_document: Vec<Vec<Use>> = vec![Vec::new(); self.inventory.aliased.len()];
        for place in std::mem::take(&mut self.uses) {
            if let Some(at) = self.inventory.shared_at(place.site.span) {
                by_document[at].push(place);
            }
        }
        for (shared, uses) in self.inventory.aliased.iter().zip(by_document) {
            match anchors::without_conflicts(&shared.anchored, uses) {
                Ok(settled) => {
                    let edit = |place: Use| {
                        Some(Edit { span: place.site.span, cause: place.wish?, writing: place.site.writing })
                    };
                    self.edits.extend(settled.into_iter().filter_map(edit));
                }
                Err(finding) => {
                    let object =
                        self.inventory.objects.iter().find(|object| shared.span.contains(object.span));
                    let document = object.map_or(1, |object| object.document);
                    self.findings.push(finding.in_document(document));
                }
            }
        }
    }

    /// Sorts the edits. A stable sort is fast here: the targets, the references and each kind of addition are in the
    /// order of the text, and so are the parts, so sorted runs are only merged.
    fn sort(&mut self) {
        self.edits.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| turn(a.cause).cmp(&turn(b.cause))));
    }

    /// Sorts the edits and removes duplicates.
    fn finish(mut self, additions: &Arena<AdditionIndex, Addition>) -> (Vec<Edit>, Vec<Diagnostic>) {
        self.sort();
        let mut there: HashSet<&Text> = HashSet::new();
        self.edits.dedup_by(|later, earlier| {
            if later.span != earlier.span {
                there.clear();
                return false;
            }
            let text = |cause| match cause {
                Cause::Addition(index) => Some(&additions[index].change.text),
                _ => None,
            };
            if let Some(text_later) = text(later.cause) {
                there.extend(text(earlier.cause));
                return !there.insert(text_later);
            }
            anchors::same_outcome(self.inventory, later.cause, earlier.cause)
        });
        let overlap = self.edits.windows(2).find(|pair| pair[1].span.start < pair[0].span.end);
        if let Some([first, second]) = overlap {
            let finding = Diagnostic::new(Code::SharedAnchor, "one place needs two different names")
                .at(first.span, "one here")
                .at(second.span, "another here")
                .help("replace the alias with a copy of the value");
            self.findings.push(finding);
        }
        (self.edits, self.findings)
    }
}

/// Returns the sort key for edits at the same place.
fn turn(cause: Cause) -> (u8, Option<AdditionIndex>) {
    match cause {
        Cause::Name(_) | Cause::Reference(_) => (0, None),
        Cause::OldName(_) | Cause::OldValue(_) | Cause::OldText(_) => (0, None),
        Cause::Immutable(_) => (1, None),
        Cause::Original(..) => (2, None),
        Cause::Addition(addition) => (2, Some(addition)),
    }
}
