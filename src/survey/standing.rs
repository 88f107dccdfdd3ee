//! What each ConfigMap and Secret says about itself: version it, leave it alone and why, or nothing.
//!
//! Reads one object while the tree of its document exists. Must not ask what refers to the object: the decision does
//! that.

use crate::findings::diagnostic::{Code, Diagnostic};
use crate::kube::annotations::{
    ARGOCD_HOOK, HELM_HOOK, HELM_RESOURCE_POLICY, KEEP_ORIGINAL, MODE, NEEDS_HASH_SUFFIX, ORIGINAL,
};
use crate::kube::carried::Carried;
use crate::kube::content;
use crate::kube::filled_later::filled_later;
use crate::kube::object::{TargetKind, View};
use crate::kube::signs::Signs;
use crate::options::{Options, Patterns};
use crate::rules::lifetimes::Fact;
use crate::rules::{self, By, Exclusion};
use crate::survey::findings::{line_break_character, lone_return};
use crate::text::source::Source;
use crate::yaml::UNICODE_BREAKS;

/// Why an object is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The annotation [`MODE`] is `leave`.
    Annotated,
    /// The annotation [`MODE`] is `checksum`: pod templates get a hash of its content instead of a new name.
    Checksum,
    /// The options leave it alone, or select only other objects.
    NamedInOptions,
    /// Something in the stream writes it, or finds it by this name. The text is the reason.
    Claimed(&'static str),
    /// Its name appears in a place that is not rewritten.
    Mentioned,
    /// It has no `name`, only a `generateName`.
    GeneratedName,
    /// It matches a row of the exclusion table.
    Excluded(&'static Exclusion),
    /// It has `metadata.ownerReferences`: a controller manages it.
    Owned,
    /// Another tool fills or decrypts its content later. The text is the reason.
    FilledLater(&'static str),
    /// It has the annotation `helm.sh/hook`: Helm deletes hooks by name.
    Hook,
    /// It has the annotation `argocd.argoproj.io/hook`: Argo CD deletes hooks by name.
    ArgoHook,
    /// A reference to it must not change.
    Held(&'static Fact),
    /// Something reads it before the release is created, and no version can exist next to the original.
    Early,
    /// `data`, `binaryData` and `stringData` are empty or absent.
    NoData,
    /// A value contains a line break that YAML readers interpret differently.
    LineBreakCharacter,
    /// Two of its keys are the same to kubectl, which uses either of them.
    EitherKey,
    /// The stream contains it more than once, with different content.
    Twins,
    /// It needs to be kept under its original name next to its version, but its text cannot be copied.
    CannotBeCopied,
    /// Nothing refers to it, and the options leave such objects alone.
    Unreferenced,
    /// This program wrote it under its original name, next to its version.
    Original,
    /// A key made its suffix, and without that key nothing shows whether its content is still the same.
    UnknownKey,
    /// It has `helm.sh/resource-policy: keep`: Helm never deletes it, so each version would stay forever.
    KeptByHelm,
}

impl Reason {
    /// Returns the reason as text that completes "left alone: ".
    pub fn explain(&self) -> &'static str {
        match self {
            Reason::Annotated => "its annotation `immutably.dev/mode` is `leave`",
            Reason::Checksum => "its annotation `immutably.dev/mode` is `checksum`",
            Reason::NamedInOptions => "`--leave` or `--only` excludes it",
            Reason::Claimed(why) | Reason::FilledLater(why) => why,
            Reason::Mentioned => "the name also appears in a place that is never edited",
            Reason::GeneratedName => "the API server generates its name",
            Reason::Excluded(row) => row.reason,
            Reason::Owned => "it has owner references, so a controller manages it",
            Reason::Hook => "it is a Helm hook, which Helm deletes by name",
            Reason::ArgoHook => "it is an Argo CD hook, which Argo CD deletes by name",
            Reason::Held(fact) => fact.note,
            Reason::Early => "only objects that run before the release exists use it",
            Reason::NoData => "it has no data, so something fills it in the cluster",
            Reason::LineBreakCharacter => {
                "it contains an unescaped Unicode line break, or a carriage return without a line feed"
            }
            Reason::EitherKey => "two of its keys differ in YAML but are the same to kubectl",
            Reason::Twins => "it is defined more than once with different content",
            Reason::Unreferenced => "nothing in the input refers to it",
            Reason::CannotBeCopied => {
                "it needs to be kept under both names, but YAML aliases share its text with other places"
            }
            Reason::KeptByHelm => {
                "its annotation `helm.sh/resource-policy: keep` would make Helm keep every version"
            }
            Reason::UnknownKey => {
                "a key made its suffix, and without the key its content cannot be compared with its name"
            }
            Reason::Original => "it is the copy that keeps the original name of a versioned object",
        }
    }
}

/// What an object says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its name ends in the hash of its own content.
    Versioned,
    /// kustomize will append the hash and update the references.
    AwaitsKustomize,
    /// A person requests a version in any case.
    VersionRequested,
    /// It is left alone.
    Leave(Reason),
    /// Nothing prevents a version.
    Open,
}

/// Returns what the object says about itself; the first match wins. `carried` is what the end of its name says about
/// its content, `signs` what is in the content.
///
/// # Errors
/// The value of the annotation [`MODE`] is unknown.
pub fn standing(
    view: &View<'_, '_>,
    (kind, carried): (TargetKind, Carried),
    signs: Signs,
    options: &Options,
) -> Result<Standing, Box<Diagnostic>> {
    if matches!(carried, Carried::Own(_)) {
        return Ok(Standing::Versioned);
    }
    if view.annotation(ORIGINAL).is_some_and(|value| value == "true") {
        return Ok(Standing::Leave(Reason::Original));
    }
    if view.annotation(NEEDS_HASH_SUFFIX).is_some_and(|value| value == "enabled") {
        return Ok(Standing::AwaitsKustomize);
    }
    if let Some(reason) = told_by_options(view, kind, options) {
        return Ok(Standing::Leave(reason));
    }
    // With a key, the object gets the right suffix in any case. Without one, it would get a second, plain suffix.
    let is_unknown = carried == Carried::Unknown && options.keys.is_empty();
    match view.annotation(MODE) {
        Some("version") | None if is_unknown => return Ok(Standing::Leave(Reason::UnknownKey)),
        Some("version") => return Ok(Standing::VersionRequested),
        Some("leave") => return Ok(Standing::Leave(Reason::Annotated)),
        Some("checksum") => return Ok(Standing::Leave(Reason::Checksum)),
        Some(_) => return Err(invalid_mode(view)),
        None => {}
    }
    Ok(leave_by_itself(view, kind, signs, options).map_or(Standing::Open, Standing::Leave))
}

/// What a person requests about keeping an object under its original name next to its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OriginalWish {
    /// No request.
    #[default]
    Open,
    /// Keep it.
    Wanted,
    /// Do not keep it.
    Unwanted,
}

