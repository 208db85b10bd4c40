//! The command as its users meet it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

struct Ended {
    code: i32,
    out: String,
    err: String,
}

fn peerc(folder: &Path, arguments: &[&str]) -> Ended {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_peerc")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = peerc(folder.path(), &["init", "research"]);
    assert_eq!(made.code, 0, "{}", made.err);
    folder
}

#[test]
fn a_new_project_passes_its_own_checks() {
    let folder = project();
    let root = folder.path().join("research");
    let checked = peerc(&root, &["check"]);
    assert!(checked.out.starts_with("research 1.0.0  3 agents, 4 operations, 5 phases  sha256:"), "{}", checked.out);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
    assert!(peerc(&root.join("agents"), &["check"]).code == 0, "a folder above has `peerc.toml`");
}

#[test]
fn init_leaves_a_folder_with_files_alone() {
    let folder = project();
    let again = peerc(folder.path(), &["init", "research"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("`research` is there already"), "{}", again.err);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["research"], "nothing half made stays");
}

#[test]
fn a_mistake_is_shown_with_code_place_and_help() {
    let folder = project();
    let root = folder.path().join("research");
    let path = root.join("research.contract.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("formatter.render: ranked", "formatter.render: ranekd")).unwrap();
    let checked = peerc(&root, &["check"]);
    assert_eq!((checked.code, checked.out.as_str()), (1, ""));
    for part in ["error[", "ranekd", "[research.contract.yaml:23:", "help: ", " in research.contract.yaml"] {
        assert!(checked.err.contains(part), "{part} is not in\n{}", checked.err);
    }
    let listed = peerc(&root, &["check", "--format", "json"]);
    let problems: Value = serde_json::from_str(&listed.out).unwrap();
    let first = problems.as_array().unwrap().iter().find(|problem| problem["line"] == 23).unwrap();
    for key in ["code", "message", "help", "at", "file", "line", "column", "endLine", "endColumn"] {
        assert!(first.get(key).is_some_and(|value| !value.is_null()), "{key}: {problems:#}");
    }
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.yaml"), "a: [1").unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\"a\":1,\"a\":2}").unwrap();
    for arguments in [["check", "missing.yaml"], ["check", "broken.yaml"], ["check", "broken.json"], ["check", "x.txt"]]
    {
        let ended = peerc(folder.path(), &arguments);
        assert_eq!(ended.code, 2, "{arguments:?} {}", ended.err);
        assert!(ended.err.starts_with("error["), "{}", ended.err);
    }
}

#[test]
fn yaml_and_json_have_one_hash() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = "peerContract: '1'\nname: tiny\nversion: 1.0.0\nagents:\n  one:\n    operations:\n      \
                double: { input: { type: integer, maximum: 1e3 }, output: { schema: { type: number } } }\n";
    let json = r#"{"agents":{"one":{"operations":{"double":{"output":{"schema":{"type":"number"}},
                "input":{"maximum":1000,"type":"integer"}}}}},"version":"1.0.0","name":"tiny","peerContract":"1"}"#;
    std::fs::write(folder.path().join("a.yaml"), yaml).unwrap();
    std::fs::write(folder.path().join("b.json"), json).unwrap();
    let (one, other) = (peerc(folder.path(), &["hash", "a.yaml"]), peerc(folder.path(), &["hash", "b.json"]));
    assert_eq!((one.code, one.out.as_str()), (0, other.out.as_str()), "{}", one.err);
    let operation = peerc(folder.path(), &["hash", "a.yaml", "--operation", "one.double"]);
    assert!(operation.out.starts_with("sha256:") && operation.out != one.out);
    let unknown = peerc(folder.path(), &["hash", "a.yaml", "--operation", "one.treble"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`one.double`"), "{}", unknown.err);
}

#[test]
fn generate_check_lists_what_is_stale_and_writes_nothing() {
    let folder = project();
    let root = folder.path().join("research");
    let stale = root.join("agents/ranker/src/research/types.rs");
    let text = std::fs::read_to_string(&stale).unwrap() + "// changed\n";
    std::fs::write(&stale, &text).unwrap();
    std::fs::remove_file(root.join("agents/research/ranker.py")).unwrap();
    let listed = peerc(&root, &["generate", "--check"]);
    assert_eq!(listed.code, 1);
    assert!(listed.out.contains("stale     agents/ranker/src/research/types.rs"), "{}", listed.out);
    assert!(listed.out.contains("missing   agents/research/ranker.py"), "{}", listed.out);
    assert_eq!(std::fs::read_to_string(&stale).unwrap(), text);
    assert_eq!(peerc(&root, &["generate"]).code, 0);
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
}

#[test]
fn one_language_leaves_the_files_of_another_in_the_same_folder() {
    let folder = project();
    let root = folder.path().join("research");
    assert_eq!(peerc(&root, &["generate", "--python", "agents/research"]).code, 0);
    assert_eq!(peerc(&root, &["generate", "--check"]).code, 0);
}

#[test]
fn generate_does_not_write_outside_the_project_or_over_foreign_files() {
    let folder = project();
    let root = folder.path().join("research");
    std::fs::write(root.join("agents/research/ranker.py"), "mine = 1\n").unwrap();
    std::fs::remove_file(root.join("agents/research/reasoner.py")).unwrap();
    let refused = peerc(&root, &["generate"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("was not written by peerc"), "{}", refused.err);
    assert!(!root.join("agents/research/reasoner.py").exists(), "all or nothing");
    std::fs::write(root.join("peerc.toml"), "contract = \"research.contract.yaml\"\n[generate]\nrust = \"../out\"\n")
        .unwrap();
    let refused = peerc(&root, &["generate"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("leads out of the project"), "{}", refused.err);
}

#[test]
fn schemas_and_completions_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    for which in ["contract", "envelope", "errors"] {
        let printed = peerc(folder.path(), &["schema", which]);
        assert_eq!(printed.code, 0);
        serde_json::from_str::<Value>(&printed.out).unwrap();
    }
    assert!(peerc(folder.path(), &["completions", "bash"]).out.contains("peerc"));
}

#[test]
fn a_pipe_gets_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!peerc(folder.path(), &["check", "missing.yaml"]).err.contains('\u{1b}'));
    assert!(peerc(folder.path(), &["check", "missing.yaml", "--color", "always"]).err.contains('\u{1b}'));
}

