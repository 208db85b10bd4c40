//! What the ranker knows: the addresses, cut into passages, and how well each answers weighted terms.
//!
//! Nothing here knows of contracts or messages; the agent in `main.rs` is the only place that does.

pub mod corpus;
pub mod index;
pub mod passages;
pub mod rounds;
pub mod search;
pub mod words;
