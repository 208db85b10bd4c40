//! Validating a value against a schema of the contract, with a code and a place for each failure.

mod accept;
mod compile;
mod engine;
mod evaluate;
mod explain;
mod pattern;
mod prepare;
mod standalone;
mod trees;
mod words;

pub use crate::plan::{Decider, Ruling};
pub(crate) use compile::Schemas;
pub use compile::{Checked, Schema, Unbuilt};
pub(crate) use engine::Engine;
pub(crate) use evaluate::{Bound, Divisor, Finding, Id as ProgramId, Kind, Program, Sized, Types, are_unique, equal};
pub(crate) use pattern::{
    Inclusion, Matcher, example as pattern_example, examples as pattern_examples, inclusion,
    translate as translate_pattern,
};
pub(crate) use prepare::PATTERN_AS_WRITTEN;
pub(crate) use trees::Trees;
pub(crate) use words::explained;

/// Whether a contract takes this `pattern`: it can be read, is linear, and is of moderate size.
pub fn is_pattern(text: &str) -> bool {
    translate_pattern(text).is_ok()
}

/// Whether a contract checks strings of this `format`; any other format it refuses.
pub fn is_checked_format(name: &str) -> bool {
    crate::formats::check(name).is_some()
}
