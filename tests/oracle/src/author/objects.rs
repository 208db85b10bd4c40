//! Schemas of objects.

use serde_json::{Map, Value, json};

use super::vocabulary::{NAMES, PATTERNS};
use super::{Author, Spot};

impl Author<'_> {
    pub(super) fn object(&mut self, spot: Spot) -> Value {
        let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
        if self.random.once_in(8) {
            schema.remove("type");
        }
        let names = self.names(6);
        let properties: Map<String, Value> =
            names.iter().map(|name| (name.clone(), self.schema(spot.inside()))).collect();
        let required: Vec<&String> = names.iter().filter(|_| self.random.once_in(2)).collect();
        if !required.is_empty() {
            schema.insert("required".into(), json!(required));
        }
        if !properties.is_empty() && !self.random.once_in(12) {
            schema.insert("properties".into(), Value::Object(properties));
        }
        self.rest(&mut schema, spot);
        if self.random.once_in(5) {
            self.rarer(&mut schema, spot);
        }
        Value::Object(schema)
    }

    pub(super) fn names(&mut self, most: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..self.random.below(most + 1) {
            let name = *self.random.pick(NAMES);
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// What holds for members that are not named.
    fn rest(&mut self, schema: &mut Map<String, Value>, spot: Spot) {
        match self.random.below(6) {
            0 | 1 => drop(schema.insert("additionalProperties".into(), json!(false))),
            2 => drop(schema.insert("additionalProperties".into(), self.schema(spot.inside()))),
            3 if spot.depth < 2 => drop(schema.insert("unevaluatedProperties".into(), json!(false))),
            _ => {}
        }
        if self.random.once_in(6) {
            let patterns: Map<String, Value> = (0..1 + self.random.below(2))
                .map(|_| (self.random.pick(PATTERNS).0.to_owned(), self.schema(spot.inside())))
                .collect();
            schema.insert("patternProperties".into(), Value::Object(patterns));
        }
    }

    fn rarer(&mut self, schema: &mut Map<String, Value>, spot: Spot) {
        match self.random.below(5) {
            0 => self.counted(schema, "minProperties", "maxProperties"),
            1 => {
                let names = match self.random.below(4) {
                    0 => json!({ "maxLength": 4 }),
                    1 => json!({ "enum": self.names(6) }),
                    2 => self.schema(spot.inside()),
                    _ => json!({ "pattern": self.random.pick(PATTERNS).0 }),
                };
                let fits = names.get("enum").is_none_or(|list| list.as_array().is_some_and(|list| !list.is_empty()));
                schema.insert("propertyNames".into(), if fits { names } else { json!(true) });
            }
            2 => {
                let needed: Map<String, Value> =
                    self.names(2).into_iter().map(|name| (name, json!(self.names(2)))).collect();
                schema.insert("dependentRequired".into(), Value::Object(needed));
            }
            3 => {
                let needed: Map<String, Value> =
                    self.names(2).into_iter().map(|name| (name, self.schema(spot.beside()))).collect();
                schema.insert("dependentSchemas".into(), Value::Object(needed));
            }
            _ => {
                let mut required = self.names(3);
                required.dedup();
                schema.insert("required".into(), json!(required));
            }
        }
    }

    /// More properties than fit the bits of a machine word, or a byte.
    pub(super) fn wide_object(&mut self, spot: Spot) -> Value {
        let count = *self.random.pick(&[31, 32, 33, 63, 64, 65, 100, 128, 129, 255, 256, 257, 300]);
        let simple = [json!({ "type": "integer" }), json!(true), json!({ "type": "string", "maxLength": 20 })];
        let properties: Map<String, Value> = (0..count)
            .map(|index| (format!("property{index}"), simple[index % simple.len()].clone()))
            .chain(self.names(3).into_iter().map(|name| (name, self.schema(spot.inside()))))
            .collect();
        let few = self.random.once_in(2);
        let required: Vec<&String> =
            properties.keys().filter(|_| if few { self.random.once_in(40) } else { self.random.once_in(2) }).collect();
        let mut schema = json!({ "type": "object", "required": required, "properties": properties });
        if self.random.once_in(2) {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }
}
