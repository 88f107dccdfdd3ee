//! The formats of the audit follow the rules of their readers, for any name and content of the input.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::files::folder;
use program::{Ended, run, run_in};
use serde_json::Value;

/// Returns a stream of `count` unversioned ConfigMaps.
fn config_maps(count: usize) -> String {
    (0..count)
        .map(|number| {
            format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{number}}}\ndata: {{a: b}}\n")
        })
        .collect()
}

const SECRET: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: prod
stringData:
  password: hunter2
  bad key: hunter2
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  template:
    spec:
      containers:
        - name: main
          env:
            - name: PASSWORD
              valueFrom: {secretKeyRef: {name: db, key: passwort}}
            - name: PASSWORD
              valueFrom: {secretKeyRef: {name: bd, key: password}}
";

fn audit(format: &str, input: &str) -> Ended {
    run(&["audit", "--format", format], input)
}

fn sarif(input: &str) -> Value {
    serde_json::from_str(&audit("sarif", input).text()).expect("SARIF is JSON")
}

/// Checks what the schema of SARIF 2.1.0 and, in addition, GitHub require.
fn check_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-2.1.0.json")));
    let run = &log["runs"][0];
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(run["tool"]["driver"]["name"], "immutably");
    assert!(run["automationDetails"]["id"].as_str().is_some_and(|id| id.ends_with('/')));
    for rule in rules {
        for text in [
            &rule["id"],
            &rule["shortDescription"]["text"],
            &rule["fullDescription"]["text"],
            &rule["help"]["text"],
        ] {
            assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        assert!(!rule["help"]["markdown"].as_str().unwrap_or_default().contains("]("), "{rule}");
    }
    for result in run["results"].as_array().expect("results are there, also when there are none") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it is small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap_or_default()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let places = std::iter::once(&result["locations"][0])
            .chain(result["relatedLocations"].as_array().into_iter().flatten());
        for place in places {
            let (uri, region) =
                (&place["physicalLocation"]["artifactLocation"]["uri"], &place["physicalLocation"]["region"]);
            assert!(
                uri.as_str().is_some_and(|uri| !uri.is_empty()
                    && uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\".contains(&byte))),
                "{uri}"
            );
            let number =
                |field: &str| region[field].as_u64().filter(|number| *number > 0).expect("it counts from 1");
            assert_eq!(number("startLine"), number("endLine"));
            assert!(number("startColumn") <= number("endColumn"));
        }
        assert!(
            result["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .is_some_and(|hash| hash.contains(':'))
        );
    }
}

#[test]
fn sarif_has_what_its_readers_require() {
    for input in ["", SECRET, &config_maps(3), "kind: [", "apiVersion: v1\nkind: ConfigMap\n"] {
        check_sarif(&sarif(input));
    }
    let clean = sarif("apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n");
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn sarif_keeps_5000_results_with_the_errors_first() {
    let log = sarif(&config_maps(2600));
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 5000);
    let errors = results.iter().take_while(|result| result["level"] == "error").count();
    assert_eq!(errors, 2600);
    let note = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(note.as_str().is_some_and(|note| note.starts_with("200 ")), "{note}");
}

#[test]
fn a_fingerprint_outlives_a_change_of_lines_and_of_content() {
    let prints = |input: &str| -> Vec<String> {
        let log = sarif(input);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results
            .iter()
            .map(|result| {
                format!("{} {}", result["ruleId"], result["partialFingerprints"]["primaryLocationLineHash"])
            })
            .collect()
    };
    let before = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-4h2mbtbbt6}\ndata: {a: b}\n";
    let after =
        "# moved\n\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-7kb8c9gf2m}\ndata: {a: c}\n";
    let same = |code: &str, input: &str| prints(input).into_iter().find(|print| print.contains(code));
    assert!(same("unreferenced", before).is_some());
    assert_eq!(same("unreferenced", before), same("unreferenced", after));
    let all = prints(&config_maps(40));
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len(), "each is another one");
}

#[test]
fn a_path_with_spaces_and_other_letters_is_a_uri() {
    let name = "my charts/größe,a:b.yaml";
    let folder = folder(&[(name, &config_maps(1))]);
    let ended = run_in(&folder, &["audit", "--format", "sarif", name], "");
    let log: Value = serde_json::from_str(&ended.text()).expect("SARIF is JSON");
    check_sarif(&log);
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "my%20charts/gr%C3%B6%C3%9Fe%2Ca%3Ab.yaml");
    let github = run_in(&folder, &["audit", "--format", "github", name], "").text();
    assert!(
        github.starts_with("::error file=my charts/größe%2Ca%3Ab.yaml,line=4,endLine=4,col=18,"),
        "{github}"
    );
}

