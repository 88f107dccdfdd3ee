//! The parser states: which token may follow which. Turns tokens into nodes.
//!
//! Pending states are on an explicit stack.

use super::builder::{Builder, Properties};
use super::fault::Fault;
use super::tokens::{Kind as Token, Tokens};
use crate::yaml::node::Kind;

/// What to read next in a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// An item of a block sequence, or its end.
    Item,
    /// An item of a block sequence that is not indented under its key.
    FlatItem,
    /// A key of a block mapping, or its end.
    Key,
    /// The value of a block mapping's key.
    Value,
    /// An item of `[...]`; true for the first.
    FlowItem(bool),
    /// The key of a pair that is an item of `[...]`.
    PairKey,
    /// The value of such a pair.
    PairValue,
    /// The end of such a pair.
    PairEnd,
    /// A key of `{...}`; true for the first.
    FlowKey(bool),
    /// The value of such a key.
    FlowValue,
    /// The absent value of a key of `{...}` without a `:`.
    FlowNoValue,
}

/// The context in which a node is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// An item, or the whole document.
    Block,
    /// A key or value of a block mapping, where a sequence need not be indented.
    Entry,
    /// Inside brackets.
    Flow,
}

pub(super) struct Parser<'t, 's> {
    tokens: Tokens<'s>,
    builder: Builder<'t, 's>,
    states: Vec<State>,
}

impl<'t, 's> Parser<'t, 's> {
    pub(super) fn new(text: &'s str, builder: Builder<'t, 's>) -> Self {
        Parser { tokens: Tokens::new(text), builder, states: Vec::new() }
    }

    /// Reads the first document.
    pub(super) fn document(&mut self) -> Result<(), Fault> {
        while self.next_is(&Token::DocumentEnd)? {
            self.tokens.next()?;
        }
        if self.next_is(&Token::StreamEnd)? {
            return Ok(());
        }
        if self.next_is(&Token::DocumentStart)? {
            self.tokens.next()?;
        }
        let start = self.tokens.peek()?;
        if matches!(start.kind, Token::DocumentStart | Token::DocumentEnd | Token::StreamEnd) {
            let at = start.start;
            self.builder.absent(Properties::default(), at);
        } else {
            self.node(Context::Block)?;
        }
        while let Some(state) = self.states.pop() {
            self.step(state)?;
        }
        let behind = self.tokens.peek()?;
        let end = if behind.kind == Token::DocumentEnd { behind.end } else { behind.start };
        self.builder.ignored(end);
        Ok(())
    }

