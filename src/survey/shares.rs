//! The parts of a stream that the threads read.

use crate::yaml::split::Document;

/// Cuts the documents into runs of about the same number of bytes.
pub(super) fn shares(documents: &[Document], count: usize) -> Vec<&[Document]> {
    let bytes = documents.last().map_or(0, |last| last.span.end as usize);
    let mut rest = documents;
    let mut found = Vec::new();
    for share in 1..=count {
        let end = bytes / count * share;
        let at = if share == count {
            rest.len()
        } else {
            rest.partition_point(|document| (document.span.end as usize) <= end)
        };
        let (part, behind) = rest.split_at(at);
        found.push(part);
        rest = behind;
    }
    found
}
