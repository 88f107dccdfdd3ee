//! A call of Helm with the filter: parses the command line and prepares the command.

use super::flags::Flags;
use super::program::{Version, program, says};
use super::release::{self, Verb};
use super::renderer::Renderer;
use super::words::Words;
use crate::args::{self, Filter};
use crate::render;
use std::process::Command;

/// A call of Helm, with the facts that the filter needs.
pub(super) struct Call {
    pub(super) verb: Verb,
    pub(super) version: Version,
    flags: Flags,
    pub(super) words: Words,
    /// The options that the user gave to the filter.
    pub(super) filters: Vec<String>,
}

impl Call {
    /// Parses the arguments after the command: `helms` before `--`, `filters` after it.
    pub(super) fn read(verb: Verb, helms: &[String], filters: &[String]) -> Result<Call, Problem> {
        let (version, help) = asked(verb).map_err(Problem::Outside)?;
        let flags = Flags::of_help(&help);
        if !flags.knows("post-renderer-args") {
            let problem = "this Helm has no `--post-renderer-args`: use Helm 3.10 or later".to_owned();
            return Err(Problem::Outside(problem));
        }
        let words = Words::sort(helms, &flags);
        if words.value("post-renderer").is_some() {
            let problem =
                "`--post-renderer` cannot be given: the filter is the post-renderer; Helm runs only one";
            return Err(Problem::Words(problem.to_owned()));
        }
        if verb == Verb::Template && !version.takes_plugins_only() && words.value("output-dir").is_some() {
            let problem = "`--output-dir` cannot be given to template with Helm 3, which writes the files before it calls the filter: use `helm immutably template ... > FILE`";
            return Err(Problem::Words(problem.to_owned()));
        }
        release::release(verb, &words).map_err(Problem::Words)?;
        let filters = words.for_filter.iter().chain(filters).cloned().collect();
        Ok(Call { verb, version, flags, words, filters })
    }

    /// Rejects options of the filter that select another namespace or cluster than Helm's: the filter would look for
    /// earlier versions where there are none, and take the release for the first one.
    pub(super) fn agrees(&self, filter: &Filter) -> Result<(), Problem> {
        let differs = |flag, own: &Option<String>, helms: &str| match own {
            Some(own) if own != helms => Err(Problem::Words(format!(
                "`--{flag} {own}` after `--` is not the one of this call of Helm: write it before `--`"
            ))),
            _ => Ok(()),
        };
        let context = std::env::var("HELM_KUBECONTEXT").unwrap_or_default();
        differs("kube-context", &filter.kube_context, self.words.value("kube-context").unwrap_or(&context))?;
        if filter.namespace.is_some() {
            differs("namespace", &filter.namespace, &self.namespace().map_err(Problem::Outside)?)?;
        }
        Ok(())
    }

    /// Returns the release whose earlier versions must be carried forward.
    pub(super) fn release(&self) -> Option<&str> {
        release::release(self.verb, &self.words).ok().flatten()
    }

    /// Returns the namespace of the release.
    pub(super) fn namespace(&self) -> Result<String, String> {
        release::namespace(&self.words, &release::variables(&self.words))
    }

    /// Returns the flag for a dry run that reads the cluster, unless this call itself is a dry run without it. Before Helm
    /// 3.13, the flag has no values.
    pub(super) fn dry_run(&self) -> &'static str {
        let own = self.words.value("dry-run");
        match self.flags.takes_optional_value("dry-run") {
            false => "--dry-run",
            true if matches!(own, Some("" | "client" | "true")) => "--dry-run=client",
            true => "--dry-run=server",
        }
    }

    /// Returns the command that calls Helm with the filter.
    pub(super) fn prepare(&self, filter: &Filter) -> Result<(Renderer, Command), String> {
        let renderer = Renderer::new(self.version)?;
        let mut words = Vec::new();
        if !filter.helm {
            words.push("--helm".to_owned());
        }
        if filter.namespace.is_none() {
            words.push(format!("--namespace={}", self.namespace()?));
        }
        if let Some(release) = self.release().filter(|_| filter.previous.is_empty()) {
            words.push(format!("--previous=helm:{release}"));
        }
        words.extend(self.filters.iter().cloned());
        if is_coloured() && !self.filters.iter().any(|word| word.starts_with("--color")) {
            words.push("--color=always".to_owned());
        }
        let mut command = self.command();
        renderer.apply(&mut command, &words);
        Ok((renderer, command))
    }

    /// Returns the command that calls Helm without the filter.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(program());
        command.arg(self.verb.as_str()).args(&self.words.for_helm).envs(release::variables(&self.words));
        // An outer Helm sets these for its plugin `helm immutably`; they do not apply to the Helm that this starts.
        command.env_remove("HELM_PLUGIN_NAME").env_remove("HELM_PLUGIN_DIR");
        command
    }
}

/// Returns the version of Helm and its help for this command. Helm is slow to start, so both calls run in parallel.
fn asked(verb: Verb) -> Result<(Version, String), String> {
    std::thread::scope(|scope| {
        let version = scope.spawn(Version::ask);
        let help = says(&[verb.as_str(), "--help"], &[])?;
        let version =
            version.join().unwrap_or_else(|_| Err("Helm cannot be asked for its version".to_owned()))?;
        Ok((version, help))
    })
}

/// Why Helm cannot be called.
pub(super) enum Problem {
    /// The command line is ambiguous or invalid.
    Words(String),
    /// Something outside this program failed.
    Outside(String),
}

impl Problem {
    /// Reports the problem; returns the exit status.
    pub(super) fn report(&self) -> u8 {
        match self {
            Problem::Words(problem) => args::wrong_for_helm(problem),
            Problem::Outside(problem) => {
                render::error(problem);
                1
            }
        }
    }
}

/// True if findings go to a terminal that shows colours. The filter cannot tell, because it writes them to a file.
fn is_coloured() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Returns a message about a program that cannot be started.
pub(super) fn not_started(error: &std::io::Error) -> String {
    format!("{} does not start: {error}; put Helm 3 or 4 on the PATH, or set HELM_BIN", program().display())
}
