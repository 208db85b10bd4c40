//! Schemas in words.

use serde_json::Value;

use super::page::{Inline, code, text};

/// Values of an `enum` that are named.
const MOST_VALUES: usize = 12;
/// Objects inside each other whose members get rows of their own.
const DEEPEST: usize = 4;
/// Rows of one table.
const MOST_ROWS: usize = 500;

/// A member of an object, or the value itself.
pub(super) struct Field {
    /// `plan.terms[].text`; empty for the value itself.
    pub(super) name: String,
    pub(super) kind: Vec<Inline>,
    pub(super) needed: bool,
    pub(super) rules: Vec<Inline>,
    pub(super) about: String,
}

/// What links to types are called.
pub(super) fn type_id(name: &str) -> String {
    let letters =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("_{:x}", c as u32) });
    format!("type-{}", letters.collect::<String>())
}

/// The rows of a schema: its members where it is an object, else one for the value itself.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let mut rows = Vec::new();
    match schema.get("properties").and_then(Value::as_object).filter(|members| !members.is_empty()) {
        Some(_) => members(schema, "", 0, &mut rows),
        None => rows.push(field(String::new(), schema, true)),
    }
    rows
}

fn members(schema: &Value, prefix: &str, depth: usize, rows: &mut Vec<Field>) {
    let required: Vec<&str> = texts(schema, "required").collect();
    for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if rows.len() >= MOST_ROWS {
            return;
        }
        let path = format!("{prefix}{name}");
        rows.push(field(path.clone(), member, required.contains(&name.as_str())));
        if depth < DEEPEST {
            members(member, &format!("{path}."), depth + 1, rows);
            if let Some(items) = member.get("items") {
                members(items, &format!("{path}[]."), depth + 1, rows);
            }
        }
    }
}

fn field(name: String, schema: &Value, needed: bool) -> Field {
    let about = schema.get("description").or_else(|| schema.get("title")).and_then(Value::as_str);
    Field { name, kind: kind(schema, 0), needed, rules: rules(schema), about: about.unwrap_or_default().to_owned() }
}

/// `list of Term`, `string or null`, `one of "a", "b"`.
pub(super) fn kind(schema: &Value, depth: usize) -> Vec<Inline> {
    if depth > DEEPEST {
        return vec![text("…")];
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/$defs/")) {
        let name = name.replace("~1", "/").replace("~0", "~");
        return vec![Inline::Link { id: type_id(&name), text: name }];
    }
    if let Some(constant) = schema.get("const") {
        return vec![code(constant.to_string())];
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return one_of(values);
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
            return joined(branches.iter().take(MOST_VALUES).map(|branch| kind(branch, depth + 1)), " or ");
        }
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match names[..] {
        [] if schema == &Value::Bool(false) => vec![text("nothing")],
        [] if schema.get("properties").is_some() => vec![text("object")],
        [] => vec![text("any value")],
        _ => joined(names.into_iter().map(|name| of_type(name, schema, depth)), " or "),
    }
}

fn of_type(name: &str, schema: &Value, depth: usize) -> Vec<Inline> {
    let inner = match name {
        "array" => schema.get("items").filter(|items| items.is_object()).map(|items| ("list of ", items)),
        "object" if schema.get("properties").is_none() => {
            schema.get("additionalProperties").filter(|rest| rest.is_object()).map(|rest| ("map of ", rest))
        }
        _ => None,
    };
    match inner {
        Some((word, inner)) => std::iter::once(text(word)).chain(kind(inner, depth + 1)).collect(),
        None => vec![text(if name == "array" { "list" } else { name })],
    }
}

fn one_of(values: &[Value]) -> Vec<Inline> {
    let mut all = vec![text("one of ")];
    all.extend(joined(values.iter().take(MOST_VALUES).map(|value| vec![code(value.to_string())]), ", "));
    if values.len() > MOST_VALUES {
        all.push(text(format!(", and {} more", values.len() - MOST_VALUES)));
    }
    all
}

