//! The structure of the code: a room uses only rooms above it in src/lib.rs, no two files import each other, some
//! crates are named only in one place, and files and functions are short.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod modules;

use modules::{Crate, Import, circle_of, circles, rust_files};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates and modules of the standard library, with the only place under src/ that may name them.
const ONLY_IN: [(&str, &str); 3] = [
    ("clap", "bin/immutably/args/"),
    ("annotate_snippets", "bin/immutably/render.rs"),
    ("std::env", "bin/immutably/"),
];

const MOST_ROOMS: usize = 14;
const MOST_LINES_OF_A_FILE: usize = 350;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

/// The beginning of the first line in a longer function. The reason for its length follows.
const REASON: &str = "// Long because ";

#[test]
fn a_room_uses_only_rooms_above_it() {
    let library = library();
    assert!(library.rooms().len() <= MOST_ROOMS, "{:?}", library.rooms());
    let upward = upward(&library);
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn no_two_files_import_each_other() {
    for files in [library(), program()] {
        let imports = files.imports();
        let circles = circles(&imports);
        assert!(circles.is_empty(), "{:#?}", within(&imports, &circles));
    }
}

#[test]
fn an_upward_import_is_caught_in_every_room() {
    let library = library();
    let rooms = library.rooms();
    for (room, below) in rooms.iter().zip(&rooms[1..]) {
        let (file, _) = library.files().find(|(file, _)| room_of(file) == room).expect("a room has a file");
        let planted = library.planted(file, &format!("fn planted() {{ crate::{below}::Planted::new() }}"));
        let caught: Vec<&Import> = planted.iter().filter(|import| is_upward(&library, import)).collect();
        assert!(caught.len() == 1 && room_of(&caught[0].to) == below, "{file}: {caught:#?}");
    }
}

#[test]
fn an_import_that_closes_a_circle_is_caught_in_every_room() {
    let library = library();
    let imports = library.imports();
    let inner: Vec<&Import> =
        imports.iter().filter(|import| room_of(&import.from) == room_of(&import.to)).collect();
    assert!(!inner.is_empty());
    for Import { from, to } in inner {
        let path = from.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        let mut planted = library.planted(to, &format!("use crate::{path}::Planted;"));
        planted.extend(imports.iter().cloned());
        let circle = circle_of(&planted, to);
        assert!(circle.contains(from.as_str()) && circle.contains(to.as_str()), "{to} imports {from}");
    }
}

/// Checks every way to refer to an item of another file, as if it were in `plan/write.rs`.
#[test]
fn an_import_is_seen_however_it_is_written() {
    for (text, to) in [
        ("use crate::text::Span;", "text.rs"),
        ("use crate::{Options, text};", "lib.rs text.rs"),
        ("use crate::{plan::{self, edit}, text::{Span as S, *}};", "plan/mod.rs plan/edit.rs text.rs"),
        ("use super::edit::Edit;", "plan/edit.rs"),
        ("use super::{Plan, edit::Edit};", "plan/mod.rs plan/edit.rs"),
        ("use super::super::text;", "text.rs"),
        ("use super::Again;", "plan/edit.rs"),
        ("use crate::Span;", "text.rs"),
        ("use crate::rewrite;", "lib.rs"),
        ("use self::below::Low;", "plan/write/below.rs"),
        ("fn a() { below::low() }", "plan/write/below.rs"),
        ("fn a(b: crate::text::Span) {}", "text.rs"),
        ("fn a() -> u8 { crate::text::line(1) + super::edit::two::<u8>() }", "text.rs plan/edit.rs"),
        ("fn a() { vec![format!(\"{}\", crate::text::line(1))]; }", "text.rs"),
        ("impl crate::text::Line for A { fn b() {} }", "text.rs"),
        ("mod inner { use crate::text::Span; }", "text.rs"),
        ("fn a() { use crate::text; }", "text.rs"),
        ("// use crate::text::Span;\n/* crate::text::a() */ const A: &str = \"crate::text::b\";", ""),
        ("use std::text; use text_like::Span; pub(in crate::text) struct A;", ""),
        ("#[cfg(test)]\nmod tests { use crate::rewrite; fn a() { crate::text::b() } }\nfn b() {}", ""),
        ("#[cfg(test)]\nmod tests;\n", ""),
    ] {
        let crate_of = Crate::of([
            ("lib.rs", "pub mod text; pub mod plan; pub use text::Span; pub fn rewrite() {}"),
            ("text.rs", "pub struct Span;"),
            ("plan/mod.rs", "mod edit; mod write; pub use edit::Edit as Again; pub struct Plan;"),
            ("plan/edit.rs", "pub struct Edit;"),
            ("plan/write/mod.rs", &format!("mod below;\n{text}")),
            ("plan/write/below.rs", "pub struct Low;"),
            ("plan/write/tests.rs", "use crate::rewrite;"),
        ]);
        let imports = crate_of.imports();
        let found: BTreeSet<&str> = imports
            .iter()
            .filter(|import| import.from == "plan/write/mod.rs")
            .map(|import| import.to.as_str())
            .collect();
        assert_eq!(found, to.split_whitespace().collect(), "{text}");
    }
}

#[test]
fn a_circle_is_caught_however_long_it_is() {
    let circle = |files: &[(&str, &str)]| {
        let imports = Crate::of(files.iter().copied()).imports();
        circles(&imports).iter().flatten().map(|file| (*file).to_owned()).collect::<Vec<_>>().join(" ")
    };
    let lib = ("lib.rs", "mod a; mod b; mod c; mod d;");
    let [a, b, d] = [("a.rs", "use crate::b;"), ("b.rs", "use crate::c;"), ("d.rs", "use crate::a;")];
    assert_eq!(circle(&[lib, a, b, ("c.rs", ""), d]), "");
    assert_eq!(circle(&[lib, a, b, ("c.rs", "use super::b::B;"), d]), "b.rs c.rs");
    assert_eq!(circle(&[lib, a, b, ("c.rs", "fn c() { crate::a::a() }"), d]), "a.rs b.rs c.rs");
}

#[test]
fn a_crate_is_named_where_it_belongs() {
    let mut found = Vec::new();
    for (files, folder) in [(library(), ""), (program(), "bin/immutably/")] {
        for (file, path) in files.named() {
            let place = format!("{folder}{file}");
            let forbids = |(name, allowed): &(&str, &str)| {
                path.join("::").starts_with(&format!("{name}::"))
                    && !allowed.split(' ').any(|allowed| place.starts_with(allowed))
            };
            found.extend(
                ONLY_IN.iter().filter(|row| forbids(row)).map(|(name, _)| format!("{place}: {name}")),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_file_is_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut long = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in rust_files(&root.join(folder)) {
            let text = fs::read_to_string(root.join(folder).join(&file)).expect("the file is read");
            let lines = text.lines().count();
            long.extend((lines > MOST_LINES_OF_A_FILE).then(|| format!("{folder}/{file}: {lines}")));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_function_is_short_or_says_why_not() {
    let long: Vec<String> = [library(), program()].iter().flat_map(long_functions).collect();
    assert!(long.is_empty(), "{long:#?}");
    let body = "    a();\n".repeat(MOST_LINES_OF_A_FUNCTION);
    let planted = |first: &str| Crate::of([("lib.rs", format!("fn long() {{\n{first}{body}}}\n").as_str())]);
    assert_eq!(long_functions(&planted("")), ["lib.rs: long has 62 lines"]);
    assert!(long_functions(&planted("    // Long because it is one table.\n")).is_empty());
}

fn library() -> Crate {
    Crate::read(&source(""), "lib.rs", "bin/")
}

fn program() -> Crate {
    Crate::read(&source("bin/immutably"), "main.rs", "-")
}

fn source(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(below)
}

/// Returns the room that contains a file. `lib` counts as below all rooms.
fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

fn upward(library: &Crate) -> Vec<Import> {
    library.imports().into_iter().filter(|import| is_upward(library, import)).collect()
}

/// True for an import from a room below, or from the root of the crate.
fn is_upward(library: &Crate, Import { from, to }: &Import) -> bool {
    let rank =
        |file: &str| library.rooms().iter().position(|room| room == room_of(file)).unwrap_or(usize::MAX);
    rank(to) > rank(from)
}

/// Returns the imports that form cycles.
fn within<'i>(imports: &'i BTreeSet<Import>, circles: &BTreeSet<BTreeSet<&str>>) -> Vec<&'i Import> {
    let inside = |Import { from, to }: &Import| {
        circles.iter().any(|circle| circle.contains(from.as_str()) && circle.contains(to.as_str()))
    };
    imports.iter().filter(|import| inside(import)).collect()
}

fn long_functions(files: &Crate) -> Vec<String> {
    let long = files.functions().filter_map(|(file, text, function)| {
        let lines = function.last_line - function.first_line + 1;
        let first = text.lines().nth(function.body_line).unwrap_or_default();
        let excused = first.trim_start().strip_prefix(REASON).is_some_and(|reason| !reason.is_empty());
        let is_long = lines > MOST_LINES_OF_A_FUNCTION && !excused;
        is_long.then(|| format!("{file}: {} has {lines} lines", function.name))
    });
    long.collect()
}
