//! The policy: whether an object is versioned, kept under both names, or left alone. It depends on the object itself,
//! on how the stream uses it, and on the options.
//!
//! The order of the conditions is the policy. No other module decides.

use crate::decisions::deployed::Before;
use crate::kube::object::TargetKind;
use crate::links::usage::Usage;
use crate::options::{HelmSecrets, Options, Unreferenced};
use crate::survey::inventory::{Inventory, Target};
use crate::survey::standing::{OriginalWish, Reason, Standing};

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It gets a suffix and becomes immutable.
    Version,
    /// It gets a suffix and becomes immutable, and it is also kept unchanged under its original name.
    Both(Because),
    /// It already has its suffix, and becomes immutable.
    Keep,
    /// It becomes immutable; kustomize appends the suffix.
    AwaitKustomize,
    /// It stays unchanged.
    Leave(Reason),
}

impl Decision {
    /// True if the object gets a suffix from this program.
    pub fn renames(self) -> bool {
        matches!(self, Decision::Version | Decision::Both(_))
    }

    /// Returns why the object is also kept under its original name; `None` if it is not.
    pub fn original(self) -> Option<Because> {
        if let Decision::Both(because) = self { Some(because) } else { None }
    }
}

/// Why an object is kept under its original name next to its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// An annotation or option asks for it.
    Requested,
    /// Nothing in the input refers to it, so something outside the input may use its original name.
    Unreferenced,
    /// A Helm chart rendered this Secret, and charts look up their own Secrets by name.
    HelmSecret,
    /// Something reads it before the version exists.
    Early,
    /// Nothing in an earlier release referred to it, so something outside may use its original name.
    Outside,
    /// The release before has it under this name only.
    Deployed,
}

impl Because {
    /// Returns the reason in words that fit after "kept under its original name too: ".
    pub fn explain(self) -> &'static str {
        match self {
            Because::Requested => "an annotation or `--keep-original` asks for it",
            Because::Unreferenced => "nothing in the input refers to it",
            Because::HelmSecret => "a Helm chart rendered it, and charts look up their own Secrets by name",
            Because::Early => "something reads it before the version exists",
            Because::Outside => "nothing in an earlier release referred to it",
            Because::Deployed => "the release before has it under this name only, so its pods use that name",
        }
    }
}

/// Returns the decision for a target, given its usage. If the original is kept as well, readers that use the original
/// name still find it, so they do not prevent a version.
/// `before` is what the release before has of the object, if that is known.
pub fn decide(
    target: &Target,
    usage: Usage,
    before: Option<Before<'_>>,
    inventory: &Inventory<'_>,
    options: &Options,
) -> Decision {
    let wanted = target.original == OriginalWish::Wanted;
    match target.standing {
        Standing::Versioned => Decision::Keep,
        Standing::AwaitsKustomize => Decision::AwaitKustomize,
        Standing::Leave(reason) => Decision::Leave(reason),
        Standing::Open if wanted && for_outside(target, usage, before, options) => {
            Decision::Both(Because::Outside)
        }
        Standing::VersionRequested | Standing::Open if wanted => Decision::Both(Because::Requested),
        Standing::VersionRequested if usage.reads.early.is_some() && copies(target) => {
            Decision::Both(Because::Early)
        }
        Standing::VersionRequested if is_plain(before, options) && copies(target) => {
            Decision::Both(Because::Deployed)
        }
        Standing::VersionRequested => Decision::Version,
        Standing::Open => by_use(target, usage, before, inventory, options),
    }
}

fn by_use(
    target: &Target,
    usage: Usage,
    before: Option<Before<'_>>,
    inventory: &Inventory<'_>,
    options: &Options,
) -> Decision {
    if let Some(why) = usage.claimed {
        return Decision::Leave(Reason::Claimed(why));
    }
    if let Some((_, fact)) = usage.reads.keeps_name(inventory) {
        return Decision::Leave(Reason::Held(fact));
    }
    if usage.mentioned {
        return Decision::Leave(Reason::Mentioned);
    }
    let outside = || for_outside(target, usage, before, options);
    if usage.reads.early.is_some() {
        return match usage.reads.follows && copies(target) {
            true if outside() => Decision::Both(Because::Outside),
            true => Decision::Both(Because::Early),
            false => Decision::Leave(Reason::Early),
        };
    }
    if !usage.referenced && options.unreferenced == Unreferenced::Leave {
        return Decision::Leave(Reason::Unreferenced);
    }
    let because = match automatic(target, usage, options) {
        Some(Because::HelmSecret) if before.is_some_and(|before| before.is_marked()) => {
            Some(Because::Outside)
        }
        None if outside() => Some(Because::Outside),
        None if is_plain(before, options) => Some(Because::Deployed),
        because => because,
    };
    match because.filter(|_| target.original != OriginalWish::Unwanted) {
        // Without a copy, readers that use the original name would not find the object.
        Some(Because::Unreferenced) if !target.can_be_copied() => Decision::Leave(Reason::Unreferenced),
        Some(_) if !target.can_be_copied() => Decision::Leave(Reason::CannotBeCopied),
        Some(because) => Decision::Both(because),
        None => Decision::Version,
    }
}

/// True if something outside the input may go on reading the object under its plain name, although the input refers to it
/// now.
fn for_outside(target: &Target, usage: Usage, before: Option<Before<'_>>, options: &Options) -> bool {
    let kept = options.unreferenced == Unreferenced::Both || options.unreferenced == Unreferenced::Leave;
    kept && usage.referenced && copies(target) && before.is_some_and(|before| before.is_for_outside())
}

/// True if pods of the release before use the plain name. `--keep 0` keeps nothing for them.
fn is_plain(before: Option<Before<'_>>, options: &Options) -> bool {
    options.keep.0 > 0 && before.is_some_and(|before| before.is_plain())
}

fn copies(target: &Target) -> bool {
    target.can_be_copied() && target.original != OriginalWish::Unwanted
}

/// Returns why an object is kept under its original name although nobody asked for it.
fn automatic(target: &Target, usage: Usage, options: &Options) -> Option<Because> {
    if !usage.referenced && options.unreferenced == Unreferenced::Both {
        return Some(Because::Unreferenced);
    }
    let looked_up = target.kind == TargetKind::Secret && target.rendered_by_helm;
    (looked_up && options.helm_secrets == HelmSecrets::Both).then_some(Because::HelmSecret)
}
