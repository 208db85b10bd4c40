//! `peerc explain` as its users meet it: every keyword has an answer.

mod kit;

use std::collections::BTreeSet;
use std::path::Path;

use peer_contract_core::{Contract, Limits, Pointer, contract};
use peerc::explain::{Asked, By, Schema, explain};
use peerc::ir::{Graph, lower};
use peerc::source::{Notation, Source};
use serde_json::{Map, Value, json};

use kit::{Ended, peerc};

fn peerc_explain(folder: &Path, arguments: &[&str]) -> Ended {
    peerc(folder, &[&["explain"], arguments].concat())
}

/// A contract with a keyword of each sort.
const EXPLAINED: &str = r##"peerContract: "1"
name: explained
version: 1.0.0
agents: { a: { operations: { op: { input: { $ref: "#/$defs/List" }, output: { schema: { $ref: "#/$defs/Price" } } } } } }
$defs:
  List: { type: array, items: { type: string, format: email }, uniqueItems: true, default: [] }
  Price:
    description: What it costs.
    anyOf: [{ properties: { net: true } }, { properties: { gross: true } }]
    unevaluatedProperties: false
  Kind: { type: object, properties: { op: { const: kind } }, required: [op], then: { type: string } }
"##;

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("explained.contract.yaml"), text).unwrap();
    folder
}

/// The lines of one schema, without the space that aligns them.
fn paragraph(out: &str, at: &str) -> Vec<String> {
    let lines = out.lines().skip_while(|line| line.split_whitespace().next() != Some(at));
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.take_while(|line| !line.is_empty()).map(line).collect()
}

