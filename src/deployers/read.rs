//! Reads a rendered stream as a release.
//!
//! Uses the parser and the rules that the filter uses, so that both see the same objects and references.

use super::fixed::Fixed;
use super::hooks::Hooks;
use super::keeping::Keeping;
use super::release::{Digest, Id, Member, Need, Place, Release, Rolls, Template};
use super::{normal, templates};
use crate::decisions::jobs::canonical_text;
use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::ArenaIndex;
use crate::kube::content;
use crate::kube::object::{ObjectId, ObjectIndex, View, objects};
use crate::kube::scope::is_cluster_scoped;
use crate::kube::suffix;
use crate::options::Options;
use crate::rules::Rules;
use crate::rules::lifetimes::{Change, Lifetime};
use crate::rules::shapes::Strength;
use crate::survey::findings::invalid_yaml;
use crate::survey::references::{Collected, InNamespace, Memory, Reference, Subject};
use crate::text::source::{Source, Span};
use crate::yaml::split::{Document, split};
use crate::yaml::{self, NodeId, Tree, Value};
use std::sync::Arc;

/// Reads every object of a stream.
///
/// # Errors
/// The first document that cannot be read. A stream that the filter accepts has none.
pub fn release(source: &Source, rules: &Rules, options: &Options) -> Result<Release, Box<Diagnostic>> {
    release_with(source, rules, options, &mut |_, _| {})
}

/// Reads every object of a stream, and calls `visit` for each with its document, in the order of the release.
///
/// # Errors
/// The first document that cannot be read.
pub fn release_with(
    source: &Source,
    rules: &Rules,
    options: &Options,
    visit: &mut dyn FnMut(Document, &View<'_, '_>),
) -> Result<Release, Box<Diagnostic>> {
    let mut reader = Reader {
        source,
        rules,
        options,
        memory: Memory::default(),
        collected: Collected::default(),
        drafts: Vec::new(),
    };
    let mut tree = Tree::default();
    for document in split(source).documents {
        reader.document(document, &mut tree, visit)?;
    }
    Ok(reader.finish())
}

/// An object whose references are not assigned yet.
struct Draft {
    member: Member,
    template: Option<Span>,
    /// What the kubelet waits for, within the template.
    waited_for: Vec<Span>,
    pull_secrets: Option<Span>,
    account: Option<Id>,
    rolls: Option<(Digest, Rolls)>,
}

struct Reader<'s, 'r> {
    source: &'s Source,
    rules: &'r Rules,
    options: &'r Options,
    memory: Memory<'s>,
    collected: Collected<'s>,
    drafts: Vec<Draft>,
}

