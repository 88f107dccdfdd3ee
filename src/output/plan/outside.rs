//! Lists, from its references, what a stream needs and does not contain.

use super::model::Outside;
use crate::output::relations::{Relation, State};
use std::collections::BTreeMap;

/// Returns each ConfigMap and Secret that references name and the stream does not contain, once.
pub fn outside(references: &[Relation<'_>]) -> Vec<Outside> {
    let mut found: BTreeMap<(String, Option<String>, String), bool> = BTreeMap::new();
    for relation in references.iter().filter(|relation| {
        matches!(relation.state, State::External)
            || (relation.state == State::Dangling && relation.to.object.is_none())
    }) {
        let to = &relation.to;
        let key = (to.kinds.join(" or "), to.namespace.map(str::to_owned), to.name.to_owned());
        *found.entry(key).or_insert(true) &= relation.optional;
    }
    let outside = |((kind, namespace, name), optional)| Outside { kind, namespace, name, optional };
    found.into_iter().map(outside).collect()
}
