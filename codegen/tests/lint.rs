//! `peerc lint`: each rule finds what it is about, and nothing where that is put right.

use std::path::Path;
use std::process::{Command, Output};

use peer_contract_core::Contract;
use peerc::lint::{RULES, Settings, lint, page};
use serde_json::{Value, json};

/// A contract that no rule finds anything in.
fn clean() -> Value {
    let said = |mut value: Value| {
        value["description"] = json!("What it is.");
        value
    };
    let text = json!({ "type": "string", "maxLength": 20, "pattern": "^[a-z]+$" });
    let question = json!({ "type": "object", "required": ["text"], "properties": { "text": text } });
    let score = json!({ "type": "object", "required": ["score"], "properties": { "score": { "type": "number" } } });
    let state = json!({ "type": "object", "properties": { "note": { "type": "string", "maxLength": 100 } } });
    let ask = said(json!({ "input": { "$ref": "#/$defs/Question" }, "from": ["asked"], "calls": ["one.score"],
        "output": { "schema": { "$ref": "#/$defs/Score" }, "to": "done" } }));
    let call =
        said(json!({ "input": { "$ref": "#/$defs/Question" }, "output": { "schema": { "$ref": "#/$defs/Score" } } }));
    said(json!({
        "peerContract": "1", "name": "clean", "version": "1.0.0",
        "state": { "$ref": "#/$defs/State" }, "phases": { "start": "asked", "end": ["done"] },
        "agents": { "one": said(json!({ "operations": { "ask": ask, "score": call } })) },
        "$defs": { "Question": said(question), "Score": said(score), "State": said(state) },
    }))
}

fn found(document: &Value) -> Vec<(String, String)> {
    let contract = Contract::from_value(document.clone()).unwrap_or_else(|problems| panic!("{problems}"));
    let findings = lint(&contract, &Settings::default());
    findings.into_iter().map(|finding| (finding.rule, finding.at.to_string())).collect()
}

/// What is put where into the clean contract.
type Changes = Vec<(&'static str, Value)>;

/// Rule, changes to the clean contract, and where the rule finds something then.
fn mistakes() -> Vec<(&'static str, Changes, &'static str)> {
    vec![
        (
            "closed-enum",
            vec![("/$defs/Score/properties/score", json!({ "enum": ["low", "high"] }))],
            "/$defs/Score/properties/score/enum",
        ),
        (
            "colliding-names",
            vec![("/$defs/Score/properties/Sc_ore", json!({ "type": "number" }))],
            "/$defs/Score/properties/score",
        ),
        ("missing-description", vec![("/agents/one/description", json!(" "))], "/agents/one"),
        (
            "optional-nullable",
            vec![("/$defs/State/properties/note", json!({ "type": ["string", "null"], "maxLength": 9 }))],
            "/$defs/State/properties/note",
        ),
        (
            "pattern-dialect",
            vec![("/$defs/Question/properties/text/pattern", json!("^[\\wäöü]+$"))],
            "/$defs/Question/properties/text/pattern",
        ),
        (
            "retry-without-key",
            vec![("/agents/one/operations/score/constraints", json!({ "attempts": 2 }))],
            "/agents/one/operations/score",
        ),
        ("state-outgrows-limit", vec![("/constraints", json!({ "maxStateBytes": 100 }))], "/state"),
        (
            "suppression-invalid",
            vec![("/$defs/Score/x-lint", json!({ "unused-type": " " }))],
            "/$defs/Score/x-lint/unused-type",
        ),
        (
            "suppression-unused",
            vec![("/$defs/Score/x-lint", json!({ "unused-type": "why not" }))],
            "/$defs/Score/x-lint/unused-type",
        ),
        (
            "unanchored-pattern",
            vec![("/$defs/Question/properties/text/pattern", json!("^[a-z]+"))],
            "/$defs/Question/properties/text/pattern",
        ),
        (
            "unbounded-array",
            vec![("/$defs/Question/properties/list", json!({ "type": "array" }))],
            "/$defs/Question/properties/list",
        ),
        (
            "unbounded-integer",
            vec![("/$defs/Score/properties/score", json!({ "type": "integer", "minimum": 0 }))],
            "/$defs/Score/properties/score",
        ),
        (
            "unbounded-string",
            vec![("/$defs/Question/properties/text", json!({ "type": "string" }))],
            "/$defs/Question/properties/text",
        ),
        ("uncalled-operation", vec![("/agents/one/operations/ask/calls", json!([]))], "/agents/one/operations/score"),
        (
            "untagged-union",
            vec![(
                "/$defs/Score/properties/score",
                json!({ "oneOf": [{ "type": "object", "required": ["a"] }, { "type": "object", "required": ["b"] }] }),
            )],
            "/$defs/Score/properties/score/oneOf",
        ),
        ("unused-type", vec![("/$defs/Other", json!({ "type": "null", "description": "Nothing." }))], "/$defs/Other"),
    ]
}

fn put(document: &mut Value, at: &str, value: Value) {
    let (parent, name) = at.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value;
}

#[test]
fn a_clean_contract_is_clean() {
    assert_eq!(found(&clean()), []);
}

#[test]
fn every_rule_finds_what_it_is_about_and_nothing_else() {
    let known: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let shown: Vec<&str> = mistakes().iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(known, shown, "each rule has a mistake here");
    for (rule, changes, at) in mistakes() {
        let mut document = clean();
        changes.into_iter().for_each(|(at, value)| put(&mut document, at, value));
        assert_eq!(found(&document), [(rule.to_owned(), at.to_owned())], "{rule}");
    }
}

#[test]
fn a_reason_beside_the_node_suppresses_its_rule_there_only() {
    for (rule, changes, at) in mistakes().into_iter().filter(|(rule, ..)| !rule.starts_with("suppression")) {
        let mut document = clean();
        changes.into_iter().for_each(|(at, value)| put(&mut document, at, value));
        // Beside the keyword, or in the object that the rule is about.
        let object = if document.pointer(at).unwrap().is_object() { at } else { at.rsplit_once('/').unwrap().0 };
        put(&mut document, &format!("{object}/x-lint"), json!({ rule: "known, and meant so" }));
        assert_eq!(found(&document), [], "{rule}");
        put(&mut document, &format!("{object}/x-lint"), json!({ rule: "known", "unused-typ": "slip" }));
        assert_eq!(found(&document).len(), 1, "{rule}");
    }
}

#[test]
fn the_hash_does_not_see_suppressions() {
    let mut document = clean();
    let before = Contract::from_value(document.clone()).unwrap().hash();
    put(&mut document, "/$defs/Score/x-lint", json!({ "unused-type": "why not" }));
    assert_eq!(Contract::from_value(document).unwrap().hash(), before);
}

#[test]
fn the_manual_has_the_rules_as_they_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lint.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page(), "`docs/lint.md` is not what `peerc lint --explain all` prints");
}

