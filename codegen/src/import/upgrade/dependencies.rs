//! `dependencies`: two keywords since 2019-09.

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use super::{Slot, Upgraded, Upgrader};

impl Upgrader<'_> {
    pub(super) fn dependencies(&mut self, value: &Value) {
        let Value::Object(members) = value else {
            self.put("dependentSchemas", Slot::Data(value.clone()));
            return;
        };
        let at = Pointer::root().key("dependencies");
        let required: Map<String, Value> = members
            .iter()
            .filter(|(_, value)| value.is_array())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let schemas: Vec<(String, Pointer)> =
            members.iter().filter(|(_, value)| !value.is_array()).map(|(key, _)| (key.clone(), at.key(key))).collect();
        if !required.is_empty() {
            self.put_or_beside("dependentRequired", Slot::Data(Value::Object(required)));
        }
        if !schemas.is_empty() {
            self.put_or_beside("dependentSchemas", Slot::Map(schemas));
        }
    }

    /// Where the keyword stands in the schema itself already, both hold.
    fn put_or_beside(&mut self, keyword: &str, slot: Slot) {
        if self.schema.contains_key(keyword) {
            let mut beside = Upgraded::default();
            beside.members.insert(keyword.to_owned(), slot);
            self.to.beside.push(beside);
        } else {
            self.put(keyword, slot);
        }
    }
}
