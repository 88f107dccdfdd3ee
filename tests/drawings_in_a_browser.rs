//! The drawings of `immutably graph` in a real Chromium: the page at every size, and the diagrams through Mermaid and
//! Graphviz.
//!
//! `IMMUTABLY_SCREENSHOTS=FOLDER` keeps a picture of each page.

#![cfg(unix)] // the browser is driven over pipes
#![allow(clippy::expect_used)] // a test fails by panicking

mod browser;
mod program;
mod tools;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use browser::Browser;
use program::run;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A phone, a laptop, a wide screen.
const SIZES: [(u32, u32); 3] = [(390, 844), (1366, 768), (2560, 1440)];

#[test]
fn a_page_works_with_any_number_of_objects_at_any_size() {
    let Some(mut browser) = Browser::start() else { return };
    for objects in [5, 50, 500, 5000] {
        let page = graph("html", &stream(objects));
        for (size, dark) in SIZES.into_iter().flat_map(|size| [(size, false), (size, true)]) {
            browser.resize(size, dark);
            browser.open(&page);
            let wider = browser.run("document.documentElement.scrollWidth - innerWidth");
            assert!(wider.as_f64().expect("a number") <= 1.0, "{objects} {size:?}: wider by {wider}");
            keep(&mut browser, &format!("{objects}-{}-{dark}", size.0));
        }
        let found = "document.querySelectorAll('.n').length";
        let boxes = browser.run(found).as_u64().expect("a number");
        assert!(boxes >= objects as u64, "{objects}: {boxes} boxes");
        works(&mut browser, objects);
        let printed = browser.print();
        assert!(BASE64_STANDARD.decode(printed).expect("base64").starts_with(b"%PDF"), "{objects}");
        assert!(browser.errors.is_empty(), "{objects}: {:?}", browser.errors);
    }
}

/// Checks search, following by mouse and keyboard, and the reset.
fn works(browser: &mut Browser, objects: usize) {
    const FADED: &str = "document.querySelectorAll('.n.off').length";
    let all = browser.run("document.querySelectorAll('.n').length");
    browser.press("/");
    assert_eq!(browser.run("document.activeElement.id"), "q", "{objects}: `/` goes to the search");
    "web-0".chars().for_each(|letter| browser.press(&letter.to_string()));
    assert_eq!(browser.run("document.getElementById('q').value"), "web-0");
    browser.run("new Promise((done) => setTimeout(done, 200))");
    let faded = browser.run(FADED);
    assert!(faded.as_u64() > Some(0) && faded.as_u64() < all.as_u64(), "{objects}: {faded} of {all}");
    let hash = browser.run("location.hash");
    assert!(hash.as_str().is_some_and(|hash| hash.contains("q=web-0")), "{objects}: {hash}");
    browser.press("Escape");
    assert_eq!(browser.run(FADED), 0, "{objects}: Escape shows everything");

    // With many objects, all bands start folded.
    browser.run("document.querySelectorAll('.band:first-of-type:not([open]) > summary').forEach((one) => one.click())");
    let place = browser.run(
        "(() => { const box = document.querySelector('details[open] .n'); box.scrollIntoView({block: 'center'}); \
         const at = box.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; })()",
    );
    browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    browser.click(place[0].as_f64().expect("a place"), place[1].as_f64().expect("a place"));
    let clicked = browser.run("document.querySelectorAll('.n.root').length");
    let hit = browser
        .run(&format!("document.elementFromPoint({}, {}).outerHTML.slice(0, 200)", place[0], place[1]));
    assert!(clicked.as_u64() >= Some(1), "{objects}: a click at {place} follows {hit}");
    browser.press("Escape");
    browser.run("document.querySelector('details[open] .n').focus()");
    browser.press("Enter");
    let hash = browser.run("location.hash");
    assert!(hash.as_str().is_some_and(|hash| hash.contains("follow=")), "{objects}: {hash}");
    browser.press("ArrowRight");
    let focused = browser.run("document.activeElement.classList.contains('n')");
    assert_eq!(focused, true, "{objects}: arrows stay on objects");
    browser.press("Escape");
}

#[test]
fn a_page_is_accessible() {
    let Some(axe) = script("axe.min.js-4.11.0/axe.min.js") else { return };
    let Some(mut browser) = Browser::start() else { return };
    for dark in [false, true] {
        browser.resize(SIZES[1], dark);
        browser.open(&graph("html", &stream(50)));
        browser.run(&format!("{axe}; 0"));
        let found = browser.run(
            "axe.run().then((found) => found.violations.map((one) => `${one.impact} ${one.id}: ${one.nodes[0].html}`))",
        );
        assert_eq!(found, serde_json::json!([]), "dark: {dark}");
    }
}

