//! Every schema: by the rules of JSON Schema, with keywords that are carried over and references that lead somewhere.

use serde_json::Value;

use super::{cycles, keywords, numbers, suggest};
use crate::contract::place::{self, Place};
use crate::contract::reference;
use crate::schema::explained;
use crate::{ErrorCode, Pointer, Problem};

const TYPES: &str =
    "expected `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`, or a list of these";

pub(super) fn check(contract: &Value, problems: &mut Vec<Problem>) {
    let mut roots: Vec<(Pointer, &Value)> = Vec::new();
    place::each_schema(contract, Place::Contract, &Pointer::root(), &mut |schema, at| {
        let inside = roots.last().is_some_and(|(root, _)| is_below(root, at));
        if !inside {
            roots.push((at.clone(), schema));
        }
        if let Value::Object(members) = schema {
            keywords::check(members, at, problems);
            numbers::check(members, at, problems);
            check_reference(contract, schema, at, problems);
        }
    });
    for (at, schema) in roots {
        check_grammar(schema, &at, problems);
    }
    cycles::check(contract, problems);
}

fn is_below(root: &Pointer, at: &Pointer) -> bool {
    at.as_str().strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'))
}

/// What the meta-schema of JSON Schema says about a whole schema.
fn check_grammar(schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    // That it must be an object or a boolean, the shape has said already.
    if !matches!(schema, Value::Object(_)) {
        return;
    }
    let meta = jsonschema::draft202012::meta::validator();
    if meta.is_valid(schema) {
        return;
    }
    for error in meta.iter_errors(schema) {
        problems.extend(explained(&error, None).into_iter().map(|problem| {
            let message = match problem.at.parent() {
                Some((_, keyword)) if keyword == "type" => TYPES.to_owned(),
                _ => format!("{}, by the rules of JSON Schema", problem.message),
            };
            Problem::new(ErrorCode::SchemaInvalid, at.join(&problem.at), message)
        }));
    }
}

fn check_reference(contract: &Value, schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return };
    let at = at.key("$ref");
    let Some(target) = reference::target_of(reference) else {
        let message = "a `$ref` leads to a place of this contract, such as `#/$defs/Name`";
        problems.push(Problem::new(ErrorCode::RefUnresolved, at, message));
        return;
    };
    if target.tokens().any(|token| token == "patternProperties") {
        let message = "a `$ref` cannot lead through `patternProperties`; give the schema a name under `$defs`";
        problems.push(Problem::new(ErrorCode::RefUnresolved, at, message));
    } else if place::schema_at(contract, &target).is_none() {
        let message = format!("`{reference}` leads to no schema of this contract");
        let names = contract.get("$defs").and_then(Value::as_object).into_iter().flat_map(|defs| defs.keys());
        let wanted = reference.rsplit('/').next().unwrap_or_default();
        let help = suggest::nearest(wanted, names.map(String::as_str));
        problems.push(Problem::new(ErrorCode::RefUnresolved, at, message).with_help(help));
    }
}
