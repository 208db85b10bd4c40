//! Fan-out and fan-in: an operation spreads the work over children, and its join goes on with what they gave.
//!
//! ```text
//! parent ─close→ group ─children, so many at once→ replies ─settle, in the order they come→ join
//!                                                                                        └→ fan_out_failed
//! ```
//!
//! A **group** is its join message with `data.fanOut` in place of `data.input`: header, state and contract are those that
//! the join gets, so the state is parked once, and whoever completes the group makes the same message. All ids are derived: the group,
//! and so its join, is the outcome of the parent; a child is a call of the group.
//!
//! What counts is a list of settlements, each of which says that a child gave an output or failed. The list alone says everything
//! else: which children are under way, which child a settlement starts, whether the group is complete, and with which
//! settlements. So whoever repeats a step repeats it exactly, and a settlement that comes after the last one that counts is late.
//!
//! ```text
//! Progress: settled = [3, 0, …]     child concurrency + k starts when the k-th settlement comes; the first ones start at once
//! ```
//!
//! By `return` the client that forwards handoffs holds the list ([`Gathering`]); by `event` it lies in the shared store, and each
//! child that ends adds itself to it by compare-and-set. Both ask the same functions.

mod gathering;
mod group;
mod joins;
mod progress;
mod results;

pub use gathering::{Gathering, Given};
pub use group::{Child, Group};
pub(crate) use group::{text_of, too_many};
pub use joins::results_schema;
pub(crate) use joins::{all_required, check as check_joins, declared, failed, reference};
pub use progress::{Progress, Step};
pub(crate) use results::write_error;
pub use results::{ChildEnd, ChildResult};

use crate::envelope::{Header, Travel, id};

/// Begins `replyto` of a child that answers to its group in the shared store; its ordinal follows.
const SLOT: &str = "group/";

/// Where a child stands in its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The message whose outcome the group is.
    pub parent: String,
    /// Which child it is, from 0.
    pub ordinal: u32,
}

impl Slot {
    /// The slot that a message by `event` answers to, if it is a child. Its id must be the one that such a child has.
    pub fn of(header: &Header) -> Option<Self> {
        let ordinal = header.reply_to.as_deref()?.strip_prefix(SLOT)?.parse().ok()?;
        let parent = header.causation.clone()?;
        let is_child = header.travel == Travel::Event && header.id == child_id(&group_id(&parent), ordinal);
        is_child.then_some(Self { parent, ordinal })
    }

    /// The id of the child's message.
    pub fn child(&self) -> String {
        child_id(&self.group(), self.ordinal)
    }

    /// The id of the group.
    pub fn group(&self) -> String {
        group_id(&self.parent)
    }
}

/// The group is the outcome of its parent.
fn group_id(parent: &str) -> String {
    id::derived(parent, 0)
}

/// Children are what calls are elsewhere.
fn child_id(group: &str, ordinal: u32) -> String {
    id::derived(group, ordinal.saturating_add(1))
}
