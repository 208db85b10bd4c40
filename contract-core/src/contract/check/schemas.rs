//! Every schema: by the rules of JSON Schema, with keywords that are carried over and references that lead somewhere.

use serde_json::Value;

use super::{cycles, grammar, keywords, numbers};
use crate::contract::place::{self, Place};
use crate::contract::reference;
use crate::{ErrorCode, Pointer, Problem, suggest};

pub(super) fn check(contract: &Value, problems: &mut Vec<Problem>) {
    let mut root: Option<Pointer> = None;
    place::each_schema(contract, Place::Contract, &Pointer::root(), &mut |schema, at| {
        let inside = root.as_ref().is_some_and(|root| is_below(root, at));
        if !inside {
            root = Some(at.clone());
        }
        match schema {
            Value::Object(members) => {
                grammar::check(members, at, problems);
                keywords::check(members, at, problems);
                numbers::check(members, at, problems);
                check_reference(contract, schema, at, problems);
            }
            // Of a whole schema the shape has said so already.
            _ if inside => grammar::check_is_schema(schema, at, problems),
            _ => {}
        }
    });
    cycles::check(contract, problems);
}

fn is_below(root: &Pointer, at: &Pointer) -> bool {
    at.as_str().strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'))
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
        let help = suggest::did_you_mean(wanted, names.map(String::as_str));
        problems.push(Problem::new(ErrorCode::RefUnresolved, at, message).with_help(help));
    }
}