#[test]
fn types_within_types_are_measured_in_bounded_depth() {
    let mut document = clean();
    for index in 0..9_000 {
        let next = json!({ "type": "object", "properties": { "a": { "$ref": format!("#/$defs/T{}", index + 1) } } });
        put(&mut document, &format!("/$defs/T{index}"), next);
    }
    put(&mut document, "/$defs/T9000", json!({ "type": "null" }));
    put(&mut document, "/$defs/State", json!({ "$ref": "#/$defs/T0" }));
    let contract = Contract::from_value(document).unwrap();
    assert!(!lint(&contract, &Settings::default()).is_empty());
}

fn peerc(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_peerc")).args(arguments).current_dir(folder).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_command_ends_by_the_level_to_fail_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = clean();
    put(&mut document, "/agents/one/description", json!(""));
    std::fs::write(folder.path().join("a.contract.json"), document.to_string()).unwrap();
    let (code, out, err) = peerc(folder.path(), &["lint"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.starts_with("info[missing-description] a.contract.json:1:"), "{err}");
    assert_eq!(peerc(folder.path(), &["lint", "--fail-on", "info"]).0, 1);
    std::fs::write(
        folder.path().join("peerc.toml"),
        "contract = \"a.contract.json\"\n[lint]\nmissing-description = \"error\"\n",
    )
    .unwrap();
    for arguments in [&["lint"][..], &["lint", "a.contract.json"]] {
        let (code, _, err) = peerc(folder.path(), arguments);
        assert_eq!(code, 1);
        assert!(err.starts_with("error[missing-description]"), "{err}");
    }
    std::fs::write(
        folder.path().join("peerc.toml"),
        "contract = \"a.contract.json\"\n[lint]\nmissing-descripton = \"off\"\n",
    )
    .unwrap();
    let (code, _, err) = peerc(folder.path(), &["lint"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `missing-description`?"), "{err}");
}

#[test]
fn findings_have_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = clean();
    put(&mut document, "/$defs/Other", json!({ "type": "null", "description": "Nothing." }));
    std::fs::write(folder.path().join("a.contract.json"), document.to_string()).unwrap();
    let (code, out, _) = peerc(folder.path(), &["lint", "--format", "json"]);
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &list[0]["code"], &list[0]["severity"]), (1, &json!("unused-type"), &json!("warning")));
    let (_, out, _) = peerc(folder.path(), &["lint", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["level"], "warning");
    let (_, out, _) = peerc(folder.path(), &["lint", "--format", "github"]);
    assert!(out.starts_with("::warning file=a.contract.json,line=1,"), "{out}");
    let (code, _, err) = peerc(folder.path(), &["hash", "--format", "sarif"]);
    assert_eq!(code, 2);
    assert!(err.contains("are for `check`, `lint` and `diff`"), "{err}");
}

#[test]
fn a_rule_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = peerc(folder.path(), &["lint", "--explain", "untagged-union"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("## `untagged-union`\n") && out.contains("Instead: "), "{out}");
    let (code, _, err) = peerc(folder.path(), &["lint", "--explain", "untaged-union"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `untagged-union`?"), "{err}");
    assert_eq!(peerc(folder.path(), &["lint", "--rules"]).1.lines().count(), RULES.len());
}
