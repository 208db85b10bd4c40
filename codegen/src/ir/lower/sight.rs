//! A contract as it is looked at, which remembers what it has seen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use peer_contract_core::Pointer;
use serde_json::Value;

use super::seen::{Kind, Seen, see};

/// Schemas that only lead on, from one to the next. The checker lets fewer of them apply to one value.
const MOST_STEPS: usize = 64;

/// One contract. What alternatives are is asked for by all that lead to them, so each place is looked at once.
pub struct Sight<'a> {
    /// The whole contract.
    pub root: &'a Value,
    seen: RefCell<BTreeMap<Pointer, Rc<Seen>>>,
}

impl<'a> Sight<'a> {
    /// Nothing is seen yet.
    pub fn of(root: &'a Value) -> Self {
        Self { root, seen: RefCell::default() }
    }

    /// The schema at a place.
    pub fn see(&self, at: &Pointer) -> Rc<Seen> {
        if let Some(known) = self.seen.borrow().get(at) {
            return known.clone();
        }
        let seen = Rc::new(see(self, at));
        self.seen.borrow_mut().insert(at.clone(), seen.clone());
        seen
    }

    /// The schema that is something itself, behind those that only lead to it, and whether any of them may be `null`.
    pub fn follow(&self, at: &Pointer) -> (Rc<Seen>, bool) {
        let mut seen = self.see(at);
        let mut nullable = seen.nullable;
        for _ in 0..MOST_STEPS {
            let Kind::Same(target) = &seen.kind else { return (seen, nullable) };
            seen = self.see(target);
            nullable |= seen.nullable;
        }
        (Rc::new(Kind::Anything.into()), false)
    }
}
