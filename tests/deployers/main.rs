//! The model of the deployers: it reproduces the observations on a real API server, the documentation describes what it
//! does, and no sequence of releases goes wrong because of the filter without a finding that announces it.

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
