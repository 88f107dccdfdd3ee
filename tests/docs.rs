//! The documentation matches the program.
//!
//! - Every ```` ```console ```` block is executed: a line that begins with `$ ` is a command for `sh` in the root of
//!   the repository, with the built program on the PATH, and the lines below it are its complete output, standard error
//!   first. Commands that need other programs are in ```` ```sh ```` blocks, which are not executed.
//! - docs/references.md contains the rows of src/rules/builtin.tsv: the table of the shape or section NAME is below
//!   `<!-- table: NAME -->`.
//! - docs/diagnostics.md has a heading for each code, and a fixture shows each code.
//! - Links lead to existing targets, and the README begins with a command to try.
//!
//! `UPDATE=1 cargo test --test docs` writes the outputs and tables again; read the difference before committing it.

#![cfg(unix)] // the blocks are executed with sh
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use immutably::findings::diagnostic::Code;
use immutably::rules::BUILTIN;
use immutably::rules::lifetimes::facts;
use program::{PROGRAM, silence};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the README starts the program in a fresh clone. The test runs the built program instead.
const FROM_A_CLONE: &str = "cargo run --release --quiet -- ";
/// The first command of the README is within this many lines.
const FIRST_SCREEN: usize = 30;
/// Codes that no fixture shows, with the reason.
const NOT_IN_FIXTURES: [(&str, &str); 4] = [
    (
        "unwritable-output",
        "tests/exit_statuses.rs and tests/output_file_is_whole.rs show it: it takes a disk that is full or a folder that is closed",
    ),
    ("release-size", "tests/releases.rs shows it: it takes a Secret of some hundred kilobytes"),
    ("too-large", "tests/audit_formats.rs shows it: it takes a megabyte"),
    ("keep-shrunk", "tests/releases.rs shows it, as release-size"),
];

#[test]
fn pages_show_what_the_program_prints_and_knows() {
    let tables = tables();
    let differences = pages().iter().filter_map(|page| difference(page, &tables)).collect::<String>();
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn every_rule_stands_in_a_table() {
    let text = read(&root().join("docs/references.md"));
    let shown: BTreeSet<&str> = text.lines().filter_map(table_marker).collect();
    assert_eq!(shown, tables().keys().map(String::as_str).collect(), "shapes and sections of builtin.tsv");
}

#[test]
fn each_code_has_its_heading_and_its_severity() {
    let text = read(&root().join("docs/diagnostics.md"));
    // Codes are in lower case; other headings are not.
    let sections = text.split("\n## ").skip(1).filter(|section| section.starts_with(char::is_lowercase));
    let found: Vec<String> = sections
        .map(|section| section.lines().filter(|line| !line.is_empty()).take(2).collect::<Vec<_>>().join(": "))
        .collect();
    let heading = |code: &Code| format!("{}: Severity: {}.", code.as_str(), code.severity().as_str());
    assert_eq!(found, Code::ALL.iter().map(heading).collect::<Vec<_>>());
}

#[test]
fn each_code_is_shown_by_a_fixture() {
    let mut shown = String::new();
    for topic in entries(&root().join("fixtures")).iter().filter(|path| path.is_dir()) {
        for behaviour in entries(topic) {
            for file in ["stderr.txt", "expected.txt"] {
                shown.push_str(&fs::read_to_string(behaviour.join(file)).unwrap_or_default());
            }
        }
    }
    let is_shown = |code: &str| {
        shown.contains(&format!("[{code}]: ")) || shown.contains(&format!("\"code\":\"{code}\""))
    };
    for code in Code::ALL.iter().map(|code| code.as_str()) {
        let excepted = NOT_IN_FIXTURES.iter().any(|(name, _)| *name == code);
        assert!(is_shown(code) || excepted, "no fixture shows {code}");
        assert!(!is_shown(code) || !excepted, "a fixture shows {code}: take it out of NOT_IN_FIXTURES");
    }
}

#[test]
fn the_readme_begins_with_a_command_to_try() {
    let text = read(&root().join("README.md"));
    let first_screen: Vec<&str> = text.lines().take(FIRST_SCREEN).collect();
    assert!(first_screen.iter().any(|line| line.contains(" | immutably | kubectl apply")), "the pipe");
    let command = first_screen.iter().find_map(|line| line.strip_prefix("$ ")?.strip_prefix(FROM_A_CLONE));
    assert!(root().join(command.expect("a command to try")).is_file(), "its input is in the repository");
}

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        for link in links(&read(&page)) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            assert!(target.exists(), "{}: {link} leads to no file", page.display());
            let found = anchor.is_empty() || anchors(&read(&target)).any(|heading| heading == anchor);
            assert!(found, "{}: {link} leads to no heading", page.display());
        }
    }
}

#[test]
fn the_site_has_every_page() {
    let docs = root().join("docs");
    let contents = read(&docs.join("SUMMARY.md"));
    let listed: BTreeSet<String> =
        links(&contents).into_iter().filter(|link| !link.starts_with("..")).collect();
    let is_page = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("SUMMARY.md")
    };
    let name = |path: PathBuf| path.file_name().and_then(OsStr::to_str).expect("a name in UTF-8").to_owned();
    let there: BTreeSet<String> = entries(&docs).into_iter().filter(is_page).map(name).collect();
    assert_eq!(listed, there, "docs/SUMMARY.md lists each page in docs/ once");
}

