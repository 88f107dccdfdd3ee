//! The places of a document that can mention an object.
//!
//! Skips names that are local to a pod, labels, selectors, images, paths, bookkeeping, and the configuration and
//! results of a KRM function. What a text says about its words is the task of `rules::context`. Iterative.

use super::encoded;
use super::found::{Form, Found};
use super::judge::{Field, Verdict, judge};
use super::names::Names;
use super::scope::Scope;
use crate::kube::content::FIELDS;
use crate::kube::object::TargetKind;
use crate::rules::context::{self, Joined, Noun, Word};
use crate::rules::{Format, Kinds, Rules, shapes};
use crate::survey::inventory::TargetIndex;
use crate::survey::reread;
use crate::text::source::{Source, Span};
use crate::yaml::{Kind, NodeId, Position, Tree, Value};

/// Kinds whose text describes fields or contains other streams, and our own configuration, which kpt keeps among the
/// items.
const ASIDE_KINDS: [&str; 2] = ["CustomResourceDefinition", "Immutably"];

/// A search through one document.
pub(super) struct Places<'a, 's> {
    pub(super) tree: &'a Tree<'s>,
    pub(super) source: &'a Source,
    pub(super) rules: &'a Rules,
    pub(super) names: &'a Names<'a>,
    pub(super) scope: &'a Scope<'a>,
    /// The names that the document contains as words, sorted.
    pub(super) hits: &'a [Span],
    /// The aliases in the document through which some of the names are reached, sorted.
    pub(super) aliases: &'a [Span],
    /// Those of the names and aliases that may be mentions, sorted.
    pub(super) unknown: &'a [Span],
}

#[derive(Clone, Copy)]
struct Frame<'a> {
    node: NodeId,
    /// The key of the node. An item of a list has the key of the list.
    key: &'a str,
    /// The mapping that contains the node.
    mapping: NodeId,
    /// The mapping into which the entries of the node are merged.
    merged: Option<NodeId>,
    /// The first alias that was followed to the node. A mention is shown there.
    via: Option<Span>,
    /// True for an item of a list.
    item: bool,
    /// The ConfigMap or Secret that contains the node.
    own: Option<(TargetIndex, TargetKind)>,
    /// True in the content of that object.
    content: bool,
    /// The key of a Secret's value, which is shown instead of the value.
    hidden: Option<Span>,
}

