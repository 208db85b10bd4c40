//! Contracts by hash, and the verdicts on pairs of operations.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use crate::compat::Verdict;
use crate::{Contract, ContractHash, OperationHash};

/// Versions of one contract that a sandbox keeps; a rollout has two or three at a time.
const CONTRACTS: usize = 32;

/// Pairs of operations whose verdict it keeps.
const VERDICTS: usize = 256;

/// The contracts a sandbox has met. Memory only; the host brings what lies in `/tmp` or a store.
///
/// Bounded: what came in first goes first, so that a stream of invented contracts costs time, not memory.
#[derive(Default)]
pub struct Registry {
    contracts: Mutex<VecDeque<Contract>>,
    verdicts: Mutex<VecDeque<(Pair, Verdict)>>,
}

/// Sender's operation, receiver's operation.
type Pair = (OperationHash, OperationHash);

impl Registry {
    /// The contract with this hash, when it was met before.
    pub fn get(&self, hash: &ContractHash) -> Option<Contract> {
        lock(&self.contracts).iter().find(|contract| contract.hash() == *hash).cloned()
    }

    /// Keeps a contract.
    pub fn keep(&self, contract: Contract) {
        let mut contracts = lock(&self.contracts);
        if contracts.iter().all(|known| known.hash() != contract.hash()) {
            push(&mut contracts, contract, CONTRACTS);
        }
    }

    /// Whether `sent` was found to fit `accepted` before. The hashes cover all that the verdict depends on.
    pub fn verdict(&self, sent: OperationHash, accepted: OperationHash) -> Option<Verdict> {
        let pair = (sent, accepted);
        lock(&self.verdicts).iter().find(|(known, _)| *known == pair).map(|(_, verdict)| verdict.clone())
    }

    /// Keeps a verdict.
    pub fn keep_verdict(&self, sent: OperationHash, accepted: OperationHash, verdict: Verdict) {
        push(&mut lock(&self.verdicts), ((sent, accepted), verdict), VERDICTS);
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no code panics while it holds this lock")
}
