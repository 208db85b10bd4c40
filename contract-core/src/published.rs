//! The files of `schemas/` that are made from the types of this crate.

use serde_json::{Value, json};

use crate::ErrorCode;
use crate::contract::meta_schema;

/// Name and text of each file of `schemas/` that is written by a program and not by hand.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![("contract.schema.json", text_of(&meta_schema())), ("errors.json", text_of(&errors()))]
}

fn errors() -> Value {
    let all = ErrorCode::ALL.iter();
    all.map(|code| json!({ "code": code.as_str(), "retryable": code.retryable(), "about": code.about() })).collect()
}

fn text_of(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("a value of string keys can be written");
    text.push('\n');
    text
}
