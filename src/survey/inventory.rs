//! One pass over the documents. It keeps everything that later stages need, so no syntax tree has to be kept.
//!
//! Each document is read on its own, on several threads if the caller allows it. The results are in the order of the
//! stream. Later stages must not change an inventory, so that none of them sees a mixture of new and old names.

use crate::findings::diagnostic::Diagnostic;
use crate::kube::annotations::is_hook;
use crate::kube::carried::{self, Carried};
use crate::kube::content;
use crate::kube::either;
use crate::kube::helm::{self, HelmComment};
use crate::kube::helm_text;
use crate::kube::immutable::{self, Immutable};
use crate::kube::job::{self, Job};
use crate::kube::kustomize::{self, Affixes};
use crate::kube::metadata;
use crate::kube::names;
use crate::kube::object::{self, Object, ObjectId, ObjectIndex, TargetKind, View, objects};
use crate::kube::scheme::Made;
use crate::kube::signs::Signs;
use crate::kube::suffix::{Hash, looks_suffixed};
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::aliased::AliasedDocument;
use crate::survey::doubts;
use crate::survey::findings::{alias_limit, blocked, ignored_text, unreadable};
pub use crate::survey::found::Inventory;
use crate::survey::moments::Moment;
use crate::survey::references::{Memory, Subject};
use crate::survey::standing::{self, OriginalWish, Reason, Standing};
use crate::survey::target::Problems;
pub use crate::survey::target::{Copying, Target, TargetIndex};
use crate::text::parts;
use crate::text::source::{Source, Span};
use crate::yaml::split::{Document, List, Stream};
use crate::yaml::{self, Tree};

/// The size in bytes of the largest part of a stream that is read at once. What a part leaves free when it is joined is
/// lost if other memory of the thread is still in use.
const MOST_AT_ONCE: usize = 1 << 22;

/// Reads every document. Long lists are read in parts, if that is possible for all of them.
pub fn take<'s>(stream: &Stream<'s>, rules: &Rules, options: &Options) -> Inventory<'s> {
    let mut inventory = read_all(stream, stream.parts(), rules, options);
    if inventory.whole {
        inventory = Inventory { whole: true, ..read_all(stream, &stream.documents, rules, options) };
    }
    std::mem::take(&mut inventory.left_out).finish(&mut inventory.findings);
    inventory.collected.settle_bindings();
    inventory.encoded.sort();
    inventory
}

fn read_all<'s>(
    stream: &Stream<'s>,
    documents: &[Document],
    rules: &Rules,
    options: &Options,
) -> Inventory<'s> {
    let end = |document: &Document| document.span.end as usize;
    let count = parts::count(options.threads).max(stream.source.text().len() / MOST_AT_ONCE);
    let runs = parts::runs(documents, count, end);
    let work = |run: &&[Document]| Inventory { parts: 1, ..read(stream, run, rules, options) };
    let join = |all: &mut Inventory<'s>, later| {
        if all.parts == 1 {
            // The first part is the largest one.
            all.reserve(count + 1);
        }
        all.append(later);
    };
    parts::joined(options.threads, &runs, work, join).unwrap_or_else(|| Inventory::of(stream.source))
}

fn read<'s>(stream: &Stream<'s>, documents: &[Document], rules: &Rules, options: &Options) -> Inventory<'s> {
    let mut reader = Reader {
        source: stream.source,
        rules,
        options,
        memory: Memory::default(),
        comment: HelmComment::default(),
        inventory: Inventory::of(stream.source),
    };
    let mut tree = Tree::default();
    for document in documents {
        match stream.list_of(*document) {
            Some(list) => reader.part(*document, list, &mut tree),
            None => reader.document(*document, &mut tree),
        }
    }
    reader.inventory
}

struct Reader<'s, 'r> {
    source: &'s Source,
    rules: &'r Rules,
    options: &'r Options,
    memory: Memory<'s>,
    /// The search for Helm's comment in the current document.
    comment: HelmComment,
    inventory: Inventory<'s>,
}