impl<'s> Reader<'s, '_> {
    fn document(
        &mut self,
        document: Document,
        tree: &mut Tree<'s>,
        visit: &mut dyn FnMut(Document, &View<'_, '_>),
    ) -> Result<(), Box<Diagnostic>> {
        let text = self.source.slice(document.span);
        yaml::parse(text, document.span.start, tree)
            .map_err(|error| Box::new(invalid_yaml(&error).in_document(document.number)))?;
        for view in objects(tree) {
            self.object(&view).map_err(|finding| Box::new(finding.in_document(document.number)))?;
            visit(document, &view);
        }
        Ok(())
    }

    fn object(&mut self, view: &View<'_, 's>) -> Result<(), Diagnostic> {
        let id = view.id();
        let (group, index) = (view.group(), ObjectIndex::at(self.drafts.len()));
        let subject =
            Subject { view, api: (group, &id.kind), index, target: view.target_kind(), source: self.source };
        self.collected.walk(subject, self.rules, &mut self.memory).map_err(|finding| *finding)?;
        let draft = self.draft(view, &id);
        self.drafts.push(draft);
        Ok(())
    }

    fn draft(&self, view: &View<'_, 's>, id: &ObjectId<'s>) -> Draft {
        let kind = id.kind.as_ref();
        let template = templates::template(view, kind);
        let spec = template.map(|(node, _)| templates::pod_spec(view, kind, node));
        let pull_secrets = |node| view.tree.get(node, "imagePullSecrets");
        let account =
            spec.filter(|spec| pull_secrets(*spec).is_none()).map(|spec| self.account(view, id, spec));
        let span = |node: NodeId| view.tree.node(node).span;
        Draft {
            member: self.member(view, id),
            template: template.map(|(node, _)| span(node)),
            waited_for: spec.map(|spec| templates::waited_for(view, spec)).unwrap_or_default(),
            pull_secrets: pull_secrets(view.root).filter(|_| kind == "ServiceAccount").map(span),
            account,
            rolls: template.map(|(node, rolls)| (self.digest_of_template(view, node), rolls)),
        }
    }

    /// Returns the object without its references.
    fn member(&self, view: &View<'_, 's>, id: &ObjectId<'s>) -> Member {
        Member {
            id: Id {
                kind: id.kind.to_string(),
                name: id.name.to_string(),
                group: view.group().to_owned(),
                namespace: self.home(id),
            },
            digest: self.digest(view, view.root),
            fixed: Fixed::of(view, &id.kind, |node| self.text(view, node)),
            frozen: self.frozen(view),
            template: None,
            reads: Vec::new(),
            grants: Vec::new(),
            copied: Vec::new(),
            hooks: Hooks::read(view),
            keeping: Keeping::read(view),
        }
    }

    /// Returns the namespace of the object, or that of the options; `None` for a cluster-scoped object.
    fn home(&self, id: &ObjectId<'_>) -> Option<String> {
        let fallback = self.options.namespace.as_deref().filter(|_| !is_cluster_scoped(&id.kind));
        id.namespace.as_deref().or(fallback).map(str::to_owned)
    }

    fn account(&self, view: &View<'_, '_>, id: &ObjectId<'_>, spec: NodeId) -> Id {
        let name = view.tree.text_of(spec, "serviceAccountName").filter(|name| !name.is_empty());
        let name = name.unwrap_or("default").to_owned();
        Id { kind: "ServiceAccount".to_owned(), name, group: String::new(), namespace: self.home(id) }
    }

    /// Returns the digest of the content of an immutable ConfigMap or Secret.
    fn frozen(&self, view: &View<'_, '_>) -> Option<Digest> {
        let kind = view.target_kind()?;
        let immutable = view.field("immutable").and_then(|node| view.tree.value(node));
        if immutable != Some(Value::Bool(true)) {
            return None;
        }
        let content = content::read(view, kind, self.options.hash, &mut Vec::new());
        Some(content.map_or_else(|_| self.digest(view, view.root), suffix::suffix))
    }

    /// A change that means nothing to the API server rolls no pods.
    fn digest_of_template(&self, view: &View<'_, '_>, node: NodeId) -> Digest {
        suffix::of_text(&normal::text(&self.text(view, node)).unwrap_or_default())
    }

    fn digest(&self, view: &View<'_, '_>, node: NodeId) -> Digest {
        suffix::of_text(&self.text(view, node))
    }

    /// Returns the canonical text of a node, or the text as written if it has too many aliases.
    fn text(&self, view: &View<'_, '_>, node: NodeId) -> String {
        let text = canonical_text(view.tree, self.source, node);
        text.unwrap_or_else(|| self.source.slice(view.tree.node(node).span).to_owned())
    }

    fn finish(mut self) -> Release {
        self.collected.settle_bindings();
        let mut needs: Vec<Vec<Reference<'_>>> = vec![Vec::new(); self.drafts.len()];
        self.collected
            .references
            .iter()
            .for_each(|reference| needs[reference.object.position()].push(reference));
        let members =
            self.drafts.into_iter().zip(needs).map(|(draft, needs)| Arc::new(settled(draft, &needs)));
        Release { members: members.collect() }
    }
}

/// Returns the object with each of its references in the list where it belongs.
fn settled(draft: Draft, references: &[Reference<'_>]) -> Member {
    let Draft { mut member, template, waited_for, pull_secrets, account, rolls } = draft;
    let is_account = member.id.kind == "ServiceAccount";
    let (mut of_pods, mut names, mut slow) = (Vec::new(), Vec::new(), false);
    for reference in references {
        let place = reference.site.via.unwrap_or(reference.site.span.start);
        let within = |span: Option<Span>| span.is_some_and(|span| span.start <= place && place < span.end);
        let lifetime = reference.lifetime();
        let copied = within(pull_secrets) || (lifetime == Lifetime::Copied && !is_account);
        let list = match reference.strength {
            Strength::Grant => &mut member.grants,
            _ if within(template) => &mut of_pods,
            _ if copied || templates::is_class(&member.id.group, &member.id.kind) => &mut member.copied,
            _ => &mut member.reads,
        };
        // What an alias leads to may be anywhere in the pod.
        let holds_up = reference.site.via.is_some() || is_in(&waited_for, place);
        let need = need(&member.id, *reference);
        list.push(Need { optional: need.optional || !holds_up, ..need });
        slow |= lifetime == Lifetime::Slow;
        names.extend((lifetime == Lifetime::Fixed(Change::Refused)).then_some(reference.name()));
    }
    let rolls = rolls.map(|(digest, rolls)| (digest, if slow { Rolls::Slowly } else { rolls }));
    member.template = rolls.map(|(digest, rolls)| Template { digest, rolls, needs: of_pods, account });
    member.fixed = member.fixed.with_names(&names);
    member
}

/// True for a place in one of these spans, which are in order.
fn is_in(spans: &[Span], place: u32) -> bool {
    let after = spans.partition_point(|span| span.start <= place);
    after.checked_sub(1).is_some_and(|at| place < spans[at].end)
}

fn need(id: &Id, reference: Reference<'_>) -> Need {
    let place = match reference.namespace() {
        InNamespace::Own => Place::In(id.namespace.clone()),
        InNamespace::Any | InNamespace::Each => Place::Anywhere,
        InNamespace::Given(namespace) => Place::In(Some(namespace.to_string())),
    };
    Need { kinds: reference.kinds, name: reference.name().to_string(), place, optional: reference.optional }
}
