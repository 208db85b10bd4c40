//! The parts of objects and arrays, each held to its own schema.

use serde_json::{Map, Value};

use super::{Spot, Walk};
use crate::ErrorCode;

impl<'a> Walk<'a> {
    pub(super) fn parts(&mut self, schema: &Map<String, Value>, spot: &Spot<'a>) {
        match spot.value {
            Value::Object(members) => self.members(schema, members, spot),
            Value::Array(items) => self.items(schema, items, spot),
            _ => {}
        }
    }

    fn members(&mut self, schema: &Map<String, Value>, members: &'a Map<String, Value>, spot: &Spot<'a>) {
        let object = |keyword: &str| schema.get(keyword).and_then(Value::as_object);
        let Some(id) = self.program.at(&spot.schema) else { return };
        for (key, value) in members {
            let named = self.program.of_member(id, key);
            let schemas: Vec<_> = named.map(|schema| self.program.place(schema).clone()).collect();
            if schemas.is_empty() {
                self.additional(schema, key, value, spot);
            }
            for schema in schemas {
                self.value(Spot { schema, value, at: spot.at.key(key) });
            }
            if schema.contains_key("propertyNames") {
                self.name(key, spot);
            }
            if object("dependentSchemas").is_some_and(|schemas| schemas.contains_key(key)) {
                self.value(spot.by(spot.schema.key("dependentSchemas").key(key)));
            }
        }
    }

    fn additional(&mut self, schema: &Map<String, Value>, key: &str, value: &'a Value, spot: &Spot<'a>) {
        match schema.get("additionalProperties") {
            None => {}
            Some(Value::Bool(false)) => {
                let message = "found a property that this object cannot have";
                self.add(ErrorCode::PropertyUnknown, spot.at.key(key), message);
            }
            Some(_) => {
                let schema = spot.schema.key("additionalProperties");
                self.value(Spot { schema, value, at: spot.at.key(key) });
            }
        }
    }

    fn name(&mut self, key: &str, spot: &Spot<'a>) {
        let names = self.program.at(&spot.schema.key("propertyNames"));
        if !names.is_none_or(|names| self.run.fits_name(names, key)) {
            let message = "the name of this property does not fit `propertyNames`";
            self.add(ErrorCode::PropertyNameInvalid, spot.at.key(key), message);
        }
    }

    fn items(&mut self, schema: &Map<String, Value>, items: &'a [Value], spot: &Spot<'a>) {
        let prefix = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        for (index, value) in items.iter().enumerate() {
            let at = spot.at.index(index);
            if index < prefix {
                self.value(Spot { schema: spot.schema.key("prefixItems").index(index), value, at });
            } else if schema.get("items") == Some(&Value::Bool(false)) {
                let message = format!("found an item more than the {prefix} that are allowed");
                self.add(ErrorCode::ItemUnexpected, at, message);
            } else if schema.contains_key("items") {
                self.value(Spot { schema: spot.schema.key("items"), value, at });
            }
        }
        if schema.contains_key("contains") {
            self.contains(schema, items, spot);
        }
    }

    fn contains(&mut self, schema: &Map<String, Value>, items: &'a [Value], spot: &Spot<'a>) {
        let Some(wanted) = self.program.at(&spot.schema.key("contains")) else { return };
        let fitting = self.run.count(wanted, items);
        // Counts are numbers that may be written `2.0`.
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_f64).map(|count| count as usize);
        let least = count("minContains").unwrap_or(1);
        let most = count("maxContains").unwrap_or(usize::MAX);
        if fitting < least {
            let message = format!("expected at least {least} items that fit `contains`, found {fitting}");
            self.add(ErrorCode::ContainsMismatch, spot.at.clone(), message);
        } else if fitting > most {
            let message = format!("expected at most {most} items that fit `contains`, found {fitting}");
            self.add(ErrorCode::ContainsMismatch, spot.at.clone(), message);
        }
    }
}