fn joined(parts: impl Iterator<Item = Vec<Inline>>, word: &str) -> Vec<Inline> {
    let mut all = Vec::new();
    for part in parts {
        if !all.is_empty() {
            all.push(text(word));
        }
        all.extend(part);
    }
    all
}

/// What else a value must keep, in words; keywords without words of ours are named, so that none is left out.
pub(super) fn rules(schema: &Value) -> Vec<Inline> {
    let mut parts: Vec<Vec<Inline>> = Vec::new();
    parts.extend(span(schema, "minLength", "maxLength", "character"));
    parts.extend(bounds(schema));
    parts.extend(number(schema, "multipleOf").map(|step| vec![text(format!("a multiple of {step}"))]));
    parts.extend(word(schema, "format").map(|format| vec![text("format "), code(format)]));
    parts.extend(word(schema, "pattern").map(|pattern| vec![text("matches "), code(pattern)]));
    parts.extend(span(schema, "minItems", "maxItems", "item"));
    let is_true = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(true));
    parts.extend(is_true("uniqueItems").then(|| vec![text("no item twice")]));
    parts.extend(span(schema, "minProperties", "maxProperties", "member"));
    let is_closed = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(false));
    let closed = is_closed("additionalProperties") || is_closed("unevaluatedProperties");
    parts.extend(closed.then(|| vec![text("no other members")]));
    parts.extend(word(schema, "contentMediaType").map(|kind| vec![text("holds "), code(kind)]));
    parts.extend(schema.get("default").map(|default| vec![text("default "), code(default.to_string())]));
    parts.extend(is_true("deprecated").then(|| vec![text("deprecated")]));
    let others: Vec<Vec<Inline>> = others(schema).map(|keyword| vec![code(keyword)]).collect();
    if !others.is_empty() {
        parts.push(std::iter::once(text("also ")).chain(joined(others.into_iter(), ", ")).collect());
    }
    joined(parts.into_iter(), "; ")
}

/// Keywords that are checked and that nothing above speaks of.
fn others(schema: &Value) -> impl Iterator<Item = &str> {
    const OTHERS: [&str; 14] = [
        "allOf",
        "contains",
        "contentEncoding",
        "contentSchema",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "not",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
    ];
    OTHERS.into_iter().filter(|keyword| schema.get(keyword).is_some())
}

/// `3 to 500 characters`
fn span(schema: &Value, least: &str, most: &str, noun: &str) -> Option<Vec<Inline>> {
    let words = match (number(schema, least), number(schema, most)) {
        (None, None) => return None,
        (Some(least), Some(most)) if least == most => format!("{least} {}", plural(&least, noun)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", plural(&most, noun)),
        (Some(least), None) => format!("at least {least} {}", plural(&least, noun)),
        (None, Some(most)) => format!("at most {most} {}", plural(&most, noun)),
    };
    Some(vec![text(words)])
}

fn plural(count: &str, noun: &str) -> String {
    if count == "1" { noun.to_owned() } else { format!("{noun}s") }
}

/// `from 1 to 50`, `above 0`
fn bounds(schema: &Value) -> Option<Vec<Inline>> {
    let bound = |keyword, word: &str| number(schema, keyword).map(|bound| format!("{word} {bound}"));
    let all = [
        bound("minimum", "from"),
        bound("exclusiveMinimum", "above"),
        bound("maximum", "to"),
        bound("exclusiveMaximum", "below"),
    ];
    let mut words: Vec<String> = all.into_iter().flatten().collect();
    if let [only] = &mut words[..]
        && let Some(bound) = only.strip_prefix("to ")
    {
        *only = format!("up to {bound}");
    }
    (!words.is_empty()).then(|| vec![text(words.join(" "))])
}

fn number(schema: &Value, keyword: &str) -> Option<String> {
    schema.get(keyword).filter(|value| value.is_number()).map(Value::to_string)
}

fn word<'a>(schema: &'a Value, keyword: &str) -> Option<&'a str> {
    schema.get(keyword).and_then(Value::as_str)
}

fn texts<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a str> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
