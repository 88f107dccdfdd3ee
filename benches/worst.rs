//! How time and memory grow with the worst inputs: `cargo bench --bench worst`.
//!
//! Runs every case at N, 2N and 4N and prints the CPU time of the whole process, the exponent of its growth (1 is linear)
//! and peak memory. `-- NAME` runs the cases whose name holds NAME; `-- --size F` multiplies N.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it does not expect"
)]

#[path = "../tests/worst/mod.rs"]
mod worst;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use worst::{CASES, Case, STREAM, Way};

/// Below this many seconds the clock is too coarse for an exponent.
const TOO_SHORT: f64 = 0.04;

struct Run {
    megabytes: f64,
    seconds: f64,
    peak: f64,
    status: i32,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let size = args
        .iter()
        .position(|arg| arg == "--size")
        .and_then(|at| args.get(at + 1)?.parse().ok())
        .unwrap_or(1);
    let wanted = args.iter().find(|arg| !arg.starts_with("--") && arg.parse::<usize>().is_err());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("worst");
    fs::create_dir_all(&folder).expect("the folder is made");
    println!(
        "| case | MB | CPU s | exponent | peak MB | peak / input | status |\n|---|---|---|---|---|---|---|"
    );
    for case in CASES.iter().filter(|case| wanted.is_none_or(|wanted| case.name.contains(wanted.as_str()))) {
        let runs = [1, 2, 4].map(|factor| run(case, case.size * size * factor, &folder));
        println!("{}", row(case.name, &runs));
    }
}

fn row(name: &str, runs: &[Run; 3]) -> String {
    let list = |of: &dyn Fn(&Run) -> String| runs.iter().map(of).collect::<Vec<_>>().join(", ");
    let [first, _, last] = runs;
    let exponent = (last.seconds / first.seconds).ln() / (last.megabytes / first.megabytes).ln();
    format!(
        "| {name} | {} | {} | {} | {} | {:.1} | {} |",
        list(&|run| format!("{:.2}", run.megabytes)),
        list(&|run| format!("{:.2}", run.seconds)),
        if first.seconds < TOO_SHORT { "-".to_owned() } else { format!("{exponent:.2}") },
        list(&|run| format!("{:.0}", run.peak)),
        last.peak / last.megabytes,
        last.status
    )
}

fn run(case: &Case, size: usize, folder: &Path) -> Run {
    let (input, stream) = (folder.join("input.yaml"), folder.join("stream.yaml"));
    fs::write(&input, (case.make)(size)).expect("the input is written");
    fs::write(&stream, STREAM).expect("the stream is written");
    let path = |flag: &str| vec![format!("--{flag}={}", input.display()), stream.display().to_string()];
    let named = vec![input.display().to_string()];
    let args = match case.way {
        Way::Filter(args) => args.iter().map(|arg| (*arg).to_owned()).chain(named).collect(),
        Way::Twice => {
            let first = folder.join("first.yaml");
            fs::rename(&input, &first).expect("the input is moved");
            program(
                &[first.display().to_string()],
                File::create(&input).expect("the output is made"),
                folder,
            );
            named
        }
        Way::Rules => path("rules"),
        Way::Known => [path("known"), vec!["--external=list".to_owned()]].concat(),
        Way::Previous => path("previous"),
        Way::Gc => vec!["gc".to_owned(), "--now=2026-01-01T00:00:00Z".to_owned(), named[0].clone()],
    };
    let megabytes = fs::metadata(&input).map_or(0.0, |file| file.len() as f64 / 1e6);
    let (status, seconds, peak) = program(&args, File::create("/dev/null").expect("it is there"), folder);
    Run { megabytes, seconds, peak, status }
}

/// Runs the program under `time`, which says the CPU seconds of a process and its peak memory in MB.
fn program(args: &[String], out: File, folder: &Path) -> (i32, f64, f64) {
    let figures = folder.join("figures");
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M", "-o"]).arg(&figures).arg(env!("CARGO_BIN_EXE_immutably")).args(args);
    let status = command.stdout(out).stderr(Stdio::null()).status().expect("/usr/bin/time starts");
    let text = fs::read_to_string(&figures).expect("the figures are written");
    let line = text.lines().last().unwrap_or_default();
    let mut numbers = line.split(' ').map(|number| number.parse::<f64>().expect("a figure"));
    let mut next = || numbers.next().unwrap_or_default();
    let (user, system, kilobytes) = (next(), next(), next());
    (status.code().unwrap_or(-1), user + system, kilobytes * 1024.0 / 1e6)
}
