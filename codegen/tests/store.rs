//! `peerc store`, on a store in a folder.

mod kit;

use std::path::Path;

use kit::peerc;
use peer_contract::store::{FileStore, Key, Scope, Store};
use serde_json::{Value, json};

const WORK: &str = "019a3b5c-0000-7000-8000-000000000000";

/// A folder with a store of two works in `s`.
fn store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("s"), Scope::Shared);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (name, bytes) in [("result", "12345"), ("claim/m", "1"), ("blob/ff", "123")] {
        let key = Key::parse(&format!("work/{WORK}/{name}")).unwrap();
        runtime.block_on(store.put_if_absent(&key, bytes.as_bytes())).unwrap();
    }
    runtime.block_on(store.put_if_absent(&Key::result("other").unwrap(), b"1")).unwrap();
    folder
}

fn json_of(folder: &Path, arguments: &[&str]) -> Value {
    let ended = peerc(folder, &[arguments, &["--store", "s", "--format", "json"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    serde_json::from_str(&ended.out).unwrap()
}

#[test]
fn works_are_listed_with_what_lies_there_of_them() {
    let folder = store();
    let works = json_of(folder.path(), &["store", "ls"]);
    assert_eq!((&works[0]["work"], &works[0]["keys"], &works[0]["bytes"]), (&json!(WORK), &json!(3), &json!(9)));
    assert_eq!(works[1]["work"], "other");
    let keys = json_of(folder.path(), &["store", "ls", WORK]);
    let names: Vec<_> = keys.as_array().unwrap().iter().map(|entry| entry["key"].as_str().unwrap()).collect();
    assert_eq!(names, ["blob/ff", "claim/m", "result"].map(|name| format!("work/{WORK}/{name}")));
    let text = peerc(folder.path(), &["store", "ls", "--store", "s"]).out;
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains("3 keys") && text.contains(WORK), "{text}");
}

#[test]
fn a_forgotten_work_is_gone_and_the_others_stay() {
    let folder = store();
    let removed = json_of(folder.path(), &["store", "forget", WORK]);
    assert_eq!((&removed["works"], &removed["keys"], &removed["bytes"]), (&json!(1), &json!(3), &json!(9)));
    assert!(!folder.path().join("s/work").join(WORK).exists());
    assert_eq!(json_of(folder.path(), &["store", "ls"])[0]["work"], "other");
    let refused = peerc(folder.path(), &["store", "forget", "../other", "--store", "s"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("reference_invalid"), "{}", refused.err);
}

#[test]
fn gc_removes_by_age_and_only_counts_when_it_is_told_to() {
    let folder = store();
    assert_eq!(json_of(folder.path(), &["store", "gc"])["keys"], 0, "nothing is a week old");
    let all = ["store", "gc", "--works", "0s", "--orphans", "0s"];
    std::thread::sleep(std::time::Duration::from_millis(5));
    let counted = json_of(folder.path(), &[&all[..], &["--dry-run"]].concat());
    assert_eq!((&counted["works"], &counted["keys"], &counted["dryRun"]), (&json!(2), &json!(4), &json!(true)));
    assert_eq!(json_of(folder.path(), &["store", "ls"]).as_array().unwrap().len(), 2);
    assert_eq!(json_of(folder.path(), &all)["works"], 2);
    assert_eq!(json_of(folder.path(), &["store", "ls"]), json!([]));
}

#[test]
fn a_store_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = peerc(folder.path(), &["store", "ls", "--store", "nowhere"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("no store at `nowhere`"), "{}", missing.err);
    let wrong = peerc(folder.path(), &["store", "ls", "--store", "s3://x"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("s3://bucket/prefix"), "{}", wrong.err);
    let neither = peerc(folder.path(), &["store", "ls"]);
    assert_eq!(neither.code, 2);
    assert!(neither.err.contains("peerc.toml"), "{}", neither.err);
}