impl<'s> Reader<'s, '_> {
    fn document(&mut self, document: Document, tree: &mut Tree<'s>) {
        self.comment = HelmComment::from(document.span);
        let text = self.source.slice(document.span);
        let first_finding = self.inventory.findings.len();
        match yaml::parse(text, document.span.start, tree) {
            Ok(()) => self.objects(document, tree),
            Err(error) => self.inventory.findings.push(unreadable(&error, document.span.start, text)),
        }
        self.number(first_finding, document);
    }

    fn part(&mut self, part: Document, list: &List, tree: &mut Tree<'s>) {
        self.comment = HelmComment::from(part.span);
        let first_finding = self.inventory.findings.len();
        if yaml::parse_part(self.source, part, list, tree) && object::is_list(tree, list.open) {
            self.objects(part, tree);
        } else {
            self.inventory.whole = true;
        }
        self.number(first_finding, part);
    }

    fn objects(&mut self, document: Document, tree: &Tree<'s>) {
        if let Some(root) = tree.root() {
            // The comments before the root node.
            let before = Span { start: document.span.start, end: tree.node(root).span.start };
            self.inventory.collected.details.aside.unsearched.push(before);
        }
        let mut one = false;
        for view in objects(tree) {
            self.object(document, &view);
            one |= tree.root() == Some(view.root) && doubts::is_one_object(&view);
        }
        let text = self.source.slice(document.span);
        self.inventory.findings.extend(doubts::document(text, document.span.start, tree, one));
        let findings = &mut self.inventory.findings;
        if let Some(at) = tree.ignored_from() {
            findings.push(ignored_text(self.source, at));
        }
        if tree.exhausted() {
            findings.push(alias_limit(document.span));
        }
        if tree.has_aliases() {
            self.inventory.aliased.push(AliasedDocument { span: document.span, anchored: tree.anchored() });
        }
    }

    fn number(&mut self, first_finding: usize, document: Document) {
        for finding in &mut self.inventory.findings[first_finding..] {
            finding.document = Some(document.number);
        }
        self.inventory.left_out.bound(&mut self.inventory.findings);
    }

    fn object(&mut self, document: Document, view: &View<'_, 's>) {
        let id = view.id();
        let index = self.inventory.objects.next_index();
        let (group, kind) = (view.group(), view.target_kind());
        self.doubts(view, group);
        let collected = self.inventory.collected.count();
        let subject = Subject { view, api: (group, &id.kind), index, target: kind, source: self.source };
        if let Err(finding) = self.inventory.collected.walk(subject, self.rules, &mut self.memory) {
            self.inventory.findings.push(*finding);
        }
        let refers = self.inventory.collected.count() > collected;
        let job = job::read(view, group, &id, document.number);
        self.inventory.jobs.extend(job.map(|job| Job { object: refers.then_some(index), ..job }));
        if let Some(kind) = kind {
            let first = self.inventory.findings.len();
            let target = self.target(view, kind, &id, index);
            let findings = self.inventory.findings[first..].iter_mut();
            findings.for_each(|finding| finding.message = format!("{id}: {}", finding.message).into());
            self.inventory.targets.push(target);
            let encoded = view.field(kind.encoded()).map(|field| view.tree.node(field).span);
            self.inventory.encoded.extend(encoded);
        } else {
            self.inventory.other_names.push(content::key_hash(&id.name));
            if !refers {
                return;
            }
        }
        if let Some(affixes) = Affixes::of(view) {
            self.inventory.affixes.insert(index, affixes);
        }
        if let Some(moment) = Moment::of(view, kind.map(|_| id.name.as_ref())) {
            self.inventory.moments.insert(index, moment);
        }
        let span = view.tree.node(view.root).span;
        let hook = is_hook(view);
        self.inventory.objects.push(Object { id: id.identity(), document: document.number, span, hook });
    }

    fn doubts(&mut self, view: &View<'_, 's>, group: &str) {
        let span = view.tree.node(view.root).span;
        let findings = &mut self.inventory.findings;
        findings.extend(doubts::nearly_a_target(view));
        findings.extend(doubts::unknown_annotations(view));
        findings.extend(doubts::not_rendered(view, group, self.source.slice(span), span.start));
    }

    fn target(
        &mut self,
        view: &View<'_, 's>,
        kind: TargetKind,
        id: &ObjectId<'s>,
        object: ObjectIndex,
    ) -> Target {
        let mut problems: Vec<Diagnostic> =
            metadata::check(view).err().into_iter().map(|problem| *problem).collect();
        self.inventory.findings.extend(metadata::repeated_keys(view));
        let scheme = self.options.scheme();
        let content = content::read(view, kind, scheme.hash, &mut self.inventory.findings);
        let keys = self.inventory.collected.details.push_keys(content.as_ref().ok());
        let signs = content.as_ref().map_or(Signs::ANYTHING, |content| content.signs);
        let may_repeat = content.is_err() || (signs.disorder && content::repeats(keys));
        let made = content.map(|content| scheme.make(content));
        let other = |hash| content::read(view, kind, hash, &mut Vec::new()).ok();
        let carried = carried::carried(view, &id.name, made.as_ref().ok().copied(), scheme, other);
        let standing = self.standing(view, (kind, carried), (signs, may_repeat), &mut problems);
        let original = standing::original_wish(view, kind, self.options).unwrap_or_else(|finding| {
            problems.push(*finding);
            OriginalWish::Open
        });
        let immutable = immutable::immutable(view, self.source).unwrap_or_else(|finding| {
            problems.push(*finding);
            Immutable::Already
        });
        let made = match carried {
            _ if !problems.is_empty() => {
                problems.extend(made.err().unwrap_or_default());
                Err(problems)
            }
            Carried::Own(carried) => Ok(carried),
            // kustomize appends its own suffix, whatever scheme the options select.
            _ if standing == Standing::AwaitsKustomize => {
                made.map(|made| other(Hash::Kustomize).map_or(made, Made::plain))
            }
            _ => made,
        };
        self.inventory.collected.details.push(kustomize::previous_names(view, id), view);
        let name = view.tree.site(view.meta("name").unwrap_or(view.root), view.via);
        let commented = self.comment.is_before(self.source, view);
        Target {
            object,
            kind,
            name,
            fits: names::check(&id.name).is_ok(),
            suffixed: looks_suffixed(&id.name),
            keyed: made.as_ref().is_ok_and(|made| made.keyed),
            unknown_key: carried == Carried::Unknown,
            suffix: made.map(|made| made.suffix).map_err(|found| Box::new(Problems(blocked(found, id)))),
            standing,
            original,
            rendered_by_helm: self.options.by_helm || commented || helm::rendered(view),
            copying: Copying::of(view, self.source),
            changed_by_helm_4: signs.block && helm_text::is_changed(self.source, view),
            immutable,
        }
    }

    /// Returns what the object says about itself, or why its text prevents a version.
    fn standing(
        &mut self,
        view: &View<'_, 's>,
        (kind, carried): (TargetKind, Carried),
        (signs, may_repeat): (Signs, bool),
        problems: &mut Vec<Diagnostic>,
    ) -> Standing {
        let standing = standing::standing(view, (kind, carried), signs, self.options);
        let mut standing = standing.unwrap_or_else(|finding| {
            problems.push(*finding);
            Standing::Open
        });
        if let Some(finding) = standing::unusual_line_break(self.source, view, standing) {
            self.inventory.findings.push(finding);
            standing = Standing::Leave(Reason::LineBreakCharacter);
        }
        if let Standing::Open | Standing::VersionRequested = standing
            && may_repeat
            && let Some(finding) = either::either(view)
        {
            self.inventory.findings.push(finding);
            standing = Standing::Leave(Reason::EitherKey);
        }
        standing
    }
}
