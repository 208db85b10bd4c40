//! Validating a value against a schema of the contract, with a code and a place for each failure.

mod compile;
mod explain;

pub use compile::Schema;
