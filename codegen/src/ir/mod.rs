//! Types of a contract with no language in them.

mod graph;

pub use graph::*;
