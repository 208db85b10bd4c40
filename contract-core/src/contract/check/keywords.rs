//! Keywords: known, carried over, and with a value that means something here.

use serde_json::{Map, Value};

use crate::contract::place::is_annotation;
use crate::formats;
use crate::schema::translate_pattern;
use crate::{ErrorCode, Pointer, Problem, suggest};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Keywords that a schema may have, beside annotations; sorted.
pub(in crate::contract) const CARRIED: &[&str] = &[
    "$defs",
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
];

/// Keywords of JSON Schema, of older drafts and of neighbours, that stay outside, and what to write instead.
const OUTSIDE: &[(&str, &str)] = &[
    ("$anchor", "refer to types as `#/$defs/<name>`"),
    ("$dynamicAnchor", "refer to types as `#/$defs/<name>`"),
    ("$dynamicRef", "use `$ref`"),
    ("$id", "a contract is one document; refer to types as `#/$defs/<name>`"),
    ("$recursiveRef", "use `$ref`"),
    ("$vocabulary", "only the vocabularies of JSON Schema 2020-12 are read"),
    ("additionalItems", "use `prefixItems` and `items`"),
    ("definitions", "use `$defs`"),
    ("dependencies", "use `dependentRequired` or `dependentSchemas`"),
    ("discriminator", "give each alternative of a `oneOf` a property with its own `const`"),
    ("example", "use `examples`, a list"),
    ("nullable", "use a list of types such as `[string, \"null\"]`"),
];

/// The keywords of one schema.
pub(super) fn check(schema: &Map<String, Value>, at: &Pointer, problems: &mut Vec<Problem>) {
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("pattern", Value::String(pattern)) => check_pattern(pattern, at.key(keyword), problems),
            ("patternProperties", Value::Object(patterns)) => {
                let at = at.key(keyword);
                patterns.keys().for_each(|pattern| check_pattern(pattern, at.key(pattern), problems));
            }
            ("format", Value::String(format)) => check_format(format, schema, at.key(keyword), problems),
            ("$schema", dialect) if dialect != DIALECT => {
                let message = "a schema of a contract is read as JSON Schema 2020-12";
                problems.push(Problem::new(ErrorCode::KeywordUnsupported, at.key(keyword), message));
            }
            (word, _) if CARRIED.binary_search(&word).is_ok() || is_annotation(word) => {}
            _ => problems.push(unsupported(keyword, at.key(keyword))),
        }
    }
}

fn unsupported(keyword: &str, at: Pointer) -> Problem {
    let outside = OUTSIDE.iter().find(|(known, _)| *known == keyword);
    let (message, help) = match outside {
        Some((_, instead)) => (format!("the keyword `{keyword}` is not carried over"), (*instead).to_owned()),
        None => {
            let help = suggest::did_you_mean(keyword, CARRIED.iter().copied());
            let help = if help.is_empty() { "begin a keyword of your own with `x-`".to_owned() } else { help };
            (format!("`{keyword}` is no keyword of JSON Schema 2020-12"), help)
        }
    };
    Problem::new(ErrorCode::KeywordUnsupported, at, message).with_help(help)
}

fn check_pattern(pattern: &str, at: Pointer, problems: &mut Vec<Problem>) {
    if let Err((code, message)) = translate_pattern(pattern) {
        let help = match code {
            ErrorCode::PatternNotLinear => "list the allowed values in an `enum`, or check them in the handler",
            _ => "",
        };
        problems.push(Problem::new(code, at, message).with_help(help));
    }
}

fn check_format(format: &str, schema: &Map<String, Value>, at: Pointer, problems: &mut Vec<Problem>) {
    if formats::check(format).is_none() {
        let message = format!("the format `{format}` is not checked, and nothing is dropped in silence");
        let help = suggest::did_you_mean(format, formats::names());
        problems.push(Problem::new(ErrorCode::KeywordUnsupported, at, message).with_help(help));
    } else if format == "int64" && schema.get("type").is_some_and(|kind| kind == "integer" || kind == "number") {
        let message = "`int64` is a string of digits on the wire, for not every reader keeps 64 bits of a number";
        let help = "write `type: string` beside it, or leave the format out";
        problems.push(Problem::new(ErrorCode::KeywordUnsupported, at, message).with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::CARRIED;

    #[test]
    fn keywords_are_sorted_so_that_they_are_found() {
        assert!(CARRIED.is_sorted());
    }
}
