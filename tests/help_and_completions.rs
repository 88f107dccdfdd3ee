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
    let text = ended.text();
    let build = text.strip_prefix(&format!("immutably {} (", env!("CARGO_PKG_VERSION")));
    let build = build.and_then(|build| build.strip_suffix(")\n")).expect("the version and the build");
    // The commit, if known, and the target.
    let target = build.rsplit(", ").next().unwrap_or_default();
    assert!(ended.status == 0 && target.split('-').count() >= 3 && !build.contains('\n'), "{text}");
    assert_eq!(run(&["-V"], "").text(), format!("immutably {}\n", env!("CARGO_PKG_VERSION")));
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

#[test]
fn every_subcommand_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let dir = folder.path().to_str().expect("a path of text");
    assert_eq!(run(&["man", "--dir", dir], "").status, 0);
    for name in subcommands() {
        let page = run(&["man", &name], "");
        assert_eq!((page.status, page.stderr.as_str()), (0, ""), "{name}");
        let text = page.text();
        assert!(
            text.contains(&format!("\n.TH immutably\\-{name} 1 "))
                || text.contains(&format!("\n.TH immutably-{name} 1 ")),
            "{name}: {:.300}",
            text
        );
        let written = std::fs::read_to_string(folder.path().join(format!("immutably-{name}.1")));
        assert_eq!(written.expect("the page is written"), text, "{name}");
    }
    assert!(folder.path().join("immutably.1").is_file());
    let unknown = run(&["man", "audits"], "");
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("audit, completions"), "{}", unknown.stderr);
}

#[test]
fn completions_suggest_codes_kinds_and_patterns() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell], "").text();
        let words = match shell {
            // These do not complete values.
            "powershell" | "elvish" => &[][..],
            _ => &["dangling-reference", "StatefulSet", "ConfigMap/"],
        };
        for word in words {
            assert!(script.contains(word), "{shell} does not suggest {word}");
        }
    }
    assert!(!run(&["audit", "--help"], "").text().contains("possible values: unreadable-input"));
}

#[test]
fn each_flag_annotation_and_variable_is_on_the_page_about_options() {
    let page = include_str!("../docs/options.md");
    let flags = subcommands().into_iter().flat_map(|name| flags_in(&run(&[&name, "--help"], "").text()));
    for flag in long_flags().into_iter().chain(flags) {
        assert!(page.contains(&flag), "no {flag}");
    }
    for name in immutably::kube::annotations::KNOWN {
        assert!(page.contains(&format!("`immutably.dev/{name}`")), "no annotation {name}");
    }
    for variable in variables() {
        assert!(page.contains(&format!("`{variable}`")), "no variable {variable}");
    }
}

/// Returns the environment variables that the program reads: string literals that look like a variable.
fn variables() -> std::collections::BTreeSet<String> {
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/immutably")];
    let mut found = std::collections::BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        let prefixes = ["HELM_", "ARGOCD_", "IMMUTABLY_"];
        let words = text.split('"').filter(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)));
        let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        found.extend(words.filter(is_name).map(str::to_owned));
    }
    assert!(found.contains("HELM_BIN"), "{found:?}");
    found
}

/// Returns the subcommands that the help lists, without `help`.
fn subcommands() -> Vec<String> {
    let help = run(&["--help"], "").text();
    let (_, list) = help.split_once("Commands:\n").expect("there are subcommands");
    let names =
        list.lines().take_while(|line| !line.trim().is_empty()).filter(|line| !line.starts_with("   "));
    let names: Vec<String> =
        names.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect();
    assert!(names.len() > 8, "{names:?}");
    names.into_iter().filter(|name| name != "help").collect()
}

/// Returns every `--flag` that the help describes.
fn long_flags() -> Vec<String> {
    let flags = flags_in(&run(&["--help"], "").text());
    assert!(flags.len() > 8, "{flags:?}");
    flags
}

fn flags_in(help: &str) -> Vec<String> {
    let Some((_, options)) = help.split_once("\nOptions:\n") else { return Vec::new() };
    let flags = options.lines().filter(|line| line.trim_start().starts_with('-')).filter_map(|line| {
        let flag = line.split([' ', ',']).find(|word| word.starts_with("--"))?;
        Some(flag.to_owned())
    });
    flags.collect()
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
