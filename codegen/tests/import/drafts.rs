//! What the words of each draft become.

use peer_contract_core::ErrorCode;
use peerc::import::{Draft, Formats, Options, Refusable, Rule};
use serde_json::{Value, json};

use super::kit::{contract, imported, refusals, takes, types};

fn with_draft(draft: Draft) -> Options {
    Options { draft: Some(draft), ..Options::default() }
}

#[test]
fn each_keyword_becomes_what_2020_12_calls_it() {
    let draft = |name: &str| json!(format!("http://json-schema.org/draft-0{name}/schema#"));
    for (from, to) in [
        (json!({ "$schema": draft("4"), "minimum": 1, "exclusiveMinimum": true }), json!({ "exclusiveMinimum": 1 })),
        (json!({ "$schema": draft("4"), "maximum": 1, "exclusiveMaximum": false }), json!({ "maximum": 1 })),
        (json!({ "$schema": draft("4"), "enum": ["a"] }), json!({ "const": "a" })),
        (json!({ "$schema": draft("4"), "id": "http://a/b" , "type": "null" }), json!({ "type": "null" })),
        (
            json!({ "$schema": draft("7"), "items": [true, false], "additionalItems": { "type": "null" } }),
            json!({ "prefixItems": [true, false], "items": { "type": "null" } }),
        ),
        (json!({ "$schema": draft("7"), "items": [], "additionalItems": false }), json!({ "items": false })),
        (
            json!({ "$schema": draft("7"), "dependencies": { "a": ["b"], "c": { "required": ["d"] } } }),
            json!({ "dependentRequired": { "a": ["b"] }, "dependentSchemas": { "c": { "required": ["d"] } } }),
        ),
        (
            json!({ "$schema": "https://json-schema.org/draft/2019-09/schema", "dependencies": { "a": ["b"] },
                "dependentRequired": { "a": ["c"] } }),
            json!({ "dependentRequired": { "a": ["c"] }, "allOf": [{ "dependentRequired": { "a": ["b"] } }] }),
        ),
    ] {
        assert_eq!(types(&from), json!({ "Thing": to }), "{from}");
    }
}

#[test]
fn openapi_schemas_may_be_null() {
    let schema = json!({ "type": "string", "nullable": true, "minimum": 1, "exclusiveMinimum": true });
    let imported = imported(&schema, &with_draft(Draft::OpenApi30)).unwrap();
    assert_eq!(json!(imported.types), json!({ "Thing": { "type": ["string", "null"], "exclusiveMinimum": 1 } }));
}

#[test]
fn a_description_of_an_api_gives_the_schemas_that_it_lists() {
    let api = json!({
        "openapi": "3.0.3", "info": { "title": "Shop", "version": "1" },
        "paths": { "/orders": { "get": { "parameters": [{ "name": "limit", "schema": { "type": "integer" } }] } } },
        "components": { "parameters": {}, "schemas": {
            "Order": { "type": "object", "properties": { "item": { "$ref": "#/components/schemas/order-item" } } },
            "order-item": { "type": "string", "nullable": true },
        } },
    });
    let imported = imported(&api, &Options::default()).unwrap();
    let order = json!({ "type": "object", "properties": { "item": { "$ref": "#/$defs/OrderItem" } } });
    assert_eq!(json!(imported.types), json!({ "Order": order, "OrderItem": { "type": ["string", "null"] } }));
    assert_eq!(imported.roots, [None]);
    assert_eq!(imported.notes.iter().map(|note| note.rule).collect::<Vec<_>>(), [Rule::OnlyComponents]);
    let newer = json!({ "openapi": "3.1.0", "components": { "schemas": { "A": { "type": ["string", "null"] } } } });
    assert_eq!(types(&newer), json!({ "A": { "type": ["string", "null"] } }));
}

#[test]
fn patterns_of_other_engines_take_the_same_texts() {
    let schema = json!({ "properties": {
        "look": { "pattern": "^(?!a|b$)(?=.{3})[a-c]+$" },
        "lone": { "pattern": "^{x}]$" },
        "keys": { "patternProperties": { "^{": { "type": "null" } } },
    } });
    let made = types(&schema);
    assert_eq!(made["Thing"]["properties"]["keys"], json!({ "patternProperties": { "^\\{": { "type": "null" } } }));
    let contract = contract(&made);
    for (key, value, taken) in [
        ("look", json!("bab"), true),
        ("look", json!("b"), false),
        ("look", json!("abc"), false),
        ("look", json!("cb"), false),
        ("look", json!("ccd"), false),
        ("look", json!(7), true),
        ("lone", json!("{x}]"), true),
        ("lone", json!("{x}"), false),
        ("keys", json!({ "{": 1 }), false),
    ] {
        assert_eq!(takes(&contract, "Thing", &json!({ key: value })), taken, "{key} {value}");
    }
}

