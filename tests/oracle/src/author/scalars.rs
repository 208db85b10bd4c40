//! Schemas of strings, numbers and listed values.

use serde_json::{Map, Value, json};

use super::Author;
use super::vocabulary::{self, FORMATS, PATTERNS};

impl Author<'_> {
    pub(super) fn scalar(&mut self) -> Value {
        match self.random.below(10) {
            0 => json!({ "type": "boolean" }),
            1 => json!({ "type": "null" }),
            2 | 3 => self.number("integer"),
            4 => self.number("number"),
            _ => self.string(),
        }
    }

    pub(super) fn string(&mut self) -> Value {
        let mut schema = json!({ "type": "string" });
        match self.random.below(8) {
            0 | 1 => schema["pattern"] = json!(self.random.pick(PATTERNS).0),
            2 | 3 => schema["format"] = json!(self.random.pick(FORMATS).0),
            4 => {
                let least = self.random.below(4);
                schema["minLength"] = json!(least);
                schema["maxLength"] = json!(least + self.random.below(70));
            }
            5 => {
                schema["maxLength"] = json!(*self.random.pick(&[0, 1, 3, 15, 16, 17, 31, 32, 33, 64, 200]));
                schema["pattern"] = json!(self.random.pick(PATTERNS).0);
            }
            _ => {}
        }
        schema
    }

    fn number(&mut self, kind: &str) -> Value {
        let mut schema = Map::from_iter([("type".to_owned(), json!(kind))]);
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
        for _ in 0..self.random.below(3) {
            let bound = *self.random.pick(&bounds);
            let limit =
                if kind == "integer" { vocabulary::integer(self.random) } else { vocabulary::number(self.random) };
            schema.insert(bound.to_owned(), limit);
        }
        if self.random.once_in(4) {
            let divisor = match kind {
                "integer" => json!(*self.random.pick(&[1, 2, 3, 10, 1_000_000])),
                _ => json!(*self.random.pick(&[0.1, 0.01, 0.5, 1.0, 2.5, 3.0, 1e-8, 1e22])),
            };
            schema.insert("multipleOf".to_owned(), divisor);
        }
        Value::Object(schema)
    }

    /// `const` and `enum`, of any type.
    pub(super) fn listed(&mut self) -> Value {
        match self.random.below(6) {
            0 => json!({ "const": vocabulary::value(self.random, 2) }),
            1 => json!({ "const": vocabulary::text(self.random) }),
            2 => json!({ "type": "string", "enum": self.words(2, 6) }),
            3 => self.long_enum(),
            4 => json!({ "enum": self.words(1, 3), "type": ["string", "null"] }),
            _ => {
                let values: Vec<Value> =
                    (0..1 + self.random.below(5)).map(|_| vocabulary::value(self.random, 2)).collect();
                json!({ "enum": values })
            }
        }
    }

    pub(super) fn words(&mut self, least: usize, most: usize) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for _ in 0..least + self.random.below(most - least + 1) {
            let word = vocabulary::text(self.random);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    /// More members than fit a byte or a machine word, many with one beginning.
    fn long_enum(&mut self) -> Value {
        let count = *self.random.pick(&[63, 64, 65, 130, 257]);
        let mut values: Vec<Value> = (0..count).map(|index| json!(format!("member_number_{index}"))).collect();
        values.push(vocabulary::value(self.random, 1));
        json!({ "enum": values })
    }
}
