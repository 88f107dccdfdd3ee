//! The target of each reference, the use of each ConfigMap and Secret, mentions of their names, and near misses.
//!
//! Must not change or decide anything.

mod index;
pub mod resolve;
pub mod lifetimes;
mod anchored;
mod claims;
pub mod usage;
pub mod sidecars;
pub mod mentions;
pub mod elsewhere;
pub mod similar;
pub mod near_misses;
mod known;
pub mod external;

use crate::findings::diagnostic::Diagnostic;
use crate::kube::arena::Arena;
use crate::options::Options;
use crate::rules::Rules;
use crate::survey::details::Details;
use crate::survey::inventory::{Inventory, TargetIndex};
use crate::survey::references::ReferenceIndex;
use crate::yaml::split::Stream;
use mentions::Mention;
use near_misses::NearMisses;
use resolve::{Index, Link};
use usage::Usage;

/// How the objects of a stream refer to its ConfigMaps and Secrets.
#[derive(Debug)]
pub struct Links {
    /// The target of each reference.
    pub of_references: Arena<ReferenceIndex, Link>,
    /// How the stream uses each ConfigMap and Secret.
    pub usage: Arena<TargetIndex, Usage>,
    /// The places that contain their names and are not rewritten.
    pub mentions: Vec<Mention>,
    /// Findings about references that almost match, or that refer to objects outside the input.
    pub findings: Vec<Diagnostic>,
}

/// Resolves every reference, and collects how each ConfigMap and Secret is used. Each part of the details is dropped as
/// soon as it is no longer needed.
pub fn link(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    details: Details,
    index: &Index<'_>,
    rules: &Rules,
    options: &Options,
) -> Links {
    let mut unresolved = Vec::new();
    let of_references = resolve::resolve(inventory, &details, index, options).unwrap_or_else(|finding| {
        unresolved.push(*finding);
        inventory.collected.references.iter().map(|_| Link::Outside).collect()
    });
    let mut usage = usage::usage(inventory, index, &of_references, options.namespace.as_deref());
    anchored::claim(inventory, &of_references, &mut usage);
    sidecars::claim(inventory, &details, options.namespace.as_deref(), &mut usage);
    let NearMisses { suspected, mut findings } =
        near_misses::find(inventory, &details, index, &of_references, &usage, options);
    let Details { aside, keys, previous, labels } = details;
    drop((keys, previous, labels));
    let mentions = mentions::mentions(stream, inventory, &aside, &usage, rules, options);
    let mentions =
        elsewhere::mentions(inventory, index, &of_references, options.namespace.as_deref(), mentions);
    findings.append(&mut unresolved);
    findings.extend(external::external(inventory, &of_references, options));
    mentions.iter().for_each(|mention| usage[mention.target].mentioned = true);
    suspected.into_iter().for_each(|target| usage[target].suspected = true);
    Links { of_references, usage, mentions, findings }
}
