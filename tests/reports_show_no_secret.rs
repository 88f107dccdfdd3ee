//! The report and the findings as JSON, and that neither shows the value of a Secret.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::{folder, read};
use program::samples::{BAD_SECRET, UNREFERENCED, WEB};
use program::{run, run_in};
use serde_json::Value;

#[test]
fn the_report_has_the_documented_fields() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--report", "report.json"], format!("{WEB}---\n{UNREFERENCED}")).status, 0);
    let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
    has_fields(&report, &["summary", "objects", "findings"]);
    has_fields(&report["summary"], &["versioned", "left_alone", "references", "warnings", "errors"]);
    let object = &report["objects"][0];
    has_fields(object, &["kind", "namespace", "name", "new_name", "decision", "reason", "references"]);
    assert_eq!((&object["kind"], &object["name"]), (&"ConfigMap".into(), &"web".into()));
    assert_eq!((&object["new_name"], &object["decision"]), (&"web-4h2mbtbbt6".into(), &"versioned".into()));
}

#[test]
fn a_finding_in_the_report_has_the_documented_fields() {
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--report", "report.json"], UNREFERENCED).status, 0);
    let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
    let finding = &report["findings"][0];
    has_fields(finding, &["code", "severity", "message", "document", "file", "line", "column", "help"]);
    assert_eq!((&finding["code"], &finding["severity"]), (&"unreferenced".into(), &"note".into()));
    assert_eq!(
        (&finding["file"], &finding["line"], &finding["column"]),
        (&"<stdin>".into(), &3.into(), &18.into())
    );
}

#[test]
fn a_report_is_written_when_the_stream_is_refused() {
    for (input, code) in [(BAD_SECRET.as_bytes(), "invalid-base64"), (b"a: \xff\n", "unreadable-input")] {
        let folder = folder(&[("report.json", "of the run before\n")]);
        assert_eq!(run_in(&folder, &["--report", "report.json"], input).status, 1);
        let report: Value = serde_json::from_str(&read(&folder, "report.json")).expect("the report is JSON");
        assert_eq!(report["findings"][0]["code"], code);
        assert_eq!(report["summary"]["errors"], 1);
    }
}

#[test]
fn findings_as_json_are_one_object_on_each_line() {
    for input in [WEB.as_bytes(), UNREFERENCED.as_bytes(), BAD_SECRET.as_bytes(), b"kind: [", b"\xff"] {
        for line in run(&["--format=json"], input).stderr.lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let fields = ["code", "severity", "message", "document", "file", "line", "column", "help"];
            let wanted = if value.get("summary").is_some() { &["summary"][..] } else { &fields };
            has_fields(&value, wanted);
        }
    }
    let stderr = run(&["--format=json"], WEB).stderr;
    let sums: Value = serde_json::from_str(&stderr).expect("one line");
    assert_eq!(sums["summary"]["versioned"], 1);
}

#[test]
fn a_failure_to_write_is_json_too() {
    let folder = folder(&[]);
    let ended = run_in(&folder, &["--format=json", "-o", "absent/out.yaml"], WEB);
    assert_eq!(ended.status, 1);
    for line in ended.stderr.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn a_value_out_of_a_secret_is_never_shown() {
    let broken = BAD_SECRET.replace("'--hunter2'", "[--hunter2");
    for input in [BAD_SECRET, &broken, &BAD_SECRET.replace("password", "pass\tword: hunter2 #")] {
        for args in [&[][..], &["--format=json"], &["--strict"]] {
            let folder = folder(&[]);
            let ended = run_in(&folder, &[args, &["--report", "report.json"]].concat(), input);
            assert_eq!(ended.status, 1);
            assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
            assert!(!read(&folder, "report.json").contains("hunter2"));
        }
    }
}

#[test]
fn a_value_that_became_a_part_of_a_name_is_not_in_the_new_name_either() {
    let input = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n    Hunter2Pass\nstringData:\n  a: b\n";
    let folder = folder(&[]);
    assert_eq!(run_in(&folder, &["--report", "report.json"], input).status, 1);
    let report = read(&folder, "report.json");
    assert!(!report.contains("Hunter2Pass"), "{report}");
}

fn has_fields(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "no {field} in {value}");
    }
}
