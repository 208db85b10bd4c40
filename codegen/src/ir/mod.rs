//! Types of a contract with no language in them.

mod aliases;
mod bottom;
mod cycles;
mod docs;
mod graph;
mod lower;
mod names;
mod place;

pub use bottom::from_the_bottom;
pub use docs::is_hidden;
pub use graph::*;
pub use lower::{Sight, look, lower};
pub use names::{Right, Wish, apart, camel, distinct, snake};
