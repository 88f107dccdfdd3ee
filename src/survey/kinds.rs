//! What the rules say of each kind of object, looked up when the first object of the kind is read.
//!
//! Must not look at any object.

use super::references::Known;
use crate::rules::Rules;
use crate::rules::lifetimes::Timetable;
use std::collections::HashMap;
use std::rc::Rc;

/// Kinds of which the rules are remembered. No cluster has so many, and each takes some kilobytes.
const MOST_KINDS: usize = 512;

/// The kinds that were looked up.
#[derive(Default)]
pub(super) struct Kinds(HashMap<String, Rc<Known>>);

impl Kinds {
    /// What is known of a kind.
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
