//! Looking through stores, and tidying them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use peer_contract::ErrorCode;
use peer_contract::store::upkeep::{Ages, Mode, Removed, forget, gc};
use peer_contract::store::{FileStore, Inventory, Key, Scope, Store};

const DAY_MS: u64 = 86_400_000;

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

async fn put(store: &dyn Store, name: &str, bytes: &str) {
    store.put_if_absent(&key(name), bytes.as_bytes()).await.unwrap();
}

async fn names(store: &dyn Inventory, start: &str) -> Vec<String> {
    let mut names: Vec<_> = store.list(start).await.unwrap().iter().map(|entry| entry.key.to_string()).collect();
    names.sort();
    names
}

async fn clear(store: &dyn Inventory) {
    for entry in store.list("").await.unwrap() {
        store.remove(&entry.key).await.unwrap();
    }
    store.sweep("", u64::MAX).await.unwrap();
}

/// What [`Inventory`] and upkeep promise, on a store that is used for nothing else.
pub async fn keeps_all(store: &dyn Inventory) {
    what_lies_there_is_listed_by_the_beginning_of_its_key(store).await;
    a_work_that_is_forgotten_leaves_nothing(store).await;
    old_works_go_and_young_ones_stay(store).await;
    only_what_nothing_names_is_an_orphan(store).await;
}

async fn what_lies_there_is_listed_by_the_beginning_of_its_key(store: &dyn Inventory) {
    clear(store).await;
    assert_eq!(names(store, "").await, [""; 0]);
    let all = ["contract/aa", "work/a/blob/bb", "work/a/claim/m", "work/a/result", "work/ab/result"];
    for name in all {
        put(store, name, "12345").await;
    }
    assert_eq!(names(store, "").await, all);
    assert_eq!(names(store, "work/").await, all[1..]);
    assert_eq!(names(store, "work/a").await, all[1..]);
    assert_eq!(names(store, "work/a/").await, all[1..4]);
    assert_eq!(names(store, "work/a/cl").await, all[2..3]);
    assert_eq!(names(store, "con").await, all[..1]);
    assert_eq!(names(store, "work/none/").await, [""; 0]);
    for entry in store.list("").await.unwrap() {
        assert_eq!(entry.bytes, 5);
        assert!(entry.modified_ms.abs_diff(now_ms()) < 60_000, "{entry:?}");
        store.remove(&entry.key).await.unwrap();
        store.remove(&entry.key).await.unwrap();
    }
    assert_eq!(names(store, "").await, [""; 0]);
}

async fn a_work_that_is_forgotten_leaves_nothing(store: &dyn Inventory) {
    clear(store).await;
    for name in ["work/a/claim/m", "work/a/outcome/m", "work/a/result", "work/a/blob/bb", "work/ab/result"] {
        put(store, name, "12345").await;
    }
    put(store, "work/a/outcome/large", &"x".repeat(700_000)).await;
    put(store, "work/a/blob/bad", "torn").await;
    store.set_aside(&key("work/a/blob/bad")).await.unwrap();
    let removed = forget(store, "a").await.unwrap();
    assert_eq!(removed.works, 1);
    assert!(removed.keys >= 5 && removed.bytes >= 700_020, "{removed:?}");
    assert_eq!(names(store, "").await, ["work/ab/result"]);
    assert_eq!(store.sweep("work/a/", u64::MAX).await.unwrap(), 0, "what was set aside is gone as well");
    assert_eq!(forget(store, "a").await.unwrap(), Removed::default());
    assert_eq!(forget(store, "../a").await.unwrap_err().code, ErrorCode::ReferenceInvalid);
}

async fn old_works_go_and_young_ones_stay(store: &dyn Inventory) {
    clear(store).await;
    put(store, "work/a/result", "r").await;
    put(store, "work/a/blob/bb", "b").await;
    let (now, ages) = (now_ms(), Ages { orphans: Duration::from_secs(7 * 86_400), ..Ages::default() });
    let none = gc(store, now + 6 * DAY_MS, ages, Mode::Remove).await.unwrap();
    assert_eq!((none.works, none.keys), (0, 0));
    let looked = gc(store, now + 8 * DAY_MS, ages, Mode::Look).await.unwrap();
    assert_eq!(looked, Removed { works: 1, keys: 2, bytes: 2, leftovers: 0 });
    assert_eq!(names(store, "").await.len(), 2, "looking removes nothing");
    let removed = gc(store, now + 8 * DAY_MS, ages, Mode::Remove).await.unwrap();
    assert_eq!((removed.works, removed.keys), (1, 2));
    assert_eq!(names(store, "").await, [""; 0]);
}

async fn only_what_nothing_names_is_an_orphan(store: &dyn Inventory) {
    clear(store).await;
    let [used, unused, other] = ["a", "b", "c"].map(|digit| digit.repeat(64));
    put(store, &format!("work/w/blob/{used}"), "used").await;
    put(store, &format!("work/w/blob/{unused}"), "unused").await;
    put(store, &format!("contract/{other}"), "{}").await;
    put(store, &format!("contract/{unused}"), "{}").await;
    let outcome = format!(r#"{{"fence":1}}{{"dataschema":"urn:peer-contract:sha256:{other}","sha256":"{used}"}}"#);
    put(store, "work/w/outcome/m", &outcome).await;
    let (now, ages) = (now_ms(), Ages { works: Duration::from_secs(30 * 86_400), ..Ages::default() });
    gc(store, now + DAY_MS / 2, ages, Mode::Remove).await.unwrap();
    assert_eq!(names(store, "").await.len(), 5, "half a day is not old");
    gc(store, now + 2 * DAY_MS, ages, Mode::Remove).await.unwrap();
    assert_eq!(names(store, "work/w/blob/").await, [format!("work/w/blob/{used}")]);
    let soon = Ages { works: Duration::from_secs(86_400), ..ages };
    // The work was written to since, so it stays, and with it the contract that it names.
    gc(store, now, Ages { works: Duration::ZERO, ..soon }, Mode::Look).await.unwrap();
    assert_eq!(names(store, "contract/").await.len(), 2);
}

#[tokio::test]
async fn old_contracts_stay_as_long_as_a_work_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path(), Scope::Shared);
    let [named, unnamed] = ["a", "b"].map(|digit| digit.repeat(64));
    let long_ago = SystemTime::now() - Duration::from_secs(30 * 86_400);
    for hash in [&named, &unnamed] {
        put(&store, &format!("contract/{hash}"), "{}").await;
        let file = std::fs::File::options().write(true).open(folder.path().join("contract").join(hash)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    put(&store, "work/w/result", &format!("urn:peer-contract:sha256:{named}")).await;
    gc(&store, now_ms(), Ages::default(), Mode::Remove).await.unwrap();
    assert_eq!(names(&store, "contract/").await, [format!("contract/{named}")]);
}

#[tokio::test]
async fn what_killed_writers_left_goes_after_an_hour_and_empty_folders_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path(), Scope::Shared);
    put(&store, "work/w/blob/aa", "x").await;
    store.remove(&key("work/w/blob/aa")).await.unwrap();
    assert!(!folder.path().join("work").exists());
    let left = |name: &str, age: u64| {
        let file = std::fs::File::create(folder.path().join(".tmp").join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    };
    left("young", 60);
    left("old", 7_200);
    assert_eq!(store.sweep("", u64::MAX).await.unwrap(), 1);
    assert!(folder.path().join(".tmp/young").exists());
}
