//! Secrets with planted values, written in every form and broken in every way, and everything that a run shows of them.

#![allow(dead_code)] // each takes what it needs

pub(crate) mod damage;
pub(crate) mod markers;
pub(crate) mod secrets;
pub(crate) mod shown;
