//! The annotations of kustomize on objects that it renamed earlier in the same build.
//!
//! kustomize updates references only at the end of a build. Until then they contain an earlier name, which several
//! objects may have had. The prefixes and suffixes that these objects received show which of them a reference means, as
//! they do for kustomize.

use crate::kube::object::{ObjectId, View};
use crate::yaml::NodeId;

const PREFIXES: &str = "internal.config.kubernetes.io/prefixes";
const SUFFIXES: &str = "internal.config.kubernetes.io/suffixes";
const PREVIOUS_NAMES: &str = "internal.config.kubernetes.io/previousNames";

/// The prefixes and suffixes that an object has received in this build, innermost first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affixes {
    prefixes: Vec<Box<str>>,
    suffixes: Vec<Box<str>>,
}

impl Affixes {
    /// Returns the affixes of an object; `None` if it has none, like every object outside of a build.
    pub fn of(view: &View<'_, '_>) -> Option<Affixes> {
        view.meta("annotations")?;
        let (prefixes, suffixes) = (list(view, PREFIXES), list(view, SUFFIXES));
        (!prefixes.is_empty() || !suffixes.is_empty()).then_some(Affixes { prefixes, suffixes })
    }

    /// True if one of the objects went through the same kustomizations as the other, and perhaps through more.
    pub fn agree(&self, other: &Affixes) -> bool {
        same_end(&self.prefixes, &other.prefixes) && same_end(&self.suffixes, &other.suffixes)
    }
}

/// Returns the value of the annotation with the earlier names of an object in this build.
pub fn previous_names_value(view: &View<'_, '_>) -> Option<NodeId> {
    view.tree.get(view.meta("annotations")?, PREVIOUS_NAMES)
}

/// Returns the earlier names of an object in this build.
pub fn previous_names(view: &View<'_, '_>, id: &ObjectId<'_>) -> Vec<Box<str>> {
    let mut found = list(view, PREVIOUS_NAMES);
    found.retain(|name| **name != *id.name);
    found.dedup();
    found
}

fn list(view: &View<'_, '_>, annotation: &str) -> Vec<Box<str>> {
    let parts = view.annotation(annotation).into_iter().flat_map(|text| text.split(','));
    parts.filter(|part| !part.is_empty()).map(Box::from).collect()
}

/// True if one list is the end of the other. An empty list matches only another empty list, because an object without a
/// prefix is not part of a kustomization that adds one.
fn same_end(first: &[Box<str>], second: &[Box<str>]) -> bool {
    if first.is_empty() || second.is_empty() {
        return first.is_empty() && second.is_empty();
    }
    first.ends_with(second) || second.ends_with(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affixes(prefixes: &[&str]) -> Affixes {
        Affixes { prefixes: prefixes.iter().map(|text| Box::from(*text)).collect(), suffixes: Vec::new() }
    }

    #[test]
    fn the_outermost_count() {
        let agree = |first: &[&str], second: &[&str]| affixes(first).agree(&affixes(second));
        assert!(agree(&["a", "b"], &["b"]) && agree(&["b"], &["a", "b"]) && agree(&[], &[]));
        assert!(!agree(&["a", "b"], &["a"]) && !agree(&["a"], &["b"]) && !agree(&[], &["a"]));
    }
}
