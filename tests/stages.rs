//! Each stage returns a value: the pipeline can stop after any stage.
//!
//! `tests/stages/stream.yaml` passes through the stages one by one, and the value of each is compared with a file next
//! to it. `UPDATE=1 cargo test --test stages` writes these files again.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use immutably::decisions::deployed::Deployed;
use immutably::decisions::{self, Decisions};
use immutably::edits::{self, plan::Plan, texts::Input};
use immutably::links::resolve::Index;
use immutably::links::{self, Links};
use immutably::rules::Rules;
use immutably::survey::inventory::{self, Inventory};
use immutably::text::splice::Pen;
use immutably::yaml::split::{self, Stream};
use immutably::{Options, Source, rewrite};
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

/// The value of each stage.
struct Stages<'s> {
    stream: Stream<'s>,
    inventory: Inventory<'s>,
    links: Links,
    decisions: Decisions,
    plan: Plan,
}

impl<'s> Stages<'s> {
    fn of(source: &'s Source, options: &Options) -> Stages<'s> {
        let stream = split::split(source);
        let rules = Rules::new(&options.rules);
        let mut inventory = inventory::take(&stream, &rules, options);
        let (links, decisions) = {
            let details = std::mem::take(&mut inventory.collected.details);
            let index = Index::new(&inventory, &details, options.namespace.as_deref());
            let links = links::link(&stream, &inventory, details, &index, &rules, options);
            let decisions = decisions::decide(
                &stream,
                &inventory,
                &index,
                &links,
                &rules,
                (options, &Deployed::default()),
            );
            (links, decisions)
        };
        let plan = edits::plan(&stream, &inventory, &links, &decisions, options);
        Stages { stream, inventory, links, decisions, plan }
    }
}

#[test]
fn each_stage_gives_a_value_of_its_own() {
    let source = stream();
    let stages = Stages::of(&source, &Options::default());
    let differing: Vec<&str> = [
        ("documents", differs("documents", &stages.stream.documents)),
        ("inventory", differs("inventory", &stages.inventory)),
        ("links", differs("links", &stages.links)),
        ("decisions", differs("decisions", &stages.decisions)),
        ("plan", differs("plan", &stages.plan)),
    ]
    .into_iter()
    .filter_map(|(stage, differs)| differs.then_some(stage))
    .collect();
    assert!(
        differing.is_empty(),
        "these stages give something else; `UPDATE=1 cargo test --test stages`, and read the difference: {differing:?}"
    );
}

#[test]
fn the_front_door_runs_the_same_stages() {
    let source = stream();
    let options = Options::default();
    let Stages { stream, inventory, plan, .. } = Stages::of(&source, &options);
    let input = Input { source: &source, documents: &stream.documents, inventory: &inventory };
    let texts = plan.edits.iter().map(|edit| {
        let mut pen = Pen::new(source.text());
        plan.write(edit, input, &mut pen);
        (*edit, pen.read())
    });
    assert_eq!(rewrite(&source, &options).edits().collect::<Vec<_>>(), texts.collect::<Vec<_>>());
    assert!(!plan.edits.is_empty());
}

#[test]
fn a_value_of_a_secret_is_in_none_of_them() {
    let source = stream();
    let Stages { inventory, links, decisions, plan, .. } = Stages::of(&source, &Options::default());
    let printed = format!("{inventory:?} {links:?} {decisions:?} {plan:?}");
    assert!(source.text().contains("not-a-real-one") && !printed.contains("not-a-real-one"));
}

fn stream() -> Source {
    let text = fs::read_to_string(file("stream.yaml")).expect("the stream is there");
    Source::new("stream.yaml", text).expect("the stream is small")
}

/// True if a value differs from the file for that stage.
fn differs(stage: &str, value: &impl Debug) -> bool {
    let (path, found) = (file(&format!("{stage}.txt")), format!("{value:#?}\n"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("the file can be written");
    }
    fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n") != found
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages").join(name)
}
