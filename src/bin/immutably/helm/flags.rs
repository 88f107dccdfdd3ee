//! The flags of a Helm command, parsed from its `--help`.
//!
//! The help shows which flags take a value, so a new release of Helm needs no change here.

use std::collections::BTreeMap;

/// Whether a flag takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// It is a switch.
    Never,
    /// It takes a value after an equals sign only.
    Optional,
    /// It takes the next word, or a value after an equals sign.
    Always,
}

/// The flags that Helm knows, by long name, and the short names that some of them have.
#[derive(Debug, Default)]
pub(super) struct Flags {
    values: BTreeMap<String, Value>,
    short: BTreeMap<char, String>,
}

impl Flags {
    /// Parses lines such as `  -f, --values strings   specify values in ...`.
    pub(super) fn of_help(text: &str) -> Flags {
        let mut flags = Flags::default();
        for line in text.lines().map(str::trim_start) {
            let (short, rest) = match line.strip_prefix('-').and_then(|rest| rest.split_once(", --")) {
                Some((short, rest)) if short.chars().count() == 1 => (short.chars().next(), rest),
                _ => (None, line.strip_prefix("--").unwrap_or_default()),
            };
            let (name, usage) = rest.split_once(' ').unwrap_or((rest, ""));
            if !is_name(name) {
                continue;
            }
            // After the name of a switch, only spaces follow before the description.
            let value = match usage.split(' ').next() {
                None | Some("") => Value::Never,
                Some(kind) if kind.contains("[=") => Value::Optional,
                Some(_) => Value::Always,
            };
            flags.values.insert(name.to_owned(), value);
            short.map(|short| flags.short.insert(short, name.to_owned()));
        }
        flags
    }

    /// True for a flag in the list.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// True if the next word is the value of this flag.
    pub(super) fn takes_value(&self, name: &str) -> bool {
        self.values.get(name) == Some(&Value::Always)
    }

    /// True for a flag that takes a value after an equals sign only.
    pub(super) fn takes_optional_value(&self, name: &str) -> bool {
        self.values.get(name) == Some(&Value::Optional)
    }

    /// Returns the long name of a one-letter flag.
    pub(super) fn long_name(&self, short: char) -> Option<&str> {
        self.short.get(&short).map(String::as_str)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_helm_is_read() {
        let flags = Flags::of_help(
            "Usage:\n  helm upgrade [RELEASE] [CHART] [flags]\n    $ helm upgrade -f a.yaml --set b=c web ./web\n\nFlags:\n\
             \x20     --atomic                       if set, ...\n\
             \x20     --dry-run string[=\"client\"]    simulate\n\
             \x20 -f, --values strings               specify values; see --set a=b\n\
             \x20 -i, --install                      if a release\n",
        );
        let names = ["values", "dry-run", "atomic", "install", "set", "helm"];
        assert_eq!(names.map(|name| flags.takes_value(name)), [true, false, false, false, false, false]);
        assert_eq!(
            names.map(|name| flags.takes_optional_value(name)),
            [false, true, false, false, false, false]
        );
        assert_eq!(names.map(|name| flags.knows(name)), [true, true, true, true, false, false]);
        assert_eq!((flags.long_name('f'), flags.long_name('x')), (Some("values"), None));
    }
}
