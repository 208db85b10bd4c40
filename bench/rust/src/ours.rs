//! The cases of this project.

use std::borrow::Cow;
use std::sync::Arc;

use peer_contract_core::json;
use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, Limits, Pointer};

/// The engine with the message's schema.
pub struct Ours {
    schema: Arc<Schema>,
    limits: Limits,
}

impl Ours {
    /// Checks the contract and compiles the schema at a place of it.
    pub fn new(contract: &[u8], at: &str) -> Self {
        let limits = Limits::default();
        let contract = Contract::parse(contract).expect("the contract keeps the rules");
        let at: Pointer = at.parse().expect("a pointer");
        Self { schema: contract.schema(&at).expect("a schema at this place"), limits }
    }

    /// Bytes to verdict.
    pub fn verdict(&self, text: &[u8]) -> bool {
        self.schema.check(text, &self.limits).is_ok()
    }

    /// Bytes to the SHA-256 of their canonical form, checked.
    pub fn digest(&self, text: &[u8]) -> Option<[u8; 32]> {
        self.schema.digest(text, &self.limits).ok()
    }

    /// Bytes to canonical bytes, not checked against the schema.
    pub fn canonical<'a>(&self, text: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        json::canonicalize(text, &self.limits).ok()
    }

    /// Bytes to canonical bytes, checked in the same pass.
    pub fn checked_canonical<'a>(&self, text: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        self.schema.canonical(text, &self.limits).ok()
    }
}
