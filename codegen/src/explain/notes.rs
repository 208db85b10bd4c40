//! Why keywords are as they are, in words.

use peer_contract_core::{Value, contract};

/// Why `unevaluated…` is left over, where it is.
pub const BY_TREE: &str = "what other keywords look at differs from value to value";

/// Of a schema that is nowhere reached from a type, an operation or the state.
pub const UNUSED: &str = "no schema leads here, so nothing is held to it";

/// Why nothing is held to a keyword.
pub fn annotation(keyword: &str) -> &'static str {
    match keyword {
        "$comment" => "for whoever reads the contract",
        "$defs" => "holds schemas that a `$ref` may lead to",
        "$schema" => "names the dialect, which is 2020-12 in every contract",
        "contentEncoding" | "contentMediaType" | "contentSchema" => {
            "tells what the text holds; it is not decoded, and what is in it is not checked"
        }
        "default" => "held to the schema when the contract is read; never written into a message",
        "deprecated" => "marks what should not be used any more",
        "description" | "title" => "for people",
        "else" | "then" => "asks for nothing without `if`",
        "examples" => "held to the schema when the contract is read",
        "maxContains" | "minContains" => "asks for nothing without `contains`",
        "readOnly" | "writeOnly" => "tells who should set the value; nothing is held to it",
        "uniqueItems" => "`false` asks for nothing",
        _ => "a keyword of your own, for your own tools",
    }
}

/// Whether nothing is held to a keyword wherever it stands.
pub fn is_annotation(keyword: &str) -> bool {
    let of_people = ["$comment", "$defs", "$schema", "default", "deprecated", "description", "examples", "title"];
    of_people.contains(&keyword) || keyword.starts_with("x-")
}

/// Where a `$ref` leads.
pub fn target(keyword: &str, value: &Value) -> String {
    let target = value.as_str().filter(|_| keyword == "$ref").and_then(contract::target_of);
    target.map(|at| format!("leads to {at}")).unwrap_or_default()
}

/// Whether a keyword is what documentation is made of: a title is, where there is no description.
pub fn is_of_docs(keyword: &str, schema: &Value) -> bool {
    match keyword {
        "description" => true,
        "title" => schema.get("description").is_none(),
        "deprecated" => schema["deprecated"] == true,
        _ => false,
    }
}
