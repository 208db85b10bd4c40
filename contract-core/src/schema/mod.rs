//! Validating a value against a schema of the contract, with a code and a place for each failure.

mod compile;
mod engine;
mod explain;
mod formats;
mod pattern;
mod prepare;
mod words;

pub use compile::Schema;
pub(crate) use compile::Schemas;
pub(crate) use formats::KNOWN as KNOWN_FORMATS;
pub(crate) use pattern::translate as translate_pattern;
pub(crate) use words::explained;
