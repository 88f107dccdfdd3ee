//! The rows for one kind of object, as a tree of paths that a walk follows.

use super::keys::{Key, mark};
use super::table::{Names, Namespace, Row, Step, Target};
use std::collections::HashMap;

/// A node in the tree of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateId(u32);

/// The meaning of a scalar at the end of a path.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// What the scalar names.
    pub names: Names,
    /// How to find the namespace of the named object.
    pub namespace: Namespace,
    /// A sibling field, and the value that it must have.
    pub when: Option<(String, String)>,
}

/// The maximum depth of shapes in shapes. A shape that contains itself would not end.
const DEEPEST_SHAPE: usize = 8;

/// Up to this number of fields, a linear search is faster than a hash lookup.
const FEW: usize = 64;

#[derive(Debug, Default)]
struct State {
    /// A bit for the mark of each field ([`Key::mark`]). Most fields of an object are not on a path, and their marks show it
    /// without a comparison of texts.
    marks: u64,
    keys: Vec<(Box<[u8]>, StateId)>,
    item: Option<StateId>,
    value: Option<StateId>,
    leaves: Vec<Leaf>,
    stop: bool,
}

/// The paths for one kind of object.
#[derive(Debug, Default)]
pub struct Paths {
    states: Vec<State>,
    /// The fields after the first [`FEW`] of a state. Only rules files have so many.
    many: HashMap<StateId, HashMap<Box<[u8]>, StateId>>,
}

impl Paths {
    /// Builds the tree from `rows`. Shapes are looked up in `all` and expanded in place.
    pub fn new<'r>(rows: impl Iterator<Item = &'r Row>, all: &'r [Row]) -> Paths {
        let mut paths = Paths { states: vec![State::default()], ..Paths::default() };
        for row in rows {
            paths.add(row, all);
        }
        paths
    }

    /// Returns the state at the object's root mapping; `None` if there are no paths.
    pub fn start(&self) -> Option<StateId> {
        (self.states.len() > 1).then_some(StateId(0))
    }

    /// Returns the state below a field. `text` is the text of its key.
    #[inline]
    pub fn key<'t>(&self, state: StateId, key: Key, text: impl FnOnce() -> &'t [u8]) -> Option<StateId> {
        let here = self.state(state);
        let found = if here.marks & bit(key.mark()) == 0 { None } else { self.field(state, text()) };
        found.or(here.value)
    }

    fn field(&self, id: StateId, key: &[u8]) -> Option<StateId> {
        let state = self.state(id);
        let few = state.keys.iter().find(|(name, _)| **name == *key).map(|(_, next)| *next);
        let many = || self.many.get(&id).filter(|_| state.keys.len() == FEW)?.get(key).copied();
        few.or_else(many)
    }

    /// Returns the state for each item of a list. A path without an item step passes through lists.
    pub fn item(&self, state: StateId) -> StateId {
        self.state(state).item.unwrap_or(state)
    }

    /// Returns the possible meanings of a scalar in this state. Several rows may apply under different conditions.
    pub fn leaves(&self, state: StateId) -> &[Leaf] {
        &self.state(state).leaves
    }

    /// True if nothing below this state is a reference.
    pub fn stops(&self, state: StateId) -> bool {
        self.state(state).stop
    }

    fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    fn add(&mut self, row: &Row, all: &[Row]) {
        let mut open = vec![(row, StateId(0), 0)];
        while let Some((row, start, depth)) = open.pop() {
            let end = row.path.iter().fold(start, |state, step| self.descend(state, step));
            let state = &mut self.states[end.0 as usize];
            match &row.target {
                Target::Names(names) => {
                    let leaf =
                        Leaf { names: *names, namespace: row.namespace.clone(), when: row.when.clone() };
                    state.leaves.push(leaf);
                }
                Target::Stop => state.stop = true,
                Target::Shape(shape) if depth < DEEPEST_SHAPE => {
                    let members = all.iter().filter(|member| member.object.strip_prefix('@') == Some(shape));
                    open.extend(members.map(|member| (member, end, depth + 1)));
                }
                Target::Shape(_) => {}
            }
        }
    }

    fn descend(&mut self, state: StateId, step: &Step) -> StateId {
        let here = self.state(state);
        let next = match step {
            Step::Key(key) => self.field(state, key.as_bytes()),
            Step::Item => here.item,
            Step::Value => here.value,
        };
        if let Some(next) = next {
            return next;
        }
        let next = StateId(u32::try_from(self.states.len()).unwrap_or(u32::MAX));
        self.states.push(State::default());
        let here = &mut self.states[state.0 as usize];
        if let Step::Key(key) = step {
            here.marks |= bit(mark(key.as_bytes()));
        }
        match step {
            Step::Key(key) if here.keys.len() < FEW => here.keys.push((key.as_bytes().into(), next)),
            Step::Key(key) => drop(self.many.entry(state).or_default().insert(key.as_bytes().into(), next)),
            Step::Item => here.item = Some(next),
            Step::Value => here.value = Some(next),
        }
        next
    }
}

#[inline]
fn bit(mark: u8) -> u64 {
    1 << (mark & 63)
}
