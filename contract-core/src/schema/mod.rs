//! Validating a value against a schema of the contract, with a code and a place for each failure.

mod compile;
mod explain;
mod formats;
mod schemas;

pub use compile::Schema;
pub(crate) use schemas::Schemas;
