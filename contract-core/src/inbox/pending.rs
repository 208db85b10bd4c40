//! An event that waits for something only the host can load.

use super::open::Opening;
use super::{Opened, agree};
use crate::ContractHash;
use crate::envelope::Reference;

/// What must be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A contract: from `/tmp`, then from the shared store under `contract/<hex>`.
    Contract(ContractHash),
    /// A blob of the shared store.
    Blob {
        /// Its key.
        key: String,
        /// What it must turn out to be.
        reference: Reference,
    },
}

/// An event that waits for something.
pub struct Pending {
    pub(super) opening: Opening,
    pub(super) need: Need,
}

impl Pending {
    /// What it waits for.
    pub fn need(&self) -> &Need {
        &self.need
    }

    /// Goes on with what was found: the bytes as stored, or `None` when nothing is there.
    /// They are verified against the hash here.
    pub fn supply(self: Box<Self>, found: Option<Vec<u8>>) -> Opened {
        let Self { mut opening, need } = *self;
        let supplied = match need {
            Need::Contract(hash) => agree::supplied(found.as_deref(), &hash, &opening.own.limits)
                .map(|contract| opening.keep_sender(contract)),
            Need::Blob { .. } => opening.supply_part(found.as_deref()),
        };
        match supplied {
            Ok(()) => opening.run(),
            Err(problem) => opening.refused(problem),
        }
    }
}
