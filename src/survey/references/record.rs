//! The state of a walk over one object, and how the walk records a reference or a claim.
//!
//! Must not move through the object: `walk` does. `annotations` and `arguments` read the text that they are given.

use super::collected::{Collected, Known, Subject};
use super::kinds::Kinds as KnownKinds;
use super::list::NewReference;
use super::reference::{Claim, InNamespace};
use super::times::{self, Circumstances, Time};
use crate::kube::scope::written_by;
use crate::kube::{names, release};
use crate::rules::lifetimes::{self, Fact, Lifetime, Timetable, When};
use crate::rules::shapes::Strength;
use crate::rules::{Key, Keys, Kinds, Paths, Rules, StateId};
use crate::yaml::walk::Step;
use crate::yaml::{NodeId, Position, Site, Tree};
use std::borrow::Cow;
use std::ops::Range;

/// A walk over one object.
pub(super) struct Walk<'w, 't, 's> {
    pub(super) tree: &'t Tree<'s>,
    pub(super) rules: &'w Rules,
    pub(super) subject: Subject<'w, 't, 's>,
    pub(super) paths: &'w Paths,
    /// The table of lifetimes, if it has rows for the object's kind.
    pub(super) times: Option<&'w Timetable>,
    /// What that table says about this object.
    pub(super) circumstances: Circumstances<'s>,
    /// The row about an object that the deployer creates once, or never.
    pub(super) unchanged: Option<&'static Fact>,
    /// The position of the walk in that table.
    pub(super) time: Time,
    /// The mapping whose fields are the siblings of the current node.
    pub(super) mapping: NodeId,
    pub(super) memory: &'w mut Memory<'s>,
    pub(super) found: &'w mut Collected<'s>,
    /// The place of the last part of a text.
    traced: Position,
    /// True if the object is cluster-scoped, so it has no namespace.
    pub(super) anywhere: bool,
    /// The reason, if a controller writes the objects that the `spec` names.
    pub(super) written: Option<&'static str>,
    /// The name of the release, if the object contains the values of its chart.
    pub(super) release: Option<String>,
    /// True if only the keys and paths of fields are of interest: the object has no lifetimes and no release.
    pub(super) plain: bool,
}

/// What the walk knows about a position.
#[derive(Clone, Copy)]
pub(super) struct Below {
    /// The position in the paths for the kind.
    pub(super) path: Option<StateId>,
    /// True if shapes apply.
    pub(super) shapes: bool,
    /// The position in the table of lifetimes.
    pub(super) time: Time,
    /// What is known about the key of the node, or of the list that contains it.
    pub(super) key: Key,
}

/// A node still to visit.
pub(super) type Frame = Step<Below>;

/// What a walk leaves to the next one.
#[derive(Default)]
pub struct Memory<'s> {
    /// What is known about kinds of objects.
    pub(super) kinds: KnownKinds,
    /// What is known about keys.
    pub(super) keys: Keys<'s>,
    /// The nodes still to visit: none between two walks.
    pub(super) open: Vec<Frame>,
}

/// What a place names.
#[derive(Clone)]
pub(super) struct Found<'s> {
    pub(super) kinds: Kinds,
    pub(super) namespace: InNamespace<Cow<'s, str>>,
    pub(super) strength: Strength,
    pub(super) key: Option<u32>,
    pub(super) by_key: bool,
    pub(super) optional: bool,
    /// True in a list of names that an operator is likely to mount.
    pub(super) mounted: bool,
}

