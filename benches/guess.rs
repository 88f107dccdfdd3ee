//! Measures what it costs to guess a password from the name of a Secret.
//!
//! An attacker sees a pod that refers to a version of a Secret, and tries all passwords of six lower-case letters under
//! the key `password`. The program makes the name, first without a key and then with one. The figures are CPU time of
//! one thread.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at what it does not expect")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use immutably::options::{Keys, Options, SecretKey, Unreferenced};
use immutably::{Source, rewrite};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// The password, about in the middle of all candidates.
const PASSWORD: &str = "muffin";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

fn main() {
    // `cargo test --benches` only checks that the bench compiles.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    guess("without a key", &Options { unreferenced: Unreferenced::Version, ..Options::default() });
    let keys: Keys = SecretKey::new(b"correct horse battery staple").into_iter().collect();
    guess("with a key", &Options { keys, unreferenced: Unreferenced::Version, ..Options::default() });
}

/// Tries every password against the name that the options produce.
fn guess(how: &str, options: &Options) {
    let digits = leading_digits(&suffix(options));
    let start = Instant::now();
    let mut tried = 0_u64;
    let mut found = None;
    for first in LETTERS {
        for second in LETTERS {
            found = found.or_else(|| below([*first, *second], digits, &mut tried));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let found = found.map_or("nothing".to_owned(), |password| format!("`{password}`"));
    println!("{how}: {tried} passwords tried in {seconds:.1} s, found {found}");
}

/// Returns the suffix that a pod would show.
fn suffix(options: &Options) -> String {
    let input = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData: {{password: {PASSWORD}}}\n"
    );
    let source = Source::new("secret.yaml", input).unwrap();
    let outcome = rewrite(&source, options);
    let report = outcome.report();
    let name = report.objects[0].new_name.clone().unwrap();
    name.strip_prefix("db-").unwrap().to_owned()
}

/// Returns the first five bytes of the hash, which the suffix encodes.
fn leading_digits(suffix: &str) -> [u8; 5] {
    let digit = |letter: char| match letter {
        'g' => '0',
        'h' => '1',
        'k' => '3',
        'm' => 'a',
        't' => 'e',
        other => other,
    };
    let digits: String = suffix.chars().map(digit).collect();
    hex::decode(digits).unwrap().try_into().unwrap()
}

/// Tries all passwords with these first two letters.
fn below(first: [u8; 2], digits: [u8; 5], tried: &mut u64) -> Option<String> {
    let mut text =
        *b"{\"data\":{\"password\":\"AAAAAAAA\"},\"kind\":\"Secret\",\"name\":\"\",\"type\":\"Opaque\"}";
    let mut password = [first[0], first[1], 0, 0, 0, 0];
    for number in 0..LETTERS.len().pow(4) {
        let mut rest = number;
        for place in &mut password[2..] {
            *place = LETTERS[rest % LETTERS.len()];
            rest /= LETTERS.len();
        }
        STANDARD.encode_slice(password, &mut text[21..29]).unwrap();
        *tried += 1;
        if Sha256::digest(text)[..5] == digits {
            return String::from_utf8(password.to_vec()).ok();
        }
    }
    None
}
