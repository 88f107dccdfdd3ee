//! How a pod uses an object: the environment variable of a reference, or the paths at which a volume is mounted.
//!
//! Walks once through the pod templates of the built-in kinds, in time linear in the object. Does not read values.

use crate::kube::object::View;
use crate::kube::shown;
use crate::text::source::Span;
use crate::yaml::{NodeId, Tree};
use std::collections::{HashMap, HashSet};

/// Where a pod specification can occur.
const SPECS: [&[&str]; 3] =
    [&["spec"], &["spec", "template", "spec"], &["spec", "jobTemplate", "spec", "template", "spec"]];
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
/// The largest number of mounts listed for one volume.
const MOUNTS: usize = 3;

/// The environment variables and volumes of an object, ordered by their place in the source.
#[derive(Debug, Default)]
pub(super) struct Uses {
    found: Vec<(Span, String)>,
}

impl Uses {
    /// Reads an object.
    pub(super) fn of(view: &View<'_, '_>) -> Uses {
        let mut reader = Reader { tree: view.tree, seen: HashSet::new(), found: Vec::new() };
        for path in SPECS {
            let below = |node, field: &&str| reader.tree.get(reader.tree.deref(node), field);
            if let Some(spec) = path.iter().try_fold(view.root, below) {
                reader.pod(spec);
            }
        }
        reader.found.sort_by_key(|(span, _)| span.start);
        Uses { found: reader.found }
    }

    /// Returns the name of the variable, or the mount paths of the volume, that contains this place.
    pub(super) fn at(&self, place: u32) -> Option<&str> {
        let behind = self.found.partition_point(|(span, _)| span.start <= place);
        let (span, text) = self.found[..behind].last()?;
        (place < span.end).then_some(text.as_str())
    }
}

struct Reader<'t, 's> {
    tree: &'t Tree<'s>,
    /// Lists that were already read: aliases can repeat a list without end.
    seen: HashSet<NodeId>,
    found: Vec<(Span, String)>,
}

impl<'t> Reader<'t, '_> {
    fn pod(&mut self, spec: NodeId) {
        let mut mounts: HashMap<&'t str, Vec<String>> = HashMap::new();
        for container in CONTAINERS.iter().flat_map(|list| self.list(spec, list)).collect::<Vec<_>>() {
            for variable in self.list(container, "env") {
                let name = self.text(variable, "name").map(shown::any_name);
                let span = self.tree.node(variable).span;
                self.found.extend(name.map(|name| (span, name.to_owned())));
            }
            for mount in self.list(container, "volumeMounts") {
                let (name, path) = (self.text(mount, "name"), self.text(mount, "mountPath"));
                let Some((name, path)) = name.zip(path) else { continue };
                let known = mounts.entry(name).or_default();
                if known.len() < MOUNTS {
                    known.push(mounted(path, self.text(mount, "subPath").is_some()));
                }
            }
        }
        for volume in self.list(spec, "volumes") {
            let paths = self.text(volume, "name").and_then(|name| mounts.get(name));
            let span = self.tree.node(volume).span;
            self.found.extend(paths.map(|paths| (span, paths.join(", "))));
        }
    }

    /// Returns the elements of a list, but only on the first call for that list.
    fn list(&mut self, node: NodeId, field: &str) -> Vec<NodeId> {
        let list = self.tree.get(self.tree.deref(node), field).map(|list| self.tree.deref(list));
        let Some(list) = list.filter(|list| self.seen.insert(*list)) else { return Vec::new() };
        self.tree.items(list).map(|element| self.tree.deref(element)).collect()
    }

    fn text(&self, node: NodeId, field: &str) -> Option<&'t str> {
        self.tree.get(node, field).and_then(|text| self.tree.text(self.tree.deref(text)))
    }
}

fn mounted(path: &str, part: bool) -> String {
    let path = shown::any_name(path);
    if part { format!("{path} (subPath)") } else { path.to_owned() }
}
