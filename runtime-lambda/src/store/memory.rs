//! A store in memory, for tests and for agents that share one process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peer_contract_core::Problem;

use super::{Found, Key, Put, Scope, Store, Swap, Version};
use crate::BoxFuture;

/// A store that lives as long as it is held.
#[derive(Debug)]
pub struct MemoryStore {
    scope: Scope,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    found: HashMap<Key, Found>,
    writes: u64,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(scope: Scope) -> Self {
        Self { scope, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Each change is one insert or remove, so a panic elsewhere leaves nothing half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn write(&mut self, key: &Key, bytes: &[u8]) -> Version {
        self.writes += 1;
        let version = Version(self.writes.to_string());
        self.found.insert(key.clone(), Found { bytes: bytes.to_vec(), version: version.clone() });
        version
    }
}

impl Store for MemoryStore {
    fn scope(&self) -> Scope {
        self.scope
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(async move { Ok(self.lock().found.get(key).cloned()) })
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        Box::pin(async move {
            let mut inner = self.lock();
            if inner.found.contains_key(key) {
                return Ok(Put::Present);
            }
            inner.write(key, bytes);
            Ok(Put::Stored)
        })
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        Box::pin(async move {
            let mut inner = self.lock();
            if inner.found.get(key).map(|found| &found.version) != expected {
                return Ok(Swap::Lost);
            }
            Ok(Swap::Swapped(inner.write(key, bytes)))
        })
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            self.lock().found.remove(key);
            Ok(())
        })
    }
}
