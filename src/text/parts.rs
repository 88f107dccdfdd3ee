//! Work on parts of the input, on several threads.
//!
//! The results have the order of the parts, so that the number of threads changes nothing but the time. Must not know
//! what the work is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};

/// Parts for each thread: one that is slower, or not given a core, takes fewer of them.
const PARTS_OF_A_THREAD: usize = 4;

/// In how many parts the input should be cut; one where there is one thread only.
pub fn count(threads: usize) -> usize {
    if threads > 1 { threads * PARTS_OF_A_THREAD } else { 1 }
}

/// Does the work for each part, on at most so many threads, the caller's among them. Results are in the order of the parts.
pub fn each<P: Sync, R: Send>(threads: usize, parts: &[P], work: impl Fn(&P) -> R + Sync) -> Vec<R> {
    if threads.min(parts.len()) <= 1 {
        return parts.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some((at, part)) = nth(parts, next.fetch_add(1, Ordering::Relaxed)) {
            done.push((at, work(part)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(parts.len())).map_while(|_| start(scope, take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn nth<P>(parts: &[P], at: usize) -> Option<(usize, &P)> {
    parts.get(at).map(|part| (at, part))
}

/// Where the system starts no more threads, those that run do all the work.
fn start<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, R>> {
    thread::Builder::new().spawn_scoped(scope, work).ok()
}

/// Cuts what is in order into at most `count` runs of about the same size; `end` says where one item ends. No run is empty.
pub fn runs<T>(items: &[T], count: usize, end: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let all = items.last().map_or(0, &end);
    let mut rest = items;
    let mut found = Vec::new();
    for run in 1..=count.max(1) {
        let limit = all / count.max(1) * run;
        let at = if run >= count { rest.len() } else { rest.partition_point(|item| end(item) <= limit) };
        let (part, behind) = rest.split_at(at);
        found.extend((!part.is_empty()).then_some(part));
        rest = behind;
    }
    found
}

/// Cuts a text into at most `count` pieces of about the same size, each but the last with a line break at its end.
/// A piece comes with the place where it begins.
pub fn lines(text: &str, count: usize) -> Vec<(usize, &str)> {
    let (mut found, mut start) = (Vec::new(), 0);
    for piece in 1..=count.max(1) {
        let from = (text.len() / count.max(1) * piece).max(start);
        let end = if piece >= count { None } else { memchr::memchr(b'\n', &text.as_bytes()[from..]) };
        let end = end.map_or(text.len(), |at| from + at + 1);
        found.extend((start < end).then(|| (start, &text[start..end])));
        start = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_the_order_of_the_parts() {
        let parts: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 2, 7, 200] {
            let results = each(threads, &parts, |part| part * 2);
            assert_eq!(results, (0..100).map(|part| part * 2).collect::<Vec<_>>(), "{threads} threads");
        }
    }

    #[test]
    fn every_item_is_in_one_run() {
        let ends = [1_usize, 2, 90, 91, 92, 100];
        for count in 0..9 {
            let runs = runs(&ends, count, |end| *end);
            assert_eq!(runs.concat(), ends, "{count} runs");
            assert!(runs.len() <= count.max(1) && runs.iter().all(|run| !run.is_empty()));
        }
        assert!(runs::<usize>(&[], 3, |end| *end).is_empty());
    }

    #[test]
    fn pieces_of_a_text_are_whole_lines() {
        for text in ["", "a", "a\nb\nc", "\n\n\n", "a long line that is cut nowhere\nb\n"] {
            for count in 0..7 {
                let pieces = lines(text, count);
                let joined: String = pieces.iter().map(|(_, piece)| *piece).collect();
                assert_eq!(joined, text);
                let before = pieces.split_last().map_or(&[][..], |(_, before)| before);
                assert!(before.iter().all(|(_, piece)| piece.ends_with('\n')), "{pieces:?}");
                assert!(pieces.iter().all(|(at, piece)| text[*at..].starts_with(piece)), "{pieces:?}");
            }
        }
    }
}
