//! Malformed input: no bytes make the program panic, and no value of a Secret is shown, however damaged the stream
//! around it is.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod program;
mod streams;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use immutably::findings::diagnostic::{Diagnostic, Severity};
use immutably::generations::Previous;
use immutably::options::{Deployer, Hash, Jobs, Options, Pattern, Unreferenced};
use immutably::output::audit::{Criteria, Profile};
use immutably::output::excerpt::excerpt;
use immutably::output::formats::{github, junit, sarif};
use immutably::output::krm::Envelope;
use immutably::{Source, audit, rewrite, rewrite_after};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use streams::layout::Layout;
use streams::mutation::{TOKENS, mutate, mutations};
use streams::objects::{Node, map, text};
use streams::{cases, stream};

/// Returns everything that a run shows or writes, except its output.
fn told(files: Vec<(String, Vec<u8>)>, options: &Options) -> String {
    match Source::join(files) {
        Ok(source) => told_after(&source, &[], options),
        Err(error) => Diagnostic::from(error).message.to_string(),
    }
}

/// Returns the same for a run with previous manifests.
fn told_after(source: &Source, previous: &[Previous], options: &Options) -> String {
    let outcome = rewrite_after(source, previous, options);
    library::written(&outcome);
    let mut told = serde_json::to_string(&outcome.report()).expect("a report is JSON");
    match Envelope::of(source) {
        Ok(envelope) => {
            told += &format!("{:?}", envelope.and_then(|list| list.results(&outcome.report().findings)));
        }
        Err(finding) => told += &finding.message.read(),
    }
    told += &audited(source, options);
    for finding in outcome.diagnostics() {
        told += &format!("\n{} {:?}", finding.message, finding.help);
        for label in &finding.labels {
            let shown = excerpt(outcome.source_of(finding), label.span);
            shown
                .iter()
                .for_each(|shown| assert!(shown.text.get(shown.place.clone()).is_some(), "{shown:?}"));
            told += &format!("\n{} {:?}", label.text, shown.map(|shown| shown.text));
        }
    }
    told
}

/// Returns the audit of a source in every format.
fn audited(source: &Source, options: &Options) -> String {
    let mut told = Vec::new();
    // One profile for each stream: there are many streams.
    let profile = [Profile::Stream, Profile::Filtered, Profile::Live][source.text().len() % 3];
    let criteria = Criteria { profile: Some(profile), closed: true, ..Criteria::default() };
    let audit = audit(source, options, &criteria);
    serde_json::to_writer(&mut told, &(&audit.findings, &audit.waived, &audit.objects)).expect("it is JSON");
    serde_json::to_writer(&mut told, &(&audit.sums, &audit.unjudged)).expect("it is JSON");
    let (findings, waived) = (&audit.findings, &audit.waived);
    told.extend(sarif::log(findings, "x")["runs"][0]["results"].to_string().bytes());
    junit::write(findings, waived, &audit.objects, Severity::Note, &mut told).expect("it is written");
    github::write(findings, &mut told).expect("it is written");
    String::from_utf8(told).expect("it is text")
}

/// Returns the output for a stream; the stream itself if it is refused.
fn written(text: &str) -> String {
    library::output(text, &Options::default()).unwrap_or_else(|| text.to_owned())
}

fn told_of(text: impl Into<Vec<u8>>) -> String {
    told_with(text, &Options::default())
}

fn told_with(text: impl Into<Vec<u8>>, options: &Options) -> String {
    told(vec![("stream.yaml".to_owned(), text.into())], options)
}

/// Runs with every option, and with the bytes split into two files.
fn drive(bytes: &[u8], cut: usize) {
    told_of(bytes);
    let (first, second) = bytes.split_at(cut % (bytes.len() + 1));
    let files = vec![("a".to_owned(), first.to_vec()), ("b".to_owned(), second.to_vec())];
    let unreferenced = Unreferenced::Error;
    let namespace = Some("prod".to_owned());
    told(
        files,
        &Options { namespace, hash: Hash::Kustomize, unreferenced, strict: true, threads: 2, ..more() },
    );
    told_with(bytes, &more());
}

/// Enables all options that write more than names.
fn more() -> Options {
    Options {
        retain: vec![Deployer::Helm, Deployer::ArgoCd],
        checksum_left_alone: true,
        keep_original: vec![Pattern::parse("*/*").expect("a pattern")].into(),
        jobs: Jobs::Original,
        ..Options::default()
    }
}

