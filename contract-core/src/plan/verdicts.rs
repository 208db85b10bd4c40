//! Verdicts on values that a pass comes back to.
//!
//! Alternatives that nothing tells apart are tried one after the other, and each may come to the same
//! value below by the same schema. Without a memory that doubles the work at every level of a value
//! that is made for it; with one, a schema is held to a value once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::node::Id;

/// What is known of values of one text.
#[derive(Default)]
pub(super) struct Verdicts(RefCell<BTreeMap<(Id, usize, usize), bool>>);

impl Verdicts {
    /// Whether the value fits the node: as it was found before, or as `decide` finds now.
    pub(super) fn of(&self, node: Id, value: &[u8], decide: impl FnOnce() -> bool) -> bool {
        // All values are parts of one text that stays where it is, so an address names a value.
        let key = (node, value.as_ptr() as usize, value.len());
        if let Some(known) = self.0.borrow().get(&key) {
            return *known;
        }
        let fits = decide();
        self.0.borrow_mut().insert(key, fits);
        fits
    }
}
