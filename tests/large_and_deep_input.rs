//! Unusual inputs: very large, very deep, or random.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::folder;
use program::samples::{WEB, WEB_SUMS, versioned_web};
use program::{run, run_in};

#[test]
fn more_patterns_than_can_be_compared_are_refused() {
    let lines = |count: usize, line: &str| line.repeat(count);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {imagePullSecrets: [{name: web}]}\n";
    for count in [1000, 1001] {
        let folder = folder(&[
            ("leave.yaml", &format!("leave:\n{}", lines(count, "- ConfigMap/other-*\n"))),
            ("known.txt", &lines(count, "secret/other-*\n")),
            (
                "exceptions.yaml",
                &format!(
                    "audit:\n  exceptions:\n{}",
                    lines(count, "  - {codes: [unversioned], name: other, reason: an example}\n")
                ),
            ),
            ("pod.yaml", pod),
        ]);
        for args in [
            &["--config=leave.yaml", "pod.yaml"][..],
            &["--known=known.txt", "--external=list", "pod.yaml"],
            &["audit", "--config=exceptions.yaml", "pod.yaml"],
        ] {
            let ended = run_in(&folder, args, "");
            let refused = ended.stderr.contains("at most 1000 are supported")
                || ended.text().contains("at most 1000 are supported");
            assert_eq!(refused, count > 1000, "{args:?}: {}", ended.stderr);
        }
    }
}

#[test]
fn of_many_errors_of_one_kind_a_thousand_are_shown() {
    let ended = run(&["--format=json"], "---\n\"\n".repeat(100_000));
    assert_eq!((ended.status, ended.stdout.len()), (1, 0));
    assert!(ended.stderr.contains("99000 more errors of this kind are not listed"));
    assert!(ended.stderr.contains("\"errors\":100000"), "the sums count all of them");
    assert!(ended.stderr.lines().count() < 1010, "{}", ended.stderr.lines().count());
}

#[test]
fn a_scalar_of_100_megabytes_goes_through() {
    let large = "x".repeat(100_000_000);
    let folder = folder(&[("web.yaml", WEB), ("large.yaml", &format!("kind: Large\nvalue: {large}\n"))]);
    let ended = run_in(&folder, &["large.yaml", "web.yaml"], "");
    assert_eq!((ended.status, ended.stderr.as_str()), (0, WEB_SUMS));
    assert!(ended.stdout.ends_with(versioned_web().as_bytes()));
    assert_eq!(ended.stdout.len(), "kind: Large\nvalue: \n---\n".len() + large.len() + versioned_web().len());
}

#[test]
fn a_hundred_thousand_levels_of_nesting_are_refused() {
    let flow = format!("kind: Pod\nspec: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let block = format!("{}x\n", "- ".repeat(100_000));
    let json = format!("{}1{}", "{\"kind\":".repeat(100_000), "}".repeat(100_000));
    let never_closed = "{\"a\":[".repeat(100_000);
    for input in [flow, block, json, never_closed] {
        let ended = run(&[], input);
        assert_eq!(ended.status, 1);
        assert!(ended.stderr.contains("error[nested-too-deep]"), "{}", ended.stderr);
        assert!(ended.stderr.len() < 2_000, "{}", ended.stderr);
    }
}

#[test]
fn an_alias_bomb_costs_nothing() {
    let levels = |open: &str, close: &str| -> String {
        let level = |number: usize| {
            let aliases = vec![format!("*x{}", number - 1); 9].join(",");
            format!("x{number}: &x{number} {open}{aliases}{close}\n")
        };
        (1..40).map(level).collect()
    };
    let unused = format!("x0: &x0 [a]\n{}{WEB}", levels("[", "]"));
    assert_eq!(run(&[], &unused).status, 0);
    let merged =
        format!("x0: &x0 {{a: b}}\n{}{}", levels("{<<: [", "]}"), WEB.replace("  a: b", "  <<: *x39"));
    let ended = run(&[], &merged);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("error[alias-limit]"), "{}", ended.stderr);
}

#[test]
fn a_million_empty_documents_go_through() {
    let input = "---\n".repeat(1_000_000) + WEB;
    let ended = run(&[], &input);
    assert_eq!((ended.status, ended.stderr.as_str()), (0, WEB_SUMS));
    assert_eq!(ended.text(), "---\n".repeat(1_000_000) + &versioned_web());
}

#[test]
fn a_line_of_20_megabytes_goes_through() {
    let value = "x".repeat(100_000);
    let item = |number: usize| {
        let (kind, metadata) =
            (r#""apiVersion":"v1","kind":"ConfigMap""#, format!(r#"{{"name":"c{number}"}}"#));
        format!(r#"{{{kind},"metadata":{metadata},"data":{{"a":"{value}"}}}}"#)
    };
    let items: Vec<String> = (0..200).map(item).collect();
    let input = format!(r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#, items.join(","));
    let ended = run(&["--quiet"], &input);
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.text().matches(r#""immutable":true"#).count(), 200);
}

#[test]
fn only_the_part_of_a_long_line_around_a_finding_is_shown() {
    let long = "x".repeat(1_000_000);
    let input = format!(
        r#"{{"a":"{long}","apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":3}},"data":{{"a":"b"}},"b":"{long}"}}"#
    );
    let ended = run(&[], input);
    assert_eq!(ended.status, 1);
    assert!(
        ended.stderr.contains("error[invalid-metadata]") && ended.stderr.len() < 2_000,
        "{}",
        ended.stderr.len()
    );
}

#[test]
fn random_bytes_end_well() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    for round in 0..50 {
        let mut bytes: Vec<u8> = (0..4_000).map(|_| next()).collect();
        match round % 3 {
            0 => {}
            1 => bytes.iter_mut().for_each(|byte| *byte &= 0x7f),
            _ => bytes
                .iter_mut()
                .for_each(|byte| *byte = b"{}[]:,-?&*!|>'\"%#@ \n\tkind a1"[usize::from(*byte) % 28]),
        }
        let ended = run(&[], &bytes);
        assert!([0, 1].contains(&ended.status), "{}", ended.stderr);
        assert!(ended.status == 1 || ended.stdout == bytes, "what has no target stays as it is");
    }
}
