//! Each limit at limit - 1, limit and limit + 1; and texts made to hurt.

use peer_contract_core::{Contract, ErrorCode, Limits, Value, json};
use serde_json::json;

fn code(text: &str, limits: &Limits) -> Option<ErrorCode> {
    json::parse(text.as_bytes(), limits).err().map(|problem| problem.code)
}

fn admitted(mut value: Value, limits: &Limits) -> Option<ErrorCode> {
    json::admit(&mut value, limits).err().map(|problem| problem.code)
}

#[test]
fn bytes_end_at_their_limit() {
    let mut limits = Limits::default();
    limits.json_bytes = 10;
    for (spaces, expected) in [(8, None), (9, None), (10, Some(ErrorCode::JsonTooLarge))] {
        assert_eq!(code(&format!("1{}", " ".repeat(spaces)), &limits), expected, "{spaces}");
    }
}

#[test]
fn a_contract_ends_at_its_own_limit() {
    let text = include_str!("../../schemas/vectors/contracts/research-brief.json");
    let mut limits = Limits::default();
    for (bytes, fits) in [(text.len() + 1, true), (text.len(), true), (text.len() - 1, false)] {
        limits.contract_bytes = bytes;
        let found = Contract::parse_within(text.as_bytes(), &limits).err();
        assert_eq!(found.map(|problems| problems.first().code), (!fits).then_some(ErrorCode::JsonTooLarge));
    }
}

#[test]
fn values_end_at_their_limit() {
    let mut limits = Limits::default();
    limits.json_values = 4;
    for (items, expected) in [(2, None), (3, None), (4, Some(ErrorCode::JsonTooManyValues))] {
        let text = format!("[{}]", vec!["0"; items].join(","));
        assert_eq!(code(&text, &limits), expected, "{items}");
        assert_eq!(admitted(json!(vec![0; items]), &limits), expected, "{items}");
    }
}

#[test]
fn keys_end_at_their_limit() {
    let mut limits = Limits::default();
    limits.json_keys = 3;
    for (keys, expected) in [(2, None), (3, None), (4, Some(ErrorCode::JsonTooManyKeys))] {
        let value: Value = (0..keys).map(|key| (key.to_string(), json!(0))).collect();
        assert_eq!(code(&value.to_string(), &limits), expected, "{keys}");
        assert_eq!(admitted(value, &limits), expected, "{keys}");
    }
}

#[test]
fn depth_ends_at_its_limit() {
    let limits = Limits::default();
    for (depth, expected) in [(63, None), (64, None), (65, Some(ErrorCode::JsonDepth))] {
        let nested = (1..depth).fold(json!([]), |inner, _| json!([inner]));
        assert_eq!(code(&nested.to_string(), &limits), expected, "{depth}");
        assert_eq!(admitted(nested, &limits), expected, "{depth}");
    }
}

#[test]
fn no_setting_lets_a_text_overflow_the_stack() {
    let mut limits = Limits::default();
    limits.json_depth = usize::MAX;
    assert_eq!(code(&"[".repeat(1 << 20), &limits), Some(ErrorCode::JsonDepth));
}

#[test]
fn every_cut_of_a_text_is_refused_and_none_panics() {
    let text = r#"{"a": [1.5e-3, true, null, "\ud83d\ude00 é"], "b": {"c": -0}}"#;
    for end in 0..text.len() {
        let found = json::parse(&text.as_bytes()[..end], &Limits::default());
        assert!(found.is_err(), "{end}");
    }
}

#[test]
fn numbers_of_managed_runtimes_take_the_same_form() {
    let mut value = json!([1.0, -2.0, 0.5, 1e21, u64::from(u32::MAX)]);
    json::admit(&mut value, &Limits::default()).unwrap();
    let read = json::parse(b"[1.0, -2, 0.5, 1e21, 4294967295]", &Limits::default()).unwrap();
    assert_eq!(value, read);
    for unsafe_integer in [json!(u64::MAX), json!(i64::MIN), json!(9_007_199_254_740_992.0), json!(1e20)] {
        assert_eq!(
            admitted(unsafe_integer.clone(), &Limits::default()),
            Some(ErrorCode::JsonNumber),
            "{unsafe_integer}"
        );
    }
}

/// As deep as schemas may lie within each other, at each of the levels a value may have: 1,000 levels, of 1 KB where nothing is optimised.
#[test]
fn the_deepest_schema_on_the_deepest_value_needs_no_large_stack() {
    let mut defs = serde_json::Map::new();
    for index in 0..30 {
        defs.insert(format!("N{index:02}"), json!({ "allOf": [{ "$ref": format!("#/$defs/N{:02}", index + 1) }] }));
    }
    defs.insert("N14".into(), json!({ "type": "array", "items": { "$ref": "#/$defs/N00" } }));
    defs.retain(|name, _| name.as_str() <= "N14");
    let contract = Contract::from_value(json!({
        "peerContract": "1", "name": "deep", "version": "1.0.0", "$defs": defs,
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/N00" }, "output": { "schema": true } } } } },
    }))
    .unwrap();
    let deep = (1..64).fold(json!([1]), |inner, _| json!([inner]));
    let small = std::thread::Builder::new().stack_size(3 << 19);
    let done = small.spawn(move || {
        let schema = contract.schema(&"/$defs/N00".parse().unwrap()).unwrap();
        assert_eq!(schema.validate(&deep).unwrap_err().first().code, ErrorCode::TypeMismatch);
    });
    done.unwrap().join().expect("validation within one and a half megabytes of stack");
}

/// Agents are also built without optimisation, and their threads have two megabytes for all they do.
#[test]
fn the_deepest_text_is_read_on_a_small_stack() {
    let item = json!({ "oneOf": [{ "$ref": "#/$defs/Leaf" }, { "$ref": "#/$defs/Branch" }] });
    let tagged = |kind: &str, properties: Value| {
        let mut properties = properties;
        properties["kind"] = json!({ "const": kind });
        json!({ "type": "object", "required": ["kind"], "properties": properties })
    };
    let contract = Contract::from_value(json!({
        "peerContract": "1", "name": "deep", "version": "1.0.0",
        "$defs": {
            "Any": true,
            "List": { "type": "array", "items": { "$ref": "#/$defs/List" } },
            "Chain": { "type": "object", "properties": { "next": { "$ref": "#/$defs/Chain" } }, "maxProperties": 3 },
            "Leaf": tagged("leaf", json!({})),
            "Branch": tagged("branch", json!({ "next": item })),
        },
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/Any" }, "output": { "schema": true } } } } },
    }))
    .unwrap_or_else(|problems| panic!("{problems}"));
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(63) + "{}", close.repeat(63));
    let texts = [
        ("Any", nested(r#"{"a":"#, "}")),
        ("List", format!("{}{}", "[".repeat(64), "]".repeat(64))),
        ("Chain", nested(r#"{"next":"#, "}")),
        ("Branch", nested(r#"{"next":"#, r#","kind":"branch"}"#).replace("{}", r#"{"kind":"leaf"}"#)),
        ("Branch", nested(r#"{"kind":"branch","next":"#, "}").replace("{}", r#"{"kind":"leaf"}"#)),
    ];
    let small = std::thread::Builder::new().stack_size(512 << 10);
    let done = small.spawn(move || {
        for (name, text) in texts {
            let schema = contract.schema(&format!("/$defs/{name}").parse().unwrap()).unwrap();
            let accepted = schema.accept(text.clone().into_bytes(), &Limits::default());
            assert!(accepted.is_ok(), "{name}: {text}");
        }
    });
    done.unwrap().join().expect("read within half a megabyte of stack");
}
