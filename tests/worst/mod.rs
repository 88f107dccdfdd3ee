//! Inputs that ask for the most work: each kind of thing of which a stream may hold many, made as large as wanted.

#![allow(dead_code)] // the benchmark and the test take what they need

/// How a case is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The input on standard input, with these arguments.
    Filter(&'static [&'static str]),
    /// The input is a rules file for a small stream.
    Rules,
    /// The input is a list of known objects for a small stream.
    Known,
    /// The output of a first run is run once more.
    Twice,
    /// The input is what was deployed before a small stream.
    Previous,
    /// `immutably gc`.
    Gc,
}

mod inputs;

use Way::{Filter, Gc, Known, Previous, Rules, Twice};
#[allow(clippy::wildcard_imports, reason = "every input is a case")]
use inputs::*;

/// A kind of input: its name, how it is run, how many things are a fair beginning, and the text with so many.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
    pub(crate) size: usize,
    pub(crate) make: fn(usize) -> String,
}

const fn case(name: &'static str, way: Way, size: usize, make: fn(usize) -> String) -> Case {
    Case { name, way, size, make }
}

/// Every case.
pub(crate) const CASES: &[Case] = &[
    case("aliases-of-a-container", Filter(&[]), 2000, aliases_of_a_container),
    case("aliases-of-one-name", Filter(&[]), 20_000, aliases_of_one_name),
    case("anchors-each-with-an-alias", Filter(&[]), 8000, anchors_each_with_an_alias),
    case("anchor-defined-again", Filter(&[]), 20_000, anchor_defined_again),
    case("merge-chain", Filter(&[]), 4000, merge_chain),
    case("unreferenced-in-one-list", Filter(&["--unreferenced=version"]), 4000, one_list),
    case("unreferenced-on-one-line", Filter(&["--unreferenced=version"]), 4000, one_line),
    case(
        "unreferenced-on-one-line-as-json",
        Filter(&["--unreferenced=version", "--format=json"]),
        4000,
        one_line,
    ),
    case("unreferenced-on-one-line-in-a-report", Filter(&["--report=/dev/null", "-q"]), 4000, one_line),
    case("unreferenced-in-documents", Filter(&["--unreferenced=version"]), 4000, documents),
    case("errors-in-one-list", Filter(&["--unreferenced=error"]), 4000, one_list),
    case("diff-of-one-list", Filter(&["--diff"]), 4000, one_list),
    case("diff-of-documents", Filter(&["--diff"]), 4000, documents),
    case("kept-originals", Filter(&["--keep-original=*/*"]), 4000, documents),
    case("kept-originals-in-one-list", Filter(&["--keep-original=*/*"]), 4000, one_list),
    case("retained", Filter(&["--retain=helm,argocd"]), 4000, documents),
    case("grants-on-one-name-in-many-namespaces", Filter(&["-q"]), 2000, grants),
    case("references-to-one-name-in-many-namespaces", Filter(&["-q"]), 2000, references_to_any),
    case("one-name-in-many-namespaces", Filter(&["-q"]), 8000, one_name),
    case("one-object-many-times", Filter(&["-q"]), 8000, twins),
    case("previous-names", Filter(&["-q"]), 2000, previous_names),
    case("names-of-one-base-with-suffixes", Filter(&["-q"]), 4000, suffixed),
    case("stale-references", Filter(&["-q"]), 4000, stale),
    case("names-a-letter-away", Filter(&["-q"]), 4000, letter_away),
    case("missing-keys", Filter(&[]), 4000, missing_keys),
    case("mentions-in-one-object", Filter(&["-q"]), 4000, mentions),
    case("mentions-in-one-text", Filter(&["-q"]), 4000, mentions_in_text),
    case("mentions-of-each-other", Filter(&["-q"]), 4000, mentions_of_each_other),
    case("twice-the-same-keys", Filter(&[]), 4000, same_keys),
    case("one-key-many-times", Filter(&[]), 50_000, one_key),
    case("many-keys", Filter(&["-q"]), 50_000, many_keys),
    case("keys-that-are-refused", Filter(&[]), 20_000, refused_keys),
    case("values-that-are-no-text", Filter(&[]), 20_000, no_text),
    case("names-that-are-refused", Filter(&[]), 4000, refused_names),
    case("documents-that-are-broken", Filter(&[]), 8000, broken_documents),
    case("quotes-that-do-not-end", Filter(&[]), 8000, open_quotes),
    case("markers", Filter(&[]), 200_000, markers),
    case("byte-order-marks", Filter(&[]), 200_000, byte_order_marks),
    case("carriage-returns", Filter(&["-q"]), 200_000, carriage_returns),
    case("one-long-line", Filter(&["-q"]), 2_000_000, long_line),
    case("deep-nesting", Filter(&[]), 500_000, nesting),
    case("comments-before-a-key", Filter(&["-q"]), 200_000, comments),
    case("block-texts", Filter(&["-q"]), 20_000, block_texts),
    case("arguments", Filter(&["-q"]), 20_000, arguments),
    case("environment", Filter(&["-q"]), 20_000, environment),
    case("annotations", Filter(&["-q"]), 20_000, annotations),
    case("json-in-an-annotation", Filter(&["-q"]), 500_000, json_annotation),
    case("jobs", Filter(&[]), 4000, jobs),
    case("jobs-in-a-chain", Filter(&["-q"]), 4000, jobs_in_a_chain),
    case("kinds", Filter(&["-q"]), 2000, kinds),
    case("outside-references", Filter(&["--external=list"]), 4000, outside),
    case("krm-results-once-more", Twice, 2000, krm),
    case("rules", Rules, 4000, rules),
    case("rules-on-one-line", Rules, 4000, rules_on_one_line),
    case("name-references-of-kustomize", Rules, 4000, name_references),
    case("known-objects", Known, 20_000, known),
    case("versions-of-one-base", Previous, 4000, suffixed),
    case("versions-in-an-export", Gc, 4000, export),
];

/// The stream beside a rules file, a list of known objects, or what was deployed before.
pub(crate) const STREAM: &str =
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec: {secretName: web}\n";
