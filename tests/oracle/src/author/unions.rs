//! Schemas that choose, combine and exclude.

use serde_json::{Map, Value, json};

use super::vocabulary;
use super::{Author, Spot};

impl Author<'_> {
    /// Alternatives told by a constant, and such that only look so: without `required`, with one tag
    /// twice, with a tag that is no string, with an alternative that has none.
    pub(super) fn tagged_union(&mut self, spot: Spot) -> Value {
        let tag = *self.random.pick(&["kind", "type", "a", "id", "é", ""]);
        let count = 2 + self.random.below(4);
        let alternatives: Vec<Value> = (0..count).map(|index| self.alternative(tag, index, spot)).collect();
        let keyword = if self.random.once_in(4) { "anyOf" } else { "oneOf" };
        let mut union = Map::from_iter([(keyword.to_owned(), Value::Array(alternatives))]);
        if self.random.once_in(6) {
            union.insert("type".into(), json!("object"));
        }
        if self.random.once_in(6) {
            union.insert("required".into(), json!([tag]));
        }
        if self.random.once_in(10) {
            union.insert("unevaluatedProperties".into(), json!(false));
        }
        Value::Object(union)
    }

    fn alternative(&mut self, tag: &str, index: usize, spot: Spot) -> Value {
        if self.random.once_in(10) {
            return if self.random.once_in(2) { json!({ "type": "null" }) } else { self.schema(spot.beside()) };
        }
        let mut schema = self.object(spot.beside());
        let usual = json!({ "const": format!("tag{index}") });
        let told = match self.random.below(16) {
            0 => json!({ "const": "tag0" }),
            1 => json!({ "const": index }),
            2 => json!({ "enum": [format!("tag{index}"), format!("other{index}")] }),
            3 => json!({ "const": format!("tag{index}"), "type": "string" }),
            4 => json!({ "const": vocabulary::value(self.random, 1) }),
            5 => json!({ "type": "string" }),
            _ => usual,
        };
        if !schema.get("properties").is_some_and(Value::is_object) {
            schema["properties"] = json!({});
        }
        schema["properties"][tag] = told;
        let mut required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        if !required.contains(&json!(tag)) && !self.random.once_in(8) {
            required.insert(self.random.below(required.len() + 1), json!(tag));
        }
        schema["required"] = Value::Array(required);
        schema
    }

    pub(super) fn untagged_union(&mut self, spot: Spot) -> Value {
        let keyword = *self.random.pick(&["anyOf", "oneOf"]);
        let alternatives: Vec<Value> = (0..1 + self.random.below(4)).map(|_| self.schema(spot.beside())).collect();
        json!({ keyword: alternatives })
    }

    pub(super) fn all_of(&mut self, spot: Spot) -> Value {
        let parts: Vec<Value> = (0..1 + self.random.below(3)).map(|_| self.schema(spot.beside())).collect();
        json!({ "allOf": parts })
    }

    pub(super) fn conditional(&mut self, spot: Spot) -> Value {
        let mut schema = Map::new();
        for keyword in ["if", "then", "else"] {
            if !self.random.once_in(5) {
                schema.insert(keyword.into(), self.schema(spot.beside()));
            }
        }
        Value::Object(schema)
    }

    /// `unevaluated…` over everything that can evaluate.
    pub(super) fn unevaluated(&mut self, spot: Spot) -> Value {
        let mut schema = match self.random.below(5) {
            0 => self.all_of(spot),
            1 => self.untagged_union(spot),
            2 => self.conditional(spot),
            3 => self.reference(spot),
            _ => self.object(spot.beside()),
        };
        if self.random.once_in(3) {
            let own = self.object(spot.beside());
            if let (Value::Object(schema), Value::Object(own)) = (&mut schema, own) {
                for (keyword, value) in own {
                    schema.entry(keyword).or_insert(value);
                }
            }
        }
        let keyword = *self.random.pick(&["unevaluatedProperties", "unevaluatedProperties", "unevaluatedItems"]);
        schema[keyword] = if self.random.once_in(3) { self.schema(spot.inside()) } else { json!(false) };
        schema
    }
}
