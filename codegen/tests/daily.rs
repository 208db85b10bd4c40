//! What an author does every day: lay the contract out, look at it, make examples of it, generate while it changes.

mod kit;
#[path = "kit/project.rs"]
mod project;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use kit::{Ended, peerc};
use project::project;

#[test]
fn samples_can_be_repeated_and_say_what_they_are_of() {
    let folder = project();
    let root = folder.path().join("research");
    let one = peerc(&root, &["sample", "--seed", "5", "--count", "2", "--format", "json"]);
    assert_eq!((one.code, one.err.as_str()), (0, ""));
    assert_eq!(one.out, peerc(&root, &["sample", "--seed", "5", "--count", "2", "--format", "json"]).out);
    assert_ne!(one.out, peerc(&root, &["sample", "--seed", "6", "--count", "2", "--format", "json"]).out);
    let told: Value = serde_json::from_str(&one.out).unwrap();
    let samples = told["samples"].as_array().unwrap();
    let parts: std::collections::BTreeSet<&str> = samples.iter().filter_map(|sample| sample["part"].as_str()).collect();
    assert_eq!(parts.into_iter().collect::<Vec<_>>(), ["error", "input", "output", "state"]);
    assert_eq!(told["unsampled"], Value::Array(Vec::new()));
}

#[test]
fn nearly_valid_samples_name_the_rule_and_the_place() {
    let folder = project();
    let told = peerc(
        &folder.path().join("research"),
        &["sample", "reasoner.plan", "--part", "input", "--invalid", "--count", "9", "--format", "json"],
    );
    assert_eq!(told.code, 0, "{}", told.err);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let rules: Vec<(&str, &str)> = told["samples"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sample| (sample["breaks"][0]["code"].as_str().unwrap(), sample["breaks"][0]["at"].as_str().unwrap()))
        .collect();
    for rule in [("length_mismatch", "/text"), ("required_missing", "/text"), ("type_mismatch", "/text")] {
        assert!(rules.contains(&rule), "{rule:?} is not in {rules:?}");
    }
}

#[test]
fn what_cannot_be_sampled_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let contract = "peerContract: \"1\"\nname: never\nversion: 1.0.0\nagents:\n  one:\n    operations:\n      take: { input: { type: integer, minimum: 2, maximum: 1 }, output: { schema: true } }\n";
    std::fs::write(folder.path().join("a.yaml"), contract).unwrap();
    let told = peerc(folder.path(), &["sample", "a.yaml"]);
    assert_eq!(told.code, 1);
    assert!(
        told.out.contains("one.take input  /agents/one/operations/take/input\n  no value was found"),
        "{}",
        told.out
    );
    let unknown = peerc(folder.path(), &["sample", "a.yaml", "one.tack"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `one.take`?"), "{}", unknown.err);
}

#[test]
fn a_laid_out_file_keeps_its_hash_and_is_left_alone_then() {
    let folder = project();
    let root = folder.path().join("research");
    let hash = peerc(&root, &["hash"]).out;
    let path = root.join("research.contract.yaml");
    let text = std::fs::read_to_string(&path).unwrap().replace("version: 1.0.0\n", "")
        + "version:    1.0.0 # raised by hand\n";
    std::fs::write(&path, &text).unwrap();
    let listed = peerc(&root, &["fmt", "--check"]);
    assert_eq!((listed.code, listed.out.as_str()), (1, "would change  research.contract.yaml\n"));
    let shown = peerc(&root, &["fmt", "--diff"]);
    assert_eq!(shown.code, 1);
    assert!(shown.out.contains("+version: 1.0.0 # raised by hand\n"), "{}", shown.out);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "both only look");
    let done = peerc(&root, &["fmt"]);
    assert_eq!((done.code, done.out.as_str()), (0, "changed  research.contract.yaml\n"), "{}", done.err);
    assert_eq!(peerc(&root, &["hash"]).out, hash);
    assert_eq!(peerc(&root, &["fmt", "--check"]).code, 0);
    assert_eq!(peerc(&root, &["fmt"]).out, "");
}

