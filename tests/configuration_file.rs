//! The configuration file: which one is found; that schema, template and reader agree; that it cannot make the program
//! access other files.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use immutably::Source;
use immutably::options::settings::Configuration;
use program::files::{folder, names, read};
use program::samples::UNREFERENCED;
use program::{finish, program_in, run_in};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

const LEAVE: &str = "unreferenced: leave\n";

// --- Schema, template, reader ---

#[test]
fn the_schema_has_the_options_that_are_read() {
    let schema: Value =
        serde_json::from_str(include_str!("../docs/config.schema.json")).expect("the schema is JSON");
    for (place, file) in [
        ("settings", "nonsense: 1"),
        ("object", "kind: Immutably\nnonsense: 1"),
        ("audit", "audit: {nonsense: 1}"),
        ("exception", "audit: {exceptions: [{nonsense: 1}]}"),
        ("rule", "rules: [{nonsense: 1}]"),
    ] {
        let known = schema.pointer(&format!("/$defs/{place}/properties")).and_then(Value::as_object);
        let known: BTreeSet<String> = known.expect("properties").keys().cloned().collect();
        assert_eq!(known, expected(file), "{place}");
        let closed = schema.pointer(&format!("/$defs/{place}/additionalProperties"));
        assert_eq!(closed, Some(&Value::Bool(false)), "{place}");
    }
}

#[test]
fn the_template_shows_every_option_and_is_read_without_its_comments() {
    let template = run_in(&folder(&[]), &["init"], "");
    assert_eq!(template.status, 0, "{}", template.stderr);
    let text = include_str!("../src/bin/immutably/init.yaml");
    assert!(configuration(text).is_ok());
    let options: String = text.lines().filter_map(option).map(|line| format!("{line}\n")).collect();
    let read = configuration(&options).unwrap_or_else(|problem| panic!("{problem}\n{options}"));
    assert_eq!(read.options().keep_original.iter().count(), 1);
    assert!(read.settings().audit().is_some_and(|audit| audit.exceptions().len() == 1));
    for (within, fields) in [("", expected("nonsense: 1")), ("  ", expected("audit: {nonsense: 1}"))] {
        for field in fields {
            let shown = options.lines().any(|line| line.starts_with(&format!("{within}{field}:")));
            assert!(shown, "{field} is not in the template");
        }
    }
}

/// Returns the option in a line of the template; `None` for a line of explanation.
fn option(line: &str) -> Option<&str> {
    let line = line.strip_prefix("# ")?;
    let word = line.trim_start().trim_start_matches("- ").split(':').next()?;
    let is_option = line.contains(':') && !word.contains([' ', '`']);
    (is_option || line.trim_start().starts_with('#')).then_some(line)
}

/// Returns the options that the error message of the reader lists.
fn expected(file: &str) -> BTreeSet<String> {
    let problem = configuration(file).expect_err("an unknown option is refused");
    let (_, fields) = problem.split_once("expected one of ").expect("what is expected");
    fields.split(", ").map(|field| field.trim_matches('`').to_owned()).collect()
}

fn configuration(text: &str) -> Result<Configuration, String> {
    let source = Source::new(".immutably.yaml", text).expect("small");
    Configuration::read(&source)
        .map_err(|finding| finding.help.map_or(finding.message.to_string(), |help| help.into_owned()))
}

// --- `init` ---

#[test]
fn init_replaces_nothing_unless_it_must() {
    let folder = folder(&[(".immutably.yaml", LEAVE)]);
    let refused = run_in(&folder, &["init"], "");
    assert_eq!((refused.status, read(&folder, ".immutably.yaml").as_str()), (1, LEAVE));
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(run_in(&folder, &["init", "--force"], "").status, 0);
    assert!(read(&folder, ".immutably.yaml").starts_with("# Options for immutably."));
    assert_eq!(names(&folder), [".immutably.yaml"]);
    let missing = run_in(&folder, &["init", "nowhere"], "");
    assert_eq!(missing.status, 1, "{}", missing.stderr);
}

// --- The search ---

#[test]
fn the_nearest_file_within_the_repository_counts() {
    let folder = folder(&[
        (".immutably.yaml", "unreferenced: error\n"),
        ("repository/.git/HEAD", ""),
        ("repository/apps/web/cm.yaml", UNREFERENCED),
    ]);
    let web = folder.path().join("repository/apps/web");
    let status = || finish(program_in(&web, &[]), UNREFERENCED).status;
    assert_eq!(status(), 0, "what is above the repository does not count");
    fs::write(folder.path().join("repository/.immutably.yaml"), "unreferenced: error\n").expect("written");
    assert_eq!(status(), 1, "the file at the top of the repository counts");
    fs::write(folder.path().join("repository/apps/.immutably.yaml"), LEAVE).expect("written");
    assert_eq!(status(), 0, "the nearest file counts");
}

#[test]
fn an_input_elsewhere_uses_the_file_of_the_working_directory() {
    let elsewhere = folder(&[("cm.yaml", UNREFERENCED)]);
    let here = folder(&[(".immutably.yaml", "unreferenced: error\n")]);
    let path = elsewhere.path().join("cm.yaml");
    let path = path.to_str().expect("a path of text");
    assert_eq!(run_in(&here, &[path], "").status, 1);
    fs::write(elsewhere.path().join(".immutably.yaml"), LEAVE).expect("written");
    assert_eq!(run_in(&here, &[path], "").status, 0);
}

