//! The mistakes that make text invalid as YAML: what a person did wrong, where, and the cure.
//!
//! Examines the text lexically, so it may find nothing; then the parser's message is used. Must not quote the document
//! in a description, because it may be a Secret.

mod blocks;
mod characters;
mod indentation;
mod lines;
mod mistake;
mod quotes;

use lines::Fault;
pub(super) use mistake::Mistake;

/// Returns the mistake in `text` that made the parser stop at byte `at` with `message`.
pub(super) fn find(text: &str, at: usize, message: &str) -> Option<Mistake> {
    let fault = Fault::new(text, at, message)?;
    let all = [
        blocks::directive,
        blocks::conflict,
        blocks::fence,
        blocks::dashes,
        characters::space,
        characters::typographic_quote,
        characters::start,
        characters::escape,
        characters::alias,
        quotes::closed_later,
        quotes::unclosed,
        blocks::bracket,
        characters::missing_space,
        characters::two_colons,
        indentation::tab,
        indentation::block,
        indentation::columns,
        indentation::no_colon,
    ];
    all.iter().find_map(|look| look(&fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_place_in_any_text_is_looked_at_without_harm() {
        let text = "a: \"“\u{a0}\n\t- b:{c\r\n  d: |\n e: *x\n```\n<<<<<<< H\nf: @\\";
        for end in 0..=text.len() {
            let Some(part) = text.get(..end) else { continue };
            for at in 0..=end + 2 {
                for message in
                    ["found a tab", "expected a key here", "found `: ` where", "expected `,` or `}`"]
                {
                    if let Some(mistake) = find(part, at, message) {
                        assert!(part.is_char_boundary(mistake.at), "{part:?} {at}");
                    }
                }
            }
        }
    }
}
