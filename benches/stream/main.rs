//! Compares the speed of the whole program with that of others on the same bytes: `cargo bench --bench stream`.
//!
//! Prints Markdown tables: MB/s on one thread and on two for streams of four shapes from 3 to 300 MB, peak memory, the
//! growth of time, the ratio to `kubectl kustomize` on the same job, and the cost of a start. The figures are medians
//! of whole processes that write to /dev/null. `-- --quick` takes less than three minutes: 3 and 30 MB, and 200
//! applications for kustomize; `-- 1 10` uses streams of 1 and 10 MB. `UPDATE=1` writes the figures into
//! docs/performance.md.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it does not expect"
)]

mod page;
mod peers;
mod process;
#[path = "../streams/mod.rs"]
mod streams;

use peers::PEERS;
use process::Line;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use streams::{SHAPES, Shape};

/// The input for the time of a start.
const SMALL: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let quick = args.iter().any(|arg| arg == "--quick");
    let sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if let Some(role) = args.first().filter(|_| !quick && sizes.is_empty()) {
        return peers::play(role, args.get(1));
    }
    let all = !quick && sizes.is_empty();
    let sizes = match sizes[..] {
        [] if quick => vec![3, 30],
        [] => vec![3, 30, 300],
        _ => sizes,
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&folder).expect("the folder is made");
    let mut figures = format!("{}\n\n", page::machine());
    figures.push_str(&streams_of_all_shapes(&sizes, &folder));
    figures.push_str(&against_kustomize(if all { &[200, 1000] } else { &[200] }, &folder));
    figures.push_str(&start(&folder));
    println!("{figures}");
    if std::env::var_os("UPDATE").is_some() {
        page::update(&figures);
    }
}

fn streams_of_all_shapes(sizes: &[usize], folder: &Path) -> String {
    let names: Vec<&str> = PEERS.iter().map(|peer| peer.name).collect();
    let mut table = format!(
        "| stream | MB | 1 thread, MB/s | 2 threads, MB/s | peak memory | {} |\n|---|{}\n",
        names.join(" | "),
        "--:|".repeat(4 + PEERS.len())
    );
    let mut growth = String::new();
    for shape in &SHAPES {
        let rows: Vec<Row> = sizes.iter().map(|size| row(shape, *size, folder)).collect();
        rows.iter().for_each(|row| table.push_str(&row.text));
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        let _ = write!(growth, "{} {:.2}, ", shape.name, last.per_byte / first.per_byte);
    }
    let (from, to) = (sizes[0], sizes[sizes.len() - 1]);
    format!(
        "{table}\nTime for each byte on one thread, {to} MB against {from} MB: {}.\n\n",
        growth.trim_end_matches(", ")
    )
}

struct Row {
    text: String,
    per_byte: f64,
}

fn row(shape: &Shape, megabytes: usize, folder: &Path) -> Row {
    let ending = if shape.name.starts_with("json") { "json" } else { "yaml" };
    let input = folder.join(format!("stream.{ending}"));
    let text = shape.text(megabytes * 1_000_000);
    let size = text.len() as f64;
    fs::write(&input, text).expect("the stream is written");
    let runs = if megabytes > 100 { 3 } else { 9 };
    let ours = |threads| program(&input).with_threads(threads);
    let speed = |seconds: f64| format!("{:.0}", size / 1e6 / seconds);
    let [one, two] = [1, 2].map(|threads| ours(threads).seconds(runs).expect("the program is there"));
    let peak =
        ours(2).peak(folder).map_or("-".to_owned(), |bytes| format!("{:.2} of the input", bytes / size));
    let peers = PEERS.iter().map(|peer| peer.seconds(&input, megabytes, 3).map_or("-".to_owned(), speed));
    let cells: Vec<String> = [speed(one), speed(two), peak].into_iter().chain(peers).collect();
    let _ = fs::remove_file(&input);
    let text = format!("| {} | {:.1} | {} |\n", shape.name, size / 1e6, cells.join(" | "));
    Row { text, per_byte: one / size }
}

/// Compares with kustomize on the same job: it hashes every ConfigMap and Secret that has an annotation for this, and
/// rewrites references. Also measures kustomize without the annotation, when it only reads and writes.
fn against_kustomize(counts: &[usize], folder: &Path) -> String {
    let Some(kubectl) = peers::kubectl() else {
        return "`kubectl kustomize` was not there (`tests/tools/fetch.py` fetches it).\n\n".to_owned();
    };
    let mut table = String::from(
        "| applications | MB | 2 threads, s | `kubectl kustomize`, s | ratio | without hashes, s | ratio |\n|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for count in counts {
        let [hashed, plain] = [true, false].map(|hashed| {
            let text = streams::applications(*count, hashed);
            let folder = folder.join(format!("kustomize-{hashed}"));
            fs::create_dir_all(&folder).expect("the folder is made");
            fs::write(folder.join("stream.yaml"), text).expect("the stream is written");
            let list = folder.join("kustomization.yaml");
            fs::write(list, "resources: [stream.yaml]\n").expect("the list is written");
            folder
        });
        let size = fs::metadata(plain.join("stream.yaml")).map_or(0.0, |file| file.len() as f64 / 1e6);
        let ours = program(&plain.join("stream.yaml")).with_threads(2).seconds(9);
        let kustomize = |folder: &Path| Line::new(&[&kubectl.display().to_string(), "kustomize"]).and(folder);
        let [ours, theirs, read] = [ours, kustomize(&hashed).seconds(1), kustomize(&plain).seconds(1)]
            .map(|seconds| seconds.expect("it is there"));
        let _ = writeln!(
            table,
            "| {count} | {size:.1} | {ours:.4} | {theirs:.2} | {:.0} | {read:.2} | {:.0} |",
            theirs / ours,
            read / ours
        );
    }
    table + "\n"
}

/// Compares the cost of a start with that of a program that does nothing.
fn start(folder: &Path) -> String {
    let input = folder.join("small.yaml");
    fs::write(&input, SMALL).expect("the stream is written");
    let milliseconds = |line: Line| line.seconds(301).expect("it is there") * 1e3;
    let (ours, nothing) = (milliseconds(program(&input)), milliseconds(peers::own("--nothing")));
    format!(
        "A stream of {} bytes takes {ours:.2} ms from start to end, and a program that does nothing {nothing:.2} ms.\n",
        SMALL.len()
    )
}

fn program(input: &Path) -> Line {
    Line::new(&[env!("CARGO_BIN_EXE_immutably")]).and(input)
}