impl<'s> Found<'s> {
    pub(super) fn new(kinds: Kinds, namespace: InNamespace<Cow<'s, str>>, strength: Strength) -> Found<'s> {
        Found { kinds, namespace, strength, key: None, by_key: false, optional: false, mounted: false }
    }
}

/// True for a name that is looked up in the namespace of whoever asks: it says none, or a variable.
fn stands_for_several(fact: &Fact, namespace: &InNamespace<Cow<'_, str>>) -> bool {
    let variable = |text: &str| ["${", "$(", "{{"].iter().any(|sign| text.contains(sign));
    match namespace {
        InNamespace::Given(text) => fact.lifetime.keeps_name() && variable(text),
        _ => matches!(fact.when, When::Unless(_)),
    }
}

impl<'w, 't, 's> Walk<'w, 't, 's> {
    pub(super) fn new(
        subject: Subject<'w, 't, 's>,
        rules: &'w Rules,
        (known, memory): (&'w Known, &'w mut Memory<'s>),
        found: &'w mut Collected<'s>,
    ) -> Self {
        let anywhere = known.cluster_scoped && subject.view.meta("namespace").is_none();
        let written = written_by(subject.view, subject.api.0, subject.api.1);
        let release = release::name(subject.view, subject.api.0, subject.api.1);
        let (paths, times) = (&known.paths, known.times.as_ref());
        let (tree, mapping, time) = (subject.view.tree, subject.view.root, Time::default());
        let circumstances = Circumstances::of(subject.view, times);
        let unchanged = times::unchanged(subject.view);
        Walk {
            tree,
            rules,
            subject,
            paths,
            times,
            circumstances,
            unchanged,
            time,
            mapping,
            memory,
            found,
            traced: Position::default(),
            anywhere,
            written,
            plain: times.is_none() && release.is_none(),
            release,
        }
    }

    /// Returns the namespace for a name without one.
    pub(super) fn home(&self) -> InNamespace<Cow<'s, str>> {
        let own = if self.anywhere { InNamespace::Any } else { InNamespace::Own };
        self.elsewhere().unwrap_or(own)
    }

    /// Sets the position of the walk. Only the table of lifetimes asks for it.
    pub(super) fn is_at(&mut self, frame: &Frame) {
        if self.times.is_some() {
            (self.time, self.mapping) = (frame.below.time, frame.mapping);
        }
    }

    /// Records that a part of a node's text is a name.
    pub(super) fn record_part(
        &mut self,
        node: NodeId,
        text: &str,
        range: Range<usize>,
        via: Option<u32>,
        found: Found<'s>,
    ) {
        let Some(name) = text.get(range.clone()) else { return };
        let whole = range == (0..text.len()) && self.tree.name(node).is_some();
        let site = if whole { Some(self.tree.site(node, via)) } else { self.inner_site(node, range, via) };
        let name = name.to_owned();
        match site {
            Some(site) => self.push(site, Cow::Owned(name), found),
            None => self.claim_part(
                node,
                None,
                name,
                (found, "a reference to it is in a text that cannot be edited"),
            ),
        }
    }

    /// Returns the place of a part of a node's text. For an alias, it is in the anchored text.
    pub(super) fn inner_site(&mut self, node: NodeId, range: Range<usize>, via: Option<u32>) -> Option<Site> {
        let anchored = self.tree.deref(node);
        let via = if anchored == node { via } else { Some(self.tree.node(node).span.start) };
        self.tree.inner_site_after(anchored, range, (via, self.subject.source), &mut self.traced)
    }

    /// Records that the object with this name keeps it. The name is a part of a node's text, perhaps at a known place.
    pub(super) fn claim_part(
        &mut self,
        node: NodeId,
        site: Option<Site>,
        name: String,
        (found, reason): (Found<'s>, &'static str),
    ) {
        if names::check(&name).is_err() {
            return;
        }
        let span = self.tree.node(node).span;
        let place = site.map(|site| site.span).filter(|place| span.contains(*place)).unwrap_or(span);
        let (object, name) = (self.subject.index, Cow::Owned(name));
        let Found { kinds, namespace, .. } = found;
        self.found.claims.push(Claim { object, kinds, name, namespace, reason, place });
    }

    pub(super) fn push(&mut self, site: Site, name: Cow<'s, str>, found: Found<'s>) {
        let Found { kinds, namespace, strength, key, by_key, optional, mounted } = found;
        let object = self.subject.index;
        let acts_here =
            |fact: &&'static Fact| fact.lifetime == Lifetime::Elsewhere && self.elsewhere().is_none();
        let fact = self.fact().filter(|fact| !acts_here(fact));
        let fact = fact.filter(|fact| fact.lifetime.keeps_name()).or(self.unchanged).or(fact);
        let fact = fact.or(mounted.then_some(&lifetimes::MOUNTED));
        let each = fact.is_some_and(|fact| stands_for_several(fact, &namespace));
        let namespace = if each { InNamespace::Each } else { namespace };
        self.found.references.push(&NewReference {
            object,
            site,
            name: &name,
            kinds,
            namespace: namespace.as_ref(),
            strength,
            key,
            by_key,
            optional,
            fact,
        });
    }

    pub(super) fn claim(&mut self, node: NodeId, found: Found<'s>, reason: &'static str) {
        let Some(name) = self.tree.name(node) else { return };
        let place = self.tree.node(node).span;
        let (kinds, namespace) = (found.kinds, found.namespace);
        self.found.claims.push(Claim { object: self.subject.index, kinds, name, namespace, reason, place });
    }
}
