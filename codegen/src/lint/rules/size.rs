//! How large a value of a schema can get as JSON.

use std::collections::BTreeMap;

use peer_contract_core::contract::target_of;
use peer_contract_core::{Pointer, Value};

use crate::lint::Hit;
use crate::lint::context::{Context, types};

pub(super) fn state(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let Some(at) = context.contract.state() else { return };
    let most = context.contract.max_state_bytes() as u64;
    match (Measure { context, depth: 0, known: BTreeMap::new() }).of(&at) {
        Size::Most(bytes) if bytes <= most => {}
        Size::Most(bytes) => {
            hits.push(Hit::new(at, format!("the state may take {bytes} bytes, and {most} are allowed")));
        }
        Size::Endless(why) => hits.push(Hit::new(at, format!("the state has no largest size, because of `{why}`"))),
    }
}

/// The most bytes a value takes.
#[derive(Clone)]
enum Size {
    Most(u64),
    /// Any number, because of the schema at this place.
    Endless(Pointer),
}

impl Size {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Most(one), Self::Most(other)) => Self::Most(one.saturating_add(other)),
            (Self::Endless(why), _) | (_, Self::Endless(why)) => Self::Endless(why),
        }
    }

    fn times(self, count: u64) -> Self {
        match self {
            Self::Most(bytes) => Self::Most(bytes.saturating_mul(count)),
            endless => endless,
        }
    }

    /// The larger of two.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Most(one), Self::Most(other)) => Self::Most(one.max(other)),
            (Self::Endless(why), _) | (_, Self::Endless(why)) => Self::Endless(why),
        }
    }

    /// The smaller of two: both hold.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Most(one), Self::Most(other)) => Self::Most(one.min(other)),
            (Self::Most(bytes), _) | (_, Self::Most(bytes)) => Self::Most(bytes),
            // The inner place says more.
            (_, endless) => endless,
        }
    }
}

/// Schemas within each other that are measured; deeper ones count as endless.
const DEEPEST: usize = 200;

struct Measure<'a> {
    context: &'a Context<'a>,
    depth: usize,
    /// What is being measured counts as endless: a type within itself has no largest value.
    known: BTreeMap<Pointer, Size>,
}

impl Measure<'_> {
    fn of(&mut self, at: &Pointer) -> Size {
        if let Some(known) = self.known.get(at) {
            return known.clone();
        }
        let Some(schema) = self.context.schemas.get(at).copied() else { return Size::Endless(at.clone()) };
        self.known.insert(at.clone(), Size::Endless(at.clone()));
        if self.depth == DEEPEST {
            return Size::Endless(at.clone());
        }
        self.depth += 1;
        let size = self.measured(schema, at);
        self.depth -= 1;
        self.known.insert(at.clone(), size.clone());
        size
    }

    fn measured(&mut self, schema: &Value, at: &Pointer) -> Size {
        let mut size = self.own(schema, at);
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(target_of) {
            size = size.and(self.of(&target));
        }
        for index in 0..list(schema, "allOf").len() {
            size = size.and(self.of(&at.key("allOf").index(index)));
        }
        for word in ["anyOf", "oneOf"] {
            let branches = (0..list(schema, word).len()).map(|index| self.of(&at.key(word).index(index)));
            if let Some(largest) = branches.reduce(Size::or) {
                size = size.and(largest);
            }
        }
        size
    }

    /// By the keywords of the schema itself.
    fn own(&mut self, schema: &Value, at: &Pointer) -> Size {
        let written = |value: &Value| value.to_string().len() as u64;
        if let Some(constant) = schema.get("const") {
            return Size::Most(written(constant));
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Size::Most(values.iter().map(written).max().unwrap_or(0));
        }
        let of_type = |measure: &mut Self, kind: &str| match kind {
            "null" | "boolean" => Size::Most(5),
            "integer" => Size::Most(17),
            "number" => Size::Most(25),
            "string" => text(schema, at),
            "array" => measure.array(schema, at),
            _ => measure.object(schema, at),
        };
        let sizes = types(schema).into_iter().map(|kind| of_type(self, kind));
        sizes.reduce(Size::or).unwrap_or_else(|| Size::Endless(at.clone()))
    }

    fn array(&mut self, schema: &Value, at: &Pointer) -> Size {
        let prefix = list(schema, "prefixItems").len();
        let first = (0..prefix).map(|index| self.of(&at.key("prefixItems").index(index)).plus(Size::Most(1)));
        let first = first.fold(Size::Most(2), Size::plus);
        let more = match schema.get("maxItems").and_then(Value::as_u64) {
            Some(most) => most.saturating_sub(prefix as u64),
            None if schema.get("items") == Some(&Value::Bool(false)) => 0,
            None => return Size::Endless(at.clone()),
        };
        match more {
            0 => first,
            more => first.plus(self.of(&at.key("items")).plus(Size::Most(1)).times(more)),
        }
    }

    /// Properties that are not declared count as not sent, as in comparisons of versions.
    fn object(&mut self, schema: &Value, at: &Pointer) -> Size {
        let empty = serde_json::Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let mut size = Size::Most(2);
        for name in properties.keys() {
            let member = Size::Most(name.len() as u64 + 4);
            size = size.plus(member).plus(self.of(&at.key("properties").key(name)));
        }
        let open = schema.get("additionalProperties").is_some_and(|rest| rest != &Value::Bool(false))
            || schema.get("patternProperties").is_some()
            || properties.is_empty() && schema.get("additionalProperties").is_none();
        if open { size.plus(Size::Endless(at.clone())) } else { size }
    }
}

/// The longest text: any character may have to be escaped, which takes six bytes.
fn text(schema: &Value, at: &Pointer) -> Size {
    match schema.get("maxLength").and_then(Value::as_u64) {
        Some(most) => Size::Most(most.saturating_mul(6).saturating_add(2)),
        None if schema.get("format").is_some_and(|format| format != "uri" && format != "regex") => Size::Most(256),
        None => Size::Endless(at.clone()),
    }
}

fn list<'a>(schema: &'a Value, word: &str) -> &'a [Value] {
    schema.get(word).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
