//! Adds names to RBAC rules that grant access by name, because one name of the input may become several in the output.
//!
//! A rule gets the names of all objects that it may refer to, the original name of an object that is kept under both
//! names, and the names of versions that are carried forward, so that pods of an earlier release keep their access.
//! Must not decide.

use crate::decisions::Decisions;
use crate::decisions::decide::new_name;
use crate::decisions::policy::Decision;
use crate::edits::edit::{Addition, Change, Why};
use crate::kube::object::{ObjectIndex, TargetKind, View};
use crate::kube::suffix::{LENGTH, looks_like_suffix};
use crate::links::Links;
use crate::links::resolve::{Link, namespace};
use crate::rules::shapes::Strength;
use crate::survey::inventory::{Inventory, Target, TargetIndex};
use crate::survey::references::{Reference, ReferenceIndex};
use crate::survey::reread;
use crate::text::source::{Source, Span};
use crate::yaml::entry::line_ending;
use crate::yaml::item::{self, Indicator};
use crate::yaml::split::Stream;
use crate::yaml::{NodeId, Site, Tree, Writing};
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A version of an earlier release that is carried forward.
#[derive(Clone, Copy, Debug)]
pub struct Carried<'a> {
    /// Its kind.
    pub kind: TargetKind,
    /// Its namespace, if it has one.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
}

