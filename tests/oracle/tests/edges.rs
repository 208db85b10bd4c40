//! Cases made by hand: where a plan could easily go another way than the tree.

use peer_contract_core::{Contract, Limits, Pointer, Value};
use peer_contract_oracle::campaign;
use peer_contract_oracle::held::Held;
use serde_json::json;

/// The type `T` of a contract with these types.
fn schema(types: Value) -> Held {
    let contract = Contract::from_value(json!({
        "peerContract": "1", "name": "edges", "version": "1.0.0", "$defs": types,
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    }));
    let contract = contract.unwrap_or_else(|problems| panic!("{problems:?}"));
    Held::new(contract.schema(&Pointer::root().key("$defs").key("T")).expect("the type is there"))
}

fn hold(types: Value, texts: &[&str]) {
    let schema = schema(types);
    for text in texts {
        for draws in 0..64 {
            campaign::hold(&schema, text.as_bytes(), &Limits::default(), draws)
                .unwrap_or_else(|difference| panic!("{text}: {difference}"));
        }
    }
}

#[test]
fn zeros_of_both_signs_are_one_number() {
    let texts = ["0", "-0", "-0.0", "0.0", "[0]", "[-0.0]", "{\"a\":-0.0}", "{\"a\":0}", "1"];
    hold(json!({ "T": { "const": 0 } }), &texts);
    hold(json!({ "T": { "const": -0.0 } }), &texts);
    hold(json!({ "T": { "enum": [[-0.0], { "a": 0 }] } }), &texts);
    hold(json!({ "T": { "const": [0], "enum": [[-0.0], 1] } }), &texts);
    hold(json!({ "T": { "type": "integer" } }), &texts);
    hold(json!({ "T": { "type": "array", "uniqueItems": true } }), &["[0,-0.0]", "[0,-0]", "[[0],[-0.0]]", "[1,1.0]"]);
    hold(json!({ "T": { "exclusiveMinimum": 0 } }), &texts);
    hold(json!({ "T": { "minimum": 0 } }), &texts);
    hold(json!({ "T": { "multipleOf": 2 } }), &texts);
}

#[test]
fn integers_end_where_doubles_lose_them() {
    let texts = [
        "9007199254740991",
        "-9007199254740991",
        "9007199254740991.0",
        "9007199254740992",
        "1e21",
        "-1e300",
        "1e20",
        "1e-400",
        "-1e-400",
        "9007199254740990.5",
    ];
    for kind in [json!("integer"), json!(["integer", "null"]), json!(["integer", "number"]), json!("number")] {
        hold(json!({ "T": { "type": kind } }), &texts);
        hold(json!({ "T": { "type": kind, "multipleOf": 3 } }), &texts);
        hold(json!({ "T": { "type": kind, "multipleOf": 0.5 } }), &texts);
    }
    hold(json!({ "T": { "type": ["integer", "null"], "maximum": 1e300 } }), &texts);
    let wide = schema(json!({ "T": { "type": ["integer", "null"], "minimum": -1e300, "maximum": 1e300 } }));
    for (text, fits) in [("1e21", false), ("-1e21", false), ("9007199254740991", true), ("-1e3", true), ("null", true)]
    {
        assert_eq!(wide.schema.check(text.as_bytes(), &Limits::default()).is_ok(), fits, "{text}");
    }
}

#[test]
fn numbers_that_no_fraction_of_64_bits_holds_are_multiples_as_they_are_written() {
    hold(json!({ "T": { "multipleOf": 2.5 } }), &["1e38", "1e300", "-7.5", "1.0000000000000001e38", "[1e38]"]);
}

