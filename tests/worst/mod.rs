//! The most demanding inputs: one for each kind of item that a stream may contain many of, in any size.

#![allow(dead_code)] // the benchmark and the test each use a part of it

mod inputs;
mod more;
mod siblings;

#[allow(clippy::wildcard_imports, reason = "every input is a case")]
use inputs::*;
#[allow(clippy::wildcard_imports, reason = "every input is a case")]
use more::*;
#[allow(clippy::wildcard_imports, reason = "every input is a case")]
use siblings::*;

/// The name of the large file.
const INPUT: &str = "input.yaml";
/// The name of a small stream next to it.
const STREAM: &str = "stream.yaml";
/// The name of a second large file.
const BESIDE: &str = "beside.yaml";
const NOW: &str = "--now=2026-01-01T00:00:00Z";

/// A kind of input: its name, the arguments, a suitable number of items, and a function that makes the text.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) args: &'static [&'static str],
    pub(crate) size: usize,
    make: fn(usize) -> String,
    /// Makes the content of [`BESIDE`].
    beside: Option<fn(usize) -> String>,
    /// True if the measured run reads the output of a first run.
    pub(crate) twice: bool,
}

impl Case {
    /// Returns the files of the case, by name.
    pub(crate) fn files(&self, size: usize) -> Vec<(&'static str, String)> {
        let stream =
            "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec: {secretName: web}\n";
        let beside = self.beside.map(|make| (BESIDE, make(size)));
        [(INPUT, (self.make)(size)), (STREAM, stream.to_owned())].into_iter().chain(beside).collect()
    }
}

const fn filter(
    name: &'static str,
    args: &'static [&'static str],
    size: usize,
    make: fn(usize) -> String,
) -> Case {
    Case { name, args, size, make, beside: None, twice: false }
}

/// Makes an input of a size.
type Make = fn(usize) -> String;

const fn twice(name: &'static str, size: usize, make: fn(usize) -> String) -> Case {
    Case { twice: true, ..filter(name, &[INPUT], size, make) }
}

const fn both(
    name: &'static str,
    args: &'static [&'static str],
    size: usize,
    (make, beside): (Make, Make),
) -> Case {
    Case { beside: Some(beside), ..filter(name, args, size, make) }
}

