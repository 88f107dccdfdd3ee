//! Streams of the four shapes that matter for speed, of any size, the same bytes in every run.
//!
//! Holds the text only. What is measured with it is for the benches.

#![allow(dead_code, reason = "each bench takes what it needs")]

mod crds;
mod helm;
mod json;
mod scalars;

#[allow(unused_imports, reason = "each bench takes what it needs")]
pub(crate) use helm::applications;

/// A shape of stream: its name, and the text of about so many bytes.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    make: fn(&mut String, usize),
    end: &'static str,
}

/// Every shape. The first one is what `helm template` writes for many small charts.
pub(crate) const SHAPES: [Shape; 4] = [
    Shape { name: "helm-like", make: helm::application, end: "" },
    Shape { name: "crd-heavy", make: crds::operator, end: "" },
    Shape { name: "block-scalars", make: scalars::dashboards, end: "" },
    Shape { name: "json-list", make: json::application, end: json::END },
];

impl Shape {
    /// The stream: whole units until there are `bytes` bytes.
    pub(crate) fn text(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + (1 << 20));
        for number in 0.. {
            if text.len() >= bytes {
                break;
            }
            (self.make)(&mut text, number);
        }
        text.push_str(self.end);
        text
    }
}
