//! Names of types that the contract does not name, made from where they stand.

use peer_contract_core::Pointer;
use serde_json::Value;

use super::names::camel;

/// The name for the schema at `at`: `/$defs/Brief/properties/planner` is `BriefPlanner`.
///
/// A function of the place alone, so that no order of visiting can change a name.
pub fn name(root: &Value, at: &Pointer) -> String {
    let tokens: Vec<String> = at.tokens().collect();
    let mut name = String::new();
    let mut schema = root;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let next = tokens.get(index + 1).map(String::as_str);
        let (part, steps) = step(token, next, schema);
        name.push_str(&part);
        for token in tokens.iter().skip(index).take(steps) {
            schema = child(schema, token);
        }
        index += steps;
    }
    match name.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("T{name}"),
        Some(_) => name,
    }
}

/// The name for an alternative with what stands beside its `oneOf` at `whole`: `/$defs/Event/oneOf/0` is `EventCreated`.
pub fn alternative(root: &Value, whole: &Pointer, at: &Pointer) -> String {
    let schema = root.pointer(at.as_str()).unwrap_or(&Value::Null);
    let referred = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
    let part = referred.map(camel).filter(|name| !name.is_empty());
    let number = at.tokens().last().unwrap_or_default();
    format!("{}{}", name(root, whole), part.unwrap_or_else(|| option(schema, &number)))
}

/// What one step down adds to the name, and of how many tokens it is made.
fn step(token: &str, next: Option<&str>, schema: &Value) -> (String, usize) {
    match (token, next) {
        ("agents" | "operations" | "errors" | "$defs" | "properties" | "dependentSchemas", Some(key)) => {
            (camel(key), 2)
        }
        ("prefixItems", Some(number)) => (format!("Item{}", counted(number)), 2),
        ("items" | "contains", _) => ("Item".to_owned(), 1),
        ("additionalProperties" | "unevaluatedProperties", _) => ("Value".to_owned(), 1),
        ("patternProperties", _) => ("Value".to_owned(), 2),
        ("oneOf" | "anyOf", Some(number)) => (option(child(child(schema, token), number), number), 2),
        ("allOf", _) => (String::new(), 2),
        ("schema", _) => (String::new(), 1),
        _ => (camel(token), 1),
    }
}

/// An alternative is named by its constant, or else by its number.
fn option(schema: &Value, number: &str) -> String {
    let constants = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let tag = constants.filter_map(|(_, property)| super::lower::constant(property)).find_map(|value| match value {
        Value::String(text) => Some(camel(text)).filter(|name| !name.is_empty()),
        _ => None,
    });
    tag.unwrap_or_else(|| format!("Option{}", counted(number)))
}

/// People count from one.
fn counted(number: &str) -> usize {
    number.parse::<usize>().map_or(0, |number| number + 1)
}

fn child<'a>(schema: &'a Value, token: &str) -> &'a Value {
    let child = match schema {
        Value::Array(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => schema.get(token),
    };
    child.unwrap_or(&Value::Null)
}
