//! Work on parts of the input, on several threads.
//!
//! The results are in the order of the parts, so the number of threads affects only the time. Must not know what the
//! work is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};

/// The first part is the work of one thread divided by this.
const PARTS_OF_A_THREAD: usize = 2;

/// The smallest part, except the last, is the first part divided by this.
const SMALLER: usize = 16;

/// Returns the divisor for [`runs`] and [`lines`]: the first part is the input divided by it. With one thread, there is
/// only one part.
pub fn count(threads: usize) -> usize {
    if threads > 1 { threads * PARTS_OF_A_THREAD } else { 1 }
}

/// Returns the offsets at which the parts of `length` bytes end. Each part takes the same share of the rest, so the
/// parts become smaller. Threads that take large parts first and small parts last finish at about the same time. With
/// eight equal parts, one thread often reads the last part alone.
fn limits(length: usize, count: usize) -> Vec<usize> {
    let smallest = (length / (count.max(1) * SMALLER)).max(1);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < length {
        at += ((length - at) / count.max(1)).max(smallest);
        found.push(at.min(length));
    }
    found
}

/// Runs `work` on each part, on at most `threads` threads, which include the calling thread. Returns the results in the
/// order of the parts.
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

/// Like [`each`], but joins the results in the order of the parts. A result is joined as soon as all earlier results
/// are, so few results are kept, and no thread has to join them all at the end.
pub fn joined<P: Sync, R: Send>(
    threads: usize,
    parts: &[P],
    work: impl Fn(&P) -> R + Sync,
    join: impl Fn(&mut R, R) + Sync,
) -> Option<R> {
    let results = Mutex::new(Results { joined: None, next: 0, waiting: BTreeMap::new() });
    let numbered: Vec<(usize, &P)> = parts.iter().enumerate().collect();
    each(threads, &numbered, |(at, part)| {
        let result = work(part);
        results.lock().unwrap_or_else(PoisonError::into_inner).add(*at, result, &join);
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).joined
}

/// The number of results of one thread that may wait for [`in_order`].
const WAITING: usize = 4;

/// Like [`each`], but passes each result to `take` on the calling thread, in the order of the parts, while other threads
/// work on later parts. Few results are kept: a thread that is far ahead waits.
///
/// # Errors
/// The first error of `take`, which ends the work.
pub fn in_order<P: Sync, R: Send, E>(
    threads: usize,
    parts: &[P],
    work: impl Fn(&P) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.min(parts.len()).max(1);
    let work = &work;
    thread::scope(|scope| {
        // Each thread has the parts whose numbers have the same remainder. The calling thread is the first.
        let others: Vec<Option<Receiver<R>>> = (1..threads)
            .map(|number| {
                let (results, received) = sync_channel(WAITING);
                let mut own = parts.iter().skip(number).step_by(threads);
                // Nobody receives results after an error.
                let send_all = move || own.all(|part| results.send(work(part)).is_ok());
                start(scope, send_all).map(|_| received)
            })
            .collect();
        for (at, part) in parts.iter().enumerate() {
            let other = (at % threads).checked_sub(1).and_then(|other| others[other].as_ref());
            // A thread that panicked sends nothing. The scope passes the panic on.
            let Some(result) = other.map_or_else(|| Some(work(part)), |other| other.recv().ok()) else {
                break;
            };
            take(result)?;
        }
        Ok(())
    })
}

/// The joined results of the first parts, and those of later parts that wait.
struct Results<R> {
    joined: Option<R>,
    next: usize,
    waiting: BTreeMap<usize, R>,
}

impl<R> Results<R> {
    fn add(&mut self, at: usize, result: R, join: impl Fn(&mut R, R)) {
        self.waiting.insert(at, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            self.next += 1;
            match &mut self.joined {
                Some(joined) => join(joined, result),
                None => self.joined = Some(result),
            }
        }
    }
}

fn nth<P>(parts: &[P], at: usize) -> Option<(usize, &P)> {
    parts.get(at).map(|part| (at, part))
}

/// Starts a thread. Returns `None` if the system starts no more threads; the running threads then do all the work.
fn start<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, R>> {
    thread::Builder::new().spawn_scoped(scope, work).ok()
}

/// Splits `items`, which are in order, into runs. The first run is about the whole divided by `count`. `end` returns
/// the offset at which an item ends. No run is empty.
pub fn runs<T>(items: &[T], count: usize, end: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut rest = items;
    let mut found = Vec::new();
    for limit in limits(items.last().map_or(0, &end), count) {
        let (part, behind) = rest.split_at(rest.partition_point(|item| end(item) <= limit));
        found.extend((!part.is_empty()).then_some(part));
        rest = behind;
    }
    found.extend((!rest.is_empty()).then_some(rest));
    found
}

/// Splits a text into pieces and returns each with its offset. The first piece is about the text divided by `count`.
/// Each piece, except perhaps the last, ends with a line break.
pub fn lines(text: &str, count: usize) -> Vec<(usize, &str)> {
    let (mut found, mut start) = (Vec::new(), 0);
    for limit in limits(text.len(), count) {
        if limit <= start {
            continue;
        }
        // The last byte within the limit may itself be the line break.
        let from = limit - 1;
        let end = memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |at| from + at + 1);
        found.push((start, &text[start..end]));
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
            let append = |all: &mut Vec<usize>, mut more: Vec<usize>| all.append(&mut more);
            let joined = joined(threads, &parts, |part| vec![part * 2], append);
            assert_eq!(joined, Some(results), "{threads} threads");
        }
    }

    #[test]
    fn results_are_taken_in_the_order_of_the_parts() {
        let parts: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 2, 7, 200] {
            for stop in [0, 50, 100] {
                let mut taken = Vec::new();
                let take = |part: usize| {
                    taken.push(part);
                    if part == stop { Err(part) } else { Ok(()) }
                };
                let end = in_order(threads, &parts, |part| *part, take);
                assert_eq!(end, if stop < 100 { Err(stop) } else { Ok(()) }, "{threads} threads");
                assert_eq!(taken, (0..100.min(stop + 1)).collect::<Vec<_>>(), "{threads} threads");
            }
        }
    }

    #[test]
    fn every_item_is_in_one_run() {
        let ends = [1_usize, 2, 90, 91, 92, 100];
        for count in 0..9 {
            let runs = runs(&ends, count, |end| *end);
            assert_eq!(runs.concat(), ends, "{count} runs");
            assert!(runs.iter().all(|run| !run.is_empty()));
            assert!(count > 1 || runs.len() == 1);
        }
        assert!(runs::<usize>(&[], 3, |end| *end).is_empty());
    }

    #[test]
    fn parts_become_smaller() {
        assert!(limits(0, 4).is_empty());
        assert_eq!(limits(5, 0), limits(5, 1));
        assert_eq!(limits(5, 1), [5]);
        let ends = limits(6400, 4);
        let sizes: Vec<usize> = ends.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!((ends[0], ends.last()), (1600, Some(&6400)));
        assert!(sizes.is_sorted_by(|one, other| one >= other) && sizes.iter().all(|size| *size <= 1600));
        assert!(ends.len() < 20, "{ends:?}");
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
