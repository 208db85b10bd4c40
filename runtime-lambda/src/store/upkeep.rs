//! Tidying a shared store: removing a work altogether, and what nobody needs any more.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use peer_contract_core::Problem;

use super::{Entry, Inventory, Key, failed};

/// What is old enough to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// A work goes when nothing of it was written for this long; so does a contract that no work left needs.
    pub works: Duration,
    /// A blob that no record of its work refers to goes after this long. Until then a message under way may need it, so this is longer
    /// than any work may take.
    pub orphans: Duration,
}

impl Default for Ages {
    /// A week for works, a day for orphans: Lambda keeps an event for six hours.
    fn default() -> Self {
        Self { works: Duration::from_secs(7 * 86_400), orphans: Duration::from_secs(86_400) }
    }
}

/// What was removed, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Works of which nothing is left.
    pub works: u64,
    /// Keys.
    pub keys: u64,
    /// Bytes under these keys.
    pub bytes: u64,
    /// Bytes that were set aside and files that killed writers left, counted one by one.
    pub leftovers: u64,
}

/// Whether things are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are.
    Remove,
    /// They are only counted.
    Look,
}

/// Removes all of a work: claims, outcomes, result, blobs, and what was set aside of them.
///
/// A message of the work that is still under way writes again.
///
/// # Errors
/// `reference_invalid` for what is no id of a work, `store_failed`.
pub async fn forget(store: &dyn Inventory, work: &str) -> Result<Removed, Problem> {
    Key::result(work)?;
    let start = format!("work/{work}/");
    let mut removed = Removed { works: 1, ..Removed::default() };
    for _ in 0..ROUNDS {
        let entries = store.list(&start).await?;
        if entries.is_empty() {
            removed.leftovers = store.sweep(&start, u64::MAX).await?;
            removed.works = u64::from(removed.keys + removed.leftovers > 0);
            return Ok(removed);
        }
        remove(store, entries, Mode::Remove, &mut removed).await?;
    }
    Err(failed("the work is still being written to"))
}

const ROUNDS: usize = 3;

/// Removes works whose last write is long ago, blobs and contracts that nothing refers to, and what killed writers left.
///
/// May run beside agents, and be killed at any time: what is left is found again.
///
/// # Errors
/// `store_failed`.
pub async fn gc(store: &dyn Inventory, now_ms: u64, ages: Ages, mode: Mode) -> Result<Removed, Problem> {
    let Shelves { works, contracts } = Shelves::of(store.list("").await?);
    let (works_before, orphans_before) = (before(now_ms, ages.works), before(now_ms, ages.orphans));
    let mut removed = Removed::default();
    let mut kept = Vec::new();
    for entries in works.into_values() {
        if entries.iter().all(|entry| entry.modified_ms < works_before) {
            remove(store, entries, mode, &mut removed).await?;
            removed.works += 1;
        } else {
            remove_orphans(store, &entries, orphans_before, mode, &mut removed).await?;
            kept.extend(entries);
        }
    }
    remove_contracts(store, contracts, &kept, works_before, mode, &mut removed).await?;
    if mode == Mode::Remove {
        removed.leftovers = store.sweep("", works_before).await?;
    }
    Ok(removed)
}

fn before(now_ms: u64, age: Duration) -> u64 {
    now_ms.saturating_sub(u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

/// What lies in a store, by what it belongs to.
#[derive(Default)]
struct Shelves {
    works: BTreeMap<String, Vec<Entry>>,
    contracts: Vec<Entry>,
}

impl Shelves {
    fn of(entries: Vec<Entry>) -> Self {
        let mut shelves = Self::default();
        for entry in entries {
            let mut segments = entry.key.as_str().split('/');
            match (segments.next(), segments.next().map(str::to_owned)) {
                (Some("work"), Some(work)) => shelves.works.entry(work).or_default().push(entry),
                (Some("contract"), Some(_)) => shelves.contracts.push(entry),
                // Nothing that we know: it stays.
                _ => {}
            }
        }
        shelves
    }
}

/// Blobs of a work that none of its records names.
async fn remove_orphans(
    store: &dyn Inventory,
    entries: &[Entry],
    before_ms: u64,
    mode: Mode,
    removed: &mut Removed,
) -> Result<(), Problem> {
    let old = |entry: &&Entry| entry.key.as_str().split('/').nth(2) == Some("blob") && entry.modified_ms < before_ms;
    let mut orphans: Vec<Entry> = entries.iter().filter(old).cloned().collect();
    if orphans.is_empty() {
        return Ok(());
    }
    let named = named_by(store, entries).await?;
    orphans.retain(|entry| !named.contains(last(&entry.key)));
    remove(store, orphans, mode, removed).await
}

/// Contracts that no record of a work that stays names.
async fn remove_contracts(
    store: &dyn Inventory,
    mut contracts: Vec<Entry>,
    kept: &[Entry],
    before_ms: u64,
    mode: Mode,
    removed: &mut Removed,
) -> Result<(), Problem> {
    contracts.retain(|entry| entry.modified_ms < before_ms);
    if contracts.is_empty() {
        return Ok(());
    }
    let named = named_by(store, kept).await?;
    contracts.retain(|entry| !named.contains(last(&entry.key)));
    remove(store, contracts, mode, removed).await
}

async fn remove(store: &dyn Inventory, entries: Vec<Entry>, mode: Mode, removed: &mut Removed) -> Result<(), Problem> {
    for entry in entries {
        if mode == Mode::Remove {
            store.remove(&entry.key).await?;
        }
        removed.keys += 1;
        removed.bytes += entry.bytes;
    }
    Ok(())
}

fn last(key: &Key) -> &str {
    key.as_str().rsplit('/').next().unwrap_or_default()
}

/// Whatever looks like a hash in the records of works: a text that merely looks so keeps something too long, never too short.
async fn named_by(store: &dyn Inventory, entries: &[Entry]) -> Result<BTreeSet<String>, Problem> {
    let mut named = BTreeSet::new();
    let is_record = |entry: &&Entry| matches!(entry.key.as_str().split('/').nth(2), Some("outcome" | "result"));
    for entry in entries.iter().filter(is_record) {
        if let Some(found) = store.get(&entry.key).await? {
            let runs = found.bytes.split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let hashes = runs.filter(|run| run.len() == HASH).map(|run| String::from_utf8_lossy(run).into_owned());
            named.extend(hashes);
        }
    }
    Ok(named)
}

/// Hexadecimal digits of SHA-256.
const HASH: usize = 64;
