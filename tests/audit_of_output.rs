//! The audit of the filter's output reports nothing that the filter did not leave alone or warn of.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

use immutably::findings::diagnostic::{Code, Severity};
use immutably::options::Options;
use immutably::output::audit::{Criteria, Profile, Verdict};
use immutably::{Source, audit, rewrite};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Errors of the audit that are warnings of the filter: the output has the same fault as the input.
const AS_BEFORE: [Code; 4] = [Code::MissingKey, Code::StaleReference, Code::InvalidKey, Code::InvalidName];

#[test]
fn the_output_of_every_fixture_complies() {
    let mut streams = 0;
    for path in inputs() {
        let input = fs::read(&path).expect("the input is read");
        let Ok(source) = Source::join([("input.yaml".to_owned(), input)]) else { continue };
        let outcome = rewrite(&source, &Options::default());
        if outcome.refused() {
            continue;
        }
        streams += 1;
        let said: BTreeSet<Code> = outcome.diagnostics().iter().map(|finding| finding.code).collect();
        let mut output = Vec::new();
        outcome.write(&mut output).expect("it is written");
        complies(&path, String::from_utf8(output).expect("it is text"), &said);
    }
    assert!(streams > 200, "{streams} streams were looked at");
}

fn complies(path: &Path, output: String, said: &BTreeSet<Code>) {
    let source = Source::new("output.yaml", output).expect("the output is text");
    let criteria = Criteria { profile: Some(Profile::Filtered), ..Criteria::default() };
    let audit = audit(&source, &Options::default(), &criteria);
    for finding in &audit.diagnostics {
        let known = said.contains(&finding.code)
            || AS_BEFORE.contains(&finding.code)
            || matches!(finding.code, Code::NoObjects | Code::UpdateNeverSeen | Code::UnusedWaiver)
            || finding.severity == Severity::Note
            || (finding.code == Code::ImmutableUnversioned && finding.severity == Severity::Warning);
        assert!(known, "{}: [{}] {}", path.display(), finding.code.as_str(), finding.message);
    }
    for object in &audit.objects {
        let sound = matches!(object.verdict, Verdict::Complies | Verdict::LeftAlone);
        assert!(sound || !said.is_empty(), "{}: {} {:?}", path.display(), object.name, object.verdict);
    }
}

fn inputs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    // These topics are left out: they contain faults on purpose, such as versions with made-up suffixes.
    for topic in folders(&root).iter().filter(|topic| !topic.ends_with("audit") && !topic.ends_with("plan")) {
        found.extend(
            folders(topic).into_iter().map(|folder| folder.join("input.yaml")).filter(|path| path.is_file()),
        );
    }
    found.sort();
    found
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
