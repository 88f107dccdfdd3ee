//! Sorts Jobs that name each other, and finds circles among them.

use crate::kube::arena::Arena;
use crate::kube::job::JobIndex;

/// A pair of Jobs: the template of `dependent` contains the name of `named`, so `named` must get its new name first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) dependent: JobIndex,
    pub(super) named: JobIndex,
}

/// Returns the first `count` Jobs, each after those that it names, and the Jobs that are in a circle.
pub(super) fn order(count: usize, edges: &[Edge]) -> (Vec<JobIndex>, Vec<JobIndex>) {
    let (sorted, open) = freed(count, edges, |edge| (edge.dependent, edge.named));
    // The Jobs left over are in a circle or name a Job in one. Sorting in the opposite direction removes the latter.
    let left: Vec<Edge> = edges.iter().copied().filter(|edge| within(&open, *edge)).collect();
    let (_, circle) = freed(count, &left, |edge| (edge.named, edge.dependent));
    let circle = circle.indexed().filter(|(_, open)| **open).map(|(job, _)| job);
    (sorted, circle.collect())
}

fn within(open: &Arena<JobIndex, bool>, edge: Edge) -> bool {
    open[edge.dependent] && open[edge.named]
}

/// Sorts topologically: repeatedly removes the Jobs that wait for no other. `ends` returns the waiting Job and the Job
/// that it waits for. Returns the order, and for each Job whether it still waits.
fn freed(
    count: usize,
    edges: &[Edge],
    ends: impl Fn(Edge) -> (JobIndex, JobIndex),
) -> (Vec<JobIndex>, Arena<JobIndex, bool>) {
    let mut waits: Arena<JobIndex, usize> = std::iter::repeat_n(0, count).collect();
    let mut sorted: Vec<(JobIndex, JobIndex)> =
        edges.iter().map(|edge| ends(*edge)).map(|(a, b)| (b, a)).collect();
    sorted.sort_unstable();
    sorted.iter().for_each(|(_, waiting)| waits[*waiting] += 1);
    let mut order: Vec<JobIndex> =
        waits.indexed().filter(|(_, waits)| **waits == 0).map(|(job, _)| job).collect();
    let mut at = 0;
    while let Some(&free) = order.get(at) {
        at += 1;
        let first = sorted.partition_point(|(awaited, _)| *awaited < free);
        for (_, waiting) in sorted[first..].iter().take_while(|(awaited, _)| *awaited == free) {
            waits[*waiting] -= 1;
            if waits[*waiting] == 0 {
                order.push(*waiting);
            }
        }
    }
    (order, waits.iter().map(|waits| *waits > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kube::arena::ArenaIndex;

    #[test]
    fn what_is_named_comes_first_and_circles_are_found() {
        let edge = |dependent, named| Edge { dependent: JobIndex::at(dependent), named: JobIndex::at(named) };
        let jobs = |positions: &[usize]| positions.iter().map(|at| JobIndex::at(*at)).collect::<Vec<_>>();
        let (sorted, circle) = order(4, &[edge(0, 1), edge(1, 2), edge(0, 2), edge(0, 1)]);
        assert_eq!((sorted, circle), (jobs(&[2, 3, 1, 0]), jobs(&[])));
        let (sorted, circle) = order(5, &[edge(0, 1), edge(1, 2), edge(2, 1), edge(2, 3)]);
        assert_eq!((sorted, circle), (jobs(&[3, 4]), jobs(&[1, 2])));
    }
}
