//! What every store must keep. All of them run all of it.

use std::sync::Arc;
use std::task::{Context, Waker};

use peer_contract::store::{FileStore, Inventory, Key, MemoryStore, Put, Scope, Store, Swap, put_blob};

use crate::cloud::{Cloud, store_of_child};
use crate::upkeep;

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

async fn nothing_lies_under_a_new_key(store: &dyn Store) {
    assert_eq!(store.get(&key("work/none/result")).await.unwrap(), None);
}

async fn the_first_put_stays(store: &dyn Store) {
    let key = key("work/a/result");
    assert_eq!(store.put_if_absent(&key, b"one").await.unwrap(), Put::Stored);
    assert_eq!(store.put_if_absent(&key, b"two").await.unwrap(), Put::Present);
    assert_eq!(store.get(&key).await.unwrap().unwrap().bytes, b"one");
}

async fn a_swap_needs_the_version_that_lies_there(store: &dyn Store) {
    let key = key("work/a/claim/b");
    let Swap::Swapped(first) = store.compare_and_set(&key, None, b"1").await.unwrap() else { panic!("free key") };
    assert_eq!(store.compare_and_set(&key, None, b"x").await.unwrap(), Swap::Lost);
    assert_eq!(store.get(&key).await.unwrap().unwrap().version, first);
    let Swap::Swapped(second) = store.compare_and_set(&key, Some(&first), b"2").await.unwrap() else {
        panic!("current")
    };
    assert_eq!(store.compare_and_set(&key, Some(&first), b"3").await.unwrap(), Swap::Lost);
    let found = store.get(&key).await.unwrap().unwrap();
    assert_eq!((found.bytes.as_slice(), found.version), (b"2".as_slice(), second));
}

async fn a_swap_of_a_missing_key_is_lost(store: &dyn Store) {
    let present = key("work/c/claim/d");
    store.put_if_absent(&present, b"x").await.unwrap();
    let version = store.get(&present).await.unwrap().unwrap().version;
    let missing = key("work/c/claim/e");
    assert_eq!(store.compare_and_set(&missing, Some(&version), b"y").await.unwrap(), Swap::Lost);
    assert_eq!(store.get(&missing).await.unwrap(), None);
}

async fn a_bad_blob_makes_room_for_a_right_one(store: &dyn Store) {
    let key = key("work/a/blob/00ff");
    store.put_if_absent(&key, b"torn").await.unwrap();
    put_blob(store, &key, b"whole").await.unwrap();
    assert_eq!(store.get(&key).await.unwrap().unwrap().bytes, b"whole");
    put_blob(store, &key, b"whole").await.unwrap();
    store.set_aside(&key).await.unwrap();
    store.set_aside(&key).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), None);
}

async fn empty_and_large_contents_come_back(store: &dyn Store) {
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
    for (name, bytes) in [("work/l/blob/aa", &large[..]), ("work/l/blob/bb", b"")] {
        store.put_if_absent(&key(name), bytes).await.unwrap();
        assert_eq!(store.get(&key(name)).await.unwrap().unwrap().bytes, bytes);
    }
}

/// A record may be as large as an answer, which a single item of a table cannot hold.
async fn large_records_come_back_and_change(store: &dyn Store) {
    let key = key("work/l/outcome/large");
    let large = |byte| vec![byte; 700_000];
    assert_eq!(store.put_if_absent(&key, &large(b'a')).await.unwrap(), Put::Stored);
    assert_eq!(store.put_if_absent(&key, &large(b'b')).await.unwrap(), Put::Present);
    let found = store.get(&key).await.unwrap().unwrap();
    assert_eq!(found.bytes, large(b'a'));
    let Swap::Swapped(_) = store.compare_and_set(&key, Some(&found.version), &large(b'c')).await.unwrap() else {
        panic!("current")
    };
    assert_eq!(store.compare_and_set(&key, Some(&found.version), &large(b'd')).await.unwrap(), Swap::Lost);
    assert_eq!(store.get(&key).await.unwrap().unwrap().bytes, large(b'c'));
}

async fn one_of_many_puts_stores(store: Arc<dyn Store>) {
    let tasks: Vec<_> = (0..8_u8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.put_if_absent(&key("work/a/outcome/race"), &[n]).await.unwrap() })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        stored += usize::from(task.await.unwrap() == Put::Stored);
    }
    assert_eq!(stored, 1);
}

