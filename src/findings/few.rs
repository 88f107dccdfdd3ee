//! A limit on the errors of one kind. A stream of a few megabytes can cause a million errors, and one is enough to
//! refuse it.
//!
//! All warnings and notes are kept, because they are about what the output contains. Must not know what an error means.

use super::diagnostic::{Code, Diagnostic, Severity};
use std::collections::BTreeMap;

/// The maximum number of errors of one code that a stage keeps.
const MOST: usize = 1000;

/// The number of errors of each code that were removed from a list of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    counts: BTreeMap<Code, usize>,
    /// The length that the list may reach before it is shortened again.
    room: usize,
}

impl LeftOut {
    /// Removes the errors beyond the limit, if the list has doubled since the last time. Keeps the first errors.
    pub fn bound(&mut self, findings: &mut Vec<Diagnostic>) {
        if findings.len() > self.room.max(MOST) {
            self.shorten(findings);
            self.room = 2 * findings.len();
        }
    }

    /// Adds the numbers of a part that follows.
    pub fn join(&mut self, other: LeftOut) {
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count;
        }
    }

    /// Removes the errors beyond the limit, and adds the number of removed errors to the last error of each code.
    pub fn finish(mut self, findings: &mut Vec<Diagnostic>) {
        if findings.len() > MOST {
            self.shorten(findings);
        }
        for (code, count) in self.counts {
            let last = findings.iter_mut().rev().find(|finding| is_error(finding) && finding.code == code);
            let Some(last) = last else { continue };
            last.message = last.message.and(&format!(" ({count} more errors of this kind are not listed)"));
            last.more = count;
        }
    }

    fn shorten(&mut self, findings: &mut Vec<Diagnostic>) {
        let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
        findings.retain(|finding| {
            let count = seen.entry(finding.code).or_default();
            *count += usize::from(is_error(finding));
            let kept = !is_error(finding) || *count <= MOST;
            if !kept {
                *self.counts.entry(finding.code).or_default() += 1;
            }
            kept
        });
    }
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(code: Code, count: usize) -> impl Iterator<Item = Diagnostic> {
        (0..count).map(move |number| Diagnostic::new(code, number.to_string()))
    }

    #[test]
    fn the_first_errors_stay_and_the_last_counts_the_others() {
        let (mut left_out, mut found) = (LeftOut::default(), Vec::new());
        for finding in findings(Code::InvalidYaml, 5000).chain(findings(Code::LeftAlone, 5000)) {
            found.push(finding);
            left_out.bound(&mut found);
        }
        let mut part = LeftOut::default();
        let mut behind: Vec<Diagnostic> = findings(Code::InvalidYaml, 2500).collect();
        part.bound(&mut behind);
        found.extend(behind);
        left_out.join(part);
        left_out.finish(&mut found);
        let errors: Vec<&Diagnostic> = found.iter().filter(|finding| is_error(finding)).collect();
        assert_eq!((errors.len(), found.len()), (MOST, MOST + 5000));
        assert_eq!(errors[MOST - 1].message.read(), "999 (6500 more errors of this kind are not listed)");
        assert_eq!(errors.iter().map(|finding| 1 + finding.more).sum::<usize>(), 7500);
    }

    #[test]
    fn few_errors_stay_as_they_are() {
        let mut found: Vec<Diagnostic> = findings(Code::InvalidYaml, MOST).collect();
        let before = found.clone();
        LeftOut::default().finish(&mut found);
        assert_eq!(found, before);
    }
}
