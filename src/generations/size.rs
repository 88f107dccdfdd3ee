//! The size of a Helm release, and how many versions fit into it.
//!
//! Helm stores a release as one Secret: the manifest and the chart, compressed, in base64. An API server accepts 1 MiB.
//! The chart is not available here, so the estimate uses the size of the stream for it.

use super::generation::{Fate, Generation};
use super::stream::Stream;
use crate::edits::texts::Input;
use crate::findings::diagnostic::{Code, Diagnostic};
use miniz_oxide::deflate::compress_to_vec;
use std::collections::BTreeMap;

/// The largest Secret that an API server accepts, in bytes.
const LIMIT: usize = 1 << 20;
/// The percentage of the limit that may be used. The rest is a reserve, because the estimate may be too low.
const FULL: usize = 95;
/// The percentage of the limit above which there is a warning.
const LARGE: usize = 65;
/// The compression level. The estimate is close to Helm's own compression, and faster.
const LEVEL: u8 = 6;

/// Drops the oldest generations until the release fits, and reports it.
pub(super) fn fit(stream: Stream<'_, '_>, list: &mut [Generation], diagnostics: &mut Vec<Diagnostic>) {
    let mut ages: BTreeMap<u32, usize> = BTreeMap::new();
    for one in list.iter().filter(|one| one.fate == Fate::Carried) {
        *ages.entry(one.generations_ago).or_default() += stored(one.text.as_bytes());
    }
    if ages.is_empty() {
        return;
    }
    let own = stored(&output(stream)) + stored(stream.source.text().as_bytes());
    let total = |ages: &BTreeMap<u32, usize>| own + ages.values().sum::<usize>();
    let whole = total(&ages);
    let mut dropped = false;
    while total(&ages) > LIMIT / 100 * FULL && ages.pop_last().is_some() {
        dropped = true;
    }
    for one in list.iter_mut().filter(|one| one.fate == Fate::Carried) {
        if !ages.contains_key(&one.generations_ago) {
            one.fate = Fate::Dropped;
        }
    }
    if dropped {
        diagnostics.push(shrunk(ages.len(), whole));
    }
    if total(&ages) > LIMIT / 100 * LARGE || ages.is_empty() {
        diagnostics.push(large(whole));
    }
}

/// Returns the size of a text in a release record, in bytes.
fn stored(text: &[u8]) -> usize {
    compress_to_vec(text, LEVEL).len().div_ceil(3) * 4
}

/// Returns the output without the versions that are carried.
fn output(stream: Stream<'_, '_>) -> Vec<u8> {
    let Stream { source, documents, inventory, plan, .. } = stream;
    let input = Input { source, documents, inventory };
    let mut out = Vec::with_capacity(source.text().len());
    // Another stage reports edits that are not possible. The part written so far is a good estimate.
    let _ = plan.write_all(input, None, 1, &mut out);
    out
}

fn shrunk(kept: usize, whole: usize) -> Diagnostic {
    let versions = match kept {
        0 => "no earlier versions are carried forward".to_owned(),
        1 => "only the versions of one earlier release are carried forward".to_owned(),
        kept => format!("only the versions of {kept} earlier releases are carried forward"),
    };
    let message = format!(
        "{versions}: with all of them, the Helm release would need about {}, and the API server accepts 1024 KiB",
        kilobytes(whole)
    );
    Diagnostic::new(Code::KeepShrunk, message)
}

fn large(whole: usize) -> Diagnostic {
    let message = format!(
        "with the versions that are carried forward, the Helm release needs about {}, and the API server accepts 1024 KiB",
        kilobytes(whole)
    );
    Diagnostic::new(Code::ReleaseSize, message)
        .help("lower `--keep`, or move large files out of ConfigMaps and Secrets")
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KiB", bytes.div_ceil(1024))
}
