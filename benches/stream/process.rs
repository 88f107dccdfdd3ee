//! Runs whole processes, and measures their time and memory.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A program with its arguments and its environment.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    words: Vec<String>,
    threads: Option<usize>,
}

impl Line {
    pub(crate) fn new(words: &[&str]) -> Line {
        Line { words: words.iter().map(|word| (*word).to_owned()).collect(), threads: None }
    }

    /// Adds an argument.
    pub(crate) fn and(mut self, path: &Path) -> Line {
        self.words.push(path.display().to_string());
        self
    }

    /// Sets the number of threads, for a program that reads `IMMUTABLY_THREADS`.
    pub(crate) fn with_threads(mut self, threads: usize) -> Line {
        self.threads = Some(threads);
        self
    }

    fn command(&self, before: &[&str]) -> Command {
        let mut words = before.iter().copied().chain(self.words.iter().map(String::as_str));
        let mut command = Command::new(words.next().expect("a command has a name"));
        command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        command.envs(self.threads.map(|threads| ("IMMUTABLY_THREADS", threads.to_string())));
        command
    }

    /// Returns the seconds from start to end, as the median of this number of runs; `None` if the program is not
    /// installed.
    pub(crate) fn seconds(&self, runs: usize) -> Option<f64> {
        let mut seconds = Vec::new();
        for _ in 0..runs {
            let start = Instant::now();
            let status = self.command(&[]).status().ok()?;
            seconds.push(start.elapsed().as_secs_f64());
            assert!(status.success(), "{self:?} failed: {status}");
        }
        seconds.sort_by(f64::total_cmp);
        seconds.get(runs / 2).copied()
    }

    /// Returns the peak memory in bytes according to `/usr/bin/time`; `None` without it.
    pub(crate) fn peak(&self, folder: &Path) -> Option<f64> {
        let figures = folder.join("peak");
        File::create(&figures).ok()?;
        let place = figures.display().to_string();
        self.command(&["/usr/bin/time", "-f", "%M", "-o", &place]).status().ok()?;
        let kilobytes: f64 = fs::read_to_string(figures).ok()?.trim().parse().ok()?;
        Some(kilobytes * 1024.0)
    }
}