/// Returns the names to add to the lists of rules. They come after the name that the plan writes there.
pub fn grants(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    links: &Links,
    decisions: &Decisions,
    carried: &[Carried<'_>],
    fallback: Option<&str>,
) -> Vec<Addition> {
    let references = inventory.collected.references.indexed();
    let granted = references.filter(|(_, reference)| reference.strength == Strength::Grant);
    let mut by_place: HashMap<u32, Vec<ReferenceIndex>> = HashMap::new();
    let mut wanted: BTreeSet<ObjectIndex> = BTreeSet::new();
    for (index, reference) in granted.filter(|(index, _)| decisions.link(*index, links).follows()) {
        by_place.entry(reference.site.span.start).or_default().push(index);
        wanted.insert(reference.object);
    }
    let mut granter = Granter {
        source: stream.source,
        inventory,
        links,
        decisions,
        fallback,
        carried: HashMap::new(),
        by_place,
    };
    for version in carried {
        granter.carried.entry(base(version.name)).or_default().push(*version);
    }
    let mut lists = Lists::new();
    reread::each(stream, inventory, &wanted, &mut |_, view| rules(view, &mut lists));
    lists.values().flat_map(|list| granter.list(list)).collect()
}

/// What is between two names of a list, if the item that begins at `start` is one of them.
fn separator(source: &Source, start: u32) -> Option<String> {
    let at = match item::indicator(source.text(), start as usize)? {
        Indicator::Bracket => return Some(", ".to_owned()),
        Indicator::Dash(at) => at,
    };
    let line = source.line_at(at);
    let indent = source.text().get(line.start..at)?.rsplit('\r').next().unwrap_or_default();
    Some(format!("{}{}- ", line_ending(source, line.end), " ".repeat(indent.chars().count())))
}

/// True if other names can be added after the name at this place.
pub fn is_in_list(source: &Source, site: &Site) -> bool {
    site.via.is_none() && item::indicator(source.text(), site.span.start as usize).is_some()
}

/// The lists of names, by their bytes. Several rules may share one list through an alias.
type Lists = IndexMap<Span, List>;

/// A list of names.
#[derive(Default)]
struct List {
    items: Vec<Item>,
    /// True if a rule with this list also grants access to other kinds of object.
    others: bool,
}

/// A name in a list of names.
struct Item {
    /// The bytes of the item, which may be an alias.
    place: Span,
    /// How to write another name.
    writing: Writing,
    text: String,
}

/// Adds the lists of names in the rules of an object.
fn rules(view: &View<'_, '_>, lists: &mut Lists) {
    let tree = view.tree;
    let Some(rules) = view.field("rules").map(|rules| tree.deref(rules)) else { return };
    for rule in tree.items(rules).map(|rule| tree.deref(rule)) {
        let Some(names) = tree.get(rule, "resourceNames").map(|names| tree.deref(names)) else { continue };
        let list = lists.entry(tree.node(names).span).or_insert_with(|| list(tree, names));
        list.others |= grants_others(tree, rule);
    }
}

fn list(tree: &Tree<'_>, names: NodeId) -> List {
    let item = |item| {
        let site = tree.site(item, None);
        Some(Item { place: site.span, writing: site.writing, text: tree.text(item)?.to_owned() })
    };
    List { items: tree.items(names).filter_map(item).collect(), others: false }
}

struct Granter<'a, 's> {
    source: &'a Source,
    inventory: &'a Inventory<'s>,
    links: &'a Links,
    decisions: &'a Decisions,
    fallback: Option<&'a str>,
    /// The versions that are carried forward, by name without the suffix.
    carried: HashMap<&'a str, Vec<Carried<'a>>>,
    /// References by their byte offset. Several rules may share one place through an alias.
    by_place: HashMap<u32, Vec<ReferenceIndex>>,
}

impl Granter<'_, '_> {
    fn list(&self, list: &List) -> Vec<Addition> {
        let references = |item: &Item| self.by_place.get(&item.place.start).map_or(&[][..], Vec::as_slice);
        let written = |item: &Item| {
            let first = references(item).iter().find_map(|index| self.first(*index));
            first.unwrap_or_else(|| item.text.clone())
        };
        let mut there: HashSet<String> = list.items.iter().map(written).collect();
        let added = |item: &Item| {
            let names = references(item).iter().flat_map(|index| self.names(*index, list.others));
            let more: Vec<String> = names.filter(|name| there.insert(name.clone())).collect();
            self.addition(item, &more)
        };
        list.items.iter().filter_map(added).collect()
    }

    fn addition(&self, item: &Item, names: &[String]) -> Option<Addition> {
        let separator = separator(self.source, item.place.start).filter(|_| !names.is_empty())?;
        let mut text: String =
            names.iter().map(|name| format!("{separator}{}", item.writing.write(name))).collect();
        // A block scalar ends with its last line.
        if self.source.slice(item.place).ends_with('\n') {
            let ending = line_ending(self.source, self.source.line_at(item.place.start as usize).end);
            text = format!("{}{ending}", text.strip_prefix(ending).unwrap_or(&text));
        }
        let place = Site { span: Span::empty(item.place.end), writing: Writing::Inner, via: None };
        Some(Addition {
            change: Change { site: place, text: text.into(), old: "".into() },
            why: Why::Granted,
        })
    }

    /// Returns the new name that the output contains at the place of a reference.
    fn first(&self, index: ReferenceIndex) -> Option<String> {
        self.targets(index).iter().find_map(|target| self.new_name(*target))
    }

    /// Every name to which a reference grants access.
    fn names(&self, index: ReferenceIndex, others: bool) -> Vec<String> {
        let mut names = Vec::new();
        for target in self.targets(index) {
            let own = self.inventory.name(self.target(*target)).to_string();
            let new = self.new_name(*target);
            let stays = new.is_none() || matches!(self.decisions.of_targets[*target], Decision::Both(_));
            names.extend(new);
            names.extend(stays.then_some(own));
        }
        if others || self.means_more(index) {
            names.push(self.reference(index).name().to_owned());
        }
        for target in self.targets(index) {
            names.extend(self.carried_of(*target));
        }
        names
    }

    /// True when the name may also be that of a Secret which the stream does not hold, beside a ConfigMap, or the reverse.
    fn means_more(&self, index: ReferenceIndex) -> bool {
        let is_there = |kind| self.targets(index).iter().any(|target| self.target(*target).kind == kind);
        !self.reference(index).kinds.iter().all(is_there)
    }

    fn carried_of(&self, index: TargetIndex) -> Vec<String> {
        let target = self.target(index);
        let own = self.inventory.name(target);
        let keeps = self.decisions.of_targets[index] == Decision::Keep;
        let home = namespace(self.inventory, target, self.fallback);
        let versions = self.carried.get(if keeps { base(own) } else { own }).into_iter().flatten();
        let same_home = |version: &Carried<'_>| {
            let other = version.namespace.or(self.fallback);
            home.is_none() || other.is_none() || home == other
        };
        let fitting = versions.filter(|version| version.kind == target.kind && same_home(version));
        fitting.map(|version| version.name.to_owned()).collect()
    }

    fn new_name(&self, index: TargetIndex) -> Option<String> {
        new_name(self.inventory, self.target(index), self.decisions.of_targets[index])
    }

    fn targets(&self, index: ReferenceIndex) -> &[TargetIndex] {
        let link: &Link = self.decisions.link(index, self.links);
        link.targets()
    }

    fn target(&self, index: TargetIndex) -> &Target {
        &self.inventory.targets[index]
    }

    fn reference(&self, index: ReferenceIndex) -> Reference<'_> {
        self.inventory.collected.references.at(index)
    }
}

/// True when a rule lists other resources than ConfigMaps and Secrets, which keep the name.
fn grants_others(tree: &Tree<'_>, rule: NodeId) -> bool {
    let Some(resources) = tree.get(rule, "resources") else { return false };
    let others = |item| !matches!(tree.text(item), Some("configmaps" | "secrets"));
    tree.items(tree.deref(resources)).any(others)
}

/// A name without its suffix.
fn base(name: &str) -> &str {
    let cut = name.len().checked_sub(LENGTH + 1);
    let cut =
        cut.filter(|at| name.get(*at + 1..).is_some_and(looks_like_suffix) && name[*at..].starts_with('-'));
    cut.map_or(name, |at| &name[..at])
}
