//! An application that a deployer manages, with streams that the real filter processes.

use crate::application::RULES;
use immutably::deployers::{
    self, Deployer, Fault, Id, Member, Mishap, Operation, Release, Revision, State, Status, Trace,
};
use immutably::findings::diagnostic::Code;
use immutably::generations::{Outcome, Previous};
use immutably::options::Deployer as Retainer;
use immutably::{Options, Source, rewrite_after};
use serde_json::Value;
use std::sync::Arc;

/// What docs/rollouts.md recommends so that old pods keep the objects that they refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No action: the deployer deletes nothing.
    Nothing,
    /// Carry versions forward with `--previous`.
    Previous,
    /// Annotate versions so that the deployer keeps them, with `--retain`.
    Retain(Retainer),
}

/// An application and its history.
pub(crate) struct Side {
    pub(crate) deployer: Deployer,
    /// `None`: without the filter.
    pub(crate) answer: Option<Answer>,
    /// The state of the cluster.
    pub(crate) state: State,
    /// The released streams, as text and parsed.
    pub(crate) outputs: Vec<(String, Arc<Release>)>,
    /// The findings of the filter so far.
    pub(crate) findings: Vec<(Code, String)>,
}

impl Side {
    pub(crate) fn new(deployer: Deployer, answer: Option<Answer>) -> Side {
        Side { deployer, answer, state: State::default(), outputs: Vec::new(), findings: Vec::new() }
    }

    /// Deploys a release with these objects.
    pub(crate) fn deploy(&mut self, objects: &[Value], atomic: bool, mishap: Option<Mishap>) -> Trace {
        let release = self.read(objects);
        let waits = mishap == Some(Mishap::NeverReady);
        self.operate(&Operation::Deploy { release, waits, atomic }, mishap)
    }

    /// Runs another operation, after all rollouts that can finish.
    pub(crate) fn operate(&mut self, operation: &Operation, mishap: Option<Mishap>) -> Trace {
        let state = self.state.clone().settled();
        let trace = deployers::deploy(self.deployer, &state, operation, mishap);
        self.state = trace.state.clone();
        trace
    }

    /// Returns the number of the newest revision.
    pub(crate) fn newest(&self) -> u32 {
        self.state.history.revisions().last().map_or(0, |revision| revision.number)
    }

    /// True if the newest revision contains this object.
    pub(crate) fn is_current(&self, id: &Id) -> bool {
        let newest = self.state.history.revisions().last();
        newest.is_some_and(|revision| revision.release.members.iter().any(|member| member.id == *id))
    }

    /// Returns the refusals of the newest stream that would have followed if the deployer had continued.
    pub(crate) fn not_reached(&self) -> Vec<Fault> {
        let members = self.outputs.last().map_or(&[][..], |(_, release)| &release.members);
        let refused = |member: &Arc<Member>| {
            let refusal = self.state.cluster.refuses(member)?;
            Some(Fault::Refused { id: member.id.clone(), refusal })
        };
        members.iter().filter_map(refused).collect()
    }

    /// Filters and reads a stream as deployed.
    pub(crate) fn read(&mut self, objects: &[Value]) -> Arc<Release> {
        let text = objects.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n---\n") + "\n";
        let text = self.filtered(&text);
        let source = Source::new("stream", text.as_str()).expect("text");
        let release = Arc::new(deployers::release(&source, &RULES, &options()).expect("a stream"));
        self.outputs.push((text, Arc::clone(&release)));
        release
    }

    fn filtered(&mut self, text: &str) -> String {
        let Some(answer) = self.answer else { return text.to_owned() };
        let mut options = options();
        if let Answer::Retain(deployer) = answer {
            options.retain = vec![deployer];
        }
        let previous = if answer == Answer::Previous { self.previous() } else { Vec::new() };
        let source = Source::new("stream", text).expect("text");
        let outcome = rewrite_after(&source, &previous, &options);
        assert!(!outcome.refused(), "{:?}\n{text}", outcome.diagnostics());
        self.findings
            .extend(outcome.diagnostics().iter().map(|finding| (finding.code, finding.message.to_string())));
        let mut out = Vec::new();
        outcome.write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    /// Returns the previous manifests: with Helm the last deployed one and all since, otherwise the newest.
    fn previous(&self) -> Vec<Previous> {
        let revisions = self.state.history.revisions();
        let helm = matches!(self.deployer, Deployer::Helm3 | Deployer::Helm4 | Deployer::Nelm);
        let last = |status| revisions.iter().rposition(|revision| revision.status == status);
        let newest = revisions.len().saturating_sub(1);
        let deployed = last(Status::Deployed).filter(|_| helm);
        let good = deployed.or_else(|| last(Status::Superseded).filter(|_| helm));
        let compared = deployed.unwrap_or(newest);
        let outcome =
            |at: usize| if at == compared || Some(at) == good { Outcome::Deployed } else { Outcome::Failed };
        let from = good.unwrap_or(if helm { 0 } else { newest });
        (from..revisions.len()).filter_map(|at| self.text(&revisions[at], outcome(at))).collect()
    }

    /// Returns the manifest of a revision, in the form that a post-renderer gets.
    fn text(&self, revision: &Revision, outcome: Outcome) -> Option<Previous> {
        let (text, _) = self.outputs.iter().find(|(_, known)| Arc::ptr_eq(known, &revision.release))?;
        let source = Source::new("previous", text.as_str()).expect("text");
        Some(Previous { source, outcome, certain: false })
    }
}

fn options() -> Options {
    Options { namespace: Some("prod".to_owned()), ..Options::default() }
}