#[test]
fn each_folder_that_is_read_counts() {
    let folder = folder(&[
        ("web/cm.yaml", UNREFERENCED),
        ("db/cm.yaml", &UNREFERENCED.replace("web", "db")),
        ("db/.immutably.yaml", LEAVE),
    ]);
    let refused = run_in(&folder, &["-R", "."], "");
    assert_eq!((refused.status, refused.text()), (1, String::new()));
    assert!(refused.stderr.contains("the inputs have different configurations"), "{}", refused.stderr);
    assert_eq!(run_in(&folder, &["-R", "--no-config", "."], "").status, 0);
}

#[test]
fn a_file_of_the_other_ending_is_refused() {
    let folder = folder(&[("cm.yaml", UNREFERENCED), (".immutably.yml", LEAVE)]);
    let refused = run_in(&folder, &["cm.yaml"], "");
    assert_eq!((refused.status, refused.text()), (1, String::new()));
    assert!(refused.stderr.contains("rename it to `.immutably.yaml`"), "{}", refused.stderr);
}

#[test]
fn the_file_is_no_manifest() {
    let folder = folder(&[("apps/.immutably.yaml", LEAVE), ("apps/cm.yaml", UNREFERENCED)]);
    let ended = run_in(&folder, &["apps"], "");
    assert_eq!((ended.status, ended.text()), (0, UNREFERENCED.to_owned()), "{}", ended.stderr);
}

#[cfg(unix)]
#[test]
fn a_folder_that_users_share_ends_the_search() {
    use std::os::unix::fs::PermissionsExt;
    let folder =
        folder(&[("shared/.immutably.yaml", "unreferenced: error\n"), ("shared/mine/cm.yaml", UNREFERENCED)]);
    let shared = folder.path().join("shared");
    let status = || finish(program_in(&shared.join("mine"), &[]), UNREFERENCED).status;
    assert_eq!(status(), 1);
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).expect("permissions");
    assert_eq!(status(), 0);
}

// --- A repository that is not trusted ---

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_and_nothing_behind_it_is_shown() {
    for target in ["/etc/passwd", "secret", "nowhere", "/dev/zero", "."] {
        let folder = folder(&[("secret", "hunter2hunter2: hunter2hunter2\n")]);
        std::os::unix::fs::symlink(target, folder.path().join(".immutably.yaml")).expect("a link is made");
        let ended = run_in(&folder, &[], UNREFERENCED);
        assert_eq!(ended.status, 1, "{target}");
        assert!(ended.stderr.contains("is a link or a folder"), "{target}: {}", ended.stderr);
        assert!(!ended.stderr.contains("root") && !ended.stderr.contains("hunter2"), "{}", ended.stderr);
        assert_eq!(run_in(&folder, &["--no-config"], UNREFERENCED).status, 0);
    }
}

#[test]
fn hostile_files_are_refused_quickly() {
    let bomb: String = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect();
    for text in [
        format!("a0: &a0 x\n{bomb}"),
        format!("leave: {}", "[".repeat(100_000)),
        format!("leave: [{}]", "ConfigMap/a, ".repeat(200_000)),
        "\u{0}".to_owned(),
        "- a".to_owned(),
        "leave:\n".to_owned(),
        "? [a]\n: b".to_owned(),
        "--- {}\n---\nstrict: true\n".to_owned(),
    ] {
        let folder = folder(&[(".immutably.yaml", &text)]);
        let ended = run_in(&folder, &[], UNREFERENCED);
        assert_eq!(ended.status, 1, "{:.60}", text);
        assert!(ended.stderr.contains("error[invalid-configuration]"), "{:.60}: {}", text, ended.stderr);
    }
}

#[test]
fn every_command_reads_it_and_says_so() {
    let folder = folder(&[(".immutably.yaml", "namespac: prod\n"), ("cm.yaml", UNREFERENCED)]);
    for args in [
        &["cm.yaml"][..],
        &["audit", "cm.yaml"],
        &["plan", "--previous", "cm.yaml", "cm.yaml"],
        &["graph", "cm.yaml"],
        &["explain", "ConfigMap/web", "cm.yaml"],
        &["gc", "cm.yaml"],
        &["rules"],
    ] {
        let ended = run_in(&folder, args, "");
        assert_eq!(ended.status, 1, "{args:?}");
        assert!(ended.stderr.contains("did you mean `namespace`?"), "{args:?}: {}", ended.stderr);
    }
    fs::write(folder.path().join(".immutably.yaml"), LEAVE).expect("written");
    let said = |args: &[&str]| {
        let ended = run_in(&folder, args, "");
        ended.stderr.clone() + &ended.text()
    };
    for args in [
        &["cm.yaml"][..],
        &["--format=json", "cm.yaml"],
        &["--report=-", "--output=/dev/null", "-q", "cm.yaml"],
        &["audit", "cm.yaml"],
        &["audit", "--format=json", "cm.yaml"],
        &["explain", "ConfigMap/web", "cm.yaml"],
    ] {
        assert!(said(args).contains(".immutably.yaml"), "{args:?}: {}", said(args));
    }
}
