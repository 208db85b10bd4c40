//! The engine beside the crates that people use today, over the same bytes.
//!
//! Every case is first asked for its result, which must be right, and only then measured.

pub mod message;
pub mod ours;
pub mod peers;
pub mod right;
pub mod rounds;
