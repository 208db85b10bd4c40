//! Values without bounds.

use peer_contract_core::Value;

use crate::lint::Hit;
use crate::lint::context::{Context, Role, types};

/// Formats whose texts are short by themselves.
const SHORT: [&str; 9] = ["date", "date-time", "duration", "hostname", "idn-hostname", "int64", "ipv4", "ipv6", "uuid"];

pub(super) fn strings(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (at, schema) in context.used_as(&[Role::Input]) {
        let short = schema
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| SHORT.contains(&format) || format == "time");
        let bounded = short || is_listed(schema) || schema.get("maxLength").is_some();
        if types(schema).contains(&"string") && !bounded {
            hits.push(Hit::new(at.clone(), "a string of any length is accepted here"));
        }
    }
}

pub(super) fn arrays(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (at, schema) in context.used_as(&[Role::Input]) {
        let closed = schema.get("items") == Some(&Value::Bool(false));
        if types(schema).contains(&"array") && !closed && !is_listed(schema) && schema.get("maxItems").is_none() {
            hits.push(Hit::new(at.clone(), "an array of any length is accepted here"));
        }
    }
}

pub(super) fn integers(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (at, schema) in context.used_as(&[Role::Input, Role::Output, Role::State]) {
        let has = |words: [&str; 2]| words.iter().any(|word| schema.get(word).is_some());
        let missing = match (has(["minimum", "exclusiveMinimum"]), has(["maximum", "exclusiveMaximum"])) {
            (true, true) => continue,
            (true, false) => "upper bound",
            (false, true) => "lower bound",
            (false, false) => "bounds",
        };
        if types(schema).contains(&"integer") && !is_listed(schema) {
            hits.push(Hit::new(at.clone(), format!("this integer has no {missing}")));
        }
    }
}

/// Whether its values are written out.
fn is_listed(schema: &Value) -> bool {
    schema.get("const").is_some() || schema.get("enum").is_some()
}
