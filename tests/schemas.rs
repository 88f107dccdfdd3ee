//! Every machine-readable document conforms to its schema, for any input: our schemas in docs/, and those of others.
//!
//! All fixtures go through the filter and its commands. In our schemas, a field that is in no document is a fault, and
//! so is a field in a document that the schema does not list.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;
mod schema;

use program::files::{folder, read};
use program::{finish, program_in, reports};
use schema::Schema;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn what_the_filter_writes_fits() {
    let mut reports = Schema::of("docs/report.schema.json");
    let mut sarif = Schema::of_sarif();
    let folder = folder(&[]);
    let file = folder.path().join("report.json");
    for fixture in Fixture::all().filter(|fixture| fixture.command().is_none()) {
        let mut args = fixture.arguments();
        for flag in ["--format", "--report"] {
            args.retain(|arg| !arg.starts_with(&format!("{flag}=")));
            if let Some(at) = args.iter().position(|arg| arg == flag) {
                args.drain(at..at + 2);
            }
        }
        args.extend([format!("--report={}", file.display()), "--format=sarif".to_owned()]);
        fs::write(&file, "").expect("it is emptied");
        let ended = fixture.run(&args);
        if ended.status == 2 {
            continue; // the command line is invalid
        }
        sarif.holds_anew(&fixture.name(), &json(&ended.stderr));
        args.pop();
        args.push("--format=junit".to_owned());
        junit(&fixture.name(), &fixture.run(&args).stderr);
        let report = read(&folder, "report.json");
        // There is no report if the input was not read.
        if !report.is_empty() {
            reports.holds(&fixture.name(), &json(&report));
        }
    }
    reports.is_used(300);
}

#[test]
fn what_an_audit_writes_fits() {
    let mut audits = Schema::of("docs/audit.schema.json");
    let mut sarif = Schema::of_sarif();
    let folder = folder(&[]);
    for fixture in Fixture::all() {
        let mut args = fixture.arguments_of("audit").unwrap_or_else(|| vec!["audit".to_owned()]);
        let mut report =
            |format: &str| args.push(format!("--report={format}={}", folder.path().join(format).display()));
        ["json", "sarif", "junit"].into_iter().for_each(&mut report);
        fixture.run(&args);
        audits.holds(&fixture.name(), &json(&read(&folder, "json")));
        sarif.holds_anew(&fixture.name(), &json(&read(&folder, "sarif")));
        junit(&fixture.name(), &read(&folder, "junit"));
    }
    audits.is_used(300);
}

#[test]
fn graphs_fit() {
    let mut schema = Schema::of("docs/graph.schema.json");
    for fixture in Fixture::all() {
        if let Some(graph) = fixture.json("graph") {
            schema.holds(&fixture.name(), &graph);
        }
    }
    schema.is_used(200);
}

#[test]
fn plans_fit() {
    let mut schema = Schema::of("docs/plan.schema.json");
    for fixture in Fixture::all().filter(|fixture| !fixture.arguments().contains(&"markdown".to_owned())) {
        if let Some(plan) = fixture.json("plan") {
            schema.holds(&fixture.name(), &plan);
        }
    }
    schema.is_used(12);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Checks that the XML is well-formed, its totals are correct, and every case has a name.
fn junit(name: &str, xml: &str) {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{name}: {error}\n{xml}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let all = |tag: &'static str| root.descendants().filter(move |node| node.has_tag_name(tag));
    for (sum, tag) in [("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")] {
        assert_eq!(root.attribute(sum), Some(all(tag).count().to_string().as_str()), "{name}: {xml}");
    }
    for case in all("testcase") {
        assert!(case.attribute("classname").is_some_and(|class| class.starts_with("immutably.")), "{name}");
        assert!(case.attribute("name").is_some_and(|name| !name.starts_with([' ', '/'])), "{name}: {xml}");
    }
}

/// A folder in `fixtures/` with an input.
struct Fixture(PathBuf);

impl Fixture {
    fn all() -> impl Iterator<Item = Fixture> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut folders: Vec<PathBuf> = entries(&root).flat_map(|topic| entries(&topic)).collect();
        folders.sort();
        assert!(folders.len() > 400, "{} fixtures", folders.len());
        folders.into_iter().map(Fixture).filter(|fixture| fixture.input().is_some())
    }

    fn name(&self) -> String {
        self.0.display().to_string()
    }

    fn input(&self) -> Option<Vec<u8>> {
        ["input.yaml", "input.json"].iter().find_map(|name| fs::read(self.0.join(name)).ok())
    }

    fn arguments(&self) -> Vec<String> {
        let text = fs::read_to_string(self.0.join("args")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn command(&self) -> Option<String> {
        self.arguments().first().filter(|first| *first == "gc" || reports(first)).cloned()
    }

    fn run(&self, args: &[String]) -> program::Ended {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        finish(program_in(&self.0, &args), self.input().unwrap_or_default())
    }

    /// Returns the arguments of the fixture if they are for this command.
    fn arguments_of(&self, command: &str) -> Option<Vec<String>> {
        (self.command().as_deref() == Some(command)).then(|| self.arguments())
    }

    /// Returns the JSON output of a command for the input. Uses the arguments of the fixture if they are for this
    /// command.
    fn json(&self, command: &str) -> Option<Value> {
        let mut args = match self.arguments_of(command) {
            Some(args) => args,
            None if command == "plan" => return None,
            None => vec![command.to_owned()],
        };
        match args.iter().position(|arg| arg == "--format") {
            Some(at) => args[at + 1] = "json".to_owned(),
            None => args.extend(["--format".to_owned(), "json".to_owned()]),
        }
        let text = self.run(&args).text();
        (!text.is_empty()).then(|| json(&text))
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir())
}
