//! The file store when the file system fails, or the process is killed, at each of its system calls.
//!
//! `faults.c` is loaded before the C library. For each operation the calls it makes are counted; then the operation runs once for each
//! call and each fault, in a process of its own, and another process looks at what is left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use peer_contract::store::upkeep::{Ages, Mode, forget, gc};
use peer_contract::store::{FileStore, Found, Inventory, Key, Put, Scope, Swap, put_blob};
use peer_contract_core::Problem;

use crate::cloud::{Place, store_of_child};

const OPERATIONS: [&str; 7] = ["get", "put", "swap", "claim", "aside", "forget", "gc"];
/// `ENOSPC`, `EIO`, `EINTR`, as Linux numbers them.
const FAULTS: [&str; 4] = ["kill", "28", "5", "4"];
const INTERRUPTED: &str = "4";

const OPERATION: &str = "PEER_CONTRACT_TEST_OPERATION";

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

/// What lies there before each operation.
async fn furnish(store: &dyn Inventory) {
    for (name, bytes) in
        [("work/w/result", "old"), ("work/w/claim/m", "old"), ("work/w/blob/bad", "torn"), ("work/gone/result", "r")]
    {
        store.put_if_absent(&key(name), bytes.as_bytes()).await.unwrap();
    }
}

/// Does one operation; says how it ended.
async fn operate(store: &dyn Inventory, operation: &str) -> Result<&'static str, Problem> {
    let done = |is_done| if is_done { "done" } else { "not done" };
    Ok(match operation {
        "get" => done(store.get(&key("work/w/result")).await?.is_some_and(|found| found.bytes == b"old")),
        "put" => done(store.put_if_absent(&key("work/w/outcome/new"), b"new").await? == Put::Stored),
        "swap" => done(swap(store, "work/w/claim/m").await?),
        "claim" => done(store.compare_and_set(&key("work/n/claim/m"), None, b"new").await? != Swap::Lost),
        "aside" => {
            put_blob(store, &key("work/w/blob/bad"), b"whole").await?;
            "done"
        }
        "forget" => done(forget(store, "gone").await?.keys == 1),
        _ => done(gc(store, u64::MAX, Ages::default(), Mode::Remove).await?.works == 2),
    })
}

async fn swap(store: &dyn Inventory, name: &str) -> Result<bool, Problem> {
    let found = store.get(&key(name)).await?;
    let version = found.as_ref().map(|found| &found.version);
    Ok(store.compare_and_set(&key(name), version, b"new").await? != Swap::Lost)
}

/// One operation with a fault, in a process of its own, which prints how it ended.
#[tokio::test]
async fn operation() {
    let Some(store) = store_of_child("faults::operation") else { return };
    let operation = std::env::var(OPERATION).unwrap();
    // Without an executor file work is done on the thread that asks, so that the calls come in one order.
    let thread = std::thread::spawn(move || {
        tell("begin");
        let ended = at_once(operate(&*store, &operation));
        tell("end");
        ended
    });
    let ended = thread.join().unwrap();
    println!("\nended: {}", ended.unwrap_or("failed"));
}

/// A word to `faults.c`, which sees what is opened.
fn tell(word: &str) {
    assert!(std::fs::File::open(format!("/faults/{word}")).is_err());
}

/// Runs a future that never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("file work without an executor is done at once"),
    }
}

/// Looks at what an operation left, and does it again without faults.
async fn inspect(store: Arc<dyn Inventory>, operation: &str, ended: &str) {
    let found = |name: &'static str| {
        let store = store.clone();
        async move { store.get(&key(name)).await.unwrap().map(|Found { bytes, .. }| String::from_utf8(bytes).unwrap()) }
    };
    let is_there = |found: &Option<String>, text: &str| found.as_deref() == Some(text);
    match operation {
        "get" => assert!(is_there(&found("work/w/result").await, "old")),
        "put" => whole(found("work/w/outcome/new").await, None, ended),
        "swap" => whole(found("work/w/claim/m").await, Some("old"), ended),
        "claim" => whole(found("work/n/claim/m").await, None, ended),
        "aside" => {
            let blob = found("work/w/blob/bad").await;
            assert!(blob.is_none() || is_there(&blob, "torn") || is_there(&blob, "whole"), "{blob:?}");
            assert!(ended != "done" || is_there(&blob, "whole"), "{blob:?}");
        }
        "forget" => assert!(ended != "done" || found("work/gone/result").await.is_none()),
        _ => assert!(ended != "done" || store.list("work/").await.unwrap().is_empty()),
    }
    // Nothing is stuck.
    let again = operate(&*store, operation).await.unwrap();
    let may_be_done_before = matches!(operation, "put" | "claim" | "forget" | "gc");
    assert!(again == "done" || may_be_done_before, "{operation} again: {again}");
    assert!(swap(&*store, "work/w/claim/m").await.unwrap());
    store.sweep("", u64::MAX).await.unwrap();
}