#[test]
fn github_gets_ten_annotations_of_a_severity() {
    let text = audit("github", &config_maps(30)).text();
    let count = |level: &str| text.lines().filter(|line| line.starts_with(level)).count();
    assert_eq!((count("::error "), count("::notice "), text.lines().count()), (10, 10, 20));
    assert!(text.contains("title=immutably::21 more findings of severity error"), "{text}");
    assert_eq!(audit("github", &config_maps(10)).text().matches("::error ").count(), 10);
    assert!(!audit("github", &config_maps(10)).text().contains("more findings"));
}

#[test]
fn junit_counts_its_cases_and_names_each_once() {
    let text = audit("junit", &format!("{SECRET}{}", config_maps(3))).text();
    let number = |name: &str| -> usize {
        let (_, rest) = text.split_once(&format!(" {name}=\"")).expect("the count is there");
        rest.split('"').next().and_then(|number| number.parse().ok()).expect("a number")
    };
    assert_eq!(number("tests"), text.matches("<testcase ").count());
    assert_eq!(number("failures"), text.matches("<failure ").count());
    let names: Vec<&str> =
        text.split("<testcase ").skip(1).filter_map(|case| case.split(" file=").next()).collect();
    let unique: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "{names:#?}");
}

#[test]
fn the_status_is_the_same_in_every_format_and_no_value_is_shown() {
    for format in ["text", "json", "sarif", "junit", "github"] {
        let ended = audit(format, SECRET);
        assert_eq!(ended.status, 1, "{format}");
        assert!(!ended.text().contains("hunter2") && !ended.stderr.contains("hunter2"), "{format}");
        assert_eq!(run(&["audit", "--exit-zero", "--format", format], SECRET).status, 0, "{format}");
        assert_eq!(
            audit(format, "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n").status,
            0,
            "{format}"
        );
        assert_eq!(audit(format, "").status, 1, "{format}");
    }
    assert_eq!(run(&["audit", "--deny", "no-such-code"], SECRET).status, 2);
    assert_eq!(run(&["audit", "absent.yaml"], "").status, 1);
}

#[test]
fn severities_are_the_callers() {
    let one = config_maps(1);
    assert_eq!(run(&["audit", "--warn", "unversioned"], &one).status, 0);
    assert_eq!(run(&["audit", "--warn", "unversioned", "--strict"], &one).status, 1);
    assert_eq!(run(&["audit", "--allow", "unversioned"], &one).status, 0);
    assert_eq!(run(&["audit", "-A", "unversioned", "-D", "unreferenced"], &one).status, 1);
    let allowed = run(&["audit", "-A", "unversioned", "-A", "mutable"], &one);
    assert_eq!(allowed.status, 0);
    let last = "0 of 1 configuration object complies (0 %), 0 left alone, 1 waived; 0 errors, 0 warnings\n";
    assert!(allowed.text().ends_with(last), "{}", allowed.text());
}

#[test]
fn content_is_measured_as_the_api_server_does() {
    let object = |size: usize| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\ndata: {{a: {}}}\n",
            "x".repeat(size)
        )
    };
    let severity = |size| {
        let log = sarif(&object(size));
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().find(|result| result["ruleId"] == "too-large").map(|result| result["level"].clone())
    };
    assert_eq!(severity(1_048_577), Some("error".into()));
    assert_eq!(severity(1_048_576), Some("warning".into()));
    assert_eq!(severity(943_713), Some("warning".into()));
    assert_eq!(severity(943_000), None);
}

#[test]
fn one_run_writes_several_files() {
    let folder = folder(&[("web.yaml", &config_maps(1))]);
    let args = [
        "audit",
        "--report",
        "sarif=a.sarif",
        "--report",
        "junit=a.xml",
        "--report=text=a.txt",
        "web.yaml",
        "--format",
        "json",
    ];
    let ended = run_in(&folder, &args, "");
    assert_eq!(ended.status, 1);
    check_sarif(&serde_json::from_str(&program::files::read(&folder, "a.sarif")).expect("SARIF is JSON"));
    assert!(program::files::read(&folder, "a.xml").starts_with("<?xml "));
    let last = "\n0 of 1 configuration object complies (0 %), 0 left alone, 0 waived; 1 error, 0 warnings\n";
    assert!(program::files::read(&folder, "a.txt").ends_with(last));
    let json: Value = serde_json::from_str(&ended.text()).expect("JSON");
    assert_eq!(
        (&json["schema"], &json["profile"], &json["summary"]["all"]["objects"]),
        (&1.into(), &"filtered".into(), &1.into())
    );
}
