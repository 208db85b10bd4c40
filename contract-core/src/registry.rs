//! Contracts by hash, and the verdicts on pairs of operations.

use std::sync::Mutex;

use crate::{Contract, ContractHash};

/// The contracts a sandbox has met. Memory only; the host brings what lies in `/tmp` or a store.
#[derive(Default)]
pub struct Registry {
    known: Mutex<Vec<Contract>>,
}

impl Registry {
    /// The contract with this hash, when it was met before.
    pub fn get(&self, hash: &ContractHash) -> Option<Contract> {
        let _ = hash;
        todo!()
    }

    /// Keeps a contract.
    pub fn keep(&self, contract: Contract) {
        self.known.lock().expect("no code panics while it holds this lock").push(contract);
    }
}