    fn step(&mut self, state: State) -> Result<(), Fault> {
        match state {
            State::Item => self.item(),
            State::FlatItem => self.flat_item(),
            State::Key => self.key(),
            State::Value => self.value(),
            State::FlowItem(first) => self.flow_item(first),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.builder.close();
                Ok(())
            }
            State::FlowKey(first) => self.flow_key(first),
            State::FlowValue => self.flow_value(),
            State::FlowNoValue => {
                self.absent();
                Ok(())
            }
        }
    }

    /// Reads a scalar or an alias, or the beginning of a collection.
    fn node(&mut self, context: Context) -> Result<(), Fault> {
        if let Token::Alias(name) = self.tokens.peek()?.kind {
            let token = self.tokens.next()?;
            return self.builder.alias(name, token.start, token.end);
        }
        let (properties, end) = self.properties()?;
        let next = self.tokens.peek()?;
        let start = next.start;
        let block = context != Context::Flow;
        let (kind, state) = match &next.kind {
            Token::BlockEntry if context == Context::Entry => (Kind::Sequence, State::FlatItem),
            Token::Scalar(..) => return self.scalar(properties),
            Token::FlowSequenceStart => (Kind::Sequence, State::FlowItem(true)),
            Token::FlowMappingStart => (Kind::Mapping(true), State::FlowKey(true)),
            Token::SequenceStart if block => (Kind::Sequence, State::Item),
            Token::MappingStart if block => (Kind::Mapping(false), State::Key),
            _ => {
                let end = end.ok_or(Fault::new(start, "expected a value here"))?;
                self.builder.absent(properties, end);
                return Ok(());
            }
        };
        if state != State::FlatItem {
            self.tokens.next()?;
        }
        self.states.push(state);
        self.builder.open(kind, properties, start)
    }

    fn scalar(&mut self, properties: Properties<'s>) -> Result<(), Fault> {
        let token = self.tokens.next()?;
        if let Token::Scalar(style, text) = token.kind {
            self.builder.scalar(properties, (style, text), (token.start, token.end));
        }
        Ok(())
    }

    /// Reads an anchor and a tag in either order, and returns where they end.
    fn properties(&mut self) -> Result<(Properties<'s>, Option<usize>), Fault> {
        let (mut properties, mut end) = (Properties::default(), None);
        loop {
            match self.tokens.peek()?.kind {
                Token::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(name),
                Token::Tag(_) if properties.tag.is_none() => {}
                _ => return Ok((properties, end)),
            }
            let token = self.tokens.next()?;
            end = Some(token.end);
            if let Token::Tag(tag) = token.kind {
                properties.tag = Some(tag);
            }
        }
    }

    fn item(&mut self) -> Result<(), Fault> {
        if self.take(&Token::BlockEnd)?.is_some() {
            self.builder.close();
            return Ok(());
        }
        let dash = self.expect(&Token::BlockEntry, "expected a `-` that begins a list item")?;
        self.states.push(State::Item);
        self.node_unless(Context::Block, &[Token::BlockEntry, Token::BlockEnd], dash.1)
    }

    fn flat_item(&mut self) -> Result<(), Fault> {
        let Some(dash) = self.take(&Token::BlockEntry)? else {
            self.builder.close();
            return Ok(());
        };
        self.states.push(State::FlatItem);
        let none = [Token::BlockEntry, Token::Key, Token::Value, Token::BlockEnd];
        self.node_unless(Context::Block, &none, dash.1)
    }

    fn key(&mut self) -> Result<(), Fault> {
        if self.take(&Token::BlockEnd)?.is_some() {
            self.builder.close();
            return Ok(());
        }
        let key = self.expect(&Token::Key, "expected a key here")?;
        self.states.push(State::Value);
        self.node_unless(Context::Entry, &[Token::Key, Token::Value, Token::BlockEnd], key.1)
    }

    fn value(&mut self) -> Result<(), Fault> {
        self.states.push(State::Key);
        let Some(colon) = self.take(&Token::Value)? else {
            self.absent();
            return Ok(());
        };
        self.node_unless(Context::Entry, &[Token::Key, Token::Value, Token::BlockEnd], colon.0)
    }

    fn flow_item(&mut self, first: bool) -> Result<(), Fault> {
        if !first && !self.next_is(&Token::FlowSequenceEnd)? {
            self.expect(&Token::FlowEntry, "expected `,` or `]`")?;
        }
        if let Some((_, end)) = self.take(&Token::FlowSequenceEnd)? {
            self.builder.close_at(end);
            return Ok(());
        }
        self.states.push(State::FlowItem(false));
        if let Some((start, _)) = self.take(&Token::Key)? {
            self.states.push(State::PairKey);
            return self.builder.open(Kind::Mapping(true), Properties::default(), start);
        }
        self.node(Context::Flow)
    }

    fn pair_key(&mut self) -> Result<(), Fault> {
        self.states.push(State::PairValue);
        let at = self.tokens.peek()?.start;
        self.node_unless(Context::Flow, &[Token::Value, Token::FlowEntry, Token::FlowSequenceEnd], at)
    }

    fn pair_value(&mut self) -> Result<(), Fault> {
        self.states.push(State::PairEnd);
        let Some(colon) = self.take(&Token::Value)? else {
            self.absent();
            return Ok(());
        };
        self.node_unless(Context::Flow, &[Token::FlowEntry, Token::FlowSequenceEnd], colon.0)
    }

    fn flow_key(&mut self, first: bool) -> Result<(), Fault> {
        if !first && !self.next_is(&Token::FlowMappingEnd)? {
            self.expect(&Token::FlowEntry, "expected `,` or `}`")?;
        }
        if let Some((_, end)) = self.take(&Token::FlowMappingEnd)? {
            self.builder.close_at(end);
            return Ok(());
        }
        self.states.push(State::FlowKey(false));
        let Some(key) = self.take(&Token::Key)? else {
            self.states.push(State::FlowNoValue);
            return self.node(Context::Flow);
        };
        self.states.push(State::FlowValue);
        self.node_unless(Context::Flow, &[Token::Value, Token::FlowEntry, Token::FlowMappingEnd], key.1)
    }

    fn flow_value(&mut self) -> Result<(), Fault> {
        let Some(colon) = self.take(&Token::Value)? else {
            self.absent();
            return Ok(());
        };
        self.node_unless(Context::Flow, &[Token::FlowEntry, Token::FlowMappingEnd], colon.0)
    }

    /// Reads a node. The node is absent if one of the tokens in `none` follows.
    fn node_unless(&mut self, context: Context, none: &[Token<'s>], at: usize) -> Result<(), Fault> {
        if none.contains(&self.tokens.peek()?.kind) {
            self.builder.absent(Properties::default(), at);
            return Ok(());
        }
        self.node(context)
    }

    /// Adds an absent node after the last one.
    fn absent(&mut self) {
        self.builder.absent(Properties::default(), self.builder.last_end);
    }

    fn next_is(&mut self, kind: &Token<'s>) -> Result<bool, Fault> {
        Ok(self.tokens.peek()?.kind == *kind)
    }

    /// Takes the next token if it is of this kind, and returns its start and end.
    fn take(&mut self, kind: &Token<'s>) -> Result<Option<(usize, usize)>, Fault> {
        if !self.next_is(kind)? {
            return Ok(None);
        }
        let token = self.tokens.next()?;
        Ok(Some((token.start, token.end)))
    }

    fn expect(&mut self, kind: &Token<'s>, message: &'static str) -> Result<(usize, usize), Fault> {
        let at = self.tokens.peek()?.start;
        self.take(kind)?.ok_or(Fault::new(at, message))
    }
}
