//! Names in the values of a Helm chart that contain the release name as a template expression.

use super::record::{Frame, Walk};
use super::reference::{Claim, InNamespace};
use crate::rules::context::{self, Noun, Said};
use crate::rules::{Kinds, charts};
use std::borrow::Cow;

/// Why an object keeps its name if chart values name it in a place that is not rewritten.
const NAMED_BY_RELEASE: &str = "the values of a Helm release name it with `.Release.Name`";

impl<'s> Walk<'_, '_, 's> {
    /// Returns a name from chart values with the release name filled in.
    pub(super) fn released(&self, name: Cow<'s, str>) -> Cow<'s, str> {
        match &self.release {
            Some(release) if charts::asks_for_release(&name) => {
                charts::filled(&name, release).map(|name| Cow::Owned(name.into_owned())).unwrap_or(name)
            }
            _ => name,
        }
    }

    /// Claims the objects that a text names with the release name, in a place that is not rewritten.
    pub(super) fn claim_released(&mut self, frame: Frame, key: &str) {
        let Some(release) = &self.release else { return };
        let Some(text) = self.tree.text(frame.node).filter(|text| charts::asks_for_release(text)) else {
            return;
        };
        let filled = charts::fill(text, release);
        let field = context::field(key);
        let is_name = |word: &str| word.len() > release.len() && word.contains(release.as_str());
        let words = context::read(&filled, |word| word == release || is_name(word));
        for word in words {
            let name = &filled[word.range.clone()];
            let whole = name.len() == filled.len();
            let kinds = match word.said {
                Said::Surely(noun) | Said::Likely(noun) => noun.kinds(),
                Said::NoName | Said::Path(..) => Kinds::NONE,
                Said::Nothing => match field.filter(|_| whole) {
                    Some(Noun::Other | Noun::Job | Noun::Pod) => Kinds::NONE,
                    Some(noun) => noun.kinds(),
                    None if is_name(name) => Kinds::BOTH,
                    None => Kinds::NONE,
                },
            };
            if kinds != Kinds::NONE {
                let (object, place) = (self.subject.index, self.tree.node(frame.node).span);
                let (name, namespace) = (Cow::Owned(name.to_owned()), InNamespace::Any);
                let reason = NAMED_BY_RELEASE;
                self.found.claims.push(Claim { object, kinds, name, namespace, reason, place });
            }
        }
    }
}