#[test]
fn standard_input_is_a_file_of_either_notation() {
    let folder = tempfile::tempdir().unwrap();
    let given = |text: &str, arguments: &[&str]| -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerc"));
        command.args(arguments).current_dir(folder.path()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    let laid_out = given("version:    1.0.0 # a\nname: a\n", &["fmt", "-"]);
    assert_eq!((laid_out.code, laid_out.out.as_str()), (0, "name: a\nversion: 1.0.0 # a\n"), "{}", laid_out.err);
    assert_eq!(given(&laid_out.out, &["fmt", "-"]).out, laid_out.out);
    assert!(given("{\"a\":1}", &["fmt", "-"]).out.starts_with('{'), "JSON stays JSON");
    let listed = given("a:   1\n", &["fmt", "--check", "-"]);
    assert_eq!((listed.code, listed.out.as_str()), (1, "would change  <stdin>\n"));
    let refused = given("a: &b 1\n", &["fmt", "-"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    let contract = include_str!("golden/hostile/contract.json");
    assert_eq!(given(contract, &["check", "-"]).code, 0);
}

#[test]
fn a_file_that_cannot_be_kept_whole_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = "a: &anchor 1\n";
    std::fs::write(folder.path().join("a.yaml"), text).unwrap();
    let refused = peerc(folder.path(), &["fmt", "a.yaml"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("[a.yaml:1:4]") && refused.err.contains("anchor"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("a.yaml")).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn the_layout_keeps_permissions_and_follows_links() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
    std::fs::write(&file, "a:    1\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("a.yaml", &link).unwrap();
    assert_eq!(peerc(folder.path(), &["fmt", "b.yaml"]).code, 0);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "a: 1\n");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn the_ending_of_a_file_says_what_is_drawn() {
    let folder = project();
    let root = folder.path().join("research");
    for (file, opening) in [("a.svg", "<svg "), ("a.mmd", "%% research"), ("a.dot", "digraph"), ("a.json", "{")] {
        let drawn = peerc(&root, &["graph", "-o", file]);
        assert_eq!(drawn.code, 0, "{}", drawn.err);
        assert!(std::fs::read_to_string(root.join(file)).unwrap().starts_with(opening), "{file}");
    }
    assert!(peerc(&root, &["graph", "--format", "svg"]).out.starts_with("<svg "));
    assert!(peerc(&root, &["graph"]).out.contains("flowchart LR"));
    let refused = peerc(&root, &["check", "--format", "svg"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("are for `graph`"), "{}", refused.err);
}

#[test]
fn a_manual_is_a_page_or_a_text() {
    let folder = project();
    let root = folder.path().join("research");
    let hash = peerc(&root, &["hash"]).out;
    for (file, opening) in [("a.html", "<!doctype html>"), ("a.md", "# research 1.0.0")] {
        let written = peerc(&root, &["docs", "-o", file]);
        assert_eq!(written.code, 0, "{}", written.err);
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(text.starts_with(opening) && text.contains(hash.trim()), "{file}");
        assert_eq!(peerc(&root, &["docs", "-o", file]).code, 0, "it may be written again");
        assert_eq!(std::fs::read_to_string(root.join(file)).unwrap(), text);
    }
    let refused = peerc(&root, &["docs", "-o", "none/a.md"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("cannot be written"), "{}", refused.err);
}

/// The blocks of a page between fences, with what stands behind the first fence.
fn blocks(page: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = page.split("\n```").collect();
    let block = |part: &&str| part.split_once('\n').map(|(label, text)| (label.to_owned(), format!("{text}\n")));
    parts.iter().skip(1).step_by(2).filter_map(block).collect()
}

#[test]
fn the_manual_shows_what_the_commands_print() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/authoring.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut shown = 0;
    for (label, text) in blocks(&page) {
        if let Some(name) = label.strip_prefix("yaml ") {
            let path = folder.path().join(name);
            if path.exists() {
                assert_eq!(std::fs::read_to_string(path).unwrap(), text, "the file after `peerc fmt`");
            } else {
                std::fs::write(path, text).unwrap();
            }
        } else if let Some((command, expected)) = text.strip_prefix("$ peerc ").and_then(|text| text.split_once('\n')) {
            let told = peerc(folder.path(), &command.split(' ').collect::<Vec<_>>());
            assert_eq!(told.out, expected, "{command}: {}", told.err);
            shown += 1;
        }
    }
    assert_eq!(shown, 4);
}

/// A process that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn watching_generates_again_goes_on_after_mistakes_and_ends_when_asked() {
    let folder = project();
    let root = folder.path().join("research");
    let path = root.join("research.contract.yaml");
    let (good, types) = (std::fs::read_to_string(&path).unwrap(), root.join("agents/research/types.py"));
    let types = if types.exists() { types } else { root.join("agents/research/__init__.py") };
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerc"));
    command.args(["generate", "--watch"]).current_dir(&root).stdout(Stdio::null()).stderr(log);
    let mut running = Running(command.spawn().unwrap());
    let said = || std::fs::read_to_string(folder.path().join("log")).unwrap();
    until("it says what it watches", || said().contains("watching "));

    // As editors do: another file takes the name.
    let beside = root.join(".research.swp");
    std::fs::write(&beside, good.replace("Reason: {", "Cause: { type: object }\n  Reason: {")).unwrap();
    std::fs::rename(&beside, &path).unwrap();
    until("the new version is generated", || said().matches("changed: ").count() == 1);
    std::fs::write(&path, good.replace("formatter.render: ranked", "formatter.render: ranekd")).unwrap();
    until("the mistake is told", || said().contains("ranekd"));
    std::fs::write(&path, good.replace("version: 1.0.0", "version: 1.2.3")).unwrap();
    until("it goes on", || std::fs::read_to_string(&types).is_ok_and(|text| text.contains("1.2.3")));
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(said().matches("changed: ").count(), 3, "its own output is no change:\n{}", said());

    let ended = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status().unwrap();
    assert!(ended.success());
    until("Ctrl-C ends it", || running.0.try_wait().unwrap().is_some());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}
