//! A model of what Helm, Nelm, Argo CD, Flux, kapp and kubectl do with the releases of an application, and in which
//! order.
//!
//! Small state machines over values: from a [`Release`], a [`State`] and an [`Operation`] they produce a [`Trace`] of
//! steps and faults. docs/deployers.md is generated from it. Must not access a cluster.

mod quantity;
mod normal;
mod fields;
mod fixed;
mod hooks;
mod keeping;
mod release;
mod templates;
mod read;
mod order;
mod runners;
mod cluster;
mod trace;
mod run;
mod history;
mod helm;
mod argo_cd;
mod flux;
mod kapp;
mod kubectl;
mod deploy;

pub use cluster::{Cluster, Refusal};
pub use deploy::{Deployer, Operation, State, Trace, deploy};
pub use fields::{Field, fields as fixed_fields};
pub use fixed::Fixed;
pub use history::{History, Revision, Status};
pub use hooks::{Event as HookEvent, Hooks, Phase};
pub use keeping::Keeping;
pub use normal::normalize;
pub use read::{release, release_with};
pub use release::{Digest, Id, Member, Need, Place, Release, Rolls, Template};
pub use run::Mishap;
pub use runners::{Runner, What};
pub use trace::{Cause, Event, Fault, Step};
