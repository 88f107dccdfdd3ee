//! Measures how time and memory grow with the worst inputs: `cargo bench --bench worst`.
//!
//! Runs every case at N, 2N and 4N and prints the CPU time of the whole process, the exponent of its growth (1 is
//! linear), peak memory, and the bytes of memory for each additional byte of input. N is large enough for the
//! resolution of the clock. `-- NAME` runs the cases whose name contains NAME; `-- --write` puts the tables into
//! docs/security.md; `--program PATH` measures another build.

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
use worst::{CASES, Case};

/// The minimum time of the first run, in seconds: the clock ticks a hundred times a second.
const LONG_ENOUGH: f64 = 0.1;
/// The maximum factor by which N is increased.
const MOST: f64 = 16.0;
/// The largest input in bytes, at 4N.
const LARGEST: f64 = 60e6;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security.md");
const BEGIN: &str = "<!-- begin: cargo bench --bench worst -- --write -->\n";
const END: &str = "<!-- end -->\n";

/// The result of one run.
struct Run {
    megabytes: f64,
    seconds: f64,
    peak: f64,
    status: i32,
}

struct Bench {
    program: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let program = args.iter().position(|arg| arg == "--program").and_then(|at| args.get(at + 1));
    let bench = Bench { program: program.map_or(env!("CARGO_BIN_EXE_immutably"), String::as_str).to_owned() };
    let wanted = args.iter().find(|arg| !arg.starts_with("--") && Some(*arg) != program);
    let mut measured = Vec::new();
    println!("{HEAD}");
    for case in CASES.iter().filter(|case| wanted.is_none_or(|wanted| case.name.contains(wanted.as_str()))) {
        let [first, middle, last] = bench.runs(case);
        measured.push(Measured { name: case.name, first, middle, last });
        println!("{}", measured[measured.len() - 1].row());
    }
    if args.iter().any(|arg| arg == "--write") {
        let rows: Vec<String> = measured.iter().map(Measured::row).collect();
        write(&format!("{}\n\n{}\n{HEAD}\n{}\n", machine(), memory(&measured), rows.join("\n")));
    }
}

const HEAD: &str =
    "| case | MB | CPU s | exponent | peak MB | memory / input | exit |\n|---|--:|--:|--:|--:|--:|--:|";

/// A case, and its runs at N, 2N and 4N.
struct Measured {
    name: &'static str,
    first: Run,
    middle: Run,
    last: Run,
}

impl Measured {
    fn row(&self) -> String {
        let Run { megabytes, seconds, peak, status } = self.last;
        let exponent = (seconds / self.first.seconds).ln() / (megabytes / self.first.megabytes).ln();
        let (name, bytes) = (self.name, self.bytes());
        format!(
            "| {name} | {megabytes:.1} | {seconds:.2} | {exponent:.2} | {peak:.0} | {bytes:.1} | {status} |"
        )
    }

    /// Returns the bytes of memory for each additional byte of input.
    fn bytes(&self) -> f64 {
        (self.last.peak - self.middle.peak).max(0.0) / (self.last.megabytes - self.middle.megabytes)
    }

    /// True if peak memory meets the goal: twice the input and 20 MB.
    fn is_small(&self) -> bool {
        self.last.peak <= 2.0 * self.last.megabytes + 20.0
    }
}

/// Returns a table of the cases by memory, the largest first.
fn memory(measured: &[Measured]) -> String {
    let (small, mut large): (Vec<_>, Vec<_>) = measured.iter().partition(|case| case.is_small());
    large.sort_by(|one, other| other.bytes().total_cmp(&one.bytes()));
    let most = large.first().map_or(0.0, |case| case.bytes());
    let mut rows = "| memory for each byte of input | cases |\n|---|---|\n".to_owned();
    for (above, to) in [(40.0, f64::INFINITY), (20.0, 40.0), (10.0, 20.0), (0.0, 10.0)] {
        let found = large.iter().filter(|case| case.bytes() >= above && case.bytes() < to);
        let names: Vec<&str> = found.map(|case| case.name).collect();
        let to = to.min(most.ceil());
        rows += &format!("| {above:.0} to {to:.0} | {}: {} |\n", names.len(), names.join(", "));
    }
    rows + &format!("| at most 2, and 20 MB | the other {} |\n", small.len())
}

/// Replaces the tables between their marks.
fn write(table: &str) {
    let page = fs::read_to_string(PAGE).expect("the page is there");
    let (before, rest) = page.split_once(BEGIN).expect("the page has the mark of the begin");
    let (_, behind) = rest.split_once(END).expect("the page has the mark of the end");
    fs::write(PAGE, format!("{before}{BEGIN}{table}{END}{behind}")).expect("the page is written");
}

fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    let cases = CASES.len();
    format!("{cases} cases on {cores} cores of {}.", model.map_or("an unknown processor", |(_, name)| name))
}

impl Bench {
    fn runs(&self, case: &Case) -> [Run; 3] {
        let first = self.run(case, case.size);
        let room = (LARGEST / 4e6 / first.megabytes).clamp(1.0, MOST);
        let factor = (LONG_ENOUGH / first.seconds.max(0.001)).ceil().clamp(1.0, room.floor());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 16")]
        let size = case.size * factor as usize;
        [1, 2, 4].map(|factor| self.run(case, size * factor))
    }

    fn run(&self, case: &Case, size: usize) -> Run {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("worst");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder is made");
        for (name, text) in case.files(size) {
            fs::write(folder.join(name), text).expect("the input is written");
        }
        if case.twice {
            let first = folder.join("first.yaml");
            fs::rename(folder.join("input.yaml"), &first).expect("the input is moved");
            self.program(&["first.yaml"], "input.yaml", &folder);
        }
        let size = |name: &&str| fs::metadata(folder.join(name)).map_or(0.0, |file| file.len() as f64 / 1e6);
        let grown = ["input.yaml", "beside.yaml"].iter().map(size).sum();
        let (status, seconds, peak) = self.program(case.args, "/dev/null", &folder);
        Run { megabytes: grown, seconds, peak, status }
    }

    /// Runs the program under `time`. Returns the exit status, the CPU seconds of the process and its peak memory in
    /// MB.
    fn program(&self, args: &[&str], out: &str, folder: &Path) -> (i32, f64, f64) {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%U %S %M", "-o", "figures"]).arg(&self.program).args(args).current_dir(folder);
        let out = File::create(folder.join(out)).expect("the output is made");
        let status = command.stdout(out).stderr(Stdio::null()).status().expect("/usr/bin/time starts");
        let text = fs::read_to_string(folder.join("figures")).expect("the figures are written");
        let line = text.lines().last().unwrap_or_default();
        let mut numbers = line.split(' ').map(|number| number.parse::<f64>().expect("a figure"));
        let mut next = || numbers.next().unwrap_or_default();
        let (user, system, kilobytes) = (next(), next(), next());
        (status.code().unwrap_or(-1), user + system, kilobytes * 1024.0 / 1e6)
    }
}
