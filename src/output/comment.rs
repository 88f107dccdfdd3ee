//! Decides which comments may be shown: a line of a Secret may have moved into a comment.
//!
//! Must not show anything.

/// True for Helm's comment with the name of a template, and for prose.
pub(super) fn may_be_shown(comment: &str) -> bool {
    is_template(comment) || is_prose(comment)
}

/// True for a comment such as `# Source: web/templates/config.yaml`.
fn is_template(comment: &str) -> bool {
    let is_path =
        |path: &str| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte));
    comment.strip_prefix("# Source: ").is_some_and(is_path)
}

/// True for two or more words of at most 14 letters, in lower case after the first letter. A password is not like that.
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
