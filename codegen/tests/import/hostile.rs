//! Schemas that want to do harm: each ends soon, with types or with a reason.

use peer_contract_core::contract::is_name;
use peer_contract_core::{ErrorCode, Limits};
use peerc::import::{Imported, Options, Refused, import_one};
use peerc::source::{Notation, Source};
use serde_json::{Map, Value, json};

use super::kit::{imported, refusals, types};

fn of_text(text: &str) -> Result<Imported, Refused> {
    let mut limits = Limits::default();
    limits.json_depth = 256;
    import_one(Source::of("deep.json", text.as_bytes(), Notation::Json, &limits), &Options::default())
}

#[test]
fn deep_schemas_become_several_types() {
    let deep = |levels: usize| {
        format!("{}{{\"type\": \"string\"}}{}", "{\"properties\": {\"a\": ".repeat(levels), "}}".repeat(levels))
    };
    let imported = of_text(&deep(120)).unwrap();
    assert!(imported.types.len() > 3 && imported.types.keys().all(|name| is_name(name)), "{:?}", imported.types.keys());
    let text = json!(imported.types).to_string();
    let limits = Limits::default();
    assert!(Source::of("a.json", text.as_bytes(), Notation::Json, &limits).value().is_ok());
    assert_eq!(of_text(&deep(5000)).unwrap_err().problems[0].problem.code, ErrorCode::JsonDepth);
}

#[test]
fn circles_of_references_are_refused() {
    for schema in [
        json!({ "$ref": "#" }),
        json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/B" }, "B": { "$ref": "#/$defs/A" } } }),
        json!({ "allOf": [{ "$ref": "#" }] }),
        json!({ "$dynamicRef": "#a", "$dynamicAnchor": "a" }),
    ] {
        assert_eq!(refusals(&schema, &Options::default())[0].0, ErrorCode::RefCycle, "{schema}");
    }
}

/// Each resource knows two of the anchors, so the ways through them are many.
#[test]
fn ways_that_multiply_without_end_are_refused() {
    let mut defs = Map::new();
    for number in 0..24 {
        for side in ["a", "b"] {
            let next = number + 1;
            let both = json!([{ "$ref": format!("{next}a") }, { "$ref": format!("{next}b") }]);
            defs.insert(
                format!("{number}{side}"),
                json!({
                    "$id": format!("{number}{side}"), "items": { "anyOf": both },
                    "not": { "properties": { "x": { "$dynamicRef": format!("#n{number}") } } },
                    "$defs": { "n": { "$dynamicAnchor": format!("n{number}"), "title": side } },
                }),
            );
        }
    }
    for side in ["a", "b"] {
        defs.insert(format!("24{side}"), json!({ "$id": format!("24{side}") }));
    }
    let schema = json!({ "$id": "http://a/b", "$ref": "0a", "type": "object", "$defs": defs });
    assert_eq!(refusals(&schema, &Options::default())[0].0, ErrorCode::JsonTooManyKeys);
}

#[test]
fn names_of_all_kinds_become_names() {
    let long = "x".repeat(5000);
    let names = [
        "",
        " ",
        "../../etc/passwd",
        "a\"b",
        "*/",
        "\u{0}",
        "é",
        "日本",
        "class",
        "$ref",
        "1",
        "-",
        "a/b~c",
        "#",
        "%2e",
        &long,
    ];
    let defs: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!({ "title": name }))).collect();
    let made = types(&json!({ "$defs": defs }));
    assert_eq!(made.as_object().unwrap().len(), names.len());
    assert!(made.as_object().unwrap().keys().all(|name| is_name(name)), "{made}");
}

#[test]
fn addresses_of_all_kinds_harm_nobody() {
    for text in [
        "",
        "#",
        "//",
        "http://",
        ":",
        "#/%",
        "#/%zz",
        "?",
        "file:///etc/passwd",
        "a b",
        "\u{0}",
        "#/~2",
        "http://[::1/x#y",
    ] {
        for schema in [
            json!({ "$ref": text, "type": "string" }),
            json!({ "$id": text, "$ref": text }),
            json!({ "$id": text, "properties": { "a": { "$id": text, "$anchor": text } } }),
            json!({ "$schema": text }),
            json!({ "$dynamicRef": text, "$dynamicAnchor": text }),
        ] {
            if let Err(refused) = imported(&schema, &Options::default()) {
                assert!(!refused.problems.is_empty());
            }
        }
    }
}

#[test]
fn thousands_of_definitions_take_no_time() {
    let mut defs = Map::new();
    for number in 0..5000 {
        let next = format!("#/$defs/d-{}", (number + 1) % 5000);
        defs.insert(format!("d-{number}"), json!({ "items": { "$ref": next }, "required": ["a"] }));
    }
    let begun = std::time::Instant::now();
    assert_eq!(types(&json!({ "$defs": defs })).as_object().unwrap().len(), 5000);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
