//! What the rules say about each kind of object, looked up when the first object of the kind is read.
//!
//! Must not look at objects.

use super::references::Known;
use crate::rules::Rules;
use crate::rules::lifetimes::Timetable;
use std::collections::HashMap;
use std::rc::Rc;

/// The maximum number of kinds to remember. No cluster has so many, and each takes several kilobytes.
const MOST_KINDS: usize = 512;

/// The kinds that were looked up.
#[derive(Default)]
pub(super) struct Kinds(HashMap<String, Rc<Known>>);

impl Kinds {
    /// Returns what the rules say about a kind.
    pub(super) fn get(&mut self, rules: &Rules, group: &str, kind: &str) -> Rc<Known> {
        let key = [group, "/", kind].concat();
        if let Some(known) = self.0.get(&key) {
            return Rc::clone(known);
        }
        let known = Rc::new(Known { paths: rules.paths(group, kind), times: Timetable::of(group, kind) });
        if self.0.len() >= MOST_KINDS {
            self.0.clear();
        }
        self.0.insert(key, Rc::clone(&known));
        known
    }
}
