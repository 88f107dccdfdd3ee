//! Suggestions for mistyped words.

use crate::findings::diagnostic::Code;

/// The maximum number of differing letters for a suggestion.
const NEAR: usize = 3;

/// The maximum length in bytes of a word that gets a suggestion.
const LONGEST: usize = 64;

/// Returns the code with this name, in upper or lower case, or as pasted from a message: `warning[missing-key]`.
///
/// # Errors
/// The codes with a similar name.
pub fn code(written: &str) -> Result<Code, Vec<Code>> {
    let inner = written.split_once('[').map_or(written, |(_, rest)| rest).trim_end_matches([']', ':', ' ']);
    let name = inner.trim().to_ascii_lowercase().replace('_', "-");
    let found = Code::ALL.iter().find(|code| code.as_str() == name);
    let near = |code: &&Code| name.len() < LONGEST && strsim::osa_distance(code.as_str(), &name) <= NEAR;
    found.copied().ok_or_else(|| Code::ALL.iter().filter(near).copied().collect())
}

/// Returns the word in `known` that differs least from `word`, if only a few letters differ. Ignores case, hyphens and
/// underscores.
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    if word.len() > LONGEST {
        return None;
    }
    let word = plain(word);
    let near = known.map(|known| (strsim::osa_distance(&plain(known), &word), known));
    let most = NEAR.min(word.chars().count() / 2);
    near.filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_people_write_it() {
        for written in
            ["missing-key", "MISSING-KEY", "warning[missing-key]", "warning[missing-key]:", "missing_key"]
        {
            assert_eq!(code(written), Ok(Code::MissingKey), "{written}");
        }
        assert_eq!(code("mising-key"), Err(vec![Code::MissingKey]));
        assert_eq!(code("something else"), Err(vec![]));
    }

    #[test]
    fn the_nearest_word_is_found_and_no_other() {
        let known = ["noWellKnown", "namespace", "leave", "strict"];
        let near = |word| nearest(word, known.iter().copied());
        assert_eq!(near("namspace"), Some("namespace"));
        assert_eq!(near("no-well-known"), Some("noWellKnown"));
        assert_eq!((near("verbose"), near("x"), near(&"x".repeat(1000))), (None, None, None));
    }
}
