//! A store in a folder: `/tmp`, or a mount that several machines share.
//!
//! A file appears whole or not at all: it is written under a name of its own, synced, linked or
//! renamed to its key, and the folder is synced. Without syncing, all of this still holds when processes
//! are killed; only a machine that loses power may lose what was written last. Updates hold a lock on a file that stays: `flock`,
//! which a network file system turns into a lock on byte ranges and therefore needs a descriptor
//! open for writing. Readers need no lock.

mod folder;
mod inventory;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use peer_contract_core::Problem;

use self::folder::Folder;
use super::blocking::blocking;
use super::{Entry, Found, Inventory, Key, Put, Scope, Store, Swap, Version, failed};
use crate::BoxFuture;

/// A store in a folder of its own. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    inner: Arc<Folder>,
    scope: Scope,
}

impl FileStore {
    /// A store in `root`, which is made when something is first written.
    pub fn new(root: impl Into<PathBuf>, scope: Scope) -> Self {
        Self { inner: Arc::new(Folder { root: root.into(), syncs: true }), scope }
    }

    /// The same store, but nothing waits for the disk: for caches, and for runs that end with their machine anyway.
    #[must_use]
    pub fn without_sync(self) -> Self {
        Self { inner: Arc::new(Folder { root: self.inner.root.clone(), syncs: false }), scope: self.scope }
    }

    /// Works off the executor's threads where that may take long: where the disk is waited for, or much is moved.
    async fn with<T: Send + 'static>(
        &self,
        key: &Key,
        bytes: usize,
        work: impl FnOnce(&Folder, &Key) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (folder, key) = (self.inner.clone(), key.clone());
        let is_short = !folder.syncs && bytes <= SHORT;
        let work = move || work(&folder, &key).map_err(|error| described(&key, &error));
        if is_short { work() } else { blocking(work).await }
    }
}

impl Store for FileStore {
    fn scope(&self) -> Scope {
        self.scope
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        Box::pin(self.with(key, self.inner.length(key), |folder, key| folder.read(key)))
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        let bytes = bytes.to_vec();
        Box::pin(self.with(key, bytes.len(), move |folder, key| folder.link_new(key, &bytes)))
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        let (expected, bytes) = (expected.cloned(), bytes.to_vec());
        Box::pin(self.with(key, bytes.len(), move |folder, key| folder.swap(key, expected.as_ref(), &bytes)))
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.with(key, 0, |folder, key| folder.move_aside(key)))
    }
}

impl Inventory for FileStore {
    fn list<'a>(&'a self, start: &'a str) -> BoxFuture<'a, Result<Vec<Entry>, Problem>> {
        let (folder, start) = (self.inner.clone(), start.to_owned());
        Box::pin(blocking(move || folder.list(&start).map_err(|error| unlisted(&error))))
    }

    fn remove<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.with(key, 0, |folder, key| folder.remove(key)))
    }

    fn sweep<'a>(&'a self, start: &'a str, before_ms: u64) -> BoxFuture<'a, Result<u64, Problem>> {
        let (folder, start) = (self.inner.clone(), start.to_owned());
        Box::pin(blocking(move || folder.sweep(&start, before_ms).map_err(|error| unlisted(&error))))
    }
}

/// Bytes that are written or read in less time than another thread takes to answer.
const SHORT: usize = 256 << 10;

fn described(key: &Key, error: &io::Error) -> Problem {
    failed(format!("the file store failed at `{key}`: {error}"))
}

fn unlisted(error: &io::Error) -> Problem {
    failed(format!("the folder of the store cannot be looked through: {error}"))
}
