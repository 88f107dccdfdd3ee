//! Objects that a sidecar or a resource of the stream finds by labels.

use crate::kube::arena::Arena;
use crate::links::resolve::namespace;
use crate::links::usage::Usage;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::{Required, Sought};
use std::collections::HashMap;

/// What tells an object: its kind, and a label of it.
type Mark = (&'static str, Required);

/// Where an object is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place<'i> {
    /// In every namespace.
    Anywhere,
    Within(&'i str),
    /// In some namespace or in all: for an object that does not state its own.
    Somewhere,
}

/// How many selectors that begin alike are told apart. If there are more, what fits any of them by the first label counts.
const MOST_ALIKE: usize = 16;

/// Records each object that a sidecar finds.
pub fn claim(
    inventory: &Inventory<'_>,
    details: &Details,
    fallback: Option<&str>,
    usage: &mut Arena<TargetIndex, Usage>,
) {
    if inventory.collected.sought.is_empty() {
        return;
    }
    let seekers = Seekers::new(&inventory.collected.sought);
    for (index, target) in inventory.targets.indexed() {
        let home = namespace(inventory, target, fallback);
        let mut labels = details.labels.of(index).to_vec();
        labels.sort_unstable();
        if let Some(reason) = seekers.find(target.kind.as_str(), home, &labels) {
            usage[index].claimed.get_or_insert(reason);
        }
    }
}

/// Who looks for what where.
struct Seekers<'i>(HashMap<(Mark, Place<'i>), Vec<&'i Sought>>);

impl<'i> Seekers<'i> {
    fn new(sought: &'i [Sought]) -> Seekers<'i> {
        let mut all: HashMap<(Mark, Place<'i>), Vec<&Sought>> = HashMap::new();
        for one in sought {
            let stated = one.namespace.as_deref().map_or(Place::Anywhere, Place::Within);
            for (kind, place) in one.kinds.iter().flat_map(|kind| [(kind, stated), (kind, Place::Somewhere)])
            {
                let alike = all.entry(((kind.as_str(), one.first), place)).or_default();
                if alike.len() < MOST_ALIKE {
                    alike.push(one);
                }
            }
        }
        Seekers(all)
    }

    /// Why an object with these labels, sorted, is found.
    fn find(&self, kind: &'static str, home: Option<&str>, labels: &[(u32, u32)]) -> Option<&'static str> {
        let places = match home {
            Some(home) => [Some(Place::Within(home)), Some(Place::Anywhere)],
            None => [Some(Place::Somewhere), None],
        };
        let marks = labels.iter().flat_map(|(label, value)| {
            [None, Some(*value)].map(|value| (kind, Required { label: *label, value }))
        });
        marks
            .flat_map(|mark| places.into_iter().flatten().map(move |place| (mark, place)))
            .filter_map(|key| self.0.get(&key))
            .find_map(|alike| fitting(alike, labels))
    }
}

fn fitting(alike: &[&Sought], labels: &[(u32, u32)]) -> Option<&'static str> {
    let fits = |one: &&&Sought| one.also.iter().all(|required| required.holds(labels));
    let found = alike.iter().find(fits).or(alike.first().filter(|_| alike.len() == MOST_ALIKE));
    found.map(|one| one.reason)
}
