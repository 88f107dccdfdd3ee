//! Secrets with planted values, in every notation and with every kind of damage, and everything that a run shows about
//! them.

#![allow(dead_code)] // each test uses a part of it

pub(crate) mod damage;
pub(crate) mod markers;
pub(crate) mod secrets;
pub(crate) mod shown;
