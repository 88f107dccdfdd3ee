//! References in command lines and plain environment values, recognized by the name of the flag or variable.

use super::parts;
use super::record::{Found, Frame, Walk};
use super::reference::InNamespace;
use crate::kube::names;
use crate::rules::Kinds;
use crate::rules::context::{self, Said, Word};
use crate::rules::shapes::{self, Strength};
use crate::yaml::NodeId;

/// True for a list that contains a command line.
pub(crate) fn is_command_line(key: &str) -> bool {
    matches!(key, "args" | "command" | "extraArgs" | "arguments")
}

impl<'s> Walk<'_, '_, 's> {
    /// Records the references in `--configmap=ns/name`, `--configmap` and its value as two items, and
    /// `config-map:ns/name`.
    pub(super) fn command_line(&mut self, frame: Frame) {
        let mut flag = (Kinds::NONE, "");
        let items: Vec<NodeId> = self.tree.items(frame.node).collect();
        self.read_by_kubectl(&items, frame);
        for item in items {
            let Some(text) = self.tree.text(item) else { continue };
            let expected = std::mem::replace(&mut flag, (Kinds::NONE, ""));
            let (name, value) = match text.find(['=', ':']) {
                Some(at) if !text[..at].contains(['/', ' ', '\n']) => (&text[..at], at + 1),
                _ => (text, 0),
            };
            let own = if is_flag(name, value > 0) { shapes::flag(name) } else { Kinds::NONE };
            if value > 0 && own != Kinds::NONE {
                self.names_in(item, value, (own, name), frame);
            } else if text.starts_with('-') {
                flag = (own, name);
            } else if expected.0 != Kinds::NONE {
                self.names_in(item, 0, expected, frame);
            }
        }
    }

    /// Records what kubectl reads, as in `kubectl get secret web`, in one item or in several.
    fn read_by_kubectl(&mut self, items: &[NodeId], frame: Frame) {
        let texts = items.iter().map(|item| self.tree.text(*item).unwrap_or_default());
        let joined = context::Joined::new(texts);
        if !joined.text().contains("kubectl") {
            return;
        }
        for (item, word) in joined.read(|_| true) {
            let Some(text) = self.tree.text_to_keep(items[item]) else { continue };
            let Some(kinds) = read_kinds(&text, &word) else { continue };
            let found = Found::new(kinds, self.home(), Strength::Weak);
            self.record_part(items[item], &text, word.range, frame.via, found);
        }
    }

    /// Records the reference in `{name: CONFIG_MAP_NAME, value: web}` in a list of environment variables.
    pub(super) fn variable(&mut self, frame: Frame, mapping: NodeId, value: NodeId) {
        let Some(name) = self.tree.text_of(mapping, "name") else { return };
        let kinds = shapes::variable(name);
        if kinds != Kinds::NONE {
            self.names_in(value, 0, (kinds, name), frame);
        }
    }

    /// Records the names in a text from a byte on. `named`: the name of the flag or variable, and the kinds that it states.
    fn names_in(&mut self, node: NodeId, from: usize, (kinds, named): (Kinds, &str), frame: Frame) {
        let Some(text) = self.tree.text_to_keep(node) else { return };
        // A command of a shell, as in `SECRET_NAME=web; run`, is no list of names.
        let is_name = |part: &parts::Part<'_>| {
            let name = text.get(part.range.clone()).unwrap_or_default();
            !name.contains(char::is_whitespace) && !name.contains([';', '&', '|', '"', '\''])
        };
        for part in parts::list(&text, from..text.len()).filter(is_name) {
            let namespace = parts::in_namespace(part.namespace, self.elsewhere().unwrap_or(InNamespace::Own));
            let found = Found::new(kinds, namespace, Strength::Strong);
            self.record_part(node, &text, part.range.clone(), frame.via, found.clone());
            if shapes::is_written(named) {
                let name = text.get(part.range.clone()).unwrap_or_default().to_owned();
                let site = self.inner_site(node, part.range, frame.via);
                let reason = "a program writes it, as the name of an argument or variable says";
                self.claim_part(node, site, name, (found, reason));
            }
        }
    }
}

/// True for `--name`, `-name`, or a bare word that is followed by a value.
fn is_flag(name: &str, has_value: bool) -> bool {
    let bare = name.trim_start_matches('-');
    let word =
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    word && (has_value || name.starts_with('-'))
}

/// Returns the kinds of the object that kubectl reads under this word; `None` if the word is only part of a name.
fn read_kinds(text: &str, word: &Word) -> Option<Kinds> {
    let (Said::Surely(noun) | Said::Likely(noun)) = word.said else { return None };
    let before = text[..word.range.start].chars().next_back();
    let behind = text[word.range.end..].chars().next();
    let begins = |sign: char| sign.is_whitespace() || matches!(sign, '/' | ',' | '"' | '\'');
    let ends = |sign: char| sign.is_whitespace() || matches!(sign, ',' | '"' | '\'' | ';' | ')' | '|' | '`');
    let alone = before.is_none_or(begins) && behind.is_none_or(ends);
    let kinds = Some(noun.kinds()).filter(|kinds| *kinds != Kinds::NONE);
    kinds.filter(|_| word.read && alone && names::check(&text[word.range.clone()]).is_ok())
}
