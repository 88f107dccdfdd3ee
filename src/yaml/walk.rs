//! A walk through the collections below a node, through aliases and merge keys, limited by the budget of the tree.
//!
//! A visitor examines nodes and decides where the walk continues. Must not know what the visitor looks for. Iterative:
//! deep nesting cannot exhaust the stack, and the budget limits aliases of aliases.

use super::{Field, Kind, NodeId, Tree};

/// A position in a walk.
#[derive(Clone, Copy, Debug)]
pub struct Step<B> {
    /// The node.
    pub node: NodeId,
    /// The key whose value is the node or contains it through lists only; `None` at the start.
    pub key: Option<NodeId>,
    /// The mapping whose fields are the siblings of this node. For a merged mapping, the mapping into which it is
    /// merged.
    pub mapping: NodeId,
    /// True if the node's entries belong to `mapping` through a merge key.
    pub merged: bool,
    /// The offset of the last alias that was followed to the node.
    pub via: Option<u32>,
    /// The visitor's data about this position.
    pub below: B,
}

impl<B: Copy> Step<B> {
    /// Creates the start of a walk. `via` is the offset of the alias through which the node was reached.
    pub fn start(node: NodeId, via: Option<u32>, below: B) -> Step<B> {
        Step { node, key: None, mapping: node, merged: false, via, below }
    }

    /// Returns the mapping of the fields of the node.
    pub fn scope(&self) -> NodeId {
        if self.merged { self.mapping } else { self.node }
    }

    /// Returns the step from a mapping to one of its fields.
    #[inline]
    pub fn to(&self, field: &Field<'_, '_>, below: B) -> Step<B> {
        let (mapping, via) = (self.scope(), self.via);
        Step { node: field.node, key: Some(field.key), mapping, merged: false, via, below }
    }
}

/// The code that examines the nodes of a walk.
pub trait Visitor<'s, B: Copy> {
    /// False for a node that contains nothing of interest; the walk then skips it.
    fn enters(&self, node: NodeId) -> bool {
        let _ = node;
        true
    }

    /// Examines a field. `holder` is the step to its mapping. The walk continues below the field's value with the
    /// returned data; `None` skips the value.
    fn field(&mut self, holder: &Step<B>, field: &Field<'_, 's>) -> Option<B>;

    /// Examines a list, and adds the items to continue with to `open`.
    fn list(&mut self, list: Step<B>, open: &mut Vec<Step<B>>);
}

/// Walks from `start`. Ends early if aliases have used up the budget of the tree ([`Tree::exhausted`]).
pub fn walk<'s, B: Copy>(tree: &Tree<'s>, start: Step<B>, visitor: &mut impl Visitor<'s, B>) {
    // Few objects have more open fields at a time.
    walk_with(tree, start, visitor, &mut Vec::with_capacity(16));
}

/// Like [`walk`], with memory that can be used again for the next walk. `open` must be empty.
pub fn walk_with<'s, B: Copy>(
    tree: &Tree<'s>,
    start: Step<B>,
    visitor: &mut impl Visitor<'s, B>,
    open: &mut Vec<Step<B>>,
) {
    open.push(start);
    while let Some(at) = open.pop() {
        if at.via.is_some() && !tree.step() {
            return;
        }
        if !visitor.enters(at.node) {
            continue;
        }
        match tree.node(at.node).kind {
            Kind::Mapping(_) => mapping(tree, &at, visitor, open),
            Kind::Sequence if !charge_items(tree, at) => return,
            Kind::Sequence => visitor.list(at, open),
            Kind::Alias(node) => open.push(Step { node, via: Some(tree.node(at.node).span.start), ..at }),
            Kind::Scalar(_) => {}
        }
    }
}

/// Charges the scalars of an aliased list. False if the budget is used up.
fn charge_items<B>(tree: &Tree<'_>, at: Step<B>) -> bool {
    let is_scalar = |item: &NodeId| matches!(tree.node(*item).kind, Kind::Scalar(_));
    at.via.is_none() || tree.items(at.node).filter(is_scalar).all(|_| tree.step())
}

fn mapping<'s, B: Copy>(
    tree: &Tree<'s>,
    at: &Step<B>,
    visitor: &mut impl Visitor<'s, B>,
    open: &mut Vec<Step<B>>,
) {
    let merges = tree.has_merges();
    for field in tree.fields(at.node) {
        if at.via.is_some() && !tree.step() {
            return;
        }
        if merges && tree.is_merge(field.key) {
            let mapping = at.scope();
            let sources = tree.merged(field.node).into_iter().take_while(|_| tree.step());
            open.extend(sources.map(|node| Step { node, mapping, merged: true, ..*at }));
            continue;
        }
        if let Some(below) = visitor.field(at, &field) {
            open.push(at.to(&field, below));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records every scalar with its key.
    struct Scalars<'t, 's> {
        tree: &'t Tree<'s>,
        found: Vec<String>,
    }

    impl<'s> Visitor<'s, ()> for Scalars<'_, 's> {
        fn field(&mut self, _: &Step<()>, field: &Field<'_, 's>) -> Option<()> {
            let key = field.text();
            self.found.extend(self.tree.text(field.node).map(|text| format!("{key}={text}")));
            Some(())
        }

        fn list(&mut self, list: Step<()>, open: &mut Vec<Step<()>>) {
            open.extend(self.tree.items(list.node).map(|node| Step { node, ..list }));
        }
    }

    fn scalars(text: &str) -> Vec<String> {
        let mut tree = Tree::default();
        crate::yaml::parse(text, 0, &mut tree).unwrap();
        let mut visitor = Scalars { tree: &tree, found: Vec::new() };
        walk(&tree, Step::start(tree.root().unwrap(), None, ()), &mut visitor);
        visitor.found.sort();
        visitor.found
    }

    #[test]
    fn aliases_and_merge_keys_are_followed() {
        assert_eq!(scalars("a: &x {b: c}\nd: [*x]\ne: {<<: *x, f: g}\n"), ["b=c", "b=c", "b=c", "f=g"]);
    }

    #[test]
    fn aliases_of_aliases_end() {
        let lines: String =
            (1..40).map(|at| format!("a{at}: &a{at} [*a{}, *a{}]\n", at - 1, at - 1)).collect();
        assert_eq!(scalars(&format!("a0: &a0 [{{b: c}}]\n{lines}")).first().map(String::as_str), Some("b=c"));
    }
}
