//! Types and contracts as text: their members in the order of the manual, and into contracts that somebody wrote.

mod insert;
mod order;

pub use insert::insert;
pub use order::{Origins, contract, schema};
