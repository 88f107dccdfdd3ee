//! Determines the cluster and namespace for Helm calls: those of the `helm` process that started this program, if
//! visible.
//!
//! Helm passes neither to a post-renderer. On Linux, its command line shows them.

/// Flags of Helm that select a cluster. Each takes a value, as the next word or after an equals sign.
const CLUSTER: [&str; 9] = [
    "--kube-apiserver",
    "--kube-as-group",
    "--kube-as-user",
    "--kube-ca-file",
    "--kube-context",
    "--kube-tls-server-name",
    "--kube-token",
    "--kubeconfig",
    "--kube-insecure-skip-tls-verify",
];
/// The exception in this list: a switch.
const SWITCH: &str = "--kube-insecure-skip-tls-verify";
const CONTEXT: &str = "--kube-context";
const NAMESPACE: &str = "--namespace";
/// The short flags of Helm's commands that take no value, so that another one can follow in the same word.
const SHORT_SWITCHES: [char; 3] = ['g', 'h', 'i'];

/// The arguments for Helm, in addition to the query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(Vec<String>);

impl Flags {
    /// Determines the flags. The options of this program override those of the `helm` process.
    pub(super) fn new(namespace: Option<&str>, context: Option<&str>) -> Flags {
        Flags::among(&caller().unwrap_or_default(), namespace, context)
    }

    /// Appends the flags to a command.
    pub(super) fn apply(&self, command: &mut std::process::Command) {
        command.args(&self.0);
    }

    /// Determines the flags from these arguments of the `helm` process.
    pub(super) fn among(words: &[String], namespace: Option<&str>, context: Option<&str>) -> Flags {
        let mut flags: Vec<String> = Vec::new();
        let mut words = words.iter();
        let mut told = None;
        while let Some(word) = words.next() {
            let (name, value) =
                word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
            if name == NAMESPACE {
                told = value.or_else(|| words.next().map(String::as_str));
            } else if let Some(glued) = short_namespace(word) {
                told = if glued.is_empty() { words.next().map(String::as_str) } else { Some(glued) };
            } else if name == SWITCH {
                flags.push(word.clone());
            } else if CLUSTER.contains(&name)
                && let Some(value) = value.or_else(|| words.next().map(String::as_str))
                && !(name == CONTEXT && context.is_some())
            {
                flags.push(format!("{name}={value}"));
            }
        }
        flags.extend(context.map(|context| format!("{CONTEXT}={context}")));
        flags.extend(namespace.or(told).map(|namespace| format!("{NAMESPACE}={namespace}")));
        Flags(flags)
    }
}

/// Returns the value of `-n` in a word of short flags, such as `-n`, `-nprod`, `-n=prod` and `-inprod`; empty if it is
/// the next word.
fn short_namespace(word: &str) -> Option<&str> {
    let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
    let (switches, value) = letters.split_once('n')?;
    let only_switches = switches.chars().all(|letter| SHORT_SWITCHES.contains(&letter));
    only_switches.then(|| value.strip_prefix('=').unwrap_or(value))
}

/// Returns the arguments of the parent process if it is Helm.
#[cfg(target_os = "linux")]
pub(super) fn caller() -> Option<Vec<String>> {
    let path = format!("/proc/{}/cmdline", std::os::unix::process::parent_id());
    let line = std::fs::read(path).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    let program = words.next().unwrap_or_default();
    let is_helm = matches!(program.rsplit('/').next(), Some("helm" | "helm3" | "helm4"));
    is_helm.then(|| words.collect())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn caller() -> Option<Vec<String>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(line: &str, namespace: Option<&str>, context: Option<&str>) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Flags::among(&words, namespace, context).0.join(" ")
    }

    #[test]
    fn the_cluster_of_the_caller_is_asked() {
        let line = "upgrade web chart -n prod --kube-context staging --set a=b --kubeconfig=/k --kube-insecure-skip-tls-verify";
        let expected =
            "--kube-context=staging --kubeconfig=/k --kube-insecure-skip-tls-verify --namespace=prod";
        assert_eq!(flags(line, None, None), expected);
    }

    #[test]
    fn the_namespace_is_read_however_it_is_written() {
        for line in ["-n prod", "-n=prod", "-nprod", "-in prod", "-inprod", "-ign=prod", "--namespace=prod"] {
            assert_eq!(flags(&format!("upgrade {line} web chart"), None, None), "--namespace=prod", "{line}");
        }
        for line in ["-f net.yaml", "-fnet.yaml", "web-n prod", "--no-hooks"] {
            assert_eq!(flags(&format!("upgrade {line} web chart"), None, None), "", "{line}");
        }
    }

    #[test]
    fn what_this_program_is_told_goes_first() {
        let line = "upgrade web chart --namespace prod --kube-context staging";
        assert_eq!(flags(line, Some("test"), Some("other")), "--kube-context=other --namespace=test");
        assert_eq!(flags("upgrade web", None, None), "");
    }
}
