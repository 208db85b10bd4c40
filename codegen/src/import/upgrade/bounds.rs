//! Bounds of numbers: a flag beside a bound in draft 4, a bound of its own since.

use peer_contract_core::limits::MAX_SAFE_INTEGER;
use serde_json::Value;

use super::{Rule, Slot, Upgrader};
use crate::import::draft::Draft;

impl Upgrader<'_> {
    pub(super) fn bound(&mut self, keyword: &str, value: &Value) {
        if self.is_beyond_integers(keyword, value) {
            self.remark(Rule::WithoutEffect, keyword, "integers end at 2^53-1, before this bound");
            return;
        }
        if self.draft >= Draft::Draft6 {
            self.put(keyword, Slot::Data(value.clone()));
            return;
        }
        match keyword {
            "minimum" if self.is_set("exclusiveMinimum") => self.put("exclusiveMinimum", Slot::Data(value.clone())),
            "maximum" if self.is_set("exclusiveMaximum") => self.put("exclusiveMaximum", Slot::Data(value.clone())),
            "minimum" | "maximum" => self.put(keyword, Slot::Data(value.clone())),
            _ => self.flag(keyword, value),
        }
    }

    /// Whether a bound of integers lies beyond all of them.
    fn is_beyond_integers(&self, keyword: &str, value: &Value) -> bool {
        let most = MAX_SAFE_INTEGER as f64;
        let beyond = value.as_f64().is_some_and(|bound| match keyword {
            "minimum" | "exclusiveMinimum" => bound < -most,
            _ => bound > most,
        });
        beyond && self.schema.get("type").is_some_and(|kind| kind == "integer")
    }

    fn is_set(&self, flag: &str) -> bool {
        self.schema.get(flag) == Some(&Value::Bool(true))
    }

    fn flag(&mut self, keyword: &str, value: &Value) {
        let bound = if keyword == "exclusiveMinimum" { "minimum" } else { "maximum" };
        match value {
            Value::Bool(_) if self.schema.contains_key(bound) => {}
            Value::Bool(_) => {
                self.remark(Rule::WithoutEffect, keyword, format!("without `{bound}`, it constrains nothing"));
            }
            // A number is a mistake in draft 4; taken as it was meant it would be another schema.
            _ => {
                let message = format!("in {} it is a flag, and this is none; it constrains nothing", self.draft.said());
                self.remark(Rule::KeywordOfAnotherDraft, keyword, message);
                self.help("say `--draft 7` where the schema is one of a later draft in truth");
            }
        }
    }
}
