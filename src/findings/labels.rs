//! The places of a finding.
//!
//! Nearly every finding has one, which is kept in the finding itself: a list takes 40 bytes more, and a stream may have
//! as many findings as objects.

use crate::text::source::Span;
use std::borrow::Cow;
use std::ops::Deref;

/// A place, and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is at this place; may be empty.
    pub text: Cow<'static, str>,
}

/// The places of a finding, in order. Otherwise it behaves like a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Inner);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Inner {
    #[default]
    None,
    One(Label),
    Several(Vec<Label>),
}

impl Labels {
    /// Adds a place.
    pub fn push(&mut self, label: Label) {
        self.0 = match std::mem::take(&mut self.0) {
            Inner::None => Inner::One(label),
            Inner::One(first) => Inner::Several(vec![first, label]),
            Inner::Several(mut labels) => {
                labels.push(label);
                Inner::Several(labels)
            }
        };
    }
}

impl Deref for Labels {
    type Target = [Label];

    fn deref(&self) -> &[Label] {
        match &self.0 {
            Inner::None => &[],
            Inner::One(label) => std::slice::from_ref(label),
            Inner::Several(labels) => labels,
        }
    }
}

impl<'l> IntoIterator for &'l Labels {
    type Item = &'l Label;
    type IntoIter = std::slice::Iter<'l, Label>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