#[test]
fn a_number_is_the_tag_of_an_alternative_however_it_is_written() {
    let tagged = |tag: f64| json!({ "properties": { "t": { "const": tag } }, "required": ["t", "x"] });
    let texts = [r#"{"t":0}"#, r#"{"t":-0.0}"#, r#"{"t":1.0}"#, r#"{"t":1}"#, r#"{"t":1e0,"x":1}"#, r#"{"t":2}"#];
    hold(json!({ "T": { "oneOf": [tagged(-0.0), tagged(1.0)] } }), &texts);
}

#[test]
fn names_that_only_required_knows_are_members_like_others() {
    let texts = [r#"{"a":1}"#, r#"{"a":"x","b":1}"#, r#"{"\u0061":1,"b":2}"#, r#"{"b":1,"a":2,"a":3}"#, "{}", "[]"];
    hold(json!({ "T": { "required": ["a"] } }), &texts);
    hold(json!({ "T": { "required": ["a"], "additionalProperties": { "type": "integer" } } }), &texts);
    hold(json!({ "T": { "required": ["a"], "additionalProperties": false } }), &texts);
    hold(json!({ "T": { "required": ["a"], "patternProperties": { "^a": { "type": "string" } } } }), &texts);
    hold(json!({ "T": { "dependentRequired": { "a": ["b"], "b": [] } } }), &texts);
    hold(json!({ "T": { "required": ["a"], "unevaluatedProperties": false } }), &texts);
}

/// With and without own names, and names by other schemas that hold always, or for some values.
#[test]
fn rests_are_what_no_other_keyword_looks_at() {
    let texts = [
        "{}",
        r#"{"a":1}"#,
        r#"{"a":"x"}"#,
        r#"{"b":1}"#,
        r#"{"a":1,"b":1}"#,
        r#"{"x-a":1,"b":1}"#,
        r#"{"c":1,"b":1}"#,
        r#"{"c":null,"a":1,"x-a":2}"#,
        r#"{"c":null,"a":1,"y":2}"#,
        "[]",
        "[1]",
        "[1,2]",
        r#"[1,"a"]"#,
        "[1,2,3]",
        "7",
    ];
    let base = json!({ "properties": { "a": { "type": "integer" } }, "patternProperties": { "^x-": true }, "prefixItems": [true] });
    let also = json!({ "properties": { "b": true }, "required": ["b"], "prefixItems": [true, { "type": "integer" }] });
    let by_value = json!({ "properties": { "c": { "type": "null" } }, "contains": { "const": 3 } });
    let alike = [
        json!({}),
        json!({ "$ref": "#/$defs/Base" }),
        json!({ "$ref": "#/$defs/Base", "properties": { "c": true }, "prefixItems": [true] }),
        json!({ "allOf": [{ "$ref": "#/$defs/Base" }, also.clone()], "type": "object" }),
        json!({ "allOf": [{ "$ref": "#/$defs/Base" }, also.clone()], "patternProperties": { "^c": true } }),
        json!({ "allOf": [{ "$ref": "#/$defs/Base" }], "additionalProperties": { "type": "integer" }, "items": true }),
        json!({ "allOf": [{ "$ref": "#/$defs/Base" }, { "unevaluatedProperties": { "type": "integer" } }] }),
        json!({ "$ref": "#/$defs/Base", "required": ["b", "a"], "dependentRequired": { "y": ["c"] } }),
        json!({ "$ref": "#/$defs/Base", "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
        json!({ "$ref": "#/$defs/Base", "anyOf": [also.clone(), by_value.clone()] }),
        json!({ "oneOf": [also.clone(), by_value.clone()], "not": { "required": ["y"] } }),
        json!({ "if": by_value.clone(), "then": { "$ref": "#/$defs/Base" }, "else": also.clone() }),
        json!({ "dependentSchemas": { "c": { "$ref": "#/$defs/Base" }, "a": by_value } }),
        json!({ "contains": { "const": 2 }, "minContains": 0, "properties": { "a": true } }),
    ];
    for schema in alike {
        for rest in [json!(false), json!({ "type": "integer" }), json!(true)] {
            let mut schema = schema.clone();
            schema["unevaluatedProperties"] = rest.clone();
            schema["unevaluatedItems"] = rest;
            hold(json!({ "T": schema, "Base": base }), &texts);
        }
    }
}

#[test]
fn a_tag_may_stand_anywhere_and_look_like_anything() {
    let alternative = |tag: &str, more: Value| json!({ "type": "object", "properties": { "k\"": { "const": tag }, "a": more }, "required": ["k\""] });
    let union = json!({ "oneOf": [alternative("x", json!({ "type": "integer" })), alternative("y\n", json!({ "type": "string" }))] });
    let texts = [
        r#"{"k\"":"x","a":1}"#,
        r#"{"a":1,"k\"":"x"}"#,
        r#"{"a":1,"k\u0022":"x"}"#,
        r#"{"a":"1","\u006b\"":"y\n"}"#,
        r#"{"a":"1","k\"":"y\u000a"}"#,
        r#"{"a":"1","k\"":"x"}"#,
        r#"{"k\"":"x","k\"":"y\n","a":1}"#,
        r#"{"a":{"k\"":"x"},"k\"":"y\n"}"#,
        r#"{"k\"":1}"#,
        r#"{"a":"}","k\"":"y\n"}"#,
        r#"{"a":["]","{"],"k\"":"x"}"#,
        r#"{"a":1"#,
        r#"{"a":1,"k\"":"z"}"#,
        "{}",
        "[]",
    ];
    hold(json!({ "T": union }), &texts);
    hold(json!({ "T": { "anyOf": union["oneOf"] } }), &texts);
    hold(
        json!({ "T": { "oneOf": [union["oneOf"][0], union["oneOf"][1], { "type": "array" }, { "type": "array", "minItems": 1 }] } }),
        &texts,
    );
}

#[test]
fn unions_within_unions_are_settled_from_the_inside() {
    let leaf = |tag: &str| json!({ "type": "object", "properties": { "k": { "const": tag }, "c": { "$ref": "#/$defs/T" } }, "required": ["k"] });
    let types = json!({ "T": { "oneOf": [leaf("a"), { "oneOf": [leaf("b"), leaf("c")] }, { "$ref": "#/$defs/U" }] }, "U": { "anyOf": [leaf("d"), { "type": "null" }] } });
    let texts = [
        r#"{"k":"a","c":{"k":"b","c":{"c":{"k":"d"},"k":"c"}}}"#,
        r#"{"c":{"c":{"c":null,"k":"d"},"k":"b"},"k":"a"}"#,
        r#"{"c":{"c":{"c":7,"k":"d"},"k":"b"},"k":"a"}"#,
        r#"{"k":"e"}"#,
        "null",
    ];
    hold(types, &texts);
}

#[test]
fn wide_objects_and_long_lists_keep_every_bit() {
    for count in [63, 64, 65, 127, 128, 129, 255, 256, 257, 1000] {
        let names: Vec<String> = (0..count).map(|index| format!("p{index}")).collect();
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.clone(), json!({ "type": "integer" }))).collect();
        let types = json!({ "T": { "type": "object", "properties": properties, "required": names, "additionalProperties": false } });
        let schema = schema(types);
        let whole: serde_json::Map<String, Value> = names.iter().map(|name| (name.clone(), json!(1))).collect();
        let mut texts = vec![Value::Object(whole.clone())];
        for left_out in [0, 1, count / 2, count - 2, count - 1] {
            let mut less = whole.clone();
            less.remove(&names[left_out]);
            texts.push(Value::Object(less));
        }
        for text in texts {
            let text = text.to_string();
            campaign::hold(&schema, text.as_bytes(), &Limits::default(), 1)
                .unwrap_or_else(|difference| panic!("{count}: {difference}"));
            let reversed: Vec<&str> = text.trim_matches(['{', '}']).split(',').rev().collect();
            let reversed = format!("{{{}}}", reversed.join(","));
            campaign::hold(&schema, reversed.as_bytes(), &Limits::default(), 1)
                .unwrap_or_else(|difference| panic!("{count}: {difference}"));
        }
    }
}

#[test]
fn more_alternatives_than_a_byte_counts() {
    let alternatives: Vec<Value> = (0..300)
        .map(|index| json!({ "type": "object", "properties": { "k": { "const": format!("t{index}") }, format!("only{index}"): { "const": index } }, "required": ["k"] }))
        .collect();
    let texts: Vec<String> = [0, 1, 127, 255, 256, 257, 299, 300]
        .iter()
        .flat_map(|index| {
            [
                format!(r#"{{"k":"t{index}","only{index}":{index}}}"#),
                format!(r#"{{"only{index}":{index},"k":"t{index}"}}"#),
                format!(r#"{{"only{index}":0,"k":"t{index}"}}"#),
                format!(r#"{{"only{index}":0,"k":"t3"}}"#),
            ]
        })
        .collect();
    let schema = schema(json!({ "T": { "oneOf": alternatives } }));
    for text in texts {
        campaign::hold(&schema, text.as_bytes(), &Limits::default(), 5)
            .unwrap_or_else(|difference| panic!("{text}: {difference}"));
    }
}

#[test]
fn a_contract_with_more_required_names_than_an_object_may_have_is_no_trap() {
    let names: Vec<String> = (0..70_000).map(|index| format!("{index:x}")).collect();
    let document = json!({
        "peerContract": "1", "name": "edges", "version": "1.0.0", "$defs": { "T": { "required": names } },
        "agents": { "a": { "operations": { "op": { "input": true, "output": { "schema": true } } } } },
    });
    let Ok(contract) = Contract::parse(document.to_string().as_bytes()) else { return };
    let schema = contract.schema(&Pointer::root().key("$defs").key("T")).expect("the type is there");
    assert!(schema.check(b"{}", &Limits::default()).is_err());
    assert!(schema.check(b"1", &Limits::default()).is_ok());
}

#[test]
fn depth_ends_where_the_tree_ends() {
    let recursive = json!({ "T": { "type": "array", "items": { "$ref": "#/$defs/T" } } });
    let object = json!({ "T": { "properties": { "c": { "$ref": "#/$defs/T" } }, "additionalProperties": false } });
    let fallback = json!({ "T": { "properties": { "c": { "$ref": "#/$defs/T" } }, "unevaluatedProperties": false } });
    let union = json!({ "T": { "anyOf": [{ "type": "array", "items": { "$ref": "#/$defs/T" }, "minItems": 1 }, { "type": "array", "maxItems": 0 }] } });
    for depth in [1, 62, 63, 64, 65, 66, 200, 255, 256, 257, 258, 300, 100_000] {
        let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let objects = format!("{}1{}", "{\"c\":".repeat(depth), "}".repeat(depth));
        for limit in [64, 63, usize::MAX] {
            let mut limits = Limits::default();
            limits.json_depth = limit;
            for (types, text) in [(&recursive, &arrays), (&object, &objects), (&fallback, &objects), (&union, &arrays)]
            {
                if depth < 70 || !std::ptr::eq(types, &fallback) {
                    let text = text.as_bytes();
                    let schema = schema(types.clone());
                    campaign::hold(&schema, text, &limits, 3)
                        .unwrap_or_else(|difference| panic!("{depth} within {limit}: {difference}"));
                }
            }
        }
    }
}

/// Untagged unions that come back to themselves in several alternatives, on values made to try all of them at every
/// level: without a memory for verdicts this test does not end.
#[test]
fn a_recursive_union_is_tried_once_for_each_value() {
    let by_required = |name: &str| json!({ "type": "object", "properties": { "c": { "$ref": "#/$defs/T" } }, "required": ["c", name] });
    let by_enum = |name: &str| json!({ "type": "object", "properties": { "c": { "$ref": "#/$defs/T" }, "d": { "enum": [name, "z"] } } });
    for (alternative, tail) in
        [(&by_required as &dyn Fn(&str) -> Value, ""), (&by_enum, ",\"d\":1"), (&by_enum, ",\"d\":\"y\"")]
    {
        for keyword in ["anyOf", "oneOf"] {
            let types = json!({ "T": { keyword: [alternative("x"), alternative("y"), { "type": "null" }] } });
            let schema = schema(types);
            let text = format!("{}null{}", "{\"c\":".repeat(60), format!("{tail}}}").repeat(60));
            assert_eq!(schema.schema.fits(text.as_bytes(), &Limits::default()), tail.contains('y'));
        }
    }
}

/// `unevaluated…` asks alternatives a second time: twice as often with each level, but for a memory for verdicts.
#[test]
fn a_rest_within_a_rest_is_looked_at_once_for_each_value() {
    let inner = json!({ "properties": { "c": { "$ref": "#/$defs/T" } }, "required": ["c"] });
    let held = schema(json!({ "T": { "anyOf": [inner, { "type": "null" }], "unevaluatedProperties": false } }));
    for (end, fits) in [("null", true), ("1", true), ("{\"d\":1,\"c\":null}", false)] {
        let text = format!("{}{end}{}", "{\"c\":".repeat(60), "}".repeat(60));
        let read = peer_contract_core::json::parse(text.as_bytes(), &Limits::default()).expect("JSON");
        assert_eq!(held.schema.fits(text.as_bytes(), &Limits::default()), fits);
        assert_eq!(held.schema.validate(&read).is_ok(), fits);
        assert_eq!(held.schema.broken(&read).is_empty(), fits);
    }
}

/// Schemas that two ways lead to, at each level.
#[test]
fn reasons_are_looked_for_once_on_ways_that_meet() {
    let step = json!({ "properties": { "c": { "$ref": "#/$defs/T" } } });
    let both =
        json!({ "properties": { "c": { "$ref": "#/$defs/T" } }, "$ref": "#/$defs/U", "type": ["object", "null"] });
    let held = schema(json!({ "T": both, "U": step }));
    for end in ["null", "1"] {
        let text = format!("{}{end}{}", "{\"c\":".repeat(60), "}".repeat(60));
        let fits = end == "null";
        assert_eq!(held.schema.check(text.as_bytes(), &Limits::default()).is_ok(), fits);
        let read = peer_contract_core::json::parse(text.as_bytes(), &Limits::default()).expect("JSON");
        assert_eq!(held.schema.validate(&read).is_ok(), fits);
    }
}
