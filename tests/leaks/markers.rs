//! Values to plant. They are so long that no part occurs by chance, in alphabets that resemble other things.

use crate::streams::dice::Dice;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What the letters of a value resemble: constants, object names, numbers, words of any language, sentences, passwords.
pub(crate) const ALPHABETS: [&str; 6] = [
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "äöüßéèñçøåабвгдежзийклмнопрстуфхцчшщъыьэюя日本語漢字仮名",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ      !?.,;-+=&%$#@/()[]{}<>:'\"\\|*~^`",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
];

/// The number of letters in a value.
const LENGTH: usize = 24;
/// The number of consecutive letters that count as a leak.
const LEAK: usize = 8;

/// A planted value.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    pub(crate) text: String,
    /// The form in `data`.
    pub(crate) encoded: String,
}

/// Returns a value in one of the alphabets.
pub(crate) fn marker(alphabet: usize, dice: &mut Dice) -> Marker {
    let letters: Vec<char> = ALPHABETS[alphabet].chars().collect();
    let text: String = (0..LENGTH).map(|_| letters[dice.below(letters.len())]).collect();
    // A parser may drop a space or a quote at either end.
    let text = format!("{}{}{}", letters[0], text, letters[1]);
    Marker { encoded: STANDARD.encode(&text), text }
}

impl Marker {
    /// Returns a part of the value that occurs in a text.
    pub(crate) fn leak(&self, shown: &str) -> Option<String> {
        [&self.text, &self.encoded].into_iter().find_map(|value| {
            let letters: Vec<char> = value.chars().collect();
            let mut parts = letters.windows(LEAK).map(|part| part.iter().collect::<String>());
            parts.find(|part| memchr::memmem::find(shown.as_bytes(), part.as_bytes()).is_some())
        })
    }
}
