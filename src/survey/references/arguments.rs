//! Command lines and plain environment values whose own name says that they name a ConfigMap or Secret.

use super::record::{Found, Frame, Walk};
use super::{InNamespace, parts};
use crate::rules::Kinds;
use crate::rules::shapes::{self, Strength};
use crate::yaml::NodeId;

/// Lists that hold command lines.
pub(crate) fn is_command_line(key: &str) -> bool {
    matches!(key, "args" | "command" | "extraArgs" | "arguments")
}

impl<'s> Walk<'_, '_, 's> {
    /// `--configmap=ns/name`, `--configmap` and its value as two items, `config-map:ns/name`.
    pub(super) fn command_line(&mut self, frame: Frame) {
        let mut flag = Kinds::NONE;
        let items: Vec<NodeId> = self.tree.items(frame.node).collect();
        for item in items {
            let Some(text) = self.tree.text(item).map(|text| text.as_ref()) else { continue };
            let expected = std::mem::replace(&mut flag, Kinds::NONE);
            let (name, value) = match text.find(['=', ':']) {
                Some(at) if !text[..at].contains(['/', ' ', '\n']) => (&text[..at], at + 1),
                _ => (text, 0),
            };
            let own = if is_flag(name, value > 0) { shapes::flag(name) } else { Kinds::NONE };
            if value > 0 && own != Kinds::NONE {
                self.names_in(item, value, own, frame);
            } else if text.starts_with('-') {
                flag = own;
            } else if expected != Kinds::NONE {
                self.names_in(item, 0, expected, frame);
            }
        }
    }

    /// `{name: CONFIG_MAP_NAME, value: web}` in a list of environment variables.
    pub(super) fn variable(&mut self, frame: Frame, mapping: NodeId, value: NodeId) {
        let Some(name) = self.tree.text_of(mapping, "name") else { return };
        let kinds = shapes::variable(name);
        if kinds != Kinds::NONE {
            self.names_in(value, 0, kinds, frame);
        }
    }

    fn names_in(&mut self, node: NodeId, from: usize, kinds: Kinds, frame: Frame) {
        let Some(text) = self.tree.text(node).cloned() else { return };
        for part in parts::list(&text, from..text.len()) {
            let namespace = parts::in_namespace(part.namespace, InNamespace::Own);
            let found = Found::new(kinds, namespace, Strength::Strong);
            self.record_part(node, &text, part.range, frame.via, found);
        }
    }
}

/// `--name`, `-name`, or a bare word when a value follows it.
fn is_flag(name: &str, has_value: bool) -> bool {
    let bare = name.trim_start_matches('-');
    let word =
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    word && (has_value || name.starts_with('-'))
}
