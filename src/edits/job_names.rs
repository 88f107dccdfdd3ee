//! The edits that give Jobs and bare Pods their new names.
//!
//! Must not choose the names: the decisions contain them.

use super::edit::{Addition, Change, Why};
use crate::decisions::jobs::JobDecisions;

/// Returns one addition for each place, in the order of [`JobDecisions::renames`].
pub fn job_names(jobs: &JobDecisions) -> Vec<Addition> {
    let additions = jobs.renames.iter().map(|rename| {
        let text = rename.site.writing.write(&rename.new).into_owned();
        let why = if rename.own { Why::JobName } else { Why::JobReference };
        Addition {
            change: Change { site: rename.site, text: text.into(), old: rename.old.as_str().into() },
            why,
        }
    });
    additions.collect()
}