#[test]
fn each_keyword_has_a_line_that_says_what_became_of_it() {
    let told = peerc_explain(folder(EXPLAINED).path(), &[]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let list = [
        "/$defs/List explained.contract.yaml:6:3",
        "Rust type List = Vec<String>",
        "Python List = list[str]",
        "TypeScript type List = string[]",
        "default annotation held to the schema when the contract is read; never written into a message",
        "items type, check",
        "type type, check",
        "uniqueItems check",
    ];
    assert_eq!(paragraph(&told.out, "/$defs/List"), list, "{}", told.out);
    let price = paragraph(&told.out, "/$defs/Price");
    for line in [
        "description docs for people",
        "unevaluatedProperties slow check what other keywords look at differs from value to value",
    ] {
        assert!(price.iter().any(|found| found == line), "{line} is not in\n{}", told.out);
    }
    let op = paragraph(&told.out, "/$defs/Kind/properties/op");
    assert!(op.contains(&"Rust struct KindOp".to_owned()) && op.contains(&"const type, check".to_owned()), "{op:?}");
    let then = paragraph(&told.out, "/$defs/Kind/then");
    assert!(then.last().unwrap().starts_with("type unused no schema leads here"), "{then:?}");
    assert!(!told.out.contains('\u{1b}'));
}

#[test]
fn a_place_narrows_what_is_told() {
    let folder = folder(EXPLAINED);
    for (place, keywords) in [
        ("/$defs/List/items", 2),
        ("#/$defs/List", 6),
        ("/$defs/List/items/format", 1),
        ("/$defs/Kind/required/0", 1),
        ("/$defs/Kind/properties", 2),
        ("/agents/a/operations/op/output", 1),
        ("/agents", 2),
    ] {
        let told = peerc_explain(folder.path(), &[place, "--format", "json"]);
        let told: Value = serde_json::from_str(&told.out).unwrap_or_else(|_| panic!("{place}: {}", told.err));
        let found =
            told["schemas"].as_array().unwrap().iter().map(|schema| schema["keywords"].as_array().unwrap().len());
        assert_eq!(found.sum::<usize>(), keywords, "{place}\n{told:#}");
    }
}

#[test]
fn a_place_that_is_not_there_is_refused_with_the_one_that_was_meant() {
    let folder = folder(EXPLAINED);
    for (place, meant) in [
        ("/$defs/Lis", "did you mean `/$defs/List`?"),
        ("/$defs/Kind/op", "did you mean `/$defs/Kind/properties/op`?"),
        ("/List/item", "did you mean `/$defs/List/items`?"),
        ("/agents/a/op/input", "did you mean `/agents/a/operations/op/input`?"),
        ("/nowhere", "places are such as"),
        ("/a~2", "JSON Pointer"),
        ("/name", "places are such as"),
    ] {
        let told = peerc_explain(folder.path(), &[place]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{place}");
        assert!(told.err.contains(meant), "{place}: {}", told.err);
    }
    assert_eq!(peerc_explain(folder.path(), &["missing.json"]).code, 2);
}

#[test]
fn programs_get_the_place_of_each_keyword_and_the_type_in_each_language() {
    let told = peerc_explain(folder(EXPLAINED).path(), &["/$defs/Kind", "--format", "json"]);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let op = told["schemas"].as_array().unwrap().iter().find(|one| one["at"] == "/$defs/Kind/properties/op").unwrap();
    let expected = json!({
        "at": "/$defs/Kind/properties/op", "line": 11, "column": 39,
        "types": { "rust": "struct KindOp", "python": "Literal[\"kind\"]", "javascript": "'kind'" },
        "keywords": [{ "keyword": "const", "by": "plan", "inType": true, "inDocs": false, "line": 11, "column": 45 }],
    });
    assert_eq!(*op, expected, "{op:#}");
}

#[test]
fn a_refused_keyword_is_told_with_its_reason_and_the_rest_is_told_beside_it() {
    let text = EXPLAINED.replace("uniqueItems: true", "nullable: true, pattern: '(?!x)', minLenght: 1");
    let told = peerc_explain(folder(&text).path(), &["/$defs/List"]);
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let lines = paragraph(&told.out, "/$defs/List");
    for (begins, holds) in [
        ("nullable refused keyword_unsupported:", "list of types"),
        ("pattern refused pattern_not_linear:", "enum"),
        ("minLenght refused keyword_unsupported:", "did you mean `minLength`?"),
        ("items type, check", ""),
    ] {
        assert!(lines.iter().any(|line| line.starts_with(begins) && line.contains(holds)), "{begins}\n{}", told.out);
    }
    let other = peerc_explain(folder(&EXPLAINED.replace("version: 1.0.0", "version: one")).path(), &[]);
    assert_eq!((other.code, other.out.as_str()), (1, ""), "what is no keyword is reported as by `check`");
}

/// A value for each keyword that schemas of contracts may have.
const VOCABULARY: &str = r##"{
  "$comment": "c", "$defs": { "Inner": true }, "$ref": "#/$defs/Other", "$schema": "https://json-schema.org/draft/2020-12/schema",
  "additionalProperties": true, "allOf": [true], "anyOf": [true], "const": "x", "contains": true, "contentEncoding": "base64",
  "contentMediaType": "text/html", "contentSchema": true, "default": "x", "dependentRequired": { "a": ["b"] },
  "dependentSchemas": { "a": true }, "deprecated": true, "description": "d", "else": true, "enum": ["x", "y"], "examples": ["x"],
  "exclusiveMaximum": 9, "exclusiveMinimum": 1, "format": "date", "if": true, "items": true, "maxContains": 2, "maxItems": 2,
  "maxLength": 2, "maxProperties": 2, "maximum": 2, "minContains": 1, "minItems": 1, "minLength": 1, "minProperties": 1,
  "minimum": 1, "multipleOf": 2, "not": false, "oneOf": [true], "pattern": "^x", "patternProperties": { "^x": true },
  "prefixItems": [true], "properties": { "a": true }, "propertyNames": true, "readOnly": true, "required": ["a"], "then": true,
  "title": "t", "type": "object", "unevaluatedItems": true, "unevaluatedProperties": true, "uniqueItems": true, "writeOnly": true
}"##;

fn contract_of(schema: Value) -> Value {
    json!({
        "peerContract": "1", "name": "vocabulary", "version": "1.0.0",
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/One" }, "output": { "schema": true } } } } },
        "$defs": { "One": schema, "Other": { "type": "object" } },
    })
}

fn explained(contract: &Value) -> Vec<Schema> {
    let source = Source::of("a.json", contract.to_string().as_bytes(), Notation::Json, &Limits::default());
    explain(&source, &Asked::everything()).unwrap_or_else(|problems| panic!("{problems:#?}\n{contract:#}"))
}

#[test]
fn no_keyword_that_a_contract_may_have_is_silent() {
    let vocabulary: Map<String, Value> = serde_json::from_str(VOCABULARY).unwrap();
    let named: BTreeSet<&str> = vocabulary.keys().map(String::as_str).collect();
    assert_eq!(contract::keywords().collect::<BTreeSet<_>>(), named, "each keyword stands in this test");
    for (keyword, value) in &vocabulary {
        let told = explained(&contract_of(json!({ (keyword): value, "x-own": 1 })));
        let one = told.iter().find(|schema| schema.at.as_str() == "/$defs/One").unwrap();
        let names: Vec<&str> = one.keywords.iter().map(|keyword| keyword.name.as_str()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let answer = one.keywords.iter().find(|found| found.name == *keyword).unwrap();
        let own = one.keywords.iter().find(|found| found.name == "x-own").unwrap();
        let is_held = matches!(answer.by, By::Plan | By::Fallback);
        assert!(is_held || (!answer.reason.is_empty() && answer.reason != own.reason), "{answer:?}");
    }
}

/// Types without their documentation.
fn types(graph: &Graph) -> Vec<(String, peerc::ir::Shape)> {
    let mut types = graph.types.clone();
    for ty in &mut types {
        if let peerc::ir::Shape::Record(record) = &mut ty.shape {
            for field in &mut record.fields {
                (field.docs, field.deprecated) = (Vec::new(), false);
            }
        }
    }
    types.into_iter().map(|ty| (ty.name, ty.shape)).collect()
}

/// The contract without one keyword, when that is a contract.
fn without(contract: &Value, at: &Pointer, keyword: &str) -> Option<Contract> {
    let mut left = contract.clone();
    left.pointer_mut(at.as_str())?.as_object_mut()?.remove(keyword);
    Contract::from_value(left).ok()
}

#[test]
fn a_keyword_is_in_a_type_when_types_are_others_without_it() {
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut compared = 0;
    for case in std::fs::read_dir(goldens).unwrap().map(|entry| entry.unwrap().path()) {
        let files = ["contract.yaml", "contract.json"].map(|name| case.join(name));
        let Some(source) = files.iter().find(|path| path.exists()).map(|path| Source::read(path).unwrap()) else {
            continue;
        };
        let contract = source.value().unwrap().clone();
        let whole = types(&lower(&Contract::from_value(contract.clone()).unwrap()));
        for schema in explain(&source, &Asked::everything()).unwrap() {
            for keyword in &schema.keywords {
                let Some(other) = without(&contract, &schema.at, &keyword.name) else { continue };
                let differs = types(&lower(&other)) != whole;
                let place = format!("{} {} `{}`", case.display(), schema.at, keyword.name);
                assert!(keyword.in_type || !differs, "{place} makes a difference and is said not to be in a type");
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "only {compared} keywords were tried");
}
