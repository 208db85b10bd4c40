//! The command as people use it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const SCHEMA: &str = r##"{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Order",
  "description": "First line.\nSecond line.",
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string" },
    "count": { "$ref": "#/definitions/Count" },
    "at": { "type": "string", "format": "date-time" }
  },
  "definitions": { "Count": { "type": "integer", "minimum": 1 } }
}
"##;

const CONTRACT: &str = "\
# The shop.
peerContract: \"1\"
name: shop
version: 1.0.0
agents:
  seller:
    operations:
      sell: { input: { $ref: \"#/$defs/Offer\" }, output: { schema: true } } # for now
$defs:
  # What is sold.
  Offer: { type: object }
";

fn peerc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_peerc")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("order.schema.json"), SCHEMA).unwrap();
    fs::write(folder.path().join("shop.contract.yaml"), CONTRACT).unwrap();
    folder
}

#[test]
fn a_schema_becomes_a_contract_that_holds() {
    let folder = shop();
    let printed = peerc(folder.path(), &["import", "order.schema.json"]);
    assert_eq!(text(&printed.stdout), include_str!("order.contract.yaml"), "{}", text(&printed.stderr));
    let notes = text(&printed.stderr);
    assert!(notes.contains("format-checked") && notes.contains("order.schema.json:10"), "{notes}");
    for file in ["new.contract.yaml", "new.contract.json"] {
        let written = peerc(folder.path(), &["import", "order.schema.json", "-o", file]);
        assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
        assert_eq!(peerc(folder.path(), &["check", file]).status.code(), Some(0));
        assert_eq!(peerc(folder.path(), &["fmt", "--check", file]).status.code(), Some(0));
        let again = peerc(folder.path(), &["import", "order.schema.json", "-o", file]);
        assert_eq!(again.status.code(), Some(2), "a file that is there stays");
    }
}

#[test]
fn a_contract_takes_types_and_keeps_the_rest() {
    let folder = shop();
    let into = ["import", "order.schema.json", "--into", "shop.contract.yaml"];
    assert_eq!(peerc(folder.path(), &[&into[..], &["--check"]].concat()).status.code(), Some(1));
    let done = peerc(folder.path(), &into);
    assert_eq!(text(&done.stdout), "shop.contract.yaml  types: 2 new: Count, Order\n", "{}", text(&done.stderr));
    let written = fs::read_to_string(folder.path().join("shop.contract.yaml")).unwrap();
    assert!(written.starts_with(CONTRACT), "{written}");
    assert_eq!(peerc(folder.path(), &[&into[..], &["--check"]].concat()).status.code(), Some(0));
    assert_eq!(peerc(folder.path(), &["check", "shop.contract.yaml"]).status.code(), Some(0));
}

#[test]
fn another_type_of_the_same_name_is_replaced_only_when_asked() {
    let folder = shop();
    let into = ["import", "order.schema.json", "--into", "shop.contract.yaml", "--name", "Offer"];
    let refused = peerc(folder.path(), &into);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("name_collides"), "{}", text(&refused.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("shop.contract.yaml")).unwrap(), CONTRACT);
    assert_eq!(peerc(folder.path(), &[&into[..], &["--replace"]].concat()).status.code(), Some(0));
    let written = fs::read_to_string(folder.path().join("shop.contract.yaml")).unwrap();
    assert!(written.contains("# What is sold.\n  Offer:\n    title: Order\n"), "{written}");
}

#[test]
fn a_refusal_names_file_line_and_column() {
    let folder = shop();
    fs::write(
        folder.path().join("bad.json"),
        "{\n  \"properties\": {\n    \"a\": { \"pattern\": \"(?=a)\" }\n  }\n}\n",
    )
    .unwrap();
    let refused = peerc(folder.path(), &["import", "bad.json"]);
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    assert!(
        told.contains("pattern_not_linear") && told.contains("bad.json:3:") && told.contains("--leave-out"),
        "{told}"
    );
    let listed = peerc(folder.path(), &["import", "bad.json", "--format", "json"]);
    let list: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&list[0]["line"], &list[0]["at"]), (&json!(3), &json!("/properties/a/pattern")));
}

#[test]
fn stdin_is_a_schema_too() {
    let folder = shop();
    for (text_in, arguments) in
        [(SCHEMA, &["--name", "Thing"][..]), ("type: string\n", &["--name", "Thing", "--draft", "7"])]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_peerc"))
            .args(["import", "-", "--format", "json"])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text_in.as_bytes()).unwrap();
        let told: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(told["roots"], json!(["Thing"]));
        assert_eq!(told["contract"]["peerContract"], "1");
    }
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let folder = shop();
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    for arguments in [
        &["import", "gone.json"][..],
        &["import", "broken.json"],
        &["import", "order.schema.json", "--draft", "3"],
        &["import", "order.schema.json", "--name", "no name"],
        &["import", "order.schema.json", "--root", "gone"],
        &["import", "order.schema.json", "-o", "contract.txt"],
        &["import"],
    ] {
        assert_eq!(peerc(folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}