/// The new content, or what was there before; the new one where the operation said so.
fn whole(found: Option<String>, before: Option<&str>, ended: &str) {
    let is_new = found.as_deref() == Some("new");
    assert!(is_new || found.as_deref() == before, "{found:?}");
    assert!(ended != "done" || is_new, "it said that it was done, and {found:?} is there");
}

/// Builds `faults.c`.
fn library(folder: &Path) -> PathBuf {
    let library = folder.join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/faults.c");
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(built.expect("a C compiler is there").success());
    library
}

struct Faulty {
    library: PathBuf,
    folder: tempfile::TempDir,
}

impl Faulty {
    /// An operation with a fault at a call, from a fresh store on. Gives how it ended and how many calls it made; `killed` without.
    async fn run(&self, operation: &str, at: usize, fault: &str) -> (String, usize) {
        let store = FileStore::new(self.folder.path().join("s"), Scope::Shared);
        furnish(&store).await;
        let mut command = Place::folder(&self.folder.path().join("s")).process("faults::operation");
        command.env("LD_PRELOAD", &self.library).env("FAULT_AT", at.to_string()).env("FAULT_KIND", fault);
        let output = command.env(OPERATION, operation).stderr(Stdio::inherit()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let said = |word| text.lines().find_map(|line| line.strip_prefix(word));
        let Some(ended) = said("ended: ") else {
            assert_eq!(fault, "kill", "{operation} at {at}: {text}");
            return ("killed".to_owned(), 0);
        };
        (ended.to_owned(), said("calls: ").expect("faults.c was loaded").parse().unwrap())
    }

    /// The same, looked at afterwards. Gives how it ended.
    async fn survives(&self, operation: &str, at: usize, fault: &str) -> String {
        let (ended, _) = self.run(operation, at, fault).await;
        assert_ne!(ended, "not done", "{operation} at {at} with {fault}: a failure must be told");
        // A call that a signal interrupts is made again, and nobody notices.
        assert!(fault != INTERRUPTED || ended == "done", "{operation} at {at}: {ended}");
        let root = self.folder.path().join("s");
        inspect(Arc::new(FileStore::new(&root, Scope::Shared)), operation, &ended).await;
        std::fs::remove_dir_all(root).unwrap();
        ended
    }
}

/// In memory where there is such a folder: what a disk does with `fsync` is not what fails here, and takes minutes.
fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Every fault at every call where `PEER_CONTRACT_FAULTS=all`; else one fault at every call, another at the next.
fn faults_at(at: usize) -> Vec<&'static str> {
    match std::env::var("PEER_CONTRACT_FAULTS").is_ok_and(|value| value == "all") {
        true => FAULTS.to_vec(),
        false => vec![FAULTS[at % FAULTS.len()]],
    }
}

#[tokio::test]
async fn no_fault_at_any_call_breaks_a_file_store() {
    let folder = quick_folder();
    let faulty = Faulty { library: library(folder.path()), folder };
    let mut endings = BTreeMap::<String, usize>::new();
    for operation in OPERATIONS {
        let (ended, calls) = faulty.run(operation, 0, "kill").await;
        assert_eq!(ended, "done", "{operation} without a fault");
        assert!(calls >= 4, "{operation} makes {calls} calls: are they seen?");
        std::fs::remove_dir_all(faulty.folder.path().join("s")).unwrap();
        for at in 1..=calls {
            for fault in faults_at(at) {
                *endings.entry(faulty.survives(operation, at, fault).await).or_default() += 1;
            }
        }
    }
    println!("{endings:?}");
    assert!(endings["killed"] >= 40 && endings["failed"] >= 20, "the faults were made: {endings:?}");
}
