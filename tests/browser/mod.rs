//! Headless Chromium, driven over a pipe with its own protocol: <https://chromedevtools.github.io/devtools-protocol/>.
//!
//! The Debian package is `chromium`. Without it, tests print a message and are skipped.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The time limit for one answer: a page of 5,000 objects on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: File,
    answers: Receiver<Value>,
    number: u64,
    session: Option<String>,
    /// Errors of the page: exceptions, and what its security policy blocks.
    pub(crate) errors: Vec<String>,
    folder: TempDir,
}

impl Browser {
    /// Starts a browser, if one is installed.
    pub(crate) fn start() -> Option<Browser> {
        let Some(program) = NAMES.iter().find_map(|name| on_path(name)) else {
            eprintln!("SKIPPED: there is no Chromium");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = |name: &str| {
            let path = folder.path().join(name);
            assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo starts").success());
            path
        };
        let (commands, answers) = (pipe("commands"), pipe("answers"));
        let script = "exec \"$0\" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
                      --hide-scrollbars --remote-debugging-pipe \"--user-data-dir=$1\" about:blank 3<\"$2\" 4>\"$3\"";
        let child = Command::new("sh")
            .args(["-c", script])
            .arg(program)
            .arg(folder.path().join("profile"))
            .args([&commands, &answers])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let commands = File::options().write(true).open(commands).expect("the pipe opens");
        let answers = listen(File::open(answers).expect("the pipe opens"));
        let mut browser =
            Browser { child, commands, answers, number: 0, session: None, errors: Vec::new(), folder };
        let page = browser.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", &attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.ask(domain, &json!({}));
        }
        Some(browser)
    }

    /// Opens a page with this HTML.
    pub(crate) fn open(&mut self, html: &str) {
        let path = self.folder.path().join("page.html");
        std::fs::write(&path, html).expect("the page is written");
        self.ask("Page.navigate", &json!({"url": format!("file://{}", path.display())}));
        self.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))");
    }

    /// Sets the size of the window and the colour scheme.
    pub(crate) fn resize(&mut self, (width, height): (u32, u32), dark: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Returns the value of an expression, awaited if it is a promise.
    pub(crate) fn run(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression:.200}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let event =
            |kind: &str| json!({"type": kind, "key": key, "text": if kind == "keyDown" { text } else { "" }});
        self.ask("Input.dispatchKeyEvent", &event("keyDown"));
        self.ask("Input.dispatchKeyEvent", &event("keyUp"));
    }

    /// Clicks at a position in the window.
    pub(crate) fn click(&mut self, x: f64, y: f64) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", &event);
        }
    }

    /// Prints the page; returns a PDF in base64.
    pub(crate) fn print(&mut self) -> String {
        let pdf = self.ask("Page.printToPDF", &json!({}));
        pdf["data"].as_str().expect("a document").to_owned()
    }

    /// Returns a PNG of the window in base64.
    pub(crate) fn screenshot(&mut self) -> String {
        let picture = self.ask("Page.captureScreenshot", &json!({"format": "png"}));
        picture["data"].as_str().expect("a picture").to_owned()
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut command = json!({"id": self.number, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.commands.write_all(format!("{command}\0").as_bytes()).expect("the browser reads");
        loop {
            let message = self.answers.recv_timeout(PATIENCE).expect("the browser answers");
            if message["id"] == self.number {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.heard(&message);
        }
    }

    fn heard(&mut self, message: &Value) {
        let entry = &message["params"]["entry"];
        let is_error = match message["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Log.entryAdded") => entry["level"] == "error",
            _ => false,
        };
        if is_error {
            self.errors.push(message["params"].to_string());
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser may have ended in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path: &PathBuf| Path::is_file(path))
}

/// Returns the messages of the browser. Each ends in a zero byte.
fn listen(pipe: File) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for message in BufReader::new(pipe).split(0).map_while(Result::ok) {
            let message = serde_json::from_slice(&message).expect("JSON");
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}
