//! A module imports only modules that stand above it in src/lib.rs, and some crates are named in one place only.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use std::fs;
use std::path::{Path, PathBuf};

/// Crates and calls, and the only places under src/ that may name them.
const ONLY_IN: [(&str, &str); 4] = [
    ("clap", "bin/immutably/args/"),
    ("annotate_snippets", "bin/immutably/render.rs"),
    ("serde_saphyr", "rules/own.rs options/settings.rs"),
    ("std::env", "bin/immutably/"),
];

#[test]
fn a_module_imports_only_what_stands_above_it() {
    let order = order(&fs::read_to_string(source("lib.rs")).expect("lib.rs is there"));
    let upward: Vec<String> = files(&source(""))
        .iter()
        .filter_map(|path| Some((module(path, &order)?, fs::read_to_string(path).ok()?)))
        .flat_map(|(module, text)| upward(module, &text, &order))
        .collect();
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn an_upward_import_is_caught() {
    let order = order("pub mod source;\npub mod plan;\n");
    assert_eq!(upward("source", "use crate::edits::plan::Plan;\n", &order).len(), 1);
    assert_eq!(upward("source", "use crate::{diagnostic, plan};\n", &order).len(), 1);
    assert_eq!(upward("plan", "use crate::text::source::Span; // crate::output::report\n", &order).len(), 0);
}

#[test]
fn a_crate_is_named_where_it_belongs() {
    let mut found = Vec::new();
    for path in files(&source("")) {
        let place = path.strip_prefix(source("")).expect("below src").to_string_lossy().replace('\\', "/");
        let code = code(&fs::read_to_string(&path).expect("the file is there"));
        for (name, allowed) in ONLY_IN {
            let named = code.contains(&format!("{name}::"));
            if named && !allowed.split(' ').any(|allowed| place.starts_with(allowed)) {
                found.push(format!("{place} names {name}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The modules in the order of lib.rs.
fn order(lib: &str) -> Vec<String> {
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// The module that a file belongs to; the program is none.
fn module<'o>(path: &Path, order: &'o [String]) -> Option<&'o str> {
    let place = path.strip_prefix(source("")).ok()?;
    let first = place.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    order.iter().find(|module| *module == name).map(String::as_str)
}

/// Imports of modules that stand below.
fn upward(module: &str, text: &str, order: &[String]) -> Vec<String> {
    let rank = |name: &str| order.iter().position(|known| known == name);
    let code = code(text);
    let named = code.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
        None => vec![rest],
    });
    let names =
        named.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default());
    names
        .filter(|name| rank(name).is_some_and(|below| Some(below) > rank(module)))
        .map(|name| format!("{module} imports {name}"))
        .collect()
}

/// A file without its comments and its tests, which may use the front door.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn source(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let own = files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    own.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}
