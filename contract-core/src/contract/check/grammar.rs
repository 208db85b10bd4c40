//! The values of keywords, by the rules of JSON Schema.
//!
//! What the meta-schema of JSON Schema 2020-12 asks of the keywords that a contract may carry, as a table. The
//! meta-schema itself would be eight documents that lead to each other by dynamic references, which nothing else
//! here needs, and its findings would name each mistake once for every vocabulary.

use serde_json::{Map, Value};

use crate::schema::{Bound, Finding, Kind, Sized, Types, are_unique, explained};
use crate::{ErrorCode, Pointer, Problem};

const TYPES: &str =
    "expected `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`, or a list of these";

/// What the value of a keyword must be. Schemas inside are looked at by themselves.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Flag,
    Number,
    AboveZero,
    Count,
    List,
    Names,
    NamesByName,
    Schemas,
    SchemaList,
    Type,
}

fn form(keyword: &str) -> Option<Form> {
    Some(match keyword {
        "$comment" | "$ref" | "$schema" | "contentEncoding" | "contentMediaType" | "description" | "format"
        | "pattern" | "title" => Form::Text,
        "deprecated" | "readOnly" | "uniqueItems" | "writeOnly" => Form::Flag,
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => Form::Number,
        "multipleOf" => Form::AboveZero,
        "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "minContains" | "minItems" | "minLength"
        | "minProperties" => Form::Count,
        "enum" | "examples" => Form::List,
        "required" => Form::Names,
        "dependentRequired" => Form::NamesByName,
        "$defs" | "dependentSchemas" | "patternProperties" | "properties" => Form::Schemas,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Form::SchemaList,
        "type" => Form::Type,
        _ => return None,
    })
}

impl Form {
    /// Whether the value has the form, as far as that takes one look.
    fn is_plainly_held(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Number => value.is_number(),
            Self::Count => value.is_u64(),
            Self::List => value.is_array(),
            Self::Schemas => value.is_object(),
            Self::SchemaList => value.as_array().is_some_and(|list| !list.is_empty()),
            Self::Type => value.as_str().is_some_and(is_type),
            Self::AboveZero | Self::Names | Self::NamesByName => false,
        }
    }
}

fn is_type(name: &str) -> bool {
    Types::named(name).names().next().is_some()
}

/// Holds the keywords of one schema to their forms.
pub(super) fn check(schema: &Map<String, Value>, at: &Pointer, problems: &mut Vec<Problem>) {
    for (keyword, value) in schema {
        // Almost every value has its form, and then nobody asks where it stands.
        if let Some(form) = form(keyword).filter(|form| !form.is_plainly_held(value)) {
            Check { problems }.hold(form, value, &at.key(keyword));
        }
    }
}

/// Refuses what stands where a schema should, and is none.
pub(super) fn check_is_schema(value: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    Check { problems }.typed(Types::named("boolean").or(Types::named("object")), value, at);
}

struct Check<'p> {
    problems: &'p mut Vec<Problem>,
}

impl Check<'_> {
    fn hold(&mut self, form: Form, value: &Value, at: &Pointer) {
        match form {
            Form::Text => self.named("string", value, at),
            Form::Flag => self.named("boolean", value, at),
            Form::Number => self.named("number", value, at),
            Form::AboveZero => self.number("number", Bound::ExclusiveMinimum, value, at),
            Form::Count => self.number("integer", Bound::Minimum, value, at),
            Form::List => self.named("array", value, at),
            Form::Names => self.names(value, at),
            Form::NamesByName => {
                self.named("object", value, at);
                for (name, names) in value.as_object().into_iter().flatten() {
                    self.names(names, &at.key(name));
                }
            }
            Form::Schemas => self.named("object", value, at),
            Form::SchemaList => {
                self.named("array", value, at);
                if value.as_array().is_some_and(Vec::is_empty) {
                    self.add(Kind::Size(Sized::MinItems, 1), value, at);
                }
            }
            Form::Type => self.types(value, at),
        }
    }

    fn named(&mut self, name: &str, value: &Value, at: &Pointer) {
        self.typed(Types::named(name), value, at);
    }

    fn typed(&mut self, types: Types, value: &Value, at: &Pointer) {
        if !types.takes(value) {
            self.add(Kind::Type(types), value, at);
        }
    }

    /// A number from zero up, or above it.
    fn number(&mut self, name: &str, bound: Bound, value: &Value, at: &Pointer) {
        self.named(name, value, at);
        if value.as_f64().is_some_and(|number| !bound.holds(number, 0.0)) {
            self.add(Kind::Bound(bound, &0.into()), value, at);
        }
    }

    /// A list of names, none of them twice.
    fn names(&mut self, value: &Value, at: &Pointer) {
        self.named("array", value, at);
        let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, name) in names.iter().enumerate() {
            self.named("string", name, &at.index(index));
        }
        if !are_unique(names) {
            self.add(Kind::UniqueItems, value, at);
        }
    }

    fn types(&mut self, value: &Value, at: &Pointer) {
        let is_type = |value: &Value| value.as_str().is_some_and(is_type);
        let listed =
            value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_type) && are_unique(list));
        if !is_type(value) && !listed {
            self.problems.push(Problem::new(ErrorCode::SchemaInvalid, at.clone(), TYPES));
        }
    }

    fn add(&mut self, kind: Kind<'_>, value: &Value, at: &Pointer) {
        let found = explained(&Finding { at: at.clone(), value, schema: at, kind });
        self.problems.extend(found.into_iter().map(|problem| {
            let message = format!("{}, by the rules of JSON Schema", problem.message);
            Problem::new(ErrorCode::SchemaInvalid, problem.at, message)
        }));
    }
}
