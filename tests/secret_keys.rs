//! Suffixes of Secrets made with a key: nobody can make them without the key, and with it everything else works as
//! before.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod library;
mod specification;
mod streams;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use immutably::kube::annotations::KEYED;
use immutably::options::{Hash, Keys, Options, SecretKey, Unreferenced};
use immutably::rewrite;
use library::{output, source};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use specification::{keyed_suffix_of, suffix_of};
use std::collections::BTreeMap;
use streams::{cases, stream};

/// The key in hexadecimal, the value of `password`, the suffix. Made with `printf '%s' TEXT | openssl dgst -sha256 -mac
/// HMAC -macopt hexkey:KEY | sed 's/.*= //' | cut -c 1-10 | tr 013ae ghkmt`.
const VECTORS: [(&str, &str, &str); 4] = [
    ("636f727265637420686f727365206261747465727920737461706c65", "hunter2", "7hm89gk7c4"),
    ("00000000000000000000000000000000", "", "8d6kg2g8dh"),
    (
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "<a> & b",
        "29fbg2788f",
    ),
    (
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f6061626364",
        "über",
        "fc9kghb85g",
    ),
];

#[test]
fn vectors_of_openssl() {
    for (key, value, suffix) in VECTORS {
        let key = hex::decode(key).unwrap();
        let data = BTreeMap::from([("password".to_owned(), value.to_owned())]);
        assert_eq!(keyed_suffix_of(&canonical(&data), &key), suffix);
        assert_eq!(new_name(&data, &with_keys(&[&key])), format!("db-{suffix}"));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn the_suffix_is_the_hmac_of_the_canonical_text(key in key(), data in data()) {
        let expected = format!("db-{}", keyed_suffix_of(&canonical(&data), &key));
        prop_assert_eq!(new_name(&data, &with_keys(&[&key])), expected);
    }

    /// The name requires the key: neither the content alone nor another key leads to it.
    #[test]
    fn without_the_key_nobody_makes_the_name(key in key(), other in key(), data in data()) {
        prop_assume!(key != other);
        let name = new_name(&data, &with_keys(&[&key]));
        prop_assert_ne!(&name, &format!("db-{}", suffix_of(&canonical(&data))));
        prop_assert_ne!(&name, &new_name(&data, &with_keys(&[])));
        prop_assert_ne!(&name, &new_name(&data, &with_keys(&[&other])));
        prop_assert_eq!(&name, &new_name(&data, &with_keys(&[&key, &other])));
    }

    #[test]
    fn configmaps_have_the_same_names_with_a_key(stream in stream(), key in key()) {
        let text = stream.text();
        let without = config_maps(&text, &with_keys(&[]));
        prop_assert_eq!(config_maps(&text, &with_keys(&[&key])), without);
    }

    /// Also if a new key comes before the old one, and with either hash.
    #[test]
    fn twice_is_once(stream in stream(), key in key(), new in key(), kustomize: bool) {
        let hash = if kustomize { Hash::Kustomize } else { Hash::Stored };
        let options = |keys: &[&[u8]]| Options { hash, ..with_keys(keys) };
        let Some(once) = output(&stream.text(), &options(&[&key])) else { return Ok(()) };
        let twice = output(&once, &options(&[&key])).expect("what was taken once is taken again");
        prop_assert_eq!(&twice, &once);
        let rotated = output(&once, &options(&[&new, &key])).expect("what was taken once is taken again");
        prop_assert_eq!(versions(&rotated), versions(&once));
    }

    /// Without the key, an object with a keyed name is left alone. It is not reported as edited, it gets no second
    /// suffix, and nothing is lost.
    #[test]
    fn without_the_key_a_second_run_changes_no_keyed_secret(stream in stream(), key in key()) {
        let Some(once) = output(&stream.text(), &with_keys(&[&key])) else { return Ok(()) };
        let twice = output(&once, &with_keys(&[])).expect("what was taken once is taken again");
        prop_assert_eq!(versions(&twice), versions(&once));
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    // Line breaks at the end are not part of a key.
    vec(any::<u8>(), 16..100).prop_map(|mut key| {
        key.push(b'x');
        key
    })
}

/// Generates values that are the same in double quotes in YAML and JSON, and characters that Go escapes.
fn data() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map("[a-z][a-z0-9.]{0,8}", "[ -!#-\\[\\]-~äß日]{0,20}", 1..6)
}

fn with_keys(keys: &[&[u8]]) -> Options {
    let keys: Keys = keys.iter().map(|key| SecretKey::new(key).unwrap()).collect();
    Options { keys, unreferenced: Unreferenced::Version, ..Options::default() }
}

/// Returns the text that is hashed, as docs/design.md describes it.
fn canonical(data: &BTreeMap<String, String>) -> String {
    let encoded = data.iter().map(|(key, value)| (key, STANDARD.encode(value)));
    let data = serde_json::to_string(&encoded.collect::<BTreeMap<_, _>>()).unwrap();
    format!("{{\"data\":{data},\"kind\":\"Secret\",\"name\":\"\",\"type\":\"Opaque\"}}")
}

/// Returns the name for a Secret with this content.
fn new_name(data: &BTreeMap<String, String>, options: &Options) -> String {
    let data = serde_json::to_string(data).unwrap();
    let text = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData: {data}\n");
    let source = source(text);
    let outcome = rewrite(&source, options);
    let report = outcome.report();
    report.objects[0].new_name.clone().expect("it is versioned")
}

/// Returns the names and new names of all ConfigMaps; `None` if the stream is refused.
fn config_maps(text: &str, options: &Options) -> Option<Vec<(String, Option<String>)>> {
    let source = source(text);
    let outcome = rewrite(&source, options);
    let report = outcome.report();
    let config_maps = report.objects.iter().filter(|object| object.kind == "ConfigMap");
    let names = config_maps.map(|object| (object.name.to_owned(), object.new_name.clone()));
    (!outcome.refused()).then(|| names.collect())
}

/// Returns the names of all Secrets marked as having a keyed suffix.
fn versions(text: &str) -> Vec<String> {
    let documents = streams::split(text);
    let values: Vec<_> = documents.iter().filter_map(|document| streams::parse(document)).collect();
    let objects = values.iter().flat_map(streams::objects_in);
    let keyed = objects.filter(|object| object["metadata"]["annotations"][KEYED] == "true");
    keyed.filter_map(|object| Some(object["metadata"]["name"].as_str()?.to_owned())).collect()
}
