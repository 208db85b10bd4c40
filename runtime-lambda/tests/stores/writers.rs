//! Many processes that change one key, some of which are killed: no update may be lost, and none made twice.
//!
//! The key holds how often each writer changed it, and how often it was changed in all. A writer notes in a file of its own what it was
//! told is done; after a kill it goes on from the key, which must have at least that.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use peer_contract::store::{Inventory, Key, Swap};

use crate::cloud::{Cloud, Place, store_of_child};

const PART: &str = "writers::writer";
const WRITER: &str = "PEER_CONTRACT_TEST_WRITER";
const NOTES: &str = "PEER_CONTRACT_TEST_NOTES";
const TIMES: &str = "PEER_CONTRACT_TEST_TIMES";

/// Changes of each writer, and of all.
type Counts = BTreeMap<String, u64>;

fn key() -> Key {
    Key::parse("work/w/claim/counts").unwrap()
}

async fn counts(store: &dyn Inventory) -> (Counts, Option<peer_contract::store::Version>) {
    match store.get(&key()).await.unwrap() {
        Some(found) => (serde_json::from_slice(&found.bytes).expect("what lies there is whole"), Some(found.version)),
        None => (Counts::new(), None),
    }
}

/// One writer, in a process of its own.
#[tokio::test]
async fn writer() {
    let Some(store) = store_of_child(PART) else { return };
    let variable = |name| std::env::var(name).unwrap();
    let (me, times) = (variable(WRITER), variable(TIMES).parse().unwrap());
    let notes = PathBuf::from(variable(NOTES)).join(&me);
    let mut told: u64 = fs::read_to_string(&notes).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    loop {
        let (mut all, version) = counts(&*store).await;
        let mine = all.get(&me).copied().unwrap_or(0);
        assert!(mine >= told, "of {told} changes that are done, {mine} are there");
        if mine >= times {
            return;
        }
        *all.entry(me.clone()).or_default() += 1;
        *all.entry("all".to_owned()).or_default() += 1;
        let next = serde_json::to_vec(&all).unwrap();
        match store.compare_and_set(&key(), version.as_ref(), &next).await {
            Ok(Swap::Swapped(_)) => told = mine + 1,
            Ok(Swap::Lost) => {
                tokio::time::sleep(out_of_step()).await;
                continue;
            }
            // Whether it was made is not known: the key tells.
            Err(problem) => assert_eq!(problem.code, peer_contract::ErrorCode::StoreFailed),
        }
        // Renamed, so that a kill leaves the old number or the new one.
        let beside = notes.with_extension("new");
        fs::write(&beside, told.to_string()).unwrap();
        fs::rename(&beside, &notes).unwrap();
    }
}

/// Some milliseconds, other ones each time: writers in step would lose to one of them for ever.
fn out_of_step() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Duration::from_millis(u64::from(now.subsec_micros() % 17))
}

/// So many writers with so many changes each; every few milliseconds one of them is killed, `kills` times in all.
fn all_writers_end(place: &Place, writers: usize, times: u64, kills: usize) {
    let notes = tempfile::tempdir().unwrap();
    let start = |number: usize| {
        let mut command = place.process(PART);
        command.env(WRITER, format!("w{number}")).env(NOTES, notes.path()).env(TIMES, times.to_string());
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    let mut running: Vec<Child> = (0..writers).map(start).collect();
    // Any sequence would do; this one repeats.
    let mut random = 42_u64;
    let mut killed = 0;
    while killed < kills {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(random >> 59));
        let number = (random >> 33) as usize % writers;
        match running[number].try_wait().unwrap() {
            Some(status) => assert!(status.success()),
            None => {
                running[number].kill().unwrap();
                running[number].wait().unwrap();
                running[number] = start(number);
            }
        }
        killed += 1;
    }
    for mut writer in running {
        assert!(writer.wait().unwrap().success());
    }
    ends_with(place, notes.path(), writers, times);
}

const CHECK: &str = "writers::check";

fn ends_with(place: &Place, notes: &Path, writers: usize, times: u64) {
    let mut command = place.process(CHECK);
    command.env(NOTES, notes).env(WRITER, writers.to_string()).env(TIMES, times.to_string());
    // What a test runner says within a test would be counted with the tests.
    let status = command.stdout(Stdio::null()).status();
    assert!(status.unwrap().success());
}

/// What the key holds at the end.
#[tokio::test]
async fn check() {
    let Some(store) = store_of_child(CHECK) else { return };
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let (writers, times) = (number(WRITER), number(TIMES));
    let (all, _) = counts(&*store).await;
    assert_eq!(all["all"], writers * times);
    assert!((0..writers).all(|writer| all[&format!("w{writer}")] == times), "{all:?}");
}

/// 16 writers with 1,000 changes each where `PEER_CONTRACT_WRITERS=all`; a few otherwise.
fn is_long() -> bool {
    std::env::var("PEER_CONTRACT_WRITERS").is_ok_and(|value| value == "all")
}

#[test]
fn killed_writers_lose_no_update_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let (writers, times, kills) = if is_long() { (16, 1_000, 300) } else { (6, 100, 30) };
    all_writers_end(&Place::folder(folder.path()), writers, times, kills);
}

#[test]
fn killed_writers_lose_no_update_in_s3() {
    let cloud = Cloud::start("ministack");
    let (writers, times, kills) = if is_long() { (16, 1_000, 300) } else { (4, 20, 6) };
    all_writers_end(&cloud.bucket(), writers, times, kills);
}

#[test]
fn killed_writers_lose_no_update_in_a_table() {
    let cloud = Cloud::start("ministack");
    let (writers, times, kills) = if is_long() { (16, 1_000, 300) } else { (4, 20, 6) };
    all_writers_end(&cloud.table(), writers, times, kills);
}
