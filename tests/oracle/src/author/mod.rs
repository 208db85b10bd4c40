//! Writes random contracts: schemas over every keyword that a contract may use, shaped so that many
//! instances fit them and many fail by a hair.

mod arrays;
mod objects;
mod scalars;
mod unions;
pub(crate) mod vocabulary;

use serde_json::{Map, Value, json};

use crate::random::Random;

/// How far schemas lie within each other before only simple ones follow.
const DEEPEST: usize = 4;

/// A contract with `types` random types, called `T0`, `T1`, …; the checker may still refuse it.
pub fn contract(random: &mut Random, types: usize) -> Value {
    let mut author = Author { random, types, budget: 0 };
    let defs: Map<String, Value> = (0..types).map(|index| (format!("T{index}"), author.named(index))).collect();
    json!({
        "peerContract": "1", "name": "generated", "version": "1.0.0", "$defs": defs,
        "agents": { "a": { "operations": { "op": { "input": { "$ref": "#/$defs/T0" }, "output": { "schema": true } } } } },
    })
}

pub(crate) struct Author<'r> {
    random: &'r mut Random,
    types: usize,
    /// Schemas that the type at hand may still grow by.
    budget: usize,
}

/// Where a schema stands.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    depth: usize,
    /// The type whose own value this schema applies to. Following references from type to type
    /// without a step down must end, so they lead to later types only.
    same_value_as: Option<usize>,
}

impl Spot {
    /// One step down into the value.
    fn inside(self) -> Self {
        Self { depth: self.depth + 1, same_value_as: None }
    }

    /// Another schema on the same value.
    fn beside(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Author<'_> {
    fn named(&mut self, index: usize) -> Value {
        self.budget = 40;
        let spot = Spot { depth: 0, same_value_as: Some(index) };
        match self.random.below(12) {
            0 => self.wide_object(spot),
            1..=4 => self.object(spot),
            5 | 6 => self.tagged_union(spot),
            7 => self.array(spot),
            _ => self.schema(spot),
        }
    }

    fn schema(&mut self, spot: Spot) -> Value {
        self.budget = self.budget.saturating_sub(1);
        if spot.depth >= DEEPEST || self.budget == 0 {
            return self.leaf(spot);
        }
        match self.random.below(24) {
            0..=5 => self.leaf(spot),
            6..=9 => self.object(spot),
            10 | 11 => self.array(spot),
            12 | 13 => self.tagged_union(spot),
            14 | 15 => self.untagged_union(spot),
            16 => self.all_of(spot),
            17 => self.conditional(spot),
            18 => json!({ "not": self.schema(spot.beside()) }),
            19 => self.unevaluated(spot),
            20 => self.soup(spot),
            21 => self.reference_with_siblings(spot),
            _ => self.reference(spot),
        }
    }

    fn leaf(&mut self, spot: Spot) -> Value {
        match self.random.below(16) {
            0 => Value::Bool(!self.random.once_in(4)),
            1 => json!({}),
            2 | 3 => self.reference(spot),
            4 | 5 => self.listed(),
            6 => self.several_types(),
            _ => self.scalar(),
        }
    }

    fn reference(&mut self, spot: Spot) -> Value {
        let first = spot.same_value_as.map_or(0, |index| index + 1);
        if first >= self.types {
            return self.scalar();
        }
        let index = first + self.random.below(self.types - first);
        json!({ "$ref": format!("#/$defs/T{index}") })
    }

    fn reference_with_siblings(&mut self, spot: Spot) -> Value {
        let mut schema = self.reference(spot);
        let beside = self.schema(spot.beside());
        if let (Value::Object(schema), Value::Object(beside)) = (&mut schema, beside) {
            for (keyword, value) in beside {
                schema.entry(keyword).or_insert(value);
            }
        }
        schema
    }

    /// Keywords of all types side by side, without a `type`.
    fn soup(&mut self, spot: Spot) -> Value {
        let mut schema = Map::new();
        for _ in 0..2 + self.random.below(3) {
            let part = match self.random.below(5) {
                0 => self.object(spot.beside()),
                1 => self.array(spot.beside()),
                2 => self.listed(),
                3 => self.untagged_union(spot.beside()),
                _ => self.scalar(),
            };
            schema.extend(part.as_object().cloned().unwrap_or_default());
        }
        if !self.random.once_in(4) {
            schema.remove("type");
        }
        Value::Object(schema)
    }

    fn several_types(&mut self) -> Value {
        let mut types = vec!["null", "boolean", "integer", "number", "string", "array", "object"];
        self.random.shuffle(&mut types);
        types.truncate(1 + self.random.below(3));
        let mut schema = self.scalar();
        schema["type"] = json!(types);
        if schema.get("format").is_some_and(|format| format == "int64") {
            schema["format"] = json!("date");
        }
        schema
    }
}
