//! The arguments of a Helm command: which are flags, which are their values, and which are positional.
//!
//! Follows the rules of pflag, the library with which Helm reads its command line.

use super::flags::Flags;

/// The flag of Helm for the arguments of a post-renderer.
const RENDERER_ARGS: &str = "post-renderer-args";

/// The arguments by kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The arguments for Helm: all except those for the post-renderer.
    pub(super) for_helm: Vec<String>,
    /// The values of `--post-renderer-args`.
    pub(super) for_filter: Vec<String>,
    /// The arguments that are neither flags nor values of flags: release and chart.
    pub(super) positional: Vec<String>,
    /// The flags in order, by long name, with their values.
    given: Vec<(String, Option<String>)>,
    /// Flags that Helm does not list. Each is treated as a switch.
    pub(super) unknown: Vec<String>,
}

impl Words {
    /// Sorts the arguments after the command.
    pub(super) fn sort(words: &[String], flags: &Flags) -> Words {
        let mut sorted = Words::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let from = sorted.given.len();
            let wants_value = sorted.take(word, flags);
            let value = if wants_value { words.next() } else { None };
            if let (Some(value), Some(last)) = (value, sorted.given.last_mut()) {
                last.1 = Some(value.clone());
            }
            if let Some((name, Some(argument))) = sorted.given.get(from)
                && name == RENDERER_ARGS
            {
                sorted.for_filter.push(argument.clone());
            } else {
                sorted.for_helm.extend([Some(word), value].into_iter().flatten().cloned());
            }
        }
        sorted
    }

    /// Returns the last value of a flag; an empty string for a switch without a value.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let last = self.given.iter().rev().find(|(given, _)| given == name);
        last.map(|(_, value)| value.as_deref().unwrap_or_default())
    }

    /// Returns all values of a flag.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        self.given
            .iter()
            .filter(|(given, _)| given == name)
            .filter_map(|(_, value)| value.as_deref())
            .collect()
    }

    /// True if a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| !matches!(value, "false" | "0" | "f" | "F" | "False" | "FALSE"))
    }

    /// Parses one word. Returns true if the next word is the value of its last flag.
    fn take(&mut self, word: &str, flags: &Flags) -> bool {
        if let Some(flag) = word.strip_prefix("--") {
            let (name, value) =
                flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
            self.given.push((name.to_owned(), value.map(str::to_owned)));
            if !flags.knows(name) {
                self.unknown.push(word.to_owned());
            }
            return value.is_none() && flags.takes_value(name);
        }
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some(letters) => self.take_letters(word, letters, flags),
            None => {
                self.positional.push(word.to_owned());
                false
            }
        }
    }

    /// Parses short flags such as `-i`, `-n prod`, `-nprod`, `-n=prod`, `-if values.yaml`.
    fn take_letters(&mut self, word: &str, letters: &str, flags: &Flags) -> bool {
        for (at, letter) in letters.char_indices() {
            let rest = &letters[at + letter.len_utf8()..];
            let Some(name) = flags.long_name(letter) else {
                self.unknown.push(word.to_owned());
                return false;
            };
            let takes_value = flags.takes_value(name);
            let value = rest.strip_prefix('=').or(Some(rest).filter(|rest| takes_value && !rest.is_empty()));
            self.given.push((name.to_owned(), value.map(str::to_owned)));
            if takes_value || value.is_some() {
                return value.is_none();
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "  -f, --values strings   a\n  -i, --install   b\n  -n, --namespace string   c\n      --set stringArray   d\n      --wait WaitStrategy[=watcher]   e\n      --post-renderer-args postRendererArgsSlice   f\n  -g, --generate-name   g\n";

    fn sorted(line: &str) -> Words {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Words::sort(&words, &Flags::of_help(HELP))
    }

    #[test]
    fn release_and_chart_are_found_in_any_position() {
        for line in [
            "web ./chart -f a.yaml --set b=c",
            "-f a.yaml web --set b=c ./chart",
            "--wait -if a.yaml web -nprod ./chart --set=b=c",
            "-i -n=prod --wait=legacy web -f - ./chart",
        ] {
            assert_eq!(sorted(line).positional, ["web", "./chart"], "{line}");
        }
    }

    #[test]
    fn values_are_read_however_they_are_written() {
        for line in [
            "-n prod",
            "-nprod",
            "-n=prod",
            "--namespace prod",
            "--namespace=prod",
            "-inprod",
            "-n x -n prod",
        ] {
            assert_eq!(sorted(line).value("namespace"), Some("prod"), "{line}");
        }
        let words = sorted("--set a=b -ig --set c --install=false");
        assert_eq!(words.values("set"), ["a=b", "c"]);
        assert!(words.is_on("generate-name") && !words.is_on("install") && !words.is_on("wait"));
    }

    #[test]
    fn arguments_for_the_filter_are_taken_out() {
        let words = sorted("web --post-renderer-args --strict --post-renderer-args=--keep=3 ./chart -n prod");
        assert_eq!(words.for_filter, ["--strict", "--keep=3"]);
        assert_eq!(words.for_helm.join(" "), "web ./chart -n prod");
    }

    #[test]
    fn a_flag_that_helm_does_not_list_is_a_switch() {
        let words = sorted("web --recreate-pods ./chart -x --other=1");
        assert_eq!(
            (words.positional.len(), words.unknown.join(" ").as_str()),
            (2, "--recreate-pods -x --other=1")
        );
    }

    #[test]
    fn odd_words_are_no_trouble() {
        assert_eq!(sorted("- --= -é -n").positional, ["-"]);
        assert_eq!(sorted("--post-renderer-args").for_filter, Vec::<String>::new());
    }
}
