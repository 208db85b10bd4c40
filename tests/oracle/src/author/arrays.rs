//! Schemas of arrays.

use serde_json::{Map, Value, json};

use super::{Author, Spot};

impl Author<'_> {
    pub(super) fn array(&mut self, spot: Spot) -> Value {
        let mut schema = Map::from_iter([("type".to_owned(), json!("array"))]);
        if self.random.once_in(8) {
            schema.remove("type");
        }
        if self.random.once_in(3) {
            let prefix: Vec<Value> = (0..1 + self.random.below(3)).map(|_| self.schema(spot.inside())).collect();
            schema.insert("prefixItems".into(), prefix.into());
        }
        if !self.random.once_in(4) {
            let items = if self.random.once_in(8) { json!(false) } else { self.schema(spot.inside()) };
            schema.insert("items".into(), items);
        }
        self.counted(&mut schema, "minItems", "maxItems");
        if self.random.once_in(4) {
            schema.insert("uniqueItems".into(), json!(!self.random.once_in(5)));
        }
        if self.random.once_in(5) {
            schema.insert("contains".into(), self.schema(spot.inside()));
            self.counted(&mut schema, "minContains", "maxContains");
        }
        if self.random.once_in(8) {
            let rest = if self.random.once_in(2) { json!(false) } else { self.schema(spot.inside()) };
            schema.insert("unevaluatedItems".into(), rest);
        }
        Value::Object(schema)
    }

    pub(super) fn counted(&mut self, schema: &mut Map<String, Value>, least: &str, most: &str) {
        if self.random.once_in(4) {
            schema.insert(least.into(), json!(self.random.below(3)));
        }
        if self.random.once_in(4) {
            schema.insert(most.into(), json!(self.random.below(6)));
        }
    }
}