/// What a person says about keeping the object under its original name. The options override the annotation, as for
/// what is left alone: `--keep-original '*/*'` protects the pods that run before the first release with the filter.
///
/// # Errors
/// The value of the annotation is neither `true` nor `false`, and the options do not request the original name.
pub fn original_wish(
    view: &View<'_, '_>,
    kind: TargetKind,
    options: &Options,
) -> Result<OriginalWish, Box<Diagnostic>> {
    let annotated = match view.annotation(KEEP_ORIGINAL) {
        Some("true") => OriginalWish::Wanted,
        Some("false") => OriginalWish::Unwanted,
        None => OriginalWish::Open,
        Some(_) => {
            return Err(invalid_value(
                view,
                KEEP_ORIGINAL,
                "expected `true` or `false`",
                "use `\"true\"` to also keep the object under its original name, or `\"false\"` not to",
            ));
        }
    };
    let named = is_named(view, kind, &options.keep_original);
    Ok(if named { OriginalWish::Wanted } else { annotated })
}

/// Returns a finding if line breaks in the object prevent a version. `standing` is what the object says about itself.
pub(super) fn unusual_line_break(
    source: &Source,
    view: &View<'_, '_>,
    standing: Standing,
) -> Option<Diagnostic> {
    if view.tree.has_lone_return() && !matches!(standing, Standing::Leave(_)) {
        return Some(lone_return(view));
    }
    let unclear = standing == Standing::Open && has_unicode_break(source, view);
    unclear.then(|| line_break_character(view))
}

