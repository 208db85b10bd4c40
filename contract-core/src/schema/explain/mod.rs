//! Why a value does not fit its schema.
//!
//! A list of every keyword that is broken would name those of every alternative within every
//! alternative. So this walks over schema and value side by side, asks for verdicts and for plain
//! assertions, and goes into one alternative only: the one that was meant.

mod applicators;
mod unions;

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::engine::Engine;
use super::evaluate::{Id, Program, Run};
use super::words;
use crate::contract::reference;
use crate::{ErrorCode, Pointer, Problem, plan};

/// Problems that one answer lists.
const MOST: usize = 256;

/// What is wrong with a value that does not fit a schema of the program, sorted by place, each once.
pub(super) fn problems(engine: &Engine, program: &Program, schema: &Pointer, value: &Value) -> Vec<Problem> {
    let mut walk = Walk {
        engine,
        program,
        run: Run::new(program),
        open: VecDeque::new(),
        known: BTreeSet::new(),
        problems: Vec::new(),
    };
    walk.value(Spot { schema: schema.clone(), value, at: Pointer::root() });
    walk.run();
    let mut problems = walk.problems;
    if problems.is_empty() {
        // The verdict and this walk differ, which is a mistake of ours; the verdict stands.
        problems.push(plan::mistake());
    }
    Problem::in_order(problems)
}

struct Walk<'a> {
    engine: &'a Engine,
    program: &'a Program,
    run: Run<'a>,
    /// What does not fit, and is still to be looked into.
    open: VecDeque<Spot<'a>>,
    /// What was opened, by schema and value: ways that meet would double with each level.
    known: BTreeSet<(Id, usize)>,
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

    fn fits(&mut self, schema: &Pointer, value: &'a Value) -> bool {
        self.program.at(schema).is_none_or(|id| self.run.fits(id, value))
    }

    /// Opens a part of the value, unless it fits.
    fn value(&mut self, spot: Spot<'a>) {
        let Some(id) = self.program.at(&spot.schema) else { return };
        if !self.run.fits(id, spot.value) && self.known.insert((id, std::ptr::from_ref(spot.value).addr())) {
            self.open.push_back(spot);
        }
    }

    fn run(&mut self) {
        while let Some(spot) = self.open.pop_front() {
            if self.problems.len() >= MOST {
                return;
            }
            self.look(&spot);
        }
    }

    fn look(&mut self, spot: &Spot<'a>) {
        match self.engine.schema(&spot.schema) {
            Some(Value::Bool(false)) => {
                let message = format!("found {}, where nothing is allowed", words::kind_of(spot.value));
                self.add(ErrorCode::NotAllowed, spot.at.clone(), message);
            }
            Some(Value::Object(schema)) => {
                self.list(spot);
                self.same_value(schema, spot);
                self.parts(schema, spot);
            }
            _ => {}
        }
    }

    /// The keywords that look at this value alone, and those that look at what all others leave over.
    fn list(&mut self, spot: &Spot<'a>) {
        let mut found = Vec::new();
        if let Some(id) = self.program.at(&spot.schema) {
            self.run.list_asserted(id, spot.value, &spot.at, &mut found);
            self.run.list_unevaluated(id, spot.value, &spot.at, &mut found);
        }
        self.problems.extend(found.iter().flat_map(words::explained));
    }

    /// The schemas that apply to this same value.
    fn same_value(&mut self, schema: &Map<String, Value>, spot: &Spot<'a>) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(reference::target_of) {
            self.value(spot.by(target));
        }
        for index in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.value(spot.by(spot.schema.key("allOf").index(index)));
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
                self.value(spot.by(spot.schema.key(branch)));
            }
        }
    }
}
