//! In which order Jobs that name each other get their names, and which cannot.

/// `dependent` names `named` in its template, so that it needs the other's new name first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) dependent: u32,
    pub(super) named: u32,
}

/// All numbers below `count`, each behind those that it names; and those that name each other in a circle.
pub(super) fn order(count: usize, edges: &[Edge]) -> (Vec<u32>, Vec<u32>) {
    let (sorted, open) = freed(count, edges, |edge| (edge.dependent, edge.named));
    // What is left over is in a circle, or names something in one: freed from the other side the latter go.
    let left: Vec<Edge> = edges.iter().copied().filter(|edge| within(&open, *edge)).collect();
    let (_, circle) = freed(count, &left, |edge| (edge.named, edge.dependent));
    let circle = (0..).zip(&circle).filter(|(_, open)| **open).map(|(number, _)| number);
    (sorted, circle.collect())
}

fn within(open: &[bool], edge: Edge) -> bool {
    open[edge.dependent as usize] && open[edge.named as usize]
}

/// Frees what waits for nothing, and what waits for that; `ends` gives who waits and for whom. Returns the order, and for
/// each number whether it still waits.
fn freed(count: usize, edges: &[Edge], ends: impl Fn(Edge) -> (u32, u32)) -> (Vec<u32>, Vec<bool>) {
    let mut waits = vec![0_usize; count];
    let mut sorted: Vec<(u32, u32)> = edges.iter().map(|edge| ends(*edge)).map(|(a, b)| (b, a)).collect();
    sorted.sort_unstable();
    sorted.iter().for_each(|(_, waiting)| waits[*waiting as usize] += 1);
    let mut order: Vec<u32> = (0..).zip(&waits).filter(|(_, waits)| **waits == 0).map(|(n, _)| n).collect();
    let mut at = 0;
    while let Some(&free) = order.get(at) {
        at += 1;
        let first = sorted.partition_point(|(awaited, _)| *awaited < free);
        for (_, waiting) in sorted[first..].iter().take_while(|(awaited, _)| *awaited == free) {
            waits[*waiting as usize] -= 1;
            if waits[*waiting as usize] == 0 {
                order.push(*waiting);
            }
        }
    }
    (order, waits.iter().map(|waits| *waits > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_comes_first_and_circles_are_found() {
        let edge = |dependent, named| Edge { dependent, named };
        let (sorted, circle) = order(4, &[edge(0, 1), edge(1, 2), edge(0, 2), edge(0, 1)]);
        assert_eq!((sorted, circle), (vec![2, 3, 1, 0], vec![]));
        let (sorted, circle) = order(5, &[edge(0, 1), edge(1, 2), edge(2, 1), edge(2, 3)]);
        assert_eq!((sorted, circle), (vec![3, 4], vec![1, 2]));
    }
}
