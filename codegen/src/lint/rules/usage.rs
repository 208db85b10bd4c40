//! Parts that nothing leads to, says anything about, or protects.

use std::collections::BTreeSet;

use peer_contract_core::contract::Kind;
use peer_contract_core::{Pointer, Value};

use crate::lint::Hit;
use crate::lint::context::{Context, place_of};

pub(super) fn undescribed(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let root = Pointer::root();
    let mut ask = |noun: &str, name: &str, at: Pointer| {
        let value = context.written(&at);
        let says =
            |word: &str| value.and_then(|value| value.get(word)?.as_str()).is_some_and(|text| !text.trim().is_empty());
        if value.is_some_and(Value::is_object) && !says("description") && !says("title") {
            hits.push(Hit::of_name(at, format!("the {noun} `{name}` has no description")));
        }
    };
    ask("contract", context.contract.name(), root.clone());
    for (name, agent) in context.contract.agents() {
        ask("agent", name, root.key("agents").key(name));
        for operation in agent.operations.values() {
            let at = place_of(operation);
            ask("operation", &operation.target, at.clone());
            operation.errors.keys().for_each(|error| ask("error", error, at.key("errors").key(error)));
        }
    }
    for name in context.contract.document().defs.keys() {
        ask("type", name, root.key("$defs").key(name));
    }
}

pub(super) fn unused_types(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for name in context.contract.document().defs.keys() {
        let at = Pointer::root().key("$defs").key(name);
        if !context.is_used(&at) {
            hits.push(Hit::of_name(at, format!("nothing leads to the type `{name}`")));
        }
    }
}

pub(super) fn uncalled(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let operations = || context.contract.operations();
    let children = operations().flat_map(|operation| &operation.fans_out).flat_map(|fan_out| &fan_out.each);
    let called: BTreeSet<&String> = operations().flat_map(|operation| &operation.calls).chain(children).collect();
    for operation in context.contract.operations() {
        if operation.kind == Kind::Callable && !called.contains(&operation.target) {
            hits.push(Hit::of_name(place_of(operation), format!("no operation calls `{}`", operation.target)));
        }
    }
}

pub(super) fn retries_without_key(context: &Context<'_>, hits: &mut Vec<Hit>) {
    for operation in context.contract.operations() {
        let begins = operation.kind != Kind::Phased;
        if begins && operation.constraints.attempts > 1 && operation.idempotency_key.is_none() {
            let message = format!(
                "`{}` is tried {} times, and has no `idempotencyKey`",
                operation.target, operation.constraints.attempts
            );
            hits.push(Hit::of_name(place_of(operation), message));
        }
    }
}
