//! Checks of a document that do not depend on the type into which it is read.

use super::error::{Error, Problem};
use crate::yaml::{NodeId, Tree};
use std::collections::HashSet;
use std::iter::successors;

/// Finds keys that are defined twice, and merge keys (`<<`) that merge something other than mappings. kubectl uses the
/// last of two equal keys, but nobody can tell which one was intended.
pub(super) fn check(tree: &Tree<'_>) -> Result<(), Error> {
    let nodes = successors(tree.root(), |node| tree.after(*node));
    nodes.filter(|node| tree.is_mapping(*node)).try_for_each(|mapping| keys(tree, mapping))
}

fn keys(tree: &Tree<'_>, mapping: NodeId) -> Result<(), Error> {
    let mut keys = HashSet::new();
    for (key, value) in tree.entries(mapping) {
        if tree.is_merge(key) {
            merge(tree, value)?;
        } else if tree.text(key).is_some_and(|text| !keys.insert(text)) {
            return Err(Error::new(Problem::DuplicateKey).at(tree.node(key).span));
        }
    }
    Ok(())
}

fn merge(tree: &Tree<'_>, value: NodeId) -> Result<(), Error> {
    let span = tree.node(value).span;
    for source in tree.merged(value) {
        if !tree.step() {
            return Err(Error::new(Problem::AliasLimit).at(span));
        }
        if !tree.is_mapping(tree.deref(source)) {
            return Err(Error::expected("a mapping").at(tree.node(source).span));
        }
    }
    Ok(())
}
