//! Which part of a schema is decided where.

use crate::Pointer;

/// What decides a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decider {
    /// The one pass.
    Plan,
    /// A walk over a tree of the value.
    Fallback,
    /// Nothing: the keyword says something to people, or works through another one.
    Annotation,
}

/// A keyword of a schema, and what decides it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ruling {
    /// Where the schema stands in the contract.
    pub at: Pointer,
    /// The keyword.
    pub keyword: String,
    /// What decides it.
    pub by: Decider,
}
