//! `items`, `additionalItems` and `prefixItems`: what holds for which item.

use peer_contract_core::Pointer;
use serde_json::Value;

use super::{Rule, Slot, Upgrader};
use crate::import::draft::Draft;

impl Upgrader<'_> {
    pub(super) fn array(&mut self, keyword: &str, value: &Value) {
        let at = Pointer::root().key(keyword);
        let is_tuple = self.schema.get("items").is_some_and(Value::is_array);
        match (keyword, value) {
            ("items", Value::Array(items)) if self.draft < Draft::Draft2020 => {
                // An empty list is a tuple of no places, and 2020-12 has no word for that.
                if !items.is_empty() {
                    self.put("prefixItems", Slot::List((0..items.len()).map(|index| at.index(index)).collect()));
                }
            }
            ("prefixItems", Value::Array(items)) => {
                self.put(keyword, Slot::List((0..items.len()).map(|index| at.index(index)).collect()));
            }
            ("additionalItems", _) if is_tuple => self.put("items", Slot::Schema(at)),
            ("additionalItems", _) => {
                self.remark(Rule::WithoutEffect, keyword, "without a list in `items`, it constrains nothing");
            }
            ("items", Value::Object(_) | Value::Bool(_)) => self.put("items", Slot::Schema(at)),
            _ => self.put(keyword, Slot::Data(value.clone())),
        }
    }
}
