//! A store in memory, for tests and for agents that share one process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peer_contract_core::Problem;

use super::{Entry, Found, Inventory, Key, Put, Scope, Store, Swap, Version};
use crate::BoxFuture;
use crate::clock::now_ms;

/// A store that lives as long as it is held.
#[derive(Debug)]
pub struct MemoryStore {
    scope: Scope,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    found: HashMap<Key, Kept>,
    writes: u64,
}

#[derive(Debug)]
struct Kept {
    found: Found,
    modified_ms: u64,
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
        let found = Found { bytes: bytes.to_vec(), version: version.clone() };
        self.found.insert(key.clone(), Kept { found, modified_ms: now_ms() });
        version
    }
}

impl Store for MemoryStore {
    fn scope(&self) -> Scope {
        self.scope
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(async move { Ok(self.lock().found.get(key).map(|kept| kept.found.clone())) })
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
            if inner.found.get(key).map(|kept| &kept.found.version) != expected {
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

impl Inventory for MemoryStore {
    fn list<'a>(&'a self, start: &'a str) -> BoxFuture<'a, Result<Vec<Entry>, Problem>> {
        Box::pin(async move {
            let inner = self.lock();
            let listed = inner.found.iter().filter(|(key, _)| key.as_str().starts_with(start));
            let entry = |(key, kept): (&Key, &Kept)| {
                let bytes = kept.found.bytes.len() as u64;
                Entry { key: key.clone(), bytes, modified_ms: kept.modified_ms }
            };
            Ok(listed.map(entry).collect())
        })
    }

    fn remove<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        // It has no place for bytes that are set aside.
        self.set_aside(key)
    }

    fn sweep<'a>(&'a self, _: &'a str, _: u64) -> BoxFuture<'a, Result<u64, Problem>> {
        Box::pin(async { Ok(0) })
    }
}
