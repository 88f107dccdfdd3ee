//! A call of Helm with the filter: read from the command line, then prepared.

use super::flags::Flags;
use super::program::{Version, program, says};
use super::release::{self, Verb};
use super::renderer::Renderer;
use super::words::Words;
use crate::args::{self, Filter};
use crate::render;
use std::process::Command;

/// A call of Helm, and what the filter has to know about it.
pub(super) struct Call {
    verb: Verb,
    pub(super) version: Version,
    flags: Flags,
    pub(super) words: Words,
    /// Options that the user gave to the filter.
    pub(super) filters: Vec<String>,
}

impl Call {
    /// Reads the arguments after the command: those of Helm, and those of the filter.
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
        release::release(verb, &words).map_err(Problem::Words)?;
        let filters = words.for_filter.iter().chain(filters).cloned().collect();
        Ok(Call { verb, version, flags, words, filters })
    }

    /// The release whose earlier versions have to be carried forward.
    pub(super) fn release(&self) -> Option<&str> {
        release::release(self.verb, &self.words).ok().flatten()
    }

    /// The namespace of the release.
    pub(super) fn namespace(&self) -> Result<String, String> {
        release::namespace(&self.words, &release::variables(&self.words))
    }

    /// Before 3.13, `--dry-run` is a switch.
    pub(super) fn takes_server_dry_run(&self) -> bool {
        self.flags.takes_optional_value("dry-run")
    }

    /// The command that calls Helm with the filter.
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
        let mut command = Command::new(program());
        command.arg(self.verb.as_str()).args(&self.words.for_helm).envs(release::variables(&self.words));
        // This call is no plugin of the Helm that it starts.
        command.env_remove("HELM_PLUGIN_NAME").env_remove("HELM_PLUGIN_DIR");
        renderer.apply(&mut command, &words);
        Ok((renderer, command))
    }
}

/// The version of Helm, and its help for this command. Helm takes a while to start, so both are asked for at once.
fn asked(verb: Verb) -> Result<(Version, String), String> {
    std::thread::scope(|scope| {
        let version = scope.spawn(Version::ask);
        let help = says(&[verb.as_str(), "--help"], &[])?;
        let version =
            version.join().unwrap_or_else(|_| Err("Helm cannot be asked for its version".to_owned()))?;
        Ok((version, help))
    })
}

/// Why Helm is not called.
pub(super) enum Problem {
    /// The command line can mean two things.
    Words(String),
    /// Something outside fails.
    Outside(String),
}

impl Problem {
    /// Reports it; returns the exit status.
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

/// True when findings reach a terminal that shows colours: the filter sees only a file.
fn is_coloured() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Why a program does not run.
pub(super) fn not_started(error: &std::io::Error) -> String {
    format!("{} does not start: {error}; put Helm 3 or 4 on the PATH, or set HELM_BIN", program().display())
}
