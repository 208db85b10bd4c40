//! Where bytes live that are too large for an envelope or must outlive an invocation.
//!
//! Correctness rests on put-if-absent and compare-and-set alone; a lock, where a store has one,
//! only saves work.

mod blocking;
mod files;
mod key;
mod location;
mod memory;
mod open;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "s3")]
mod table;
pub mod upkeep;
#[cfg(feature = "s3")]
mod wire;

pub use files::FileStore;
pub use key::Key;
pub use location::{Location, S3Place};
pub use memory::MemoryStore;
pub use open::{open, open_at, open_inventory};
#[cfg(feature = "s3")]
pub use s3::S3Store;
#[cfg(feature = "s3")]
pub use table::TableStore;

use peer_contract_core::envelope::{Payload, Reference};
use peer_contract_core::json::Draft;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use crate::BoxFuture;

/// Who sees what a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// This sandbox only: a cache, never a channel between agents.
    Sandbox,
    /// Every agent and client of the work.
    Shared,
}

/// A token for one content of a key. Equal contents may have equal tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub(crate) String);

/// What lies under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their version, for [`Store::compare_and_set`].
    pub version: Version,
}

/// What became of a put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The key was free; the bytes are there now, whole and durable.
    Stored,
    /// Something lies under the key already, and stays.
    Present,
}

/// What became of a swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// The version was still the expected one; the new bytes are there.
    Swapped(Version),
    /// Somebody was faster; nothing was written.
    Lost,
}

/// A place for bytes under keys.
///
/// Errors are `store_failed`, or `configuration_invalid` where the store is not as its settings say. A write that returned is
/// durable and whole; one that did not may have happened or not, and never in part.
pub trait Store: Send + Sync + 'static {
    /// Who sees what it holds.
    fn scope(&self) -> Scope;

    /// What lies under a key.
    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>>;

    /// Writes where nothing is yet. Of several writers at once, one stores.
    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>>;

    /// Replaces the bytes when they are still of the version that was read; `None` expects nothing there.
    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>>;

    /// Moves bytes away that are not what their name says, so that the key is free for right ones.
    /// They stay where a person can look at them, if the store has such a place.
    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>>;
}

/// One thing that lies in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was last written, milliseconds since 1970.
    pub modified_ms: u64,
}

/// A store that can be looked through and tidied. Agents need none of this, so it is a trait of its own.
pub trait Inventory: Store {
    /// All that lies under keys that begin with `start`; everything for an empty one. In no order.
    fn list<'a>(&'a self, start: &'a str) -> BoxFuture<'a, Result<Vec<Entry>, Problem>>;

    /// Removes what lies under a key, if anything does.
    fn remove<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>>;

    /// Removes what has no key: bytes that were set aside from keys that begin with `start`, and what killed writers left,
    /// if it was written before `before_ms`. Gives the number of what it removed.
    fn sweep<'a>(&'a self, start: &'a str, before_ms: u64) -> BoxFuture<'a, Result<u64, Problem>>;
}

/// Writes a blob, whose key comes from a hash of its content.
///
/// Other bytes under its name are a bad blob, or another encoding of the same content: ours, which are
/// known to be right, take their place.
///
/// # Errors
/// `store_failed`.
pub async fn put_blob(store: &dyn Store, key: &Key, bytes: &[u8]) -> Result<(), Problem> {
    for _ in 0..PUT_ROUNDS {
        if store.put_if_absent(key, bytes).await? == Put::Stored {
            return Ok(());
        }
        match store.get(key).await? {
            Some(found) if found.bytes == bytes => return Ok(()),
            Some(_) => store.set_aside(key).await?,
            None => {}
        }
    }
    Err(failed("a blob was replaced again and again by somebody else"))
}

const PUT_ROUNDS: usize = 8;

/// The text of a part of an envelope: as it is, or from the store where it lies there. Nobody has read what lay behind a
/// reference.
///
/// # Errors
/// Those of references, and `store_failed`, also when the store had other bytes under the name.
pub(crate) async fn open_part(store: Option<&dyn Store>, part: &Payload, work: &str) -> Result<Draft, Problem> {
    let Payload::Reference(reference) = part else { return part.open(None, &Limits::default()) };
    let key = Key::parse(&reference.key(work))?;
    let found = match (&reference.inline, store) {
        (None, Some(store)) => store.get(&key).await?,
        _ => None,
    };
    let opened = part.open(found.as_ref().map(|found| found.bytes.as_slice()), &Limits::default());
    if let (Err(_), Some(_), Some(store)) = (&opened, &found, store) {
        doubt_blob(store, &key, reference).await?;
    }
    opened
}

/// Moves a blob away that could not be used, if it is not what its name says: then its sender can put it there again.
///
/// # Errors
/// `store_failed` when it was moved, and when the store fails.
pub(crate) async fn doubt_blob(store: &dyn Store, key: &Key, reference: &Reference) -> Result<(), Problem> {
    let Some(found) = store.get(key).await? else { return Ok(()) };
    if reference.names(&found.bytes, &Limits::default()) {
        return Ok(());
    }
    store.set_aside(key).await?;
    Err(failed("the store had other bytes under the name of a part; they were moved aside"))
}

pub(crate) fn failed(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::StoreFailed, Pointer::root(), message)
}
