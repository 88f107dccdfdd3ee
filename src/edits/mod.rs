//! Every edit, in the order of the source and without overlap, each with its cause.
//!
//! Must not decide.

pub mod edit;
mod ambiguous;
pub mod anchors;
pub mod annotation;
pub mod stamps;
pub mod earlier_names;
pub mod originals;
pub mod helm_text;
pub mod job_names;
pub mod early;
pub mod grants;
pub mod texts;
pub mod plan;

use crate::decisions::Decisions;
use crate::links::Links;
use crate::options::Options;
use crate::survey::inventory::Inventory;
use crate::yaml::split::Stream;
use plan::Plan;
use texts::Input;

/// Plans every edit: new names, `immutable`, annotations, copies under the original names, and the names of Jobs.
pub fn plan(
    stream: &Stream<'_>,
    inventory: &Inventory<'_>,
    links: &Links,
    decisions: &Decisions,
    options: &Options,
) -> Plan {
    let mut additions = stamps::stamps(stream, inventory, links, decisions, options);
    additions.append(originals::originals(stream, inventory, &decisions.of_targets, options));
    additions.append(helm_text::helm_text(stream, inventory, &decisions.of_targets));
    additions.list.extend(job_names::job_names(&decisions.jobs));
    additions.list.extend(early::early(inventory, decisions));
    let input = Input { source: stream.source, documents: &stream.documents, inventory };
    plan::plan(input, links, decisions, additions, options.threads)
}
