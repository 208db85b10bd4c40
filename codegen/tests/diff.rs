//! `peerc diff` as its users meet it.

mod kit;

use std::path::{Path, PathBuf};
use std::process::Command;

use peer_contract_core::Contract;
use peerc::diff::{Judged, Require};
use serde_json::{Value, json};

use kit::{Ended, peerc};

fn git(folder: &Path, arguments: &[&str]) {
    let settings = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(settings).args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The contract of the examples here; `terms` says what the input of `find` asks for.
fn contract(version: &str, required: &str, more: &str) -> String {
    format!(
        "peerContract: '1'\nname: search\nversion: {version}\nagents:\n  ranker:\n    operations:\n      find:\n        \
         input: {{ $ref: '#/$defs/Plan' }}\n        output: {{ schema: {{ type: integer }} }}\n{more}$defs:\n  Plan:\n    \
         type: object\n    required: [{required}]\n    properties:\n      terms: {{ type: array, items: {{ type: string }} }}\n      \
         limit: {{ type: integer }}\n"
    )
}

const SCORE: &str = "      score: { input: { type: string }, output: { schema: { type: number } } }\n";

/// A repository whose `main` holds version 1.1.0 of `search.contract.yaml`, in a folder of it.
fn repository() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("contracts");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(inner.join("search.contract.yaml"), contract("1.1.0", "terms", "")).unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "First"]);
    (folder, inner)
}

#[test]
fn a_break_is_shown_with_place_witness_and_the_version_that_follows() {
    let (_folder, inner) = repository();
    std::fs::write(inner.join("search.contract.yaml"), contract("1.1.0", "terms, limit", "")).unwrap();
    let told = peerc(&inner, &["diff", "--against", "git:main"]);
    let expected = "\
ranker.find input  breaks backward  `limit` became required
    search.contract.yaml:13:15  /$defs/Plan/required
    sent by search 1.1.0: {\"terms\":[]}
    refused by 1.1.0: required_missing at `/limit`
FORWARD  search 1.1.0 → 1.1.0
the version must rise to 2.0.0 (is 1.1.0): this is a major change
";
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (1, expected, ""));
}

#[test]
fn what_breaks_nobody_is_clean_once_the_version_says_so() {
    let (folder, inner) = repository();
    let path = inner.join("search.contract.yaml");
    std::fs::write(&path, contract("1.1.0", "terms", SCORE)).unwrap();
    let told = peerc(folder.path(), &["diff", "--against", "git:HEAD", "contracts/search.contract.yaml"]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.out.contains("must rise to 1.2.0"), "{}", told.out);
    std::fs::write(&path, contract("1.2.0", "terms", SCORE)).unwrap();
    let arguments = ["diff", "--against", "git:HEAD", "contracts/search.contract.yaml"];
    assert_eq!(peerc(folder.path(), &arguments).code, 0);
    for (require, code) in [("backward", 0), ("none", 0), ("forward", 1), ("full", 1)] {
        let told = peerc(folder.path(), &[&arguments[..], &["--require", require]].concat());
        assert_eq!(told.code, code, "{require}: {}", told.out);
    }
}

#[test]
fn a_contract_is_fully_compatible_with_itself() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), contract("1.0.0", "terms", "")).unwrap();
    let told = peerc(folder.path(), &["diff", "a.yaml", "a.yaml", "--require", "full"]);
    assert_eq!((told.code, told.out.as_str()), (0, "FULL  search 1.0.0 → 1.0.0\n"));
}

#[test]
fn programs_get_every_difference_with_both_places() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), contract("1.0.0", "terms", SCORE)).unwrap();
    std::fs::write(folder.path().join("new.yaml"), contract("2.0.0", "terms", "")).unwrap();
    let told = peerc(folder.path(), &["diff", "old.yaml", "new.yaml", "--format", "json"]);
    assert_eq!(told.code, 1);
    let found: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(
        (&found["verdict"], &found["bump"], &found["versionMistake"]),
        (&json!("FORWARD"), &json!("major"), &Value::Null)
    );
    let gone = &found["differences"][0];
    assert_eq!(gone["cause"], "operation");
    assert_eq!((&gone["new"], &gone["old"]["line"]), (&Value::Null, &json!(10)));
    assert_eq!(gone["witness"], json!({ "part": "ranker.score", "value": "a", "code": "operation_unknown", "at": "" }));
}

#[test]
fn what_no_schema_says_is_shown_by_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let limited = |hops: u32| contract("2.0.0", "terms", SCORE) + &format!("constraints: {{ maxHops: {hops} }}\n");
    std::fs::write(folder.path().join("old.yaml"), limited(12)).unwrap();
    std::fs::write(folder.path().join("new.yaml"), limited(8)).unwrap();
    let told = peerc(folder.path(), &["diff", "old.yaml", "new.yaml"]);
    let shown = "    sent by search 2.0.0: {\"hop\":9,\"type\":\"search.ranker.find\"}\n    refused by 2.0.0: hop_limit at `/hop`\n";
    assert!(told.out.contains(shown), "{}", told.out);
    let told = peerc(folder.path(), &["diff", "old.yaml", "new.yaml", "--format", "json"]);
    let found: Value = serde_json::from_str(&told.out).unwrap();
    let message = json!({ "hop": 9, "type": "search.ranker.find" });
    assert_eq!(
        found["differences"][0]["witness"],
        json!({ "part": "constraints", "value": message, "code": "hop_limit", "at": "/hop" })
    );
}

