//! RFC 8785 from text to text.
//!
//! A pass over the text notes the objects whose members are out of order, and copies nothing. What it noted says in which
//! order the text is copied then, each byte once; a text that is canonical already is not copied at all.

mod copy;
mod order;

use std::borrow::Cow;

use super::pass::Stop;
use super::{Plan, any, run};
use crate::schema::Engine;
use crate::{Limits, Problem};

/// Runs a text through a plan, and gives its canonical form: the text itself where it is canonical already.
pub(crate) fn canonical<'a>(
    plan: &Plan,
    engine: &Engine,
    text: &'a [u8],
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Stop> {
    let mut order = order::Order::of(text);
    let ((), spelled) = run(plan, engine, text, limits, &mut order, ())?;
    let noted = order.into_noted();
    if spelled && noted.is_empty() {
        return Ok(text.into());
    }
    Ok(copy::in_order(text, &noted, spelled).into())
}

/// The canonical form of a JSON text; the text itself where it is canonical already.
///
/// # Errors
/// One of the `json_*` codes.
pub(crate) fn canonicalize<'a>(text: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Problem> {
    let (plan, engine) = any();
    canonical(plan, engine, text, limits).map_err(|_| crate::json::refusal(text, limits))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Contract, Limits, json};

    #[test]
    fn a_wrong_guess_leaves_nothing_behind() {
        let tagged = |tag: &str, properties: serde_json::Value| {
            let mut schema = json!({ "type": "object", "required": ["k"], "properties": properties });
            schema["properties"]["k"] = json!({ "const": tag });
            schema
        };
        let contract = Contract::from_value(json!({
            "peerContract": "1", "name": "guess", "version": "1.0.0",
            "$defs": { "Union": { "oneOf": [tagged("a", json!({ "x": { "type": "number" } })), tagged("b", json!({}))] } },
            "agents": { "a": { "operations": { "op": {
                "input": { "$ref": "#/$defs/Union" }, "output": { "schema": true }
            } } } },
        }));
        let contract = contract.unwrap();
        let schema = contract.schema(&"/$defs/Union".parse().unwrap()).unwrap();
        let limits = Limits::default();
        for text in [r#"{"x": 1.0,"k":"b","a":1}"#, r#"{"x":{"c":1,"b": 2.0},"k":"b","a":{"e":1,"d":[]}}"#] {
            let expected = json::canonical(&json::parse(text.as_bytes(), &limits).unwrap());
            let written = schema.canonical(text.as_bytes(), &limits).unwrap();
            assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(expected.as_bytes()));
        }
    }
}
