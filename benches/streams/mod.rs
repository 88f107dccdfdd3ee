//! Streams of the four shapes that matter for speed, in any size. The bytes are the same in every run.
//!
//! Contains the text only. Must not measure.

#![allow(dead_code, reason = "each bench takes what it needs")]

mod crds;
mod helm;
mod json;
mod scalars;

#[allow(unused_imports, reason = "each bench takes what it needs")]
pub(crate) use helm::applications;

/// A shape of stream: its name, and the functions and text that it is generated from.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    make: fn(&mut String, usize),
    end: &'static str,
}

/// Every shape. The first is what `helm template` writes for many small charts.
pub(crate) const SHAPES: [Shape; 4] = [
    Shape { name: "helm-like", make: helm::application, end: "" },
    Shape { name: "crd-heavy", make: crds::operator, end: "" },
    Shape { name: "block-scalars", make: scalars::dashboards, end: "" },
    Shape { name: "json-list", make: json::application, end: json::END },
];

impl Shape {
    /// Returns a stream of at least `bytes` bytes, made of whole units.
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
