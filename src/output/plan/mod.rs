//! What a deployment will do, for a reviewer: compares the stream that was deployed last with the next one.
//!
//! Both are read as releases, and the model of the deployers predicts what happens. Must not filter, and must not
//! compute again what the model knows.

mod model;
mod fields;
mod labels;
mod emphasis;
mod reading;
mod pairs;
mod configurations;
mod verdicts;
mod causes;
mod workloads;
mod own;
mod effects;
mod outside;
mod compose;
mod paint;
mod text;
mod markdown;

pub use compose::compose;
pub use markdown::markdown;
pub use model::{
    Broken, Cause, Change, Configuration, Fate, Key, KeyChange, Name, Others, Outside, Plan, Refused,
    Starving, Summary, Verdict, Workload,
};
pub use outside::outside;
pub use text::text;
