//! The file store between processes: this program starts itself again as the workers.

use std::process::{Command, Stdio};

use peer_contract::store::{FileStore, Key, Scope, Store, Swap};

const FOLDER: &str = "PEER_CONTRACT_TEST_FOLDER";
const TIMES: usize = 200;

/// A worker when started with a folder, else nothing.
#[tokio::test]
async fn worker() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = FileStore::new(folder, Scope::Shared);
    let key = Key::parse("work/w/claim/count").unwrap();
    let mut done = 0;
    while done < TIMES {
        let found = store.get(&key).await.unwrap();
        let count = found.as_ref().map_or(0, |found| String::from_utf8_lossy(&found.bytes).parse::<u64>().unwrap());
        let next = (count + 1).to_string();
        let version = found.as_ref().map(|found| &found.version);
        done += usize::from(store.compare_and_set(&key, version, next.as_bytes()).await.unwrap() != Swap::Lost);
    }
}

#[tokio::test]
async fn eight_processes_lose_no_update() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let start = || {
        let mut command = Command::new(&program);
        command.args(["--exact", "worker"]).env(FOLDER, folder.path()).stdout(Stdio::null()).spawn().unwrap()
    };
    let workers: Vec<_> = (0..8).map(|_| start()).collect();
    for mut worker in workers {
        assert!(worker.wait().unwrap().success());
    }
    let store = FileStore::new(folder.path(), Scope::Shared);
    let found = store.get(&Key::parse("work/w/claim/count").unwrap()).await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.bytes), (8 * TIMES).to_string());
}

#[cfg(unix)]
#[tokio::test]
async fn links_lead_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("result"), "secret").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("work")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("work/w")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("result"), folder.path().join("work/result")).unwrap();
    let store = FileStore::new(folder.path(), Scope::Shared);
    for key in ["work/w/result", "work/result"] {
        let key = Key::parse(key).unwrap();
        assert!(store.get(&key).await.is_err(), "{key}");
    }
    let fresh = Key::parse("work/w/fresh").unwrap();
    assert!(store.put_if_absent(&fresh, b"x").await.is_err());
    assert!(!outside.path().join("fresh").exists());
}

#[tokio::test]
async fn a_bad_file_is_moved_aside_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path(), Scope::Shared);
    let key = Key::parse("work/w/blob/ab").unwrap();
    store.put_if_absent(&key, b"bad").await.unwrap();
    store.set_aside(&key).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap(), None);
    let aside: Vec<_> = std::fs::read_dir(folder.path().join(".bad")).unwrap().collect();
    assert_eq!(aside.len(), 1);
    assert!(std::fs::read_dir(folder.path().join(".tmp")).unwrap().next().is_none());
}
