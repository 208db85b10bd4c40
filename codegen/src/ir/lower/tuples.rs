//! Lists: of one type, or with places that have a type each.

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::properties::leaves_open;
use super::seen::Kind;

/// Where the schemas of the items of a list stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// Those of the first items, in order.
    pub items: Vec<Pointer>,
    /// How many of these items there must be.
    pub required: usize,
    /// That of the items behind them, or of anything; none where the list ends.
    pub rest: Option<Option<Pointer>>,
}

/// A list by its keywords.
pub fn list(schema: &Map<String, Value>, at: &Pointer) -> Kind {
    let count = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    if count == 0 {
        return Kind::List(schema.get("items").filter(|items| items.is_object()).map(|_| at.key("items")));
    }
    let size = |keyword: &str| schema.get(keyword).and_then(Value::as_f64).map(|size| size as usize);
    let most = size("maxItems").unwrap_or(usize::MAX);
    let listed = count.min(most);
    Kind::Tuple(Places {
        items: (0..listed).map(|index| at.key("prefixItems").index(index)).collect(),
        required: listed.min(size("minItems").unwrap_or(0)),
        rest: if most <= count { None } else { rest(schema, at) },
    })
}

fn rest(schema: &Map<String, Value>, at: &Pointer) -> Option<Option<Pointer>> {
    let keyword = if schema.contains_key("items") { "items" } else { "unevaluatedItems" };
    match schema.get(keyword) {
        _ if keyword == "unevaluatedItems" && leaves_open(schema) => Some(None),
        Some(Value::Bool(false)) => None,
        Some(Value::Object(_)) => Some(Some(at.key(keyword))),
        _ => Some(None),
    }
}
