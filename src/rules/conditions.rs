//! Conditions on an object, as the table of lifetimes states them.

/// A path in an object, as field names. Lists are passed through.
pub type Fields = Vec<&'static str>;

/// A condition on an object for a row to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// No condition.
    Always,
    /// The object has a value at this path.
    Has(Fields),
    /// The object has no value at this path.
    Lacks(Fields),
    /// The object has this value at this path.
    Is(Fields, &'static str),
    /// The object has another value or none at this path.
    IsNot(Fields, &'static str),
    /// The object has a value other than 0 at this path.
    NotZero(Fields),
    /// The sibling field of the reference has this value.
    Beside(&'static str, &'static str),
    /// The reference has no sibling field of this name.
    Unless(&'static str),
    /// Not a condition: the first of these paths that leads to a text determines the namespace.
    Within(Vec<Fields>, Otherwise),
}

/// The namespace if no field states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// The namespace of the referring object.
    Own,
    /// Any namespace, provided that only one object matches.
    Any,
}

/// Returns the fields of a path. A last field that contains dots is written in brackets and quotes.
pub(super) fn fields(path: &'static str) -> Fields {
    let (path, last) = path.strip_suffix("\"]").and_then(|path| path.split_once("[\"")).unwrap_or((path, ""));
    path.split('.').chain([last]).filter(|field| !field.is_empty()).collect()
}

/// Reads a condition.
pub(super) fn read(text: &'static str) -> Option<When> {
    if text.is_empty() {
        return Some(When::Always);
    }
    if let Some(field) = text.strip_prefix("!.") {
        return Some(When::Unless(field));
    }
    if let Some(path) = text.strip_prefix('!') {
        return Some(When::Lacks(fields(path)));
    }
    if let Some(path) = text.strip_suffix(">0") {
        return Some(When::NotZero(fields(path)));
    }
    if let Some((path, value)) = text.split_once("!=") {
        return Some(When::IsNot(fields(path), value));
    }
    Some(match text.split_once('=') {
        Some((path, value)) => match path.strip_prefix('.') {
            Some(field) => When::Beside(field, value),
            None => When::Is(fields(path), value),
        },
        None => When::Has(fields(text)),
    })
}

/// Reads the paths to a namespace, of which the last is `own` or `any`.
pub(super) fn read_within(text: &'static str) -> Option<When> {
    let (paths, last) = text.rsplit_once('|')?;
    let otherwise = if last == "own" { Otherwise::Own } else { Otherwise::Any };
    Some(When::Within(paths.split('|').map(fields).collect(), otherwise))
}
