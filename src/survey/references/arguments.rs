//! References in command lines and plain environment values, recognized by the name of the flag or variable.

use super::parts;
use super::record::{Found, Frame, Walk};
use super::reference::InNamespace;
use crate::kube::names;
use crate::rules::Kinds;
use crate::rules::arguments::{self, Meaning};
use crate::rules::context::{self, Said, Word};
use crate::rules::shapes::Strength;
use crate::yaml::NodeId;
use std::borrow::Cow;
use std::ops::Range;

impl<'s> Walk<'_, '_, 's> {
    /// Records the references in `--configmap=ns/name`, `--configmap` and its value as two items, and
    /// `config-map:ns/name`.
    pub(super) fn command_line(&mut self, frame: Frame) {
        let mut flag = (Meaning::Unknown, "");
        let items: Vec<NodeId> = self.tree.items(frame.node).collect();
        self.read_by_kubectl(&items, frame);
        for item in items {
            let Some(text) = self.tree.text(item) else { continue };
            let expected = std::mem::replace(&mut flag, (Meaning::Unknown, ""));
            let (name, value) = match text.find(['=', ':']) {
                Some(at) if !text[..at].contains(['/', ' ', '\n']) => (&text[..at], at + 1),
                _ => (text, 0),
            };
            let own = if is_flag(name, value > 0) { arguments::flag(name) } else { Meaning::Unknown };
            if value > 0 && own != Meaning::Unknown {
                self.value(item, value, (own, name), frame);
            } else if text.starts_with('-') {
                flag = (own, name);
            } else if expected.0 != Meaning::Unknown {
                self.value(item, 0, expected, frame);
            }
        }
    }

    /// Records what kubectl reads, as in `kubectl get secret web`, in one item or in several.
    fn read_by_kubectl(&mut self, items: &[NodeId], frame: Frame) {
        let texts = items.iter().map(|item| self.tree.text(*item).unwrap_or_default());
        let joined = context::Joined::new(texts);
        self.found.queries(self.subject.view, joined.text());
        if !joined.text().contains("kubectl") {
            return;
        }
        let mut kept = (None, Cow::default());
        for (item, word) in joined.read(|_| true) {
            // A long text may contain many words.
            if kept.0 != Some(item) {
                kept = (Some(item), self.tree.text_to_keep(items[item]).unwrap_or_default());
            }
            let text = &kept.1;
            let Some(kinds) = read_kinds(text, &word) else { continue };
            let found = Found::new(kinds, self.home(), Strength::Weak);
            self.record_part(items[item], text, word.range, frame.via, found);
        }
    }

    /// Records the reference in `{name: CONFIG_MAP_NAME, value: web}` in a list of environment variables.
    pub(super) fn variable(&mut self, frame: Frame, mapping: NodeId, value: NodeId) {
        let Some(name) = self.tree.text_of(mapping, "name") else { return };
        let meaning = arguments::variable(name);
        if meaning != Meaning::Unknown {
            self.value(value, 0, (meaning, name), frame);
        }
    }

    /// Records the names in a text from a byte on. `named`: the name of the flag or variable, and what it says.
    fn value(&mut self, node: NodeId, from: usize, (meaning, named): (Meaning, &str), frame: Frame) {
        let Some(text) = self.tree.text_to_keep(node) else { return };
        // A command of a shell, as in `SECRET_NAME=web; run`, is no list of names.
        let is_name = |part: &parts::Part<'_>| {
            let name = text.get(part.range.clone()).unwrap_or_default();
            !name.contains(char::is_whitespace) && !name.contains([';', '&', '|', '"', '\''])
        };
        let written = arguments::is_written(named);
        for part in parts::list(&text, from..text.len()).filter(is_name) {
            if let Some(namespace) = part.namespace.filter(|namespace| !namespace.is_empty()) {
                let end = part.range.start - 1;
                self.no_reference(node, end - namespace.len()..end, frame.via, Meaning::Other);
            }
            let kinds = match meaning {
                Meaning::Object(kinds) => kinds,
                Meaning::Perhaps(kinds) if written => kinds,
                _ => {
                    self.no_reference(node, part.range, frame.via, meaning);
                    continue;
                }
            };
            let namespace = parts::in_namespace(part.namespace, self.elsewhere().unwrap_or(InNamespace::Own));
            let found = Found::new(kinds, namespace, Strength::Strong);
            self.record_part(node, &text, part.range.clone(), frame.via, found.clone());
            if written {
                let name = text.get(part.range.clone()).unwrap_or_default().to_owned();
                let site = self.inner_site(node, part.range, frame.via);
                let reason = "a program writes it, as the name of an argument or variable says";
                self.claim_part(node, site, name, (found, reason));
            }
        }
    }

    /// Records for the search for mentions that a part of a text is something else than a name, or perhaps a name.
    fn no_reference(&mut self, node: NodeId, range: Range<usize>, via: Option<u32>, meaning: Meaning) {
        let span = self.tree.node(node).span;
        let site = self.inner_site(node, range, via);
        let place = site.map(|site| site.span).filter(|place| span.contains(*place));
        // The search takes the place of an alias for the place of the text.
        let Some(place) = place.or(site.map(|_| span)) else { return };
        let aside = &mut self.found.details.aside;
        match meaning {
            Meaning::Perhaps(kinds) => aside.suspects.push((place, kinds)),
            // Text that is reached through an alias of its holder may mean something in its own place.
            Meaning::Other if via.is_none() => aside.set_aside.push(place),
            _ => {}
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
