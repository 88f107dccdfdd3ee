//! The policy: from what an object says of itself and who uses it, is it versioned or left alone.
//!
//! The order of the questions here is the policy. Nothing else decides.

use crate::links::usage::Use;
use crate::options::{Options, Unreferenced};
use crate::survey::standing::{Reason, Standing};

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It gets its suffix and becomes immutable.
    Version,
    /// It has its suffix already and becomes immutable.
    Keep,
    /// It becomes immutable; kustomize appends the suffix.
    AwaitKustomize,
    /// It stays as it is.
    Leave(Reason),
}

/// The decision, with what refers to the object known. Whatever finds an original by its name still does, so with one
/// nothing of that kind speaks against a version.
pub fn decide(standing: Standing, original: bool, usage: Use, options: &Options) -> Decision {
    let usage = if original { Use { claimed: None, mentioned: false, ..usage } } else { usage };
    match standing {
        Standing::Versioned => Decision::Keep,
        Standing::AwaitsKustomize => Decision::AwaitKustomize,
        Standing::Leave(reason) => Decision::Leave(reason),
        Standing::Open => leave_by_use(usage, options).map_or(Decision::Version, Decision::Leave),
        Standing::ToldToVersion => Decision::Version,
    }
}

fn leave_by_use(usage: Use, options: &Options) -> Option<Reason> {
    if let Some(why) = usage.claimed {
        return Some(Reason::Claimed(why));
    }
    if usage.mentioned {
        return Some(Reason::Mentioned);
    }
    (!usage.referenced && options.unreferenced == Unreferenced::Leave).then_some(Reason::Unreferenced)
}