/// Parts from which manifests are made.
const WORDS: [&str; 25] = [
    "apiVersion: v1\n",
    "kind: ConfigMap\n",
    "metadata:\n  name: web\n",
    "metadata: {name: web}\n",
    "data:\n  a: b\n",
    "data: {a: b}\n",
    "stringData: &a {b: c}\n",
    "---\n",
    "--- ",
    "kind: List\nitems:\n",
    "- apiVersion: v1\n  ",
    "{\"kind\":\"Secret\",",
    "\"metadata\":{\"name\":\"web\"},",
    "\"items\":[",
    "kind: Pod\n",
    "spec:\n  containers:\n",
    "  - envFrom: [{configMapRef: {name: web}}]\n",
    "<<: *a\n",
    "name: *a\n",
    "immutable:\n",
    "? |\n",
    "metadata: &a\n",
    "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n",
    "items:\n",
    "results:\n- ",
];

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200), cut in any::<usize>()) {
        drive(&bytes, cut);
    }

    #[test]
    fn no_words_make_it_panic(words in vec(select([&TOKENS[..], &WORDS].concat()), 0..30), cut in any::<usize>()) {
        drive(words.concat().as_bytes(), cut);
    }

    #[test]
    fn no_broken_manifest_makes_it_panic(stream in stream(), how in mutations(), cut in any::<usize>()) {
        drive(mutate(&stream.text(), &how).as_bytes(), cut);
    }

    #[test]
    fn no_broken_previous_makes_it_panic(stream in stream(), other in stream(), how in mutations()) {
        let deployed = mutate(&written(&stream.text()), &how);
        for text in [stream.text(), other.text()] {
            let (source, previous) = (Source::new("stream.yaml", text), Source::new("previous.yaml", deployed.as_str()));
            told_after(&source.unwrap(), &[previous.unwrap().into()], &Options::default());
        }
    }

    #[test]
    fn a_broken_secret_of_before_is_never_shown(secret in leaky_secret(), how in mutations()) {
        let broken = mutate(&written(&secret.text), &how);
        prop_assume!(is_still_a_secret(&broken));
        let source = Source::new("stream.yaml", "kind: Service\napiVersion: v1\nmetadata: {name: web}\n").unwrap();
        let previous = Source::new("previous.yaml", broken.as_str()).unwrap();
        check(&secret, &broken, &told_after(&source, &[previous.into()], &Options::default()))?;
    }

    #[test]
    fn a_broken_secret_is_never_shown(secret in leaky_secret(), how in mutations()) {
        let broken = mutate(&secret.text, &how);
        prop_assume!(is_still_a_secret(&broken));
        check(&secret, &broken, &told_of(broken.clone()))?;
        check(&secret, &broken, &told_with(broken.clone(), &more()))?;
    }

    #[test]
    fn a_value_pasted_without_quotes_is_never_shown(
        secret in leaky_secret(),
        before in select(PASTED.to_vec()),
        behind in select(["", ": x", " # x", "]", "}", "\"", "\t", "\n x", "\nx: 1", "\r"].to_vec()),
    ) {
        let pasted = secret.text.replace(&secret.markers[0], &format!("{before}{}{behind}", secret.markers[0]));
        let pasted = pasted.replace(['"', '\''], "");
        check(&secret, &pasted, &told_of(pasted.clone()))?;
    }
}

/// Possible beginnings of a password.
const PASTED: [&str; 24] = [
    "", "%", "@", "`", "*", "&", "!", "!a!", "!!int ", "!<", "[", "{", "\"", "'", "|", ">", "- ", "? ", ": ",
    "# ", "\\", "0x", "<<: ", "\t",
];

/// A Secret in some layout, with its values.
#[derive(Clone, Debug)]
struct LeakySecret {
    text: String,
    markers: Vec<String>,
}

fn leaky_secret() -> impl Strategy<Value = LeakySecret> {
    let markers = vec("[A-Z][A-Z0-9]{31}", 5).no_shrink();
    (markers, streams::layout(), 0usize..6).prop_map(|(markers, layout, flaw)| LeakySecret {
        text: streams_around(&layout, &secret(&markers, flaw)),
        markers: markers.iter().flat_map(|marker| [marker.clone(), STANDARD.encode(marker)]).collect(),
    })
}

/// Returns the Secret between two documents without secrets.
fn streams_around(layout: &Layout, secret: &Node) -> String {
    let harmless = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";
    format!("{harmless}---\n{}---\n{harmless}", layout.write(secret))
}

fn secret(markers: &[String], flaw: usize) -> Node {
    let encoded = STANDARD.encode(&markers[1]);
    let data = match flaw {
        0 => map([("password", text(format!("{encoded}!")))]),
        1 => map([("password", Node::List(vec![text(markers[1].clone())]))]),
        2 => map([("password", map([("inner", text(markers[1].clone()))]))]),
        3 => text(markers[1].clone()),
        4 => Node::List(vec![text(encoded)]),
        _ => map([("password", text(encoded)), ("other", text(STANDARD.encode(&markers[2])))]),
    };
    let applied = map([("kubectl.kubernetes.io/last-applied-configuration", text(markers[3].clone()))]);
    map([
        ("apiVersion", text("v1")),
        ("kind", text("Secret")),
        ("metadata", map([("annotations", applied), ("name", text("db"))])),
        (
            "stringData",
            map([("token", text(markers[0].clone())), ("lines", text(format!("x\n{}\n", markers[4])))]),
        ),
        ("data", data),
    ])
}

/// True unless the damage hit these words or the name. Without the words, nothing shows that the object is a Secret;
/// and a value that became part of the name is shown as the name.
fn is_still_a_secret(broken: &str) -> bool {
    let source = Source::new("", broken).expect("UTF-8 was broken into UTF-8");
    let outcome = rewrite(&source, &Options::default());
    let names_are_names =
        outcome.report().objects.iter().all(|entry| !entry.name.contains(char::is_whitespace));
    names_are_names && broken.contains("Secret") && broken.contains("kind")
}

/// Checks that no eight consecutive characters of a marker are shown.
fn check(secret: &LeakySecret, broken: &str, told: &str) -> Result<(), TestCaseError> {
    for marker in &secret.markers {
        let leak =
            marker.as_bytes().windows(8).find(|part| memchr::memmem::find(told.as_bytes(), part).is_some());
        prop_assert!(leak.is_none(), "a part of {marker} is shown.\n--- input:\n{broken}\n--- told:\n{told}");
    }
    Ok(())
}

#[test]
fn the_program_shows_no_value_either() {
    let broken = (leaky_secret(), mutations()).prop_map(|(secret, how)| (mutate(&secret.text, &how), secret));
    for (broken, secret) in streams::samples(&broken, 60) {
        if is_still_a_secret(&broken) {
            check(&secret, &broken, &program::run(&[], &broken).stderr).unwrap();
        }
    }
}
