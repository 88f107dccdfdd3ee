//! Measures each stage of the pipeline: `cargo bench --bench stages`.
//!
//! Prints the time of each stage on one core, for streams of four shapes. The figures are medians. `-- NAME` selects
//! the shapes whose name contains NAME, and `-- --megabytes N` their size. `-- --write DIRECTORY` writes the streams
//! instead, for a profiler: `valgrind --tool=callgrind immutably DIRECTORY/helm-like.yaml > /dev/null`.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it does not expect"
)]

#[path = "streams/mod.rs"]
mod streams;

use immutably::decisions::deployed::Deployed;
use immutably::edits::texts::Input;
use immutably::links::resolve::Index;
use immutably::rules::Rules;
use immutably::{Options, Source, decisions, edits, links, survey, yaml};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use streams::{SHAPES, Shape};

/// The stages in their order. `scan` only parses the documents, which is also a part of `survey`.
const STAGES: [&str; 7] = ["split", "scan", "survey", "links", "decisions", "edits", "write"];
const RUNS: usize = 9;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let value = |flag: &str| args.iter().position(|arg| arg == flag).and_then(|at| args.get(at + 1));
    let megabytes = value("--megabytes").and_then(|number| number.parse().ok()).unwrap_or(3);
    let folder = value("--write");
    let name = args.first().filter(|arg| !arg.starts_with("--"));
    if folder.is_none() {
        println!("| nanoseconds for each byte | {} | all | MB/s |", STAGES.join(" | "));
        println!("|---|{}---|---|", "---|".repeat(STAGES.len()));
    }
    for shape in SHAPES.iter().filter(|shape| name.is_none_or(|name| shape.name.contains(name.as_str()))) {
        let text = shape.text(megabytes * 1_000_000);
        match folder {
            Some(folder) => {
                let path = Path::new(folder).join(format!("{}.yaml", shape.name));
                fs::write(path, text).expect("the stream is written");
            }
            None => row(shape, text),
        }
    }
}

fn row(shape: &Shape, text: String) {
    let size = text.len() as f64;
    let source = Source::new("stream", text).expect("the stream is small enough");
    let runs: Vec<[Duration; STAGES.len()]> = (0..RUNS).map(|_| run(&source)).collect();
    let median = |stage: usize| {
        let mut times: Vec<Duration> = runs.iter().map(|run| run[stage]).collect();
        times.sort();
        times[RUNS / 2].as_nanos() as f64 / size
    };
    let figures: Vec<f64> = (0..STAGES.len()).map(median).collect();
    // The survey includes the scan.
    let all = figures.iter().sum::<f64>() - figures[1];
    let columns: Vec<String> = figures.iter().map(|figure| format!("{figure:.2}")).collect();
    println!("| {} | {} | {all:.2} | {:.0} |", shape.name, columns.join(" | "), 1000.0 / all);
}

/// Returns the time that each stage takes.
fn run(source: &Source) -> [Duration; STAGES.len()] {
    let options = Options::default();
    let rules = Rules::new(&options.rules);
    let mut clock = Clock { last: Instant::now(), stage: 0, times: [Duration::ZERO; STAGES.len()] };
    let stream = yaml::split::split(source);
    clock.next();
    let mut tree = yaml::Tree::default();
    for document in &stream.documents {
        yaml::parse(source.slice(document.span), document.span.start, &mut tree).expect("it is YAML");
        black_box(&tree);
    }
    clock.next();
    let mut inventory = survey::inventory::take(&stream, &rules, &options);
    clock.next();
    let details = std::mem::take(&mut inventory.collected.details);
    let index = Index::new(&inventory, &details, None);
    let links = links::link(&stream, &inventory, details, &index, &rules, &options);
    clock.next();
    let decisions =
        decisions::decide(&stream, &inventory, &index, &links, &rules, (&options, &Deployed::default()));
    clock.next();
    let plan = edits::plan(&stream, &inventory, &links, &decisions, &options);
    clock.next();
    let input = Input { source, documents: &stream.documents, inventory: &inventory };
    let mut output = Vec::with_capacity(source.text().len() * 2);
    plan.write_all(input, None, 1, &mut output).expect("a vector takes everything");
    clock.next();
    black_box(output);
    clock.times
}

struct Clock {
    last: Instant,
    stage: usize,
    times: [Duration; STAGES.len()],
}

impl Clock {
    fn next(&mut self) {
        self.times[self.stage] = self.last.elapsed();
        self.stage += 1;
        self.last = Instant::now();
    }
}