/// Every case.
pub(crate) const CASES: &[Case] = &[
    filter("aliases-of-a-container", &[INPUT], 2000, aliases_of_a_container),
    filter("aliases-of-one-name", &[INPUT], 20_000, aliases_of_one_name),
    filter("anchors-each-with-an-alias", &[INPUT], 8000, anchors_each_with_an_alias),
    filter("anchor-defined-again", &[INPUT], 20_000, anchor_defined_again),
    filter("merge-chain", &[INPUT], 4000, merge_chain),
    filter("unreferenced-in-one-list", &["--unreferenced=version", INPUT], 4000, one_list),
    filter("unreferenced-on-one-line", &["--unreferenced=version", INPUT], 4000, one_line),
    filter(
        "unreferenced-on-one-line-as-json",
        &["--unreferenced=version", "--format=json", INPUT],
        4000,
        one_line,
    ),
    filter("unreferenced-on-one-line-in-a-report", &["--report=/dev/null", "-q", INPUT], 4000, one_line),
    filter("unreferenced-in-documents", &["--unreferenced=version", INPUT], 4000, documents),
    filter("errors-in-one-list", &["--unreferenced=error", INPUT], 4000, one_list),
    filter("diff-of-one-list", &["--diff", INPUT], 4000, one_list),
    filter("diff-of-documents", &["--diff", INPUT], 4000, documents),
    filter("kept-originals", &["--keep-original=*/*", INPUT], 4000, documents),
    filter("kept-originals-in-one-list", &["--keep-original=*/*", INPUT], 4000, one_list),
    filter("retained", &["--retain=helm,argocd", INPUT], 4000, documents),
    filter("grants-on-one-name-in-many-namespaces", &["-q", INPUT], 2000, grants),
    filter("references-to-one-name-in-many-namespaces", &["-q", INPUT], 2000, references_to_any),
    filter("one-name-in-many-namespaces", &["-q", INPUT], 8000, one_name),
    filter("one-object-many-times", &["-q", INPUT], 8000, twins),
    filter("previous-names", &["-q", INPUT], 2000, previous_names),
    filter("names-of-one-base-with-suffixes", &["-q", INPUT], 4000, suffixed),
    filter("stale-references", &["-q", INPUT], 4000, stale),
    filter("names-a-letter-away", &["-q", INPUT], 4000, letter_away),
    filter("long-names-a-letter-away", &["-q", INPUT], 2000, long_names_a_letter_away),
    filter("missing-keys", &[INPUT], 4000, missing_keys),
    filter("mentions-in-one-object", &["-q", INPUT], 4000, mentions),
    filter("mentions-in-one-text", &["-q", INPUT], 4000, mentions_in_text),
    filter("names-in-one-script", &["-q", INPUT], 4000, names_in_one_script),
    filter("names-in-one-variable", &["-q", INPUT], 4000, names_in_one_variable),
    filter("mentions-of-each-other", &["-q", INPUT], 4000, mentions_of_each_other),
    filter("values-that-are-names", &["-q", INPUT], 4000, values_that_are_names),
    filter("siblings-in-one-mapping", &["-q", INPUT], 4000, siblings),
    filter("siblings-behind-a-merge-key", &["-q", INPUT], 4000, siblings_behind_a_merge_key),
    filter("twice-the-same-keys", &[INPUT], 4000, same_keys),
    filter("one-key-many-times", &[INPUT], 50_000, one_key),
    filter("many-keys", &["-q", INPUT], 50_000, many_keys),
    filter("many-keys-under-a-suffix", &["-q", INPUT], 20_000, many_keys_under_a_suffix),
    filter("keys-that-are-refused", &[INPUT], 20_000, refused_keys),
    filter("values-that-are-no-text", &[INPUT], 20_000, no_text),
    filter("names-that-are-refused", &[INPUT], 4000, refused_names),
    filter("documents-that-are-broken", &[INPUT], 8000, broken_documents),
    filter("quotes-that-do-not-end", &[INPUT], 8000, open_quotes),
    filter("markers", &[INPUT], 200_000, markers),
    filter("byte-order-marks", &[INPUT], 200_000, byte_order_marks),
    filter("carriage-returns", &["-q", INPUT], 200_000, carriage_returns),
    filter("one-long-line", &["-q", INPUT], 2_000_000, long_line),
    filter("deep-nesting", &[INPUT], 500_000, nesting),
    filter("comments-before-a-key", &["-q", INPUT], 200_000, comments),
    filter("block-texts", &["-q", INPUT], 20_000, block_texts),
    filter("arguments", &["-q", INPUT], 20_000, arguments),
    filter("environment", &["-q", INPUT], 20_000, environment),
    filter("annotations", &["-q", INPUT], 20_000, annotations),
    filter("json-in-an-annotation", &["-q", INPUT], 500_000, json_annotation),
    filter("bindings-of-admission-policies", &["-q", INPUT], 24_000, policies),
    filter("jobs", &[INPUT], 4000, jobs),
    filter("jobs-in-a-chain", &["-q", INPUT], 4000, jobs_in_a_chain),
    filter("kinds", &["-q", INPUT], 2000, kinds),
    filter("outside-references", &["--external=list", INPUT], 4000, outside),
    twice("krm-results-once-more", 2000, krm),
    filter("rules", &["--rules=input.yaml", STREAM], 4000, rules),
    filter("rules-on-one-line", &["--rules=input.yaml", STREAM], 4000, rules_on_one_line),
    filter("name-references-of-kustomize", &["--rules=input.yaml", STREAM], 4000, name_references),
    filter("known-objects", &["--known=input.yaml", "--external=list", STREAM], 20_000, known),
    filter("versions-of-one-base", &["--previous=input.yaml", STREAM], 4000, suffixed),
    filter("versions-in-an-export", &["gc", NOW, INPUT], 4000, export),
    filter("findings-as-sarif", &["--format=sarif", INPUT], 4000, documents),
    filter("findings-as-annotations-of-github", &["--format=github", INPUT], 4000, documents),
    filter("values-that-are-no-base64", &[INPUT], 20_000, no_base64),
    filter("encoded-mentions", &["-q", INPUT], 2000, encoded_mentions),
    filter("checksums-in-one-template", &["-q", "--checksum-left-alone", INPUT], 2000, checksums),
    filter("templates-in-one-object", &["-q", "--checksum-left-alone", INPUT], 2000, templates),
    filter("jobs-in-a-circle", &["-q", INPUT], 4000, jobs_in_a_circle),
    filter("jobs-of-one-name", &["-q", INPUT], 4000, jobs_of_one_name),
    filter("claims-on-one-name-in-many-namespaces", &["-q", INPUT], 2000, claims),
    filter("claims-with-an-asterisk", &["-q", INPUT], 2000, loose_claims),
    filter("sidecars", &["-q", INPUT], 2000, sidecars),
    filter("rules-in-annotations", &["-q", INPUT], 2000, rules_in_annotations),
    filter("rules-in-one-annotation", &["-q", INPUT], 4000, rules_in_one_annotation),
    filter("documents-in-a-filtered-stream", &["--check", INPUT], 8000, suffixed),
    twice("one-list-once-more", 4000, one_list),
    both("patterns", &["-q", "--config=beside.yaml", INPUT], 4000, (documents, patterns)),
    both("patterns-that-match-nothing", &["--config=beside.yaml", INPUT], 2000, (kinds, patterns)),
    both(
        "patterns-with-an-asterisk",
        &["-q", "--config=beside.yaml", INPUT],
        8000,
        (documents, loose_patterns),
    ),
    both(
        "known-objects-and-references",
        &["--external=list", "--known=beside.yaml", INPUT],
        4000,
        (outside, known),
    ),
    both(
        "known-patterns-and-references",
        &["--external=list", "--known=beside.yaml", INPUT],
        8000,
        (outside, loose_known),
    ),
    both("carried-versions", &["-q", "--previous=beside.yaml", INPUT], 2000, (documents, versions)),
    both(
        "previous-release-of-other-content",
        &["-q", "--previous=beside.yaml", INPUT],
        2000,
        (documents, edited_versions),
    ),
    filter("audit", &["audit", INPUT], 4000, documents),
    filter("audit-as-junit", &["audit", "--format=junit", INPUT], 4000, documents),
    filter("audit-as-sarif", &["audit", "--format=sarif", INPUT], 4000, one_list),
    filter("audit-of-sub-paths", &["audit", INPUT], 4000, sub_paths),
    filter("audit-of-references", &["audit", "--closed", INPUT], 4000, outside),
    filter("audit-of-waivers", &["audit", NOW, INPUT], 4000, waivers),
    filter("audit-of-waivers-in-one-object", &["audit", NOW, INPUT], 10_000, waivers_in_one_object),
    both(
        "audit-with-exceptions",
        &["audit", NOW, "--config=beside.yaml", INPUT],
        2000,
        (documents, exceptions),
    ),
    both("plan", &["plan", "--previous=beside.yaml", INPUT], 1000, (users, changed_users)),
    both("plan-of-one-list", &["plan", "--previous=beside.yaml", INPUT], 1000, (one_list, changed_list)),
    both(
        "plan-as-markdown",
        &["plan", "--format=markdown", "--previous=beside.yaml", INPUT],
        1000,
        (users, changed_users),
    ),
    both("plan-of-long-texts", &["plan", "--previous=beside.yaml", INPUT], 20_000, (long_text, changed_text)),
    filter("graph", &["graph", INPUT], 2000, users),
    filter("graph-as-html", &["graph", "--format=html", INPUT], 1000, users),
    filter("graph-as-mermaid", &["graph", "--format=mermaid", INPUT], 2000, users),
    filter("graph-of-one-hub", &["graph", "--format=html", INPUT], 2000, missing_keys),
    filter("graph-of-what-uses-one", &["graph", "--used-by=Pod/p1", INPUT], 2000, users),
    filter("graph-of-long-paths", &["graph", "--format=json", INPUT], 2000, long_paths),
    filter("explain", &["explain", "ConfigMap/n1", INPUT], 4000, documents),
    filter("gc-of-generations-of-one-base", &["gc", NOW, INPUT], 4000, generations),
    filter("gc-of-mentions", &["gc", NOW, INPUT], 4000, mentioned_versions),
    filter("gc-as-a-table", &["gc", NOW, "--format=table", INPUT], 4000, export),
];
