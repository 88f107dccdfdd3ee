//! docs/terminal.svg, the picture in the README, shows the real output of the program.
//!
//! `UPDATE=1 cargo test --test picture` draws it again.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

mod program;

use std::path::Path;

/// The command in the picture.
const COMMAND: &str = "immutably --diff examples/web.yaml";
/// Width of one character and height of one line, in pixels, at a font size of 14.
const CHARACTER: f64 = 8.43;
const LINE: usize = 19;
/// Space around the text, in pixels; the bar of the window is above it.
const MARGIN: usize = 16;
const BAR: usize = 30;

#[test]
fn the_picture_shows_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/terminal.svg");
    let words: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    let ended = program::run(&words, "");
    let text = ended.text() + "\n" + &ended.stderr;
    let picture = drawn(&format!("$ {COMMAND}\n{text}"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &picture).expect("the picture is written");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the picture is there"), picture);
}

/// Draws a terminal window with this text.
fn drawn(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let width = (longest as f64 * CHARACTER).ceil() as usize + 2 * MARGIN;
    let height = BAR + MARGIN + lines.len() * LINE + MARGIN / 2;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{COMMAND}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#0d1117\"/>\n\
         <circle cx=\"20\" cy=\"16\" r=\"6\" fill=\"#ff5f57\"/><circle cx=\"40\" cy=\"16\" r=\"6\" fill=\"#febc2e\"/>\
         <circle cx=\"60\" cy=\"16\" r=\"6\" fill=\"#28c840\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"14\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = BAR + MARGIN + row * LINE;
        let color = color(line);
        // Viewers collapse plain spaces.
        let text = line.replace('&', "&amp;").replace('<', "&lt;").replace(' ', "\u{a0}");
        svg.push_str(&format!("<text x=\"{MARGIN}\" y=\"{y}\" fill=\"{color}\">{text}</text>\n"));
    }
    svg + "</g>\n</svg>\n"
}

/// Returns the color of a line of a unified diff on a dark terminal.
fn color(line: &str) -> &'static str {
    match line.as_bytes() {
        [b'$', ..] => "#ffffff",
        [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => "#8b949e",
        [b'@', ..] => "#79c0ff",
        [b'-', ..] => "#ff7b72",
        [b'+', ..] => "#7ee787",
        _ => "#c9d1d9",
    }
}
