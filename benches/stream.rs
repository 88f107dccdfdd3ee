//! How fast the whole program is, on streams of N applications: `cargo bench`.
//!
//! Prints MB/s on one core and on all, peak memory, how time grows from 3 to 300 MB, and the ratio to
//! `kubectl kustomize` doing the same job, when the real tool is there (`python3 tests/tools/fetch.py`). Figures are
//! medians of whole processes; `-- --quick` leaves out 300 MB and kustomize's 1,000 applications.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it does not expect"
)]

#[path = "streams/mod.rs"]
mod streams;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Applications in 1 MB: one takes about 3 kB.
const PER_MEGABYTE: usize = 330;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&folder).expect("the folder is made");
    let mut per_byte = Vec::new();
    for megabytes in if quick { &[3, 30][..] } else { &[3, 30, 300] } {
        let input = folder.join(format!("{megabytes}.yaml"));
        let text = streams::applications(megabytes * PER_MEGABYTE, false);
        let size = text.len() as f64 / 1e6;
        fs::write(&input, text).expect("the stream is written");
        let one = median(9, || seconds(program(&input), true));
        let all = median(5, || seconds(program(&input), false));
        per_byte.push(one / size);
        let peak = peak(&input).map_or("peak memory not known (no /usr/bin/time)".to_owned(), |kilobytes| {
            format!("peak memory {:.2} of the input", kilobytes * 1024.0 / 1e6 / size)
        });
        println!("{size:6.1} MB: {:.0} MB/s on one core, {:.0} MB/s on all, {peak}", size / one, size / all);
    }
    let growth = per_byte.last().zip(per_byte.first()).map_or(1.0, |(last, first)| last / first);
    println!("time for each byte, largest to smallest: {growth:.2}");
    for applications in if quick { &[200][..] } else { &[200, 1000] } {
        against_kustomize(*applications, &folder);
    }
}

fn against_kustomize(applications: usize, folder: &Path) {
    let kubectl = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/kubectl-1.37.1/kubectl");
    if !kubectl.exists() {
        println!("{applications} applications: kubectl is not there, so there is no ratio");
        return;
    }
    let folder = folder.join(format!("kustomize-{applications}"));
    fs::create_dir_all(&folder).expect("the folder is made");
    let input = folder.join("stream.yaml");
    fs::write(&input, streams::applications(applications, true)).expect("the stream is written");
    fs::write(folder.join("kustomization.yaml"), "resources: [stream.yaml]\n").expect("it is written");
    let kustomize = || {
        let mut command = Command::new(&kubectl);
        command.arg("kustomize").arg(&folder);
        command
    };
    let plain = folder.join("plain.yaml");
    fs::write(&plain, streams::applications(applications, false)).expect("the stream is written");
    let ours = median(9, || seconds(program(&plain), false));
    let theirs = median(3, || seconds(kustomize(), false));
    println!(
        "{applications} applications: {ours:.3} s; kubectl kustomize {theirs:.2} s; ratio {:.0}",
        theirs / ours
    );
}

fn program(input: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_immutably"));
    command.arg(input);
    command
}

/// Seconds that a whole process takes, on the first processor only when asked.
fn seconds(command: Command, one_core: bool) -> f64 {
    let mut command =
        if one_core && Path::new("/usr/bin/taskset").exists() { pinned(&command) } else { command };
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?}");
    start.elapsed().as_secs_f64()
}

fn pinned(command: &Command) -> Command {
    let mut pinned = Command::new("/usr/bin/taskset");
    pinned.args(["-c", "0"]).arg(command.get_program()).args(command.get_args());
    pinned
}

fn peak(input: &Path) -> Option<f64> {
    let time = PathBuf::from("/usr/bin/time");
    let figures = input.with_extension("peak");
    let mut command = Command::new(time);
    command.args(["-f", "%M", "-o"]).arg(&figures).arg(env!("CARGO_BIN_EXE_immutably")).arg(input);
    let out = File::create("/dev/null").ok()?;
    command.stdout(out).stderr(Stdio::null()).status().ok()?;
    fs::read_to_string(figures).ok()?.trim().parse().ok()
}

fn median(runs: usize, run: impl Fn() -> f64) -> f64 {
    let mut seconds: Vec<f64> = (0..runs).map(|_| run()).collect();
    seconds.sort_by(f64::total_cmp);
    seconds[runs / 2]
}
