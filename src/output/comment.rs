//! Which comments may be shown: a line of a Secret may have moved into one.
//!
//! Must not show anything.

/// True for Helm's comment with the name of a template, and for plain words.
pub(super) fn may_be_shown(comment: &str) -> bool {
    is_template(comment) || is_prose(comment)
}

/// `# Source: web/templates/config.yaml`
fn is_template(comment: &str) -> bool {
    let is_path =
        |path: &str| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte));
    comment.strip_prefix("# Source: ").is_some_and(is_path)
}

/// True for several words of a language, in small letters but for the first: what a password is not.
fn is_prose(comment: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_end_matches([',', '.', ';']);
        let rest = word.get(1..).unwrap_or_default();
        word.starts_with(|first: char| first.is_ascii_alphabetic())
            && rest.len() < 14
            && rest.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let words = comment.trim_start_matches('#').split_ascii_whitespace();
    words.clone().count() > 1 && words.clone().all(is_word)
}
