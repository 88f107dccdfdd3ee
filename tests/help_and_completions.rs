//! Help, completions, the manual page, and colour.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests stop at what they do not expect")]

mod program;

use program::samples::BAD_SECRET;
use program::{finish, program, run};
#[cfg(unix)]
use {program::files::folder, std::process::Command};

#[test]
fn help_shows_examples_first_and_fits_100_columns() {
    let mut command = program(&["--help"]);
    command.env("COLUMNS", "300");
    let help = finish(command, "");
    assert_eq!((help.status, help.stderr.as_str()), (0, ""));
    let text = help.text();
    let examples = text.find("Examples:").expect("there are examples");
    assert!(examples < text.find("Usage:").expect("there is a usage line"));
    assert!(text[..examples].lines().count() <= 4, "{text}");
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|columns| columns <= 100), "{widest:?} columns");
}

#[test]
fn version_is_one_line() {
    let ended = run(&["--version"], "");
    assert_eq!((ended.status, ended.text()), (0, format!("immutably {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn completions_are_there_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = run(&["completions", shell], "");
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{shell}");
        for flag in long_flags() {
            // fish writes `-l flag`.
            let flag = flag.trim_start_matches('-');
            assert!(ended.text().contains(flag), "{shell} knows no {flag}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"], "").status, 2);
}

#[cfg(unix)]
#[test]
fn completions_for_bash_are_bash() {
    let folder = folder(&[("completions.bash", &run(&["completions", "bash"], "").text())]);
    let checked = Command::new("bash").arg("-n").arg(folder.path().join("completions.bash")).output();
    // Not every machine has bash.
    if let Ok(checked) = checked {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn the_manual_page_is_roff_and_names_each_flag() {
    let ended = run(&["man"], "");
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    let text = ended.text();
    assert!(text.starts_with('.') && text.contains("\n.TH immutably 1 "), "{}", &text[..200]);
    for flag in long_flags() {
        assert!(text.contains(&flag.replace('-', "\\-")), "no {flag}");
    }
}

/// Every `--flag` that the help describes.
fn long_flags() -> Vec<String> {
    let help = run(&["--help"], "").text();
    let (_, options) = help.split_once("\nOptions:\n").expect("there are options");
    let flags = options.lines().filter(|line| line.trim_start().starts_with('-')).filter_map(|line| {
        let flag = line.split([' ', ',']).find(|word| word.starts_with("--"))?;
        Some(flag.to_owned())
    });
    let flags: Vec<String> = flags.collect();
    assert!(flags.len() > 8, "{flags:?}");
    flags
}

// --- Colour ---

#[test]
fn colour_is_for_terminals_only() {
    assert!(!run(&[], BAD_SECRET).stderr.contains('\u{1b}'));
    assert!(!run(&["--help"], "").text().contains('\u{1b}'));
    assert!(!run(&["--no-such-flag"], "").stderr.contains('\u{1b}'));
}

#[test]
fn no_color_goes_before_a_wish_for_colour() {
    let stderr = |args: &[&str], environment: &[(&str, &str)]| {
        let mut command = program(args);
        command.envs(environment.iter().copied());
        finish(command, BAD_SECRET).stderr
    };
    assert!(stderr(&[], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!stderr(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!stderr(&["--format=json"], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
}