/// A contract with a keyword of each sort.
const EXPLAINED: &str = r##"{
  "peerContract": "1", "name": "explained", "version": "1.0.0",
  "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/List" }, "output": { "schema": { "$ref": "#/$defs/Price" } } } } } },
  "$defs": {
    "List": { "type": "array", "items": { "type": "string", "format": "email" }, "uniqueItems": true, "default": [] },
    "Price": { "anyOf": [{ "properties": { "net": true } }, { "properties": { "gross": true } }], "unevaluatedProperties": false },
    "Unused": { "const": { "a": 1 } }
  }
}"##;

fn explained() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("explained.contract.json"), EXPLAINED).unwrap();
    folder
}

#[test]
fn explain_tells_what_decides_each_keyword_and_why() {
    let folder = explained();
    let told = peerc(folder.path(), &["explain"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let expected = "\
/$defs/List                      one pass  items, type, uniqueItems
                                 no check  default
/$defs/List/items                one pass  format, type
/$defs/Price                     one pass  anyOf
                                 fallback  unevaluatedProperties: what other keywords look at differs from value to value
";
    for line in expected.lines() {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let found = told.out.lines().any(|one| one.split_whitespace().eq(parts.iter().copied()));
        assert!(found, "{line} is not in\n{}", told.out);
    }
    assert!(!told.out.contains("Unused") && !told.out.contains('\u{1b}'), "{}", told.out);
    let starts: std::collections::BTreeSet<Option<usize>> = told
        .out
        .lines()
        .filter(|line| !line.contains(" in "))
        .map(|line| line.find("one pass").or(line.find("fallback")))
        .collect();
    assert!(starts.iter().flatten().count() == 1, "columns are not aligned\n{}", told.out);
}

#[test]
fn explain_narrows_to_a_place() {
    let folder = explained();
    for (arguments, shown, hidden) in [
        (["explain", "/$defs/Unused"].as_slice(), "/$defs/Unused", "/$defs/List"),
        (&["explain", "#/$defs/Price"], "/$defs/Price", "/$defs/List"),
        (&["explain", "explained.contract.json", "/agents/a/operations/op/output"], "/$defs/Price", "/$defs/List"),
        (&["explain", "/$defs"], "/$defs/Unused", "/agents/"),
    ] {
        let told = peerc(folder.path(), arguments);
        assert_eq!(told.code, 0, "{}", told.err);
        assert!(told.out.contains(shown) && !told.out.contains(hidden), "{arguments:?}\n{}", told.out);
    }
    for nowhere in ["/nowhere", "/$defs/Lis", "/a~2", "missing.json"] {
        let told = peerc(folder.path(), &["explain", nowhere]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{nowhere}");
        assert!(told.err.starts_with("error["), "{}", told.err);
    }
}

#[test]
fn explain_lists_rulings_for_programs() {
    let folder = explained();
    let told = peerc(folder.path(), &["explain", "--format", "json"]);
    let listed: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((&listed["fallback"], &listed["annotation"]), (&Value::from(1), &Value::from(1)), "{listed:#}");
    let price = listed["schemas"].as_array().unwrap().iter().find(|schema| schema["at"] == "/$defs/Price").unwrap();
    let rest =
        price["keywords"].as_array().unwrap().iter().find(|one| one["keyword"] == "unevaluatedProperties").unwrap();
    assert_eq!(rest["by"], "fallback");
    assert!(rest["reason"].is_string());
}
