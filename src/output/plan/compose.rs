//! Combines the parts of a plan.

use super::configurations::{configurations, is_configuration};
use super::effects::{Effects, effects};
use super::fields::{Difference, differences};
use super::model::{Change, Fate, Name, Others, Outside, Plan, Refused, Starving, Summary, Workload};
use super::pairs::Pairs;
use super::reading::{Draft, Reading};
use super::verdicts::is_rolling;
use super::workloads::{Directory, workloads};
use crate::deployers::{self, Deployer, Id, Member, Refusal};
use crate::findings::diagnostic::Diagnostic;
use crate::kube::shown;
use crate::options::Options;
use crate::output::plan::model::Configuration;
use crate::rules::Rules;
use crate::text::parts;
use crate::text::source::Source;

/// The version of the plan's format.
const SCHEMA: u32 = 1;
/// The default advice about an update that is refused.
const RENAME: &str = "give it a new name, or delete it first";
/// The most fields listed for one refused update.
const FIELDS: usize = 3;

/// Returns what happens when `new` is deployed after `old`. Both are streams in the form in which they are deployed.
/// `outside`: objects that `new` refers to and does not contain.
///
/// # Errors
/// Fails for the first document that cannot be read. The finding says whether it is in the previous stream.
pub fn compose(
    (old, new): (&Source, &Source),
    outside: Vec<Outside>,
    deployer: Deployer,
    rules: &Rules,
    options: &Options,
) -> Result<Plan, Box<Diagnostic>> {
    let (before, after) = both(options, [old, new], |source| Draft::read(source, rules, options));
    let before = before.map_err(|finding| Box::new(finding.in_previous(0)))?;
    let after = after?;
    let each = [(&before, old, &after), (&after, new, &before)];
    let (old, new) = both(options, each, |(own, source, other)| own.compared(source, &other.release));
    let pairs = Pairs::of(&old, &new);
    let effects = effects(deployer, &old, &new);
    let directory = Directory::of(&new);
    let fate = |id: &Id| if effects.deleted.contains(id) { Fate::Deleted } else { Fate::Stays };
    let configurations = configurations(&old, &new, &pairs, &directory.users(&new), fate);
    let workloads = workloads(deployer, &old, &new, &pairs, &directory, &effects);
    Ok(Plan {
        schema: SCHEMA,
        deployer: deployer.as_str(),
        summary: summary(&old, &new, &pairs, &effects, (&configurations, &workloads)),
        refused: effects.refused.iter().map(|(at, why)| refused(&old, &new, &pairs, *at, *why)).collect(),
        hooks: starving(&effects, &directory),
        broken: effects.broken.clone(),
        workloads,
        configurations,
        outside,
        others: others(&old, &new, &pairs),
        left: effects.left,
    })
}

/// Runs `work` for both streams, in parallel if the options allow it.
fn both<P: Sync, R: Send>(options: &Options, streams: [P; 2], work: impl Fn(&P) -> R + Sync) -> (R, R) {
    let mut results = parts::each(options.threads, &streams, work);
    let second = results.swap_remove(1);
    (results.swap_remove(0), second)
}

impl Plan {
    /// True if something will go wrong during the deployment.
    pub fn fails(&self) -> bool {
        self.summary.refused > 0 || self.summary.starving > 0
    }
}

fn refused(old: &Reading, new: &Reading, pairs: &Pairs, at: usize, why: Refusal) -> Refused {
    let object = Name::from(&new.release.members[at].id);
    let (fields, help) = fixed(old, new, pairs, at);
    match why {
        Refusal::Immutable => Refused {
            object,
            why: "it is immutable, and its content would change under the same name",
            fields: Vec::new(),
            help: "give it a new name, as its version has, or delete it first",
        },
        Refusal::Fixed => Refused {
            fields,
            object,
            why: "a field that cannot change would change under the same name",
            help,
        },
    }
}

/// Returns the fields that change although they cannot, and the advice about the first of them.
fn fixed(old: &Reading, new: &Reading, pairs: &Pairs, at: usize) -> (Vec<String>, &'static str) {
    let id = &new.release.members[at].id;
    if id.kind == "Secret" {
        return (vec!["type".to_owned()], RENAME);
    }
    let before = pairs.old_of[at].and_then(|at| old.details[at].text.as_deref());
    let (Some(before), Some(after)) = (before, new.details[at].text.as_deref()) else {
        return (Vec::new(), RENAME);
    };
    let forbidden = deployers::fixed_fields(&id.group, &id.kind).flat_map(|field| {
        let found = differences(before, after, field.path(), |value| field.normalize(value))
            .unwrap_or_default()
            .into_iter();
        let forbids =
            |change: &Difference| field.forbids(&change.path, change.old.as_deref(), change.new.as_deref());
        found.filter(forbids).map(|change| (change.path, field.help()))
    });
    let (fields, help): (Vec<String>, Vec<&str>) = forbidden.take(FIELDS).unzip();
    (fields, help.first().copied().unwrap_or(RENAME))
}

/// True if an object differs only in labels that every upgrade changes.
fn relabelled(old: &Reading, new: &Reading, pairs: &Pairs, at: usize) -> bool {
    let before = pairs.old_of[at].map(|at| &old.details[at]);
    before.is_some_and(|before| new.details[at].is_relabelled(before))
}

fn starving(effects: &Effects, directory: &Directory<'_>) -> Vec<Starving> {
    let hook = |(hook, needs): &(Id, Vec<crate::deployers::Need>)| Starving {
        hook: Name::from(hook),
        needs: needs.iter().map(|need| shown::name(&need.name).to_owned()).collect(),
        comes_later: needs.iter().any(|need| directory.find(need).is_some()),
    };
    effects.starving.iter().map(hook).collect()
}

fn others(old: &Reading, new: &Reading, pairs: &Pairs) -> Others {
    let is_other = |member: &Member| !is_configuration(&member.id) && member.template.is_none();
    let mut others = Others {
        gone: pairs.gone.iter().filter(|at| is_other(&old.release.members[**at])).count(),
        ..Others::default()
    };
    for (at, member) in new.release.members.iter().enumerate().filter(|(_, member)| is_other(member)) {
        let before = pairs.old_of[at].map(|at| old.release.members[at].digest);
        *match before {
            None => &mut others.added,
            Some(before) if before == member.digest => &mut others.unchanged,
            // The totals count them.
            Some(_) if relabelled(old, new, pairs, at) => continue,
            Some(_) => &mut others.changed,
        } += 1;
    }
    others
}

fn summary(
    old: &Reading,
    new: &Reading,
    pairs: &Pairs,
    effects: &Effects,
    (configurations, workloads): (&[Configuration], &[Workload]),
) -> Summary {
    let same = |at: &usize| {
        let before = pairs.old_of[*at].map(|at| old.release.members[at].digest);
        before == Some(new.release.members[*at].digest)
    };
    let unchanged = (0..new.release.members.len()).filter(same).count();
    let rolling = workloads.iter().filter(|workload| is_rolling(workload.verdict));
    let counts =
        |change| !matches!(change, Change::Unchanged | Change::Carried | Change::Marked | Change::Relabelled);
    Summary {
        configurations: configurations.iter().filter(|one| counts(one.change)).count(),
        rolling: rolling.clone().count(),
        pods: rolling.filter_map(|workload| workload.pods).fold(0, u64::saturating_add),
        refused: effects.refused.len(),
        starving: effects.starving.len(),
        unchanged,
        changed: new.release.members.len() - unchanged + pairs.gone.len(),
        relabelled: (0..new.release.members.len()).filter(|at| relabelled(old, new, pairs, *at)).count(),
    }
}
