//! Types, constants, formats, annotations, and words that a draft does not know.

use peer_contract_core::schema::is_checked_format;
use peer_contract_core::suggest;
use serde_json::Value;

use super::{Rule, Slot, Upgrader};
use crate::import::Formats;
use crate::import::draft::Draft;
use crate::import::keyword;

/// Keywords that a mistyped one may have been meant to be.
const KNOWN: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "dependentRequired",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "type",
    "uniqueItems",
];

impl Upgrader<'_> {
    /// `type`, and the `nullable` of OpenAPI, which adds to it.
    pub(super) fn types(&mut self) {
        let Some(types) = self.schema.get("type") else {
            self.remark(Rule::WithoutEffect, "nullable", "without `type`, it constrains nothing");
            return;
        };
        let nullable = self.draft == Draft::OpenApi30 && self.schema.get("nullable") == Some(&Value::Bool(true));
        let types = match types {
            Value::String(one) if nullable && one != "null" => Value::from(vec![one.as_str(), "null"]),
            types => types.clone(),
        };
        self.put("type", Slot::Data(types));
    }

    /// A list of one is a constant, which unions can be told apart by.
    pub(super) fn listed(&mut self, value: &Value) {
        let taken = self.draft >= Draft::Draft6 && self.schema.contains_key("const");
        match value.as_array().map(Vec::as_slice) {
            Some([only]) if !taken => self.put("const", Slot::Data(only.clone())),
            _ => self.put("enum", Slot::Data(value.clone())),
        }
    }

    pub(super) fn format(&mut self, value: &Value) {
        let Value::String(name) = value else {
            self.put("format", Slot::Data(value.clone()));
            return;
        };
        // Here `int64` is a string of digits, elsewhere a number.
        let is_number = name == "int64" && self.schema.get("type") != Some(&Value::from("string"));
        let checked = is_checked_format(name) && !is_number;
        if checked && self.formats == Formats::Check {
            self.put("format", Slot::Data(value.clone()));
            self.remark(Rule::FormatChecked, "format", format!("the format `{name}` is checked from now on"));
            self.help("`--formats note` keeps formats as notes");
        } else {
            self.aside("format", value);
            let message = format!("the format `{name}` is not checked; kept as `x-format`");
            self.remark(Rule::FormatNotChecked, "format", message);
        }
    }

    pub(super) fn annotation(&mut self, keyword: &str, value: &Value) {
        let fits = match keyword {
            "deprecated" | "readOnly" | "writeOnly" => value.is_boolean(),
            "examples" => value.is_array(),
            "default" => true,
            _ => value.is_string(),
        };
        if fits {
            self.put(keyword, Slot::Data(value.clone()));
        } else {
            self.aside(keyword, value);
            self.remark(
                Rule::Annotation,
                keyword,
                format!("it has not the form of `{keyword}`; kept as `x-{keyword}`"),
            );
        }
    }

    pub(super) fn unknown(&mut self, keyword: &str, value: &Value) {
        if keyword.starts_with("x-") {
            self.put(keyword, Slot::Data(value.clone()));
            return;
        }
        self.aside(keyword, value);
        if let Some(other) = keyword::other_draft(self.draft, keyword) {
            let message = format!(
                "`{keyword}` is a word of {}; in {} it constrains nothing, and is kept as `x-{keyword}`",
                other.said(),
                self.draft.said()
            );
            self.remark(Rule::KeywordOfAnotherDraft, keyword, message);
            self.help(format!("say `--draft {}` where it is meant", other.name()));
        } else {
            let message = format!("`{keyword}` is a word of no draft and constrains nothing; kept as `x-{keyword}`");
            self.remark(Rule::UnknownKeyword, keyword, message);
            self.help(suggest::did_you_mean(keyword, KNOWN.iter().copied()));
        }
    }

    /// Keeps a value where it constrains nothing.
    fn aside(&mut self, keyword: &str, value: &Value) {
        let kept = format!("x-{keyword}");
        if !self.schema.contains_key(&kept) {
            self.put(&kept, Slot::Data(value.clone()));
        }
    }
}