#[test]
fn mermaid_draws_every_diagram() {
    let Some(mermaid) = script("mermaid.min.js-11.12.0/mermaid.min.js") else { return };
    let Some(mut browser) = Browser::start() else { return };
    browser.open("<!DOCTYPE html><title>Mermaid</title><body>");
    browser.run(&format!("{mermaid}; mermaid.initialize({{startOnLoad: false}}); 0"));
    for (name, text) in diagrams("mermaid") {
        let nodes = text.lines().filter(|line| line.starts_with("    n")).count();
        let source = serde_json::to_string(&text).expect("a text");
        let drawn = browser.run(&format!(
            "mermaid.render('drawing', {source}).then(({{svg}}) => {{ \
             const page = new DOMParser().parseFromString(svg, 'text/html'); \
             return page.querySelectorAll('.node').length; }})"
        ));
        assert_eq!(drawn, nodes, "{name}:\n{text}");
    }
}

#[test]
fn graphviz_draws_every_digraph() {
    let Some(graphviz) = script("viz-global.js-3.20.0/viz-global.js") else { return };
    let Some(mut browser) = Browser::start() else { return };
    browser.open("<!DOCTYPE html><title>Graphviz</title><body>");
    browser.run(&format!("{graphviz}; 0"));
    for (name, text) in diagrams("dot") {
        let graph: Value = serde_json::from_str(&graph("json", &input(&name))).expect("JSON");
        let source = serde_json::to_string(&text).expect("a text");
        let drawn = browser.run(&format!(
            "Viz.instance().then((viz) => viz.renderJSON({source})).then((drawn) => [\
             (drawn.objects || []).filter((one) => !one.name.startsWith('cluster_')).length, \
             (drawn.edges || []).length])"
        ));
        let length = |field: &str| graph[field].as_array().expect("a list").len();
        assert_eq!(drawn, serde_json::json!([length("nodes"), length("edges")]), "{name}:\n{text}");
    }
}

/// Returns the diagrams of all inputs.
fn diagrams(format: &str) -> Vec<(String, String)> {
    let folders = fs::read_dir(folder()).expect("a folder").flatten();
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.extend(["5".to_owned(), "70".to_owned(), "5000".to_owned()]);
    if format == "dot" {
        names.retain(|name| name != "5000"); // Graphviz would take minutes
    }
    names.into_iter().map(|name| (name.clone(), graph(format, &input(&name)))).collect()
}

/// Returns the input in a folder, or a stream with this many objects.
fn input(name: &str) -> String {
    match name.parse() {
        Ok(objects) => stream(objects),
        Err(_) => fs::read_to_string(folder().join(name).join("input.yaml")).expect("an input"),
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphs")
}

fn graph(format: &str, input: &str) -> String {
    let ended = run(&["graph", "--format", format], input);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    ended.text()
}

fn script(name: &str) -> Option<String> {
    Some(fs::read_to_string(tools::optional(name, "a drawing in a browser")?).expect("a script"))
}

fn keep(browser: &mut Browser, name: &str) {
    let Some(folder) = std::env::var_os("IMMUTABLY_SCREENSHOTS") else { return };
    let picture = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    fs::write(Path::new(&folder).join(format!("{name}.png")), picture).expect("it is written");
}

/// Returns about this many objects, about 40 in each namespace: ConfigMaps and Secrets with Deployments that use them
/// in several ways, and some that are unused, left alone or missing.
fn stream(objects: usize) -> String {
    let mut text = String::new();
    for number in 0..objects.div_ceil(4) {
        let namespace = format!("shop-{}", number / 10);
        let head = |kind: &str, name: &str| {
            format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n")
        };
        text.push_str(&head("ConfigMap", &format!("web-{number}")));
        text.push_str("data: {a: b}\n");
        text.push_str(&head("Secret", &format!("web-{number}-database")));
        text.push_str("stringData: {url: postgres}\n");
        text.push_str(&head("ConfigMap", &format!("old-{number}")));
        text.push_str("data: {a: b}\n");
        let secret = if number % 7 == 3 { "datbase" } else { "database" };
        let _ = write!(
            text,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web-{number}, namespace: {namespace}}}\n\
             spec:\n  template:\n    spec:\n      containers:\n        - name: web\n          envFrom: \
             [{{configMapRef: {{name: web-{number}}}}}, {{secretRef: {{name: outside, optional: true}}}}]\n          \
             env: [{{name: URL, valueFrom: {{secretKeyRef: {{name: web-{number}-{secret}, key: url}}}}}}]\n          \
             volumeMounts: [{{name: shared, mountPath: /etc/shared}}]\n      volumes: [{{name: shared, \
             configMap: {{name: web-{}}}}}]\n",
            number / 10 * 10
        );
        if number % 5 == 0 {
            text.push_str(
                &head("ConfigMap", &format!("told-{number}"))
                    .replace("name: told", "annotations: {immutably.dev/mode: leave}, name: told"),
            );
            text.push_str("data: {a: b}\n");
        }
    }
    text
}
