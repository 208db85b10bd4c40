//! Why a value does not fit its schema.
//!
//! The engine gives the verdict. For the reasons it would list the errors of every alternative
//! within every alternative, which takes exponential time on recursive unions. So we walk schema
//! and value side by side ourselves, ask the engine for verdicts and for plain assertions, and go
//! into one alternative only.

mod applicators;
mod unions;

use jsonschema::Validator;
use serde_json::{Map, Value};
use std::sync::Arc;

use super::engine::Engine;
use super::words;
use crate::contract::reference;
use crate::{ErrorCode, Pointer, Problem};

/// Problems that one answer lists.
const MOST: usize = 256;

/// Keywords that hold schemas: followed here, one by one. The rest are assertions.
const APPLICATORS: &[&str] = &[
    "$defs",
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "dependentSchemas",
    "else",
    "if",
    "items",
    "maxContains",
    "minContains",
    "not",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// What is wrong with a value that the engine refused, sorted by place, each once.
pub(super) fn problems(engine: &Engine, schema: &Pointer, value: &Value) -> Vec<Problem> {
    let mut walk = Walk { engine, problems: Vec::new() };
    walk.value(&Spot { schema: schema.clone(), value, at: Pointer::root() });
    let mut problems = walk.problems;
    if problems.is_empty() {
        // The engine and the walk differ; the engine decides.
        problems.push(Problem::new(ErrorCode::NotAllowed, Pointer::root(), "the value does not fit its schema"));
    }
    problems.sort_by(|a, b| (&a.at, a.code, &a.message).cmp(&(&b.at, b.code, &b.message)));
    problems.dedup();
    problems
}

struct Walk<'a> {
    engine: &'a Engine,
    problems: Vec<Problem>,
}

/// A value, where it stands, and the place of the schema it is held to.
struct Spot<'v> {
    schema: Pointer,
    value: &'v Value,
    at: Pointer,
}

impl<'v> Spot<'v> {
    /// The same value, held to another schema.
    fn by(&self, schema: Pointer) -> Self {
        Self { schema, value: self.value, at: self.at.clone() }
    }
}

impl<'a> Walk<'a> {
    fn add(&mut self, code: ErrorCode, at: Pointer, message: impl Into<String>) {
        self.problems.push(Problem::new(code, at, message));
    }

    fn validator(&self, schema: &Pointer) -> Option<Arc<Validator>> {
        self.engine.validator(schema).ok()
    }

    fn fits(&self, schema: &Pointer, value: &Value) -> bool {
        self.validator(schema).is_none_or(|validator| validator.is_valid(value))
    }

    fn value(&mut self, spot: &Spot<'_>) {
        if self.problems.len() >= MOST {
            return;
        }
        match self.engine.schema(&spot.schema) {
            Some(Value::Bool(false)) => {
                let message = format!("found {}, where nothing is allowed", words::kind_of(spot.value));
                self.add(ErrorCode::NotAllowed, spot.at.clone(), message);
            }
            Some(Value::Object(schema)) => {
                let before = self.problems.len();
                self.assertions(schema, spot);
                self.same_value(schema, spot);
                self.parts(schema, spot);
                if self.problems.len() == before {
                    self.unevaluated(schema, spot);
                }
            }
            _ => {}
        }
    }

    /// The keywords that look at this value alone.
    fn assertions(&mut self, schema: &Map<String, Value>, spot: &Spot<'_>) {
        let piece = || {
            let own = schema.iter().filter(|(keyword, _)| !APPLICATORS.contains(&keyword.as_str()));
            Value::Object(own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect())
        };
        let Ok(validator) = self.engine.part(&spot.schema, piece) else { return };
        if validator.is_valid(spot.value) {
            return;
        }
        for error in validator.iter_errors(spot.value) {
            let found = words::explained(&error, Some(schema));
            self.problems.extend(found.into_iter().map(|problem| problem.under(&spot.at)));
        }
    }

    /// The schemas that apply to this same value.
    fn same_value(&mut self, schema: &Map<String, Value>, spot: &Spot<'_>) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(reference::target_of) {
            self.value(&spot.by(target));
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.value(&spot.by(spot.schema.key("allOf").index(index)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
                self.union(keyword, alternatives.len(), spot);
            }
        }
        if schema.contains_key("not") && self.fits(&spot.schema.key("not"), spot.value) {
            let message = format!("found {}, which fits what `not` excludes", words::kind_of(spot.value));
            self.add(ErrorCode::NotAllowed, spot.at.clone(), message);
        }
        if schema.contains_key("if") {
            let branch = if self.fits(&spot.schema.key("if"), spot.value) { "then" } else { "else" };
            if schema.contains_key(branch) {
                self.value(&spot.by(spot.schema.key(branch)));
            }
        }
    }

    /// `unevaluated…` fails when all else holds; then the engine has nothing else to list.
    fn unevaluated(&mut self, schema: &Map<String, Value>, spot: &Spot<'_>) {
        let asked = schema.contains_key("unevaluatedProperties") || schema.contains_key("unevaluatedItems");
        let Some(validator) = self.validator(&spot.schema).filter(|_| asked) else { return };
        if validator.is_valid(spot.value) {
            return;
        }
        for error in validator.iter_errors(spot.value) {
            let found = words::explained(&error, None);
            self.problems.extend(found.into_iter().map(|problem| problem.under(&spot.at)));
        }
    }
}
