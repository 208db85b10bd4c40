//! Names: legal, not reserved, and distinguishable in generated code.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::contract::name::{fold, is_name};
use crate::contract::place;
use crate::{ErrorCode, Pointer, Problem};

/// Folded names that generated code gives to something else.
const RESERVED: &[&str] = &["agent", "serve", "lambdahandler"];

/// Names of agents, operations, errors and phases.
pub(super) fn check(contract: &Value, problems: &mut Vec<Problem>) {
    let root = Pointer::root();
    check_phases(contract, problems);
    let Some(agents) = contract.get("agents").and_then(Value::as_object) else { return };
    let at = root.key("agents");
    let mut modules = Namespace::default();
    for (name, agent) in agents {
        legal("agent", name, &at.key(name), problems);
        modules.add("agent", name, at.key(name), problems);
        check_agent(agent, &at.key(name), problems);
    }
}

fn check_agent(agent: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let mut namespace = Namespace::default();
    let operations = members(agent, "operations");
    let at = at.key("operations");
    for name in operations.iter().flat_map(|operations| operations.keys()) {
        let at = at.key(name);
        legal("operation", name, &at, problems);
        unreserved(name, &at, problems);
        namespace.add("operation", name, at, problems);
    }
    let mut data: BTreeMap<&str, Value> = BTreeMap::new();
    for (operation, written) in operations.into_iter().flatten() {
        let at = at.key(operation).key("errors");
        for (name, error) in members(written, "errors").into_iter().flatten() {
            let at = at.key(name);
            legal("error", name, &at, problems);
            unreserved(name, &at, problems);
            let carried = place::strip_schema(error.get("data").unwrap_or(&Value::Null));
            match data.get(name.as_str()) {
                None => {
                    namespace.add("error", name, at, problems);
                    data.insert(name, carried);
                }
                Some(first) if *first != carried => {
                    let message = format!("the error `{name}` of this agent carries other data in another operation");
                    problems.push(Problem::new(ErrorCode::NameCollides, at, message));
                }
                Some(_) => {}
            }
        }
    }
}

fn check_phases(contract: &Value, problems: &mut Vec<Problem>) {
    let phases = Pointer::root().key("phases");
    let mut named: Vec<(&str, Pointer)> = Vec::new();
    if let Some(start) = contract.pointer("/phases/start").and_then(Value::as_str) {
        named.push((start, phases.key("start")));
    }
    named.extend(texts(contract.pointer("/phases/end"), &phases.key("end")));
    let agents = members(contract, "agents");
    for (agent, written) in agents.into_iter().flatten() {
        let at = Pointer::root().key("agents").key(agent).key("operations");
        for (operation, written) in members(written, "operations").into_iter().flatten() {
            named.extend(texts(written.get("from"), &at.key(operation).key("from")));
        }
    }
    for (name, at) in named {
        legal("phase", name, &at, problems);
    }
}

fn texts<'a>(list: Option<&'a Value>, at: &Pointer) -> Vec<(&'a str, Pointer)> {
    let items = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    items.filter_map(|(index, item)| Some((item.as_str()?, at.index(index)))).collect()
}

fn members<'a>(value: &'a Value, key: &str) -> Option<&'a Map<String, Value>> {
    value.get(key).and_then(Value::as_object)
}

fn legal(kind: &str, name: &str, at: &Pointer, problems: &mut Vec<Problem>) {
    if !is_name(name) {
        let message = format!("the name of this {kind} must be a letter, then up to 63 letters, digits and `_`");
        problems.push(Problem::new(ErrorCode::NameInvalid, at.clone(), message));
    }
}

fn unreserved(name: &str, at: &Pointer, problems: &mut Vec<Problem>) {
    if RESERVED.contains(&fold(name).as_str()) {
        let message = format!("`{name}` is the name of something else in generated code");
        problems.push(Problem::new(ErrorCode::NameReserved, at.clone(), message));
    }
}

/// Names that become names of one generated module.
#[derive(Default)]
struct Namespace(BTreeMap<String, (&'static str, String)>);

impl Namespace {
    fn add(&mut self, kind: &'static str, name: &str, at: Pointer, problems: &mut Vec<Problem>) {
        if let Some((other_kind, other)) = self.0.get(&fold(name)) {
            let message =
                format!("the {kind} `{name}` and the {other_kind} `{other}` are one name once case and `_` are gone");
            problems.push(Problem::new(ErrorCode::NameCollides, at, message));
        } else {
            self.0.insert(fold(name), (kind, name.to_owned()));
        }
    }
}
