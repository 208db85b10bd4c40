//! Alternatives, and values that may be missing.

use peer_contract_core::{Pointer, Value};

use crate::lint::Hit;
use crate::lint::context::{Context, Role, types};

pub(super) fn closed_enums(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (at, schema) in context.used_as(&[Role::Output, Role::State]) {
        let several = schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() > 1);
        if several && !is_open(context, at) {
            hits.push(Hit::new(at.key("enum"), "readers refuse any value that is added to this list"));
        }
    }
}

/// Whether the schema is an alternative beside one that takes any text.
fn is_open(context: &Context<'_>, at: &Pointer) -> bool {
    let union = at.parent().and_then(|(list, _)| list.parent()).filter(|(_, keyword)| keyword == "anyOf");
    let beside = union.and_then(|(schema, _)| context.schemas.get(&schema)?.get("anyOf")?.as_array());
    beside.is_some_and(|all| all.iter().any(|one| types(one).contains(&"string") && one.get("enum").is_none()))
}

pub(super) fn optional_nullable<'a>(context: &Context<'a>, hits: &mut Vec<Hit>) {
    for (at, schema) in context.schemas.iter().map(|(at, schema)| (at, *schema)) {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if !is_required(name) && is_nullable(context, property) {
                let message = format!("`{name}` may be left out and may be `null`");
                hits.push(Hit::of_name(at.key("properties").key(name), message));
            }
        }
    }
}

fn is_nullable<'a>(context: &Context<'a>, schema: &'a Value) -> bool {
    let null = |one: &Value| types(one).contains(&"null") || one.get("const") == Some(&Value::Null);
    let schema = context.resolved(schema);
    let list = |word: &str| schema.get(word).and_then(Value::as_array).into_iter().flatten();
    null(schema) || list("enum").any(Value::is_null) || list("anyOf").chain(list("oneOf")).any(null)
}

pub(super) fn untagged(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for (at, schema) in &context.schemas {
        for word in ["oneOf", "anyOf"] {
            let branches = schema.get(word).and_then(Value::as_array).into_iter().flatten();
            let objects: Vec<&Value> =
                branches.map(|branch| context.resolved(branch)).filter(|branch| is_object(branch)).collect();
            if objects.len() > 1 && !has_tag(context, &objects) {
                let message = format!("{} alternatives are objects, and no property tells them apart", objects.len());
                hits.push(Hit::new(at.key(word), message));
            }
        }
    }
}

fn is_object(schema: &Value) -> bool {
    types(schema).contains(&"object") || schema.get("properties").is_some()
}

fn has_tag<'a>(context: &Context<'a>, objects: &[&'a Value]) -> bool {
    let names = objects[0].get("properties").and_then(Value::as_object).into_iter().flat_map(|members| members.keys());
    let mut names = names.map(String::as_str);
    names.any(|name| {
        let tags: Option<Vec<&Value>> = objects.iter().map(|object| tag(context, object, name)).collect();
        tags.is_some_and(|tags| tags.iter().enumerate().all(|(index, one)| !tags[..index].contains(one)))
    })
}

/// The constant that a required property has.
fn tag<'a>(context: &Context<'a>, object: &'a Value, name: &str) -> Option<&'a Value> {
    let required = object.get("required")?.as_array()?.iter().any(|one| one == name);
    let property = context.resolved(object.get("properties")?.get(name)?);
    property.get("const").filter(|_| required)
}
