//! The model of deployers: what was seen on a real API server comes out of it, the documentation says what it does, and
//! no sequence of releases goes wrong because of the filter without a finding that says so.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

mod application;
mod chart;
mod failures;
mod generated;
mod hooks;
mod moves;
mod pages;
mod plans;
mod promise;
mod refusals;
mod releases;
mod side;
mod stand_in;
mod with_kubectl;
mod with_others;

#[path = "../streams/mod.rs"]
mod streams;
