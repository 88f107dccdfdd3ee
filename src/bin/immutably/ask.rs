//! Runs a program with a time limit and captures its output.

use crate::keys;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// The most lines of the program's standard error that a message repeats.
const LINES: usize = 3;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program cannot be started.
    Absent(io::Error),
    /// The program did not end within the time limit.
    Slow,
    /// The program failed with this text on standard error.
    Said(String),
}

/// Runs a program and returns its standard output.
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
        // The program may have ended in the meantime, so an error here is harmless.
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
            // If reading fails, the bytes read so far are the result.
            let _ = pipe.read_to_end(&mut bytes);
        }
        // After the time limit, nobody receives the result.
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(receiver: &Receiver<Vec<u8>>, end: Instant) -> Option<Vec<u8>> {
    receiver.recv_timeout(end.saturating_duration_since(Instant::now())).ok()
}

/// Waits for the program itself to end: it may still run after it closed its pipes.
fn ended(child: &mut Child, end: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            _ => return false,
        }
    }
}

/// Joins the first lines into one, without control characters.
fn shown(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    let text = lines.collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}
