//! Runs a program with a time limit and captures its output.

use crate::keys;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// Lines of what a program says that a message repeats.
const LINES: usize = 3;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program does not start.
    Absent(io::Error),
    /// It did not end in time.
    Slow,
    /// It ended with an error and said this.
    Said(String),
}

/// Runs a program, and returns what it writes to standard output.
pub(crate) fn ask(command: &mut Command, wait: Duration) -> Result<Vec<u8>, Failure> {
    let end = Instant::now() + wait;
    for variable in keys::VARIABLES {
        command.env_remove(variable);
    }
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(Failure::Absent)?;
    let (out, err) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let answer = receive(&out, end).zip(receive(&err, end)).filter(|_| ended(&mut child, end));
    let Some((out, err)) = answer else {
        // It may have ended just now, and then there is nothing to stop.
        let _ = child.kill();
        let _ = child.wait();
        return Err(Failure::Slow);
    };
    match child.wait() {
        Ok(status) if status.success() => Ok(out),
        _ => Err(Failure::Said(shown(&String::from_utf8_lossy(&err)))),
    }
}

/// Reads a pipe to its end on a separate thread.
fn reader(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read so far is all there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        // Nobody waits for it when the time is over.
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(receiver: &Receiver<Vec<u8>>, end: Instant) -> Option<Vec<u8>> {
    receiver.recv_timeout(end.saturating_duration_since(Instant::now())).ok()
}

/// A program that closed its pipes can still run.
fn ended(child: &mut Child, end: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            _ => return false,
        }
    }
}

/// The first lines without control characters, as one.
fn shown(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    let text = lines.collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}