async fn no_update_is_lost(store: Arc<dyn Store>, times: usize) {
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(count_up(store.clone(), times))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let count = store.get(&key("work/a/claim/count")).await.unwrap().unwrap().bytes;
    assert_eq!(String::from_utf8_lossy(&count), (8 * times).to_string());
}

async fn count_up(store: Arc<dyn Store>, times: usize) {
    let key = key("work/a/claim/count");
    let mut done = 0;
    while done < times {
        let found = store.get(&key).await.unwrap();
        let count: u64 = found.as_ref().map_or(0, |found| std::str::from_utf8(&found.bytes).unwrap().parse().unwrap());
        let next = (count + 1).to_string();
        let expected = found.as_ref().map(|found| &found.version);
        done += usize::from(store.compare_and_set(&key, expected, next.as_bytes()).await.unwrap() != Swap::Lost);
    }
}

async fn keeps_all(store: Arc<dyn Inventory>, times: usize) {
    keeps_each(store.clone()).await;
    keeps_all_in_a_crowd(store, times).await;
}

/// The rules, with one writer at a time.
async fn keeps_each(store: Arc<dyn Inventory>) {
    nothing_lies_under_a_new_key(&*store).await;
    the_first_put_stays(&*store).await;
    a_swap_needs_the_version_that_lies_there(&*store).await;
    a_swap_of_a_missing_key_is_lost(&*store).await;
    a_bad_blob_makes_room_for_a_right_one(&*store).await;
    empty_and_large_contents_come_back(&*store).await;
    large_records_come_back_and_change(&*store).await;
    upkeep::keeps_all(&*store).await;
}

/// What holds when many write at once.
async fn keeps_all_in_a_crowd(store: Arc<dyn Inventory>, times: usize) {
    one_of_many_puts_stores(store.clone()).await;
    no_update_is_lost(store.clone(), times).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_memory_store_keeps_all_rules() {
    keeps_all(Arc::new(MemoryStore::new(Scope::Shared)), 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_file_store_keeps_all_rules() {
    let folder = tempfile::tempdir().unwrap();
    keeps_all(Arc::new(FileStore::new(folder.path().join("deep/store"), Scope::Shared)), 200).await;
    keeps_all(Arc::new(FileStore::new(folder.path().join("quick"), Scope::Shared).without_sync()), 200).await;
}

/// The suite on the store of the environment, in a process of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn suite() {
    let Some(store) = store_of_child("conformance::suite") else { return };
    keeps_each(store).await;
}

/// As above, when many write at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn crowd() {
    let Some(store) = store_of_child("conformance::crowd") else { return };
    keeps_all_in_a_crowd(store, 10).await;
}

#[test]
fn the_stores_of_ministack_keep_all_rules() {
    let cloud = Cloud::start("ministack");
    for suite in ["requests::suite", "conformance::suite", "conformance::crowd"] {
        cloud.bucket().run(suite);
        cloud.table().run(suite);
    }
}

/// One writer at a time: moto 5 looks at the condition of a `PUT` and stores it in two steps, between which another of its threads
/// may store (`put_object` in `moto/s3/responses.py`). On a busy machine it loses updates itself.
#[test]
fn the_stores_of_moto_keep_all_rules() {
    let cloud = Cloud::start("moto");
    for suite in ["requests::suite", "conformance::suite"] {
        cloud.bucket().run(suite);
        cloud.table().run(suite);
    }
}

#[test]
fn short_work_that_waits_for_no_disk_is_done_at_once() {
    // The one other thread is held, so that what goes there cannot be done however soon it is asked for.
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    let _guard = runtime.enter();
    let (release, held) = std::sync::mpsc::channel::<()>();
    runtime.spawn_blocking(move || held.recv());
    let folder = tempfile::tempdir().unwrap();
    let (syncing, quick) = (FileStore::new(folder.path().join("a"), Scope::Shared), folder.path().join("b"));
    let quick = FileStore::new(quick, Scope::Shared).without_sync();
    let is_done_at_once = |store: &FileStore, text: &str, bytes: usize| {
        let (key, bytes) = (key(text), vec![b'x'; bytes]);
        let mut put = store.put_if_absent(&key, &bytes);
        put.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
    };
    assert!(is_done_at_once(&quick, "work/a/result", 1));
    assert!(!is_done_at_once(&quick, "work/b/result", 1 << 20));
    assert!(!is_done_at_once(&syncing, "work/a/result", 1));
    drop(release);
}