impl<'a> Places<'a, '_> {
    /// Records every place of the document that mentions an object.
    pub(super) fn search(&self, found: &mut Found<'_, '_>) {
        let Some(root) = self.tree.root() else { return };
        let frame = Frame {
            node: root,
            key: "",
            mapping: root,
            merged: None,
            via: None,
            item: false,
            own: None,
            content: false,
            hidden: None,
        };
        let mut open = vec![frame];
        while let Some(frame) = open.pop() {
            if !self.may_mention(frame.node, frame.via) || (frame.via.is_some() && !self.tree.step()) {
                continue;
            }
            match self.tree.node(frame.node).kind {
                Kind::Mapping(_) => self.mapping(frame, &mut open, found),
                Kind::Sequence => self.sequence(frame, &mut open, found),
                Kind::Alias(target) if !self.is_scalar(target) => open.push(self.followed(frame)),
                // A boolean, a number or null names nothing.
                _ if !matches!(self.tree.value(frame.node), Some(Value::Text(_))) => {}
                Kind::Alias(_) | Kind::Scalar(_) => {
                    self.texts(&[frame.node], frame, self.field(frame), found)
                }
            }
        }
    }

    /// Returns the names within a node.
    fn within(&self, node: NodeId) -> &'a [Span] {
        reread::within(self.hits, self.tree.node(node).span)
    }

    fn is_scalar(&self, node: NodeId) -> bool {
        matches!(self.tree.node(node).kind, Kind::Scalar(_))
    }

    /// Returns the frame of the node that an alias refers to; the same frame if its node is not an alias.
    fn followed(&self, frame: Frame<'a>) -> Frame<'a> {
        let Kind::Alias(node) = self.tree.node(frame.node).kind else { return frame };
        let via = frame.via.or(Some(self.tree.node(frame.node).span));
        Frame { node, via, ..frame }
    }

    /// True for a node that contains a possible mention. What is known about the place of an anchored text need not be
    /// true for its aliases.
    fn may_mention(&self, node: NodeId, via: Option<Span>) -> bool {
        let span = self.tree.node(node).span;
        if via.is_some() {
            return !self.within(node).is_empty() || !reread::within(self.aliases, span).is_empty();
        }
        let first = self.unknown.partition_point(|hit| hit.start < span.start);
        self.unknown.get(first).is_some_and(|hit| hit.start < span.end)
    }

    fn mapping(&self, frame: Frame<'a>, open: &mut Vec<Frame<'a>>, found: &mut Found<'_, '_>) {
        let mapping = frame.merged.unwrap_or(frame.node);
        let kind = self.tree.text_of(mapping, "kind");
        if kind.is_some_and(|kind| ASIDE_KINDS.contains(&kind)) {
            return;
        }
        let object = self.scope.owner(self.tree.node(mapping).span.start);
        let own = object.or(frame.own);
        let named_item = frame.item && self.says_more_than_a_name(mapping);
        let typed = kind.is_some_and(|kind| Kinds::named(kind) == Kinds::NONE);
        for (key, value) in self.tree.entries(frame.node) {
            if frame.via.is_some() && !self.tree.step() {
                return;
            }
            if self.tree.is_merge(key) {
                self.merge(value, Frame { merged: Some(mapping), ..frame }, open);
                continue;
            }
            let name = self.tree.text(key).unwrap_or_default();
            let content = frame.content || (object.is_some() && FIELDS.contains(&name));
            let secret = own.is_some_and(|(_, kind)| kind == TargetKind::Secret);
            let hidden = frame.hidden.or((frame.content && secret).then(|| self.tree.node(key).span));
            let child = Frame {
                node: value,
                key: name,
                mapping,
                merged: None,
                item: false,
                own,
                content,
                hidden,
                ..frame
            };
            if !frame.content {
                self.key(key, child, found);
            }
            let other_name = name == "name"
                && (typed || named_item || frame.key == "metadata" || shapes::is_pod_local(frame.key));
            let remote = shapes::is_remote_key(frame.key, name);
            let aside =
                (shapes::is_other(name) && !remote) || (shapes::is_aside(name) && name != "annotations");
            let annotation = shapes::are_annotations(frame.key) && self.is_bookkeeping(name);
            let envelope = kind == Some("ResourceList") && matches!(name, "functionConfig" | "results");
            let encoded = secret && object.is_some() && name == "data";
            let password = hidden.is_some() && encoded::is_password(name);
            let looked_at = (frame.content && !password)
                || !(frame.content || other_name || aside || annotation || envelope || encoded);
            if looked_at {
                let key = match name {
                    "name" => frame.key,
                    _ if remote => "secretName",
                    _ => name,
                };
                open.push(Frame { key: if frame.content { name } else { key }, ..child });
            }
        }
    }

    /// Adds the mappings that the value of a merge key adds.
    fn merge(&self, value: NodeId, frame: Frame<'a>, open: &mut Vec<Frame<'a>>) {
        let Frame { via, .. } = self.followed(Frame { node: value, ..frame });
        let sources = self.tree.merged(value).into_iter().take_while(|_| self.tree.step());
        open.extend(sources.map(|node| self.followed(Frame { node, via, ..frame })));
    }

    /// Searches a key, such as `spark.kubernetes.driver.secrets.web`.
    fn key(&self, key: NodeId, frame: Frame<'a>, found: &mut Found<'_, '_>) {
        if self.may_mention(key, frame.via) {
            let only_said = Field { names: Some(Noun::Other), command: true, secret: true };
            self.texts(&[key], frame, only_said, found);
        }
    }

    fn sequence(&self, frame: Frame<'a>, open: &mut Vec<Frame<'a>>, found: &mut Found<'_, '_>) {
        let items: Vec<NodeId> = self.tree.items(frame.node).collect();
        if shapes::is_command_line(frame.key) && items.iter().all(|item| self.tree.text(*item).is_some()) {
            let field = Field { command: true, ..Field::default() };
            return self.texts(&items, frame, field, found);
        }
        open.extend(items.into_iter().map(|node| Frame { node, item: true, merged: None, ..frame }));
    }

    /// True for `{name: web, url: ...}`, in which the name is that of the list item. `{name: web}` and `{name: web,
    /// key: a}` may name an object.
    fn says_more_than_a_name(&self, mapping: NodeId) -> bool {
        let selects =
            ["name", "namespace", "key", "kind", "apiVersion", "group", "apiGroup", "optional", "items"];
        let mut more = false;
        self.tree.each_field(mapping, &mut |key, _| {
            more |= self.tree.text(key).is_some_and(|field| !selects.contains(&field));
        });
        more
    }

    fn is_bookkeeping(&self, key: &str) -> bool {
        self.rules.annotation(key).is_some_and(|rule| rule.format == Format::Nothing)
    }

    /// Returns what the field says about its text.
    fn field(&self, frame: Frame<'a>) -> Field {
        let beside = |field| self.tree.text_of(frame.mapping, field);
        let valued = matches!(frame.key, "value" | "default");
        let named = beside("name").filter(|_| valued && !frame.content);
        let parameter = named.and_then(|name| self.scope.parameter(name));
        let typed = beside("type").or(beside("kind")).and_then(context::resource);
        let names = match named {
            Some(name) => parameter.or_else(|| context::field(name)),
            None if frame.content => context::field(frame.key),
            None => typed.filter(|noun| noun.kinds() != Kinds::NONE).or_else(|| context::field(frame.key)),
        };
        let literal = frame.hidden.is_some() && !frame.key.ends_with(['e', 'E', 'f', 'F']);
        Field {
            names: names.filter(|_| !literal),
            command: frame.key == "value" && named.is_some() && parameter.is_none(),
            secret: frame.hidden.is_some(),
        }
    }

    /// Reads texts that belong together, such as the items of a command line, as one text.
    fn texts(&self, nodes: &[NodeId], frame: Frame<'a>, field: Field, found: &mut Found<'_, '_>) {
        let texts = nodes.iter().map(|node| self.tree.text(*node).unwrap_or_default());
        let words = Joined::new(texts).read(|word| self.names.contains(word));
        for group in words.chunk_by(|(first, _), (second, _)| first == second) {
            let Some((number, _)) = group.first() else { continue };
            let text = self.tree.text(nodes[*number]).unwrap_or_default();
            let words = group.iter().map(|(_, word)| word.clone()).collect();
            self.words(text, nodes[*number], words, frame, field, found);
        }
    }

    fn words(
        &self,
        text: &str,
        node: NodeId,
        words: Vec<Word>,
        frame: Frame<'a>,
        field: Field,
        found: &mut Found<'_, '_>,
    ) {
        let is_alias = matches!(self.tree.node(node).kind, Kind::Alias(_));
        if is_alias
            && (!self.may_mention(node, None) && frame.via.is_none()
                || self.scope.is_known_alias(self.tree.node(node).span))
        {
            return;
        }
        let hits = self.within(node);
        let mut position = Position::default();
        let mut is_at = |hit: &Span, word: &Word| {
            self.source.slice(*hit) == &text[word.range.clone()]
                || self.tree.inner_after(node, word.range.clone(), self.source, &mut position) == Some(*hit)
        };
        let traced = hits.len() == words.len() && hits.iter().zip(&words).all(|(hit, word)| is_at(hit, word));
        for (number, word) in words.iter().enumerate() {
            let name = &text[word.range.clone()];
            let Some(named) = self.names.get(name) else { continue };
            let span = self.tree.node(node).span;
            let place = if traced { hits[number] } else { hits.first().copied().unwrap_or(span) };
            if traced && self.scope.is_known(place) {
                continue;
            }
            let suspected = self.scope.suspected(place).filter(|_| traced || is_alias);
            let verdict = suspected.map_or_else(|| judge(text, word, named, field), Verdict::Held);
            let form = match frame.hidden {
                Some(_) => Form::Hidden,
                None if name.len() == text.len() => Form::Field,
                None => Form::Text,
            };
            let own = frame.own.filter(|_| frame.content).map(|(target, _)| target);
            let place = frame.hidden.or(frame.via).unwrap_or(place);
            found.note((text, word.range.end), (named, verdict), own, (place, form));
        }
    }
}