/// Returns the text with the current output in every console block.
fn played(text: &str) -> String {
    let mut lines = text.lines();
    let mut found = String::new();
    let mut in_block = false;
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").filter(|_| in_block);
        if in_block && command.is_none() && line != "```" {
            continue;
        }
        in_block = line == "```console" || (in_block && line != "```");
        found.push_str(line);
        found.push('\n');
        if let Some(first) = command {
            let mut command = first.to_owned();
            while command.ends_with('\\') {
                let more = lines.next().expect("a line goes on after a backslash");
                found.push_str(&format!("{more}\n"));
                command.push_str(&format!("\n{more}"));
            }
            found.push_str(&output(&command));
        }
    }
    found
}

/// Runs a command and returns its output.
fn output(command: &str) -> String {
    let program = Path::new(PROGRAM);
    let path = [program.parent().unwrap_or(program).into(), std::env::var_os("PATH").unwrap_or_default()];
    let command = command.replace(FROM_A_CLONE, "immutably ");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(root()).stdin(Stdio::null());
    shell.env("PATH", path.join(OsStr::new(":"))).env("LC_ALL", "C");
    silence(&mut shell);
    let output = shell.output().expect("sh starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

/// Returns the text with the current table below each marker.
fn with_tables(text: &str, tables: &BTreeMap<String, String>) -> String {
    let mut found = String::new();
    let mut in_table = false;
    for line in text.lines() {
        in_table &= line.starts_with('|');
        if in_table {
            continue;
        }
        found.push_str(&format!("{line}\n"));
        if let Some(table) = table_marker(line).and_then(|name| tables.get(name)) {
            found.push_str(table);
            in_table = true;
        }
    }
    found
}

fn table_marker(line: &str) -> Option<&str> {
    line.strip_prefix("<!-- table: ")?.strip_suffix(" -->")
}

/// Returns the rules as text: a table for each shape, and for each other section of builtin.tsv.
fn tables() -> BTreeMap<String, String> {
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    let mut section = "";
    for line in BUILTIN.lines() {
        section = line.strip_prefix("# --- ").and_then(|line| line.strip_suffix(" ---")).unwrap_or(section);
        let columns: Vec<&str> = line.split('\t').collect();
        let [object, path, names, ..] = columns[..] else { continue };
        let (name, first, head) = if object.starts_with('@') {
            (object, String::new(), "| field | names | namespace |\n|---|---|---|\n")
        } else {
            (
                section,
                format!("{} | ", object_in_words(object)),
                "| object | field | names | namespace |\n|---|---|---|---|\n",
            )
        };
        let namespace = namespace_in_words(names, columns.get(3).copied().unwrap_or_default());
        let row = format!("| {first}`{path}` | {} | {namespace} |\n", names_in_words(names));
        tables.entry(name.to_owned()).or_insert_with(|| head.to_owned()).push_str(&row);
    }
    tables.insert("lifetimes".to_owned(), lifetimes());
    tables
}

/// Returns the table of when references are read.
fn lifetimes() -> String {
    let mut table =
        "| lifetime | object | field | when | what is said of it |\n|---|---|---|---|---|\n".to_owned();
    for fact in facts() {
        let code = |text: &str| {
            if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
        };
        let (object, when) = (code(fact.object), code(fact.condition));
        table.push_str(&format!(
            "| {} | {object} | `{}` | {when} | {} |\n",
            fact.lifetime.as_str(),
            fact.path,
            fact.note
        ));
    }
    table
}

fn object_in_words(object: &str) -> String {
    let (groups, kind) = object.split_once('/').expect("group/Kind");
    let group = |group: &str| if group == "core" { "core".to_owned() } else { format!("`{group}`") };
    format!("{kind} ({})", groups.split('|').map(group).collect::<Vec<_>>().join(", "))
}

fn names_in_words(names: &str) -> String {
    match names {
        "kind" => "what `kind` beside it says".to_owned(),
        "resources" => "what `resources` of the rule says".to_owned(),
        "param" => "what `paramKind` of the policy says".to_owned(),
        _ => match names.strip_prefix('@') {
            Some(shape) => format!("all that a [{shape}](#{}) names", shape.to_lowercase()),
            None => names.to_owned(),
        },
    }
}

fn namespace_in_words(names: &str, namespace: &str) -> String {
    match (namespace.strip_suffix(",any"), namespace) {
        (None, "") if names.starts_with('@') => String::new(),
        (None, "") => "the object's own".to_owned(),
        (None, "any") => "any".to_owned(),
        (None, sibling) => format!("`{sibling}`, or the object's own"),
        (Some(sibling), _) => format!("`{sibling}`, or any"),
    }
}

/// Returns the targets of links within the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let local = targets.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://"));
    local.collect()
}

/// Returns the anchors that GitHub makes from the headings of a page.
fn anchors(text: &str) -> impl Iterator<Item = String> + '_ {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        title.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

/// Returns the difference between a page and what it should be; `None` if there is none, or after an update.
fn difference(page: &Path, tables: &BTreeMap<String, String>) -> Option<String> {
    let text = read(page);
    let expected = played(&with_tables(&text, tables));
    if text == expected {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(page, expected).expect("the page is written");
        return None;
    }
    let diff = similar::TextDiff::from_lines(&text, &expected);
    Some(diff.unified_diff().header(&page.to_string_lossy(), "what is true").to_string())
}

/// Returns the pages in the root, then those in docs/.
fn pages() -> Vec<PathBuf> {
    let mut found = [entries(root()), entries(&root().join("docs"))].concat();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
