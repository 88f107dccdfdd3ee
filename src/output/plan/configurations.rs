//! What happens to each ConfigMap and Secret, and to each of its keys.
//!
//! For a Secret, only shows which keys differ.

use super::model::{Change, Configuration, Fate, Key, KeyChange, Name};
use super::pairs::Pairs;
use super::reading::{Details, Held, Reading, base};
use crate::deployers::{Id, Member};
use crate::kube::shown;
use similar::TextDiff;
use std::collections::HashMap;

/// The most lines of a value for which a diff is made.
const LONGEST: usize = 1000;
/// The most lines compared in total. Later values are reported as changed, without a diff.
const BUDGET: usize = 50_000;

/// True for a ConfigMap or Secret of the core group.
pub(super) fn is_configuration(id: &Id) -> bool {
    id.group.is_empty() && matches!(id.kind.as_str(), "ConfigMap" | "Secret")
}

/// Returns every ConfigMap and Secret. `fate`: returns what happens to an object that is gone.
pub(super) fn configurations(
    old: &Reading,
    new: &Reading,
    pairs: &Pairs,
    users: &HashMap<Id, Vec<Name>>,
    fate: impl Fn(&Id) -> Fate,
) -> Vec<Configuration> {
    let mut budget = BUDGET;
    let mut all = Vec::new();
    for (at, (member, details)) in new.members().enumerate() {
        if !is_configuration(&member.id) {
            continue;
        }
        let before = pairs.old_of[at].map(|at| (&*old.release.members[at], &old.details[at]));
        let (change, keys) = changed(before, (member, details), &mut budget);
        all.push(Configuration {
            object: named(member),
            old: before.map(|(before, _)| shown::name(&before.id.name).to_owned()),
            new: Some(shown::name(&member.id.name).to_owned()),
            change,
            keys,
            used_by: users.get(&member.id).cloned().unwrap_or_default(),
            fate: None,
        });
    }
    let gone = pairs.gone.iter().map(|at| &old.release.members[*at]);
    all.extend(gone.filter(|member| is_configuration(&member.id)).map(|member| Configuration {
        object: named(member),
        old: Some(shown::name(&member.id.name).to_owned()),
        new: None,
        change: Change::Gone,
        keys: Vec::new(),
        used_by: Vec::new(),
        fate: Some(fate(&member.id)),
    }));
    all
}

/// Returns the object without its suffix.
pub(super) fn named(member: &Member) -> Name {
    Name { name: shown::name(base(member)).to_owned(), ..Name::from(&member.id) }
}

fn changed(
    before: Option<(&Member, &Details)>,
    (member, details): (&Member, &Details),
    budget: &mut usize,
) -> (Change, Vec<Key>) {
    let secret = member.id.kind == "Secret";
    let Some((before, earlier)) = before else {
        let change = if details.ago > 0 { Change::Carried } else { Change::Added };
        let keys = if change == Change::Added { keys(&[], &details.keys, true, &mut 0) } else { Vec::new() };
        return (change, keys);
    };
    if details.ago > 0 {
        return (Change::Carried, Vec::new());
    }
    if before.digest == member.digest {
        return (Change::Unchanged, Vec::new());
    }
    let keys = keys(&earlier.keys, &details.keys, secret, budget);
    let differs =
        keys.iter().any(|key| key.change != KeyChange::Unchanged) || before.fixed.refuses(&member.fixed);
    let change = match () {
        () if differs => Change::Changed,
        () if before.id != member.id => Change::Renamed,
        () if details.is_relabelled(earlier) => Change::Relabelled,
        () => Change::Marked,
    };
    (change, if differs { keys } else { Vec::new() })
}

/// Returns what happens to each key. Includes unchanged keys only if `all` is true.
fn keys(old: &[(String, Held)], new: &[(String, Held)], all: bool, budget: &mut usize) -> Vec<Key> {
    let before: HashMap<&str, &Held> = old.iter().map(|(key, held)| (key.as_str(), held)).collect();
    let now: HashMap<&str, &Held> = new.iter().map(|(key, held)| (key.as_str(), held)).collect();
    let mut names: Vec<&str> = before.keys().chain(now.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let key = |name: &&str| {
        let (before, now) = (before.get(name).copied(), now.get(name).copied());
        let change = match (before, now) {
            (None, _) => KeyChange::Added,
            (_, None) => KeyChange::Removed,
            (before, now) if before == now => KeyChange::Unchanged,
            _ => KeyChange::Changed,
        };
        let wanted = all || change != KeyChange::Unchanged;
        let diff = if change == KeyChange::Changed { diff(before, now, budget) } else { None };
        wanted.then(|| Key { key: shown::key(name).to_owned(), change, diff })
    };
    names.iter().filter_map(key).collect()
}

fn diff(old: Option<&Held>, new: Option<&Held>, budget: &mut usize) -> Option<String> {
    let (Some(Held::Text(old)), Some(Held::Text(new))) = (old, new) else { return None };
    let lines = old.lines().count().max(new.lines().count());
    *budget = budget.checked_sub(lines).filter(|_| lines <= LONGEST)?;
    let diff = if lines <= 1 {
        format!("-{}\n+{}\n", old.trim_end_matches('\n'), new.trim_end_matches('\n'))
    } else {
        let diff = TextDiff::from_lines(old.as_str(), new.as_str());
        diff.unified_diff().context_radius(2).missing_newline_hint(false).to_string()
    };
    Some(shown::printable(&diff).into_owned())
}