#[test]
fn what_constrains_nothing_is_kept_and_told() {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "const": 1, "markdownDescription": "x",
        "properties": {
            "a": { "$ref": "#/definitions/A", "maxLength": 1, "title": "kept" },
            "b": { "format": "color", "default": 1, "type": "string" },
            "c": { "additionalItems": false, "description": ["no text"] },
        },
        "definitions": { "A": { "type": "string", "format": "date" } },
    });
    let imported = imported(&schema, &Options::default()).unwrap();
    let thing = &imported.types["Thing"];
    assert_eq!(thing["x-const"], 1);
    assert_eq!(thing["properties"]["a"], json!({ "$ref": "#/$defs/A", "title": "kept" }));
    assert_eq!(thing["properties"]["b"], json!({ "x-format": "color", "x-default": 1, "type": "string" }));
    assert_eq!(thing["properties"]["c"], json!({ "x-description": ["no text"] }));
    let told: Vec<(Rule, &str)> = imported.notes.iter().map(|note| (note.rule, note.place.at.as_str())).collect();
    for note in [
        (Rule::KeywordOfAnotherDraft, "/const"),
        (Rule::UnknownKeyword, "/markdownDescription"),
        (Rule::IgnoredBesideRef, "/properties/a/maxLength"),
        (Rule::FormatNotChecked, "/properties/b/format"),
        (Rule::UnfitValue, "/properties/b/default"),
        (Rule::WithoutEffect, "/properties/c/additionalItems"),
        (Rule::Annotation, "/properties/c/description"),
        (Rule::FormatChecked, "/definitions/A/format"),
    ] {
        assert!(told.contains(&note), "{note:?} in {told:?}");
    }
    assert_eq!(told.len(), 8);
}

#[test]
fn formats_stay_notes_where_that_is_asked_for() {
    let options = Options { formats: Formats::Note, ..Options::default() };
    let imported = imported(&json!({ "format": "uuid" }), &options).unwrap();
    assert_eq!(json!(imported.types), json!({ "Thing": { "x-format": "uuid" } }));
}

#[test]
fn an_integer_of_64_bits_stays_a_number() {
    let schema = json!({ "type": "integer", "format": "int64", "minimum": 0 });
    assert_eq!(types(&schema), json!({ "Thing": { "type": "integer", "x-format": "int64", "minimum": 0 } }));
}

#[test]
fn what_a_contract_cannot_say_is_refused_where_it_stands() {
    let one = |schema: Value| refusals(&schema, &Options::default());
    let refused = |code, at: &str| vec![(code, at.to_owned())];
    assert_eq!(
        one(json!({ "definitions": { "a-b": { "properties": { "x": { "pattern": "(?=a)" } } } } })),
        refused(ErrorCode::PatternNotLinear, "/definitions/a-b/properties/x/pattern")
    );
    assert_eq!(one(json!({ "$ref": "#/$defs/Gone" })), refused(ErrorCode::RefUnresolved, "/$ref"));
    assert_eq!(one(json!({ "$ref": "https://a.b/c" })), refused(ErrorCode::RefUnresolved, "/$ref"));
    assert_eq!(
        one(json!({ "$schema": "http://json-schema.org/draft-03/schema#" })),
        refused(ErrorCode::KeywordUnsupported, "/$schema")
    );
    assert_eq!(one(json!({ "type": "any" })), refused(ErrorCode::SchemaInvalid, "/type"));
    assert_eq!(
        one(json!({ "properties": { "a": { "type": "string", "required": true } } })),
        refused(ErrorCode::SchemaInvalid, "/properties/a/required")
    );
}

#[test]
fn a_pattern_that_is_not_linear_is_left_out_where_that_is_asked_for() {
    let options = Options { leave_out: [Refusable::Pattern].into(), ..Options::default() };
    let imported = imported(&json!({ "type": "string", "pattern": "(?=a)" }), &options).unwrap();
    assert_eq!(json!(imported.types), json!({ "Thing": { "type": "string", "x-pattern": "(?=a)" } }));
    assert!(imported.notes.iter().any(|note| note.rule == Rule::LeftOut));
}

#[test]
fn names_are_stable_and_legal() {
    let schema = json!({
        "title": "Purchase order", "type": "object",
        "properties": { "a": { "$ref": "#/properties/b" }, "b": { "type": "string" }, "c": { "$ref": "#/$defs/foo-bar" } },
        "$defs": { "foo-bar": true, "fooBar": false, "Vec<Foo>": {}, "group": { "inner": { "type": "null" } } },
        "anyOf": [{ "$ref": "#/$defs/group/inner" }, true],
    });
    let made = types(&schema);
    let names: Vec<&String> = made.as_object().unwrap().keys().collect();
    assert_eq!(names, ["PurchaseOrder", "PurchaseOrderB", "ThingFooBar", "VecFoo", "fooBar", "groupInner"]);
}
