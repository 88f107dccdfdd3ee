//! Reads the keys for the suffixes of Secrets from files and from the environment.
//!
//! Must never show a key, even if somebody passes a key instead of a path: shows a path only if something exists there.

use immutably::findings::diagnostic::{Code, Diagnostic};
use immutably::options::{Keys, SecretKey};
use std::env;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The variables that contain keys. `ask` removes them from the environment of the programs that it runs.
pub(crate) const VARIABLES: [&str; 2] = [KEY, OLD_KEY];

/// The variable that contains the key.
const KEY: &str = "IMMUTABLY_SECRET_KEY";
/// The variable that contains the key of earlier releases. It only serves to recognise their suffixes.
const OLD_KEY: &str = "IMMUTABLY_OLD_SECRET_KEY";
/// The longest key that is accepted, in bytes.
const LONGEST: usize = 1 << 16;

/// Returns the keys in these files, then those in the environment. The first key makes suffixes; all keys recognise
/// them.
pub(crate) fn read(files: &[PathBuf]) -> Result<Keys, Diagnostic> {
    let mut keys = Vec::new();
    for (number, path) in (1..).zip(files) {
        keys.push(in_file(path, number)?);
    }
    keys.extend(in_variable(KEY, if keys.is_empty() { Use::Makes } else { Use::Recognises })?);
    // Alone, an old key would make new suffixes.
    match in_variable(OLD_KEY, Use::Recognises)? {
        Some(_) if keys.is_empty() => Err(unusable(&format!("`{OLD_KEY}` is set without a new key"))
            .help(format!("set `{KEY}` too; if the key was not replaced, rename the variable"))),
        old => {
            keys.extend(old);
            Ok(keys.into_iter().collect())
        }
    }
}

fn in_variable(name: &str, used: Use) -> Result<Option<SecretKey>, Diagnostic> {
    let Some(value) = env::var_os(name) else { return Ok(None) };
    let value = Zeroizing::new(bytes(value));
    let is_file = || std::str::from_utf8(&value).is_ok_and(|text| Path::new(text.trim_end()).is_file());
    if value.is_empty() {
        // Most CI systems set an empty value for a secret that does not exist.
        let cure = "set it to the key, or remove it to make suffixes without a key";
        return Err(unusable(&format!("`{name}` is set but empty")).help(cure));
    }
    if is_file() {
        let cure = "use `--secret-key-file` for a file; the variable holds the key itself";
        return Err(unusable(&format!("`{name}` holds the path of a file")).help(cure));
    }
    key(&value, &format!("the key in `{name}`"), used).map(Some)
}

#[cfg(unix)]
fn bytes(value: OsString) -> Vec<u8> {
    std::os::unix::ffi::OsStringExt::into_vec(value)
}

#[cfg(not(unix))]
fn bytes(value: OsString) -> Vec<u8> {
    value.into_encoded_bytes()
}

fn in_file(path: &Path, number: usize) -> Result<SecretKey, Diagnostic> {
    let file = File::open(path).map_err(|error| cannot_open(path, number, &error))?;
    let name = format!("the key file {}", path.display());
    let unreadable = |error: io::Error| {
        unusable(&format!("cannot read {name}: {error}")).help("check the path and its permissions")
    };
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(
            unusable(&format!("{name} is a directory")).help("name the file in it that holds the key")
        );
    }
    if is_open_to_others(&metadata) {
        // The permissions of a device such as /dev/null must stay as they are.
        let cure = if metadata.is_file() {
            format!(
                "run `chmod 600 {}`; if it is a volume of a Secret, set `defaultMode: 0440` and the `fsGroup` of the pod",
                path.display()
            )
        } else {
            "name a file with the key, or leave the option out".to_owned()
        };
        return Err(unusable(&format!("every user of this machine can read or change {name}")).help(cure));
    }
    // Reserve the full capacity: a growing buffer would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return Err(unusable(&format!("{name} is longer than {LONGEST} bytes")).help(MAKE_ONE));
    }
    key(&bytes, &name, if number == 1 { Use::Makes } else { Use::Recognises })
}

/// Reports a missing key file. A path at which nothing exists may be a key, so it is not shown.
fn cannot_open(path: &Path, number: usize, error: &io::Error) -> Diagnostic {
    if path.symlink_metadata().is_ok() {
        let message = format!("cannot read the key file {}: {error}", path.display());
        return unusable(&message).help("check the path and its permissions");
    }
    let message = format!("there is no file at path {number} of `--secret-key-file` or `secretKeyFiles`");
    unusable(&message).help("name a file; the path is not shown here, because it may be the key itself")
}

/// True if all users may read or write the file. Group permissions do not count: in a pod, they are the only way to
/// give a non-root process access to a volume.
#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o006 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}

/// Advice for a key that is too short or too long.
const MAKE_ONE: &str = "make a key with `openssl rand -base64 32`";

/// What a key is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It makes suffixes, so it must be a secret.
    Makes,
    /// It only recognises them, so any key that was once in use is accepted.
    Recognises,
}

fn key(bytes: &[u8], name: &str, used: Use) -> Result<SecretKey, Diagnostic> {
    if used == Use::Makes && is_placeholder(bytes) {
        let cure = "define the variable or secret that it names, or remove it to make suffixes without a key";
        return Err(unusable(&format!(
            "{name} is a placeholder that nothing replaced, so anybody can know it"
        ))
        .help(cure));
    }
    let key = SecretKey::new(bytes)
        .map_err(|_| unusable(&format!("{name} is too short: a key has at least 16 bytes")).help(MAKE_ONE))?;
    if used == Use::Makes && is_monotonous(bytes) {
        let message = format!("{name} can be guessed: it has fewer than {FEWEST} different characters");
        return Err(unusable(&message).help(MAKE_ONE));
    }
    Ok(key)
}

fn unusable(message: &str) -> Diagnostic {
    Diagnostic::new(Code::UnusableKey, message)
}

/// The fewest different bytes of a key, line breaks not counted. Of 16 random digits, one in 11,000 has fewer.
const FEWEST: usize = 5;

fn is_monotonous(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    bytes
        .iter()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count() < FEWEST
}

/// True for text that a CI system or a deployer should have replaced by the key: `$(NAME)`, `${{ secrets.NAME }}`,
/// `$NAME`, `%NAME%`, `{{ name }}`, `<path:place#name>`, `ref+vault://place`, `op://place`, `vault:place#name`,
/// `ENC[...]`.
fn is_placeholder(bytes: &[u8]) -> bool {
    const AROUND: [(&str, &str); 8] = [
        ("$(", ")"),
        ("${", "}"),
        ("$[", "]"),
        ("{{", "}}"),
        ("#{", "}"),
        ("#{", "}#"),
        ("<", ">"),
        ("ENC[", "]"),
    ];
    const BEFORE: [&str; 3] = ["ref+", "op://", "vault:"];
    let Ok(text) = std::str::from_utf8(bytes).map(str::trim) else { return false };
    let is_name = |name: &str| {
        let known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().all(known)
    };
    let is_around = |(start, end): &(&str, &str)| text.starts_with(start) && text.ends_with(end);
    let of_windows = text.strip_prefix('%').and_then(|text| text.strip_suffix('%'));
    AROUND.iter().any(is_around)
        || BEFORE.iter().any(|start| text.starts_with(start))
        || text.strip_prefix('$').or(of_windows).is_some_and(is_name)
}