/// True if the object contains NEL, LINE SEPARATOR or PARAGRAPH SEPARATOR. JSON does not count: its readers agree on
/// them.
fn has_unicode_break(source: &Source, view: &View<'_, '_>) -> bool {
    let text = source.slice(view.tree.node(view.root).span);
    view.tree.has_unicode_break() && !text.starts_with('{') && text.contains(UNICODE_BREAKS)
}

fn told_by_options(view: &View<'_, '_>, kind: TargetKind, options: &Options) -> Option<Reason> {
    let named = |patterns| is_named(view, kind, patterns);
    let told = named(&options.leave) || (!options.only.is_empty() && !named(&options.only));
    told.then_some(Reason::NamedInOptions)
}

fn is_named(view: &View<'_, '_>, kind: TargetKind, patterns: &Patterns) -> bool {
    let name = view.meta("name").and_then(|node| view.tree.text(node));
    patterns.matches(kind, name.unwrap_or_default())
}

fn leave_by_itself(view: &View<'_, '_>, kind: TargetKind, signs: Signs, options: &Options) -> Option<Reason> {
    let non_empty =
        |name| view.meta(name).is_some_and(|node| view.tree.children(view.tree.deref(node)).next().is_some());
    if view.meta("name").is_none() && view.meta("generateName").is_some() {
        return Some(Reason::GeneratedName);
    }
    if let Some(row) = excluded(view, kind, options) {
        return Some(Reason::Excluded(row));
    }
    if let Some(why) = filled_later(view, signs) {
        return Some(Reason::FilledLater(why));
    }
    if non_empty("ownerReferences") {
        return Some(Reason::Owned);
    }
    if view.annotation(HELM_HOOK).is_some() {
        return Some(Reason::Hook);
    }
    if view.annotation(ARGOCD_HOOK).is_some() {
        return Some(Reason::ArgoHook);
    }
    if view.annotation(HELM_RESOURCE_POLICY).is_some_and(|policy| policy.trim().eq_ignore_ascii_case("keep"))
    {
        return Some(Reason::KeptByHelm);
    }
    (!content::has_any(view)).then_some(Reason::NoData)
}

fn excluded(view: &View<'_, '_>, kind: TargetKind, options: &Options) -> Option<&'static Exclusion> {
    let text = |node| view.tree.text(node);
    let namespace = view.meta("namespace").and_then(text).or(options.namespace.as_deref());
    let find = |by, key: &str, value: &str| rules::excluded(by, kind, key, value, namespace);
    let in_map = |field, by| {
        let mut found = None;
        let map = view.tree.deref(view.meta(field)?);
        view.tree.each_field(map, &mut |key, value| {
            let value = text(value).unwrap_or_default();
            found = found.or_else(|| find(by, text(key).unwrap_or_default(), value));
        });
        found
    };
    let by_type = find(By::Type, view.field("type").and_then(text).unwrap_or_default(), "");
    let by_annotation = by_type.or_else(|| in_map("annotations", By::Annotation));
    if options.no_well_known {
        return by_annotation;
    }
    by_annotation
        .or_else(|| in_map("labels", By::Label))
        .or_else(|| find(By::Name, view.meta("name").and_then(text)?, ""))
}

fn invalid_mode(view: &View<'_, '_>) -> Box<Diagnostic> {
    invalid_value(
        view,
        MODE,
        "expected `version`, `leave` or `checksum`",
        "use `version` to rename the object in any case, `leave` to keep its name, or `checksum` to keep its name and roll the pods that use it when it changes",
    )
}

fn invalid_value(
    view: &View<'_, '_>,
    key: &str,
    expected: &'static str,
    help: &'static str,
) -> Box<Diagnostic> {
    let node = view.meta("annotations").and_then(|annotations| view.tree.get(annotations, key));
    let span = view.tree.node(node.unwrap_or(view.root)).span;
    let message = format!("the annotation `{key}` has an unknown value");
    Box::new(Diagnostic::new(Code::InvalidMode, message).at(span, expected).help(help))
}
