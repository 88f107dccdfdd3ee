//! Determines the release, namespace and cluster of a Helm call.
//!
//! Helm passes none of these to a post-renderer.

use super::program;
use super::words::Words;

/// Flags of Helm that select a cluster, and variables with the same meaning for the Helm processes that this call
/// starts.
const CLUSTER: [(&str, &str); 9] = [
    ("kubeconfig", "KUBECONFIG"),
    ("kube-context", "HELM_KUBECONTEXT"),
    ("kube-apiserver", "HELM_KUBEAPISERVER"),
    ("kube-as-user", "HELM_KUBEASUSER"),
    ("kube-as-group", "HELM_KUBEASGROUPS"),
    ("kube-ca-file", "HELM_KUBECAFILE"),
    ("kube-tls-server-name", "HELM_KUBETLS_SERVER_NAME"),
    ("kube-token", "HELM_KUBETOKEN"),
    ("kube-insecure-skip-tls-verify", "HELM_KUBEINSECURE_SKIP_TLS_VERIFY"),
];
const NAMESPACE: &str = "HELM_NAMESPACE";

/// A command of Helm that renders a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Install,
    Upgrade,
    Template,
}

impl Verb {
    /// Returns the name of the command.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Verb::Install => "install",
            Verb::Upgrade => "upgrade",
            Verb::Template => "template",
        }
    }
}

/// Returns the release whose earlier versions must be carried forward. `None` for a release that cannot exist yet, and
/// for `helm template`, which works without a cluster. Fails if Helm may parse the arguments in another way.
pub(super) fn release(verb: Verb, words: &Words) -> Result<Option<&str>, String> {
    let (fewest, most) = if verb == Verb::Upgrade { (2, 2) } else { (1, 2) };
    let positional = &words.positional;
    if !(fewest..=most).contains(&positional.len()) && !words.unknown.is_empty() {
        let flags = words.unknown.join(", ");
        return Err(format!(
            "`helm {} --help` does not list {flags}, so the name of the release cannot be found; if the flag takes a value, write it as `--flag=value`",
            verb.as_str()
        ));
    }
    // Helm itself reports a wrong number of arguments.
    let named = positional.first().filter(|_| positional.len() == 2).map(String::as_str);
    Ok(named.filter(|_| verb != Verb::Template && !is_install_without_cluster(verb, words)))
}

/// True for `helm install --dry-run=client`. It uses no cluster, and a first release has no earlier versions.
fn is_install_without_cluster(verb: Verb, words: &Words) -> bool {
    let dry_run = words.value("dry-run");
    verb == Verb::Install && dry_run.is_some_and(|value| !matches!(value, "server" | "none" | "false"))
}

/// Returns the variables that select the same cluster as the flags of this call.
pub(super) fn variables(words: &Words) -> Vec<(&'static str, String)> {
    let value = |flag: &str| match flag {
        "kube-as-group" => Some(words.values(flag).join(",")).filter(|groups| !groups.is_empty()),
        "kube-insecure-skip-tls-verify" => words.value(flag).map(|_| words.is_on(flag).to_string()),
        _ => words.value(flag).map(str::to_owned),
    };
    CLUSTER.iter().filter_map(|(flag, variable)| Some((*variable, value(flag)?))).collect()
}

/// Returns the namespace of the release: from the flag, the environment, or the kubeconfig context, which Helm reads.
pub(super) fn namespace(words: &Words, variables: &[(&str, String)]) -> Result<String, String> {
    if let Some(namespace) = words.value("namespace").filter(|namespace| !namespace.is_empty()) {
        return Ok(namespace.to_owned());
    }
    match std::env::var(NAMESPACE) {
        Ok(namespace) if !namespace.is_empty() => Ok(namespace),
        _ => program::says(&["env", NAMESPACE], variables).map(|namespace| namespace.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::flags::Flags;
    use super::*;

    const HELP: &str = "      --dry-run string[=\"client\"]  a\n  -g, --generate-name   b\n      --kube-context string   c\n      --kubeconfig string   d\n      --kube-as-group stringArray   e\n      --kube-insecure-skip-tls-verify   f\n";

    fn words(line: &str) -> Words {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Words::sort(&words, &Flags::of_help(HELP))
    }

    fn found(verb: Verb, line: &str) -> Result<Option<String>, String> {
        release(verb, &words(line)).map(|release| release.map(str::to_owned))
    }

    #[test]
    fn the_release_is_the_first_of_two_arguments() {
        assert_eq!(found(Verb::Upgrade, "--kube-context a web ./chart"), Ok(Some("web".into())));
        assert_eq!(found(Verb::Install, "web ./chart"), Ok(Some("web".into())));
        assert_eq!(found(Verb::Upgrade, "--atomic web ./chart"), Ok(Some("web".into())));
    }

    #[test]
    fn a_release_that_cannot_exist_has_no_earlier_versions() {
        for (verb, line) in [
            (Verb::Install, "./chart -g"),
            (Verb::Install, "web ./chart --dry-run"),
            (Verb::Install, "web ./chart --dry-run=client"),
            (Verb::Template, "web ./chart"),
            (Verb::Upgrade, "web"),
        ] {
            assert_eq!(found(verb, line), Ok(None), "{line}");
        }
        assert_eq!(found(Verb::Install, "web ./chart --dry-run=server"), Ok(Some("web".into())));
        assert_eq!(found(Verb::Upgrade, "web ./chart --dry-run"), Ok(Some("web".into())));
    }

    #[test]
    fn an_argument_of_two_meanings_is_refused() {
        let refused = found(Verb::Upgrade, "--unknown value web ./chart");
        assert!(
            refused.is_err_and(|problem| problem.contains("--unknown") && problem.contains("--flag=value"))
        );
        assert_eq!(found(Verb::Upgrade, "--unknown=value web ./chart"), Ok(Some("web".into())));
    }

    #[test]
    fn flags_of_the_cluster_become_variables() {
        let line = "web ./chart --kube-context a --kubeconfig=/k --kube-as-group x --kube-as-group y --kube-insecure-skip-tls-verify";
        let expected = [
            ("KUBECONFIG", "/k"),
            ("HELM_KUBECONTEXT", "a"),
            ("HELM_KUBEASGROUPS", "x,y"),
            ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true"),
        ];
        assert_eq!(variables(&words(line)), expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(variables(&words("web ./chart")), []);
    }
}