#[test]
fn scanners_and_workflows_get_places_in_the_new_contract() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), contract("1.0.0", "terms", SCORE)).unwrap();
    std::fs::write(folder.path().join("new.yaml"), contract("1.0.0", "terms, limit", "")).unwrap();
    let told = peerc(folder.path(), &["diff", "old.yaml", "new.yaml", "--format", "sarif"]);
    assert_eq!(told.code, 1);
    let log: Value = serde_json::from_str(&told.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let rules: Vec<_> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert_eq!(rules, ["diff-version", "diff-operation", "diff-input"]);
    for result in results {
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "new.yaml");
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64(), "{result}");
    }
    let told = peerc(folder.path(), &["diff", "old.yaml", "new.yaml", "--format", "github"]);
    assert_eq!(told.code, 1);
    assert_eq!(told.out.lines().count(), 3, "{}", told.out);
    assert!(told.out.lines().all(|line| line.starts_with("::error file=new.yaml,line=")), "{}", told.out);
}

#[test]
fn what_cannot_be_compared_exits_with_2_and_says_why() {
    let (folder, inner) = repository();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("a.contract.yaml"), contract("1.0.0", "terms", "")).unwrap();
    std::fs::write(folder.path().join("new.yaml"), contract("1.0.0", "terms", "")).unwrap();
    std::fs::write(folder.path().join("wrong.yaml"), contract("1.0.0", "terms", "x-a: 1\nagent: 2\n")).unwrap();
    for (at, arguments, said) in [
        (&inner, &["--against", "git:nowhere"][..], "no commit `nowhere`"),
        (&inner, &["--against", "git:--help"], "names no commit"),
        (&inner, &["--against", "git:main:other.yaml"], "`main` has no `other.yaml`"),
        (&outside.path().to_owned(), &["--against", "git:main"], "is in no git repository"),
        (&folder.path().to_owned(), &["--against", "git:main", "new.yaml"], "`main` has no `./new.yaml`"),
        (&folder.path().to_owned(), &["new.yaml"], "name two contracts"),
        (&folder.path().to_owned(), &["new.yaml", "missing.yaml"], "cannot be read"),
        (&folder.path().to_owned(), &["wrong.yaml", "new.yaml"], "agent"),
        (&folder.path().to_owned(), &["new.yaml", "new.yaml", "--against", "git:main"], "the new contract only"),
    ] {
        let told = peerc(at, &[&["diff"], arguments].concat());
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{arguments:?} {}", told.err);
        assert!(told.err.contains(said), "{arguments:?}: {said} is not in\n{}", told.err);
    }
}

#[test]
fn a_renamed_file_is_found_under_its_old_name() {
    let (folder, inner) = repository();
    std::fs::rename(inner.join("search.contract.yaml"), folder.path().join("found.yaml")).unwrap();
    let told = peerc(folder.path(), &["diff", "--against", "git:main:contracts/search.contract.yaml", "found.yaml"]);
    assert_eq!((told.code, told.out.as_str()), (0, "FULL  search 1.1.0 → 1.1.0\n"), "{}", told.err);
}

#[test]
fn a_machine_without_git_is_told_so() {
    let (_folder, inner) = repository();
    let empty = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerc"));
    command.args(["diff", "--against", "git:main"]).current_dir(&inner).env("PATH", empty.path());
    let told = Ended::from(command.output().unwrap());
    assert_eq!(told.code, 2);
    assert!(told.err.contains("the program `git` was not found"), "{}", told.err);
}

#[test]
fn every_vector_asks_for_the_bump_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors/diff");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let vector: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let contract = |side: &str| Contract::from_value(vector[side].clone()).unwrap();
        let judged = Judged::of(&contract("old"), &contract("new"), Require::Full);
        assert_eq!(judged.bump.as_str(), vector["bump"].as_str().unwrap(), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 30);
}

/// Blocks of a page: what stands behind the three marks, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(label) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((label.to_owned(), text.join("\n") + "\n"));
        }
    }
    blocks
}

#[test]
fn the_manual_shows_what_the_command_prints() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/evolution.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut shown = 0;
    for (label, text) in blocks(&page) {
        if let Some(name) = label.strip_prefix("yaml ") {
            std::fs::write(folder.path().join(name), text).unwrap();
        } else if let Some((command, expected)) = text.strip_prefix("$ peerc ").and_then(|text| text.split_once('\n')) {
            let told = peerc(folder.path(), &command.split(' ').collect::<Vec<_>>());
            assert_eq!(told.out, expected, "{}", told.err);
            shown += 1;
        }
    }
    assert_eq!(shown, 1);
}
