//! Whether joins accept what their children may give: a rule of contracts, held by the proofs of `compat`.

use serde_json::{Map, Value, json};

use crate::compat::{Break, Verdict, accepts};
use crate::contract::{FanOut, Operation};
use crate::gather::Gather;
use crate::{Contract, ErrorCode, Pointer, Problem};

/// Every `fansOut` whose join refuses results that its children may give. Where nothing is proven, the results themselves
/// are looked at when they come.
pub(crate) fn check(contract: &Contract) -> Vec<Problem> {
    contract.operations().filter_map(|operation| refusal(contract, operation)).collect()
}

fn refusal(contract: &Contract, operation: &Operation) -> Option<Problem> {
    let fan_out = operation.fans_out.as_ref()?;
    let join = contract.operation(&fan_out.join)?;
    let Verdict::Broken(Break { at, message, .. }) = accepts(contract, results(contract, fan_out), &join.input) else {
        return None;
    };
    let place = place_of(operation).key("fansOut").key("join");
    let message = format!("`{}` does not accept all that its children may give: at `{at}`, {message}", fan_out.join);
    let wanted = results(contract, fan_out);
    Some(Problem::new(ErrorCode::JoinInput, place, message).with_help(format!("its input must accept {wanted}")))
}

fn place_of(operation: &Operation) -> Pointer {
    Pointer::root().key("agents").key(&operation.agent).key("operations").key(&operation.name)
}

/// The schema of what the join of an operation gets; `None` for an operation that does not fan out. Its `$ref`s lead into the contract.
pub fn results_schema(contract: &Contract, target: &str) -> Option<Value> {
    Some(results(contract, contract.operation(target)?.fans_out.as_ref()?))
}

fn results(contract: &Contract, fan_out: &FanOut) -> Value {
    let children = fan_out.each.iter().filter_map(|target| contract.operation(target));
    let mut kinds: Vec<Value> = Vec::new();
    for child in children {
        let output =
            child.output.as_ref().map(|output| reference(contract, &output.schema)).unwrap_or(Value::Bool(true));
        kinds.push(result(child, "output", output));
        if fan_out.complete.tells_errors() {
            kinds.extend(child.errors.values().map(|error| {
                let data = error.data.as_ref().map(|data| reference(contract, data));
                result(child, "error", declared(&error.name, data))
            }));
            kinds.push(result(child, "error", failed()));
        }
    }
    let items = if kinds.len() == 1 { kinds.remove(0) } else { json!({ "anyOf": kinds }) };
    json!({
        "type": "object",
        "required": ["results"],
        "properties": { "results": { "type": "array", "items": items } }
    })
}

fn result(child: &Operation, member: &str, schema: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("index".into(), json!({ "type": "integer", "minimum": 0, "maximum": 999 }));
    properties.insert("operation".into(), json!({ "const": child.target }));
    properties.insert(member.into(), schema);
    all_required(properties)
}

/// An error of the contract.
pub(crate) fn declared(name: &str, data: Option<Value>) -> Value {
    let mut properties = Map::new();
    properties.insert("code".into(), json!({ "const": name }));
    properties.extend(data.map(|data| ("data".to_owned(), data)));
    properties.insert("message".into(), json!({ "type": "string" }));
    all_required(properties)
}

/// An object that has each of these.
pub(crate) fn all_required(properties: Map<String, Value>) -> Value {
    let required: Vec<Value> = properties.keys().map(|name| Value::from(name.as_str())).gather();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// What is no error of the contract: a word of `schemas/errors.json`, and the place it speaks of.
pub(crate) fn failed() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["at", "code", "message"],
        "properties": { "at": text(), "code": text(), "message": text() }
    })
}

/// The schema at a place: what it refers to where it is nothing but a `$ref`, else its place.
pub(crate) fn reference(contract: &Contract, at: &Pointer) -> Value {
    let written = contract.value().pointer(at.as_str());
    match written
        .and_then(|schema| schema.get("$ref"))
        .filter(|_| written.and_then(Value::as_object).is_some_and(|o| o.len() == 1))
    {
        Some(target) => json!({ "$ref": target }),
        None => json!({ "$ref": format!("#{at}") }),
    }
}
