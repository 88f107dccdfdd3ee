//! docs/security.md lists exactly the crates of the program.

#![allow(clippy::expect_used)] // a test fails by panicking

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The target that the table is about.
const TARGET: &str = "x86_64-unknown-linux-gnu";

#[test]
fn every_crate_of_the_program_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/security.md")).expect("the page");
    let (_, table) = page.split_once("<!-- crates -->\n").expect("the marker of the table");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let first = rows.filter_map(|row| row.split('|').nth(1));
    let listed: BTreeSet<String> =
        first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    assert_eq!(listed, crates(root), "the table in docs/security.md and `cargo tree`");
}

fn crates(root: &Path) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--target", TARGET]);
    let output = tree.current_dir(root).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "immutably").map(str::to_owned).collect()
}
