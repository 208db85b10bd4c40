//! Keywords that look at a value by itself and apply no schema.

use serde_json::{Map, Number, Value};

use super::equal::{are_unique, equal};
use super::finding::{Bound, Kind, Sized};
use super::multiple::Divisor;
use super::types::Types;
use crate::formats;
use crate::schema::pattern::Matcher;
use crate::schema::prepare::PATTERN_AS_WRITTEN;

/// One keyword, compiled.
#[derive(Debug)]
pub(super) enum Assertion {
    Type(Types),
    Const(Value),
    Enum(Box<[Value]>),
    Bound(Bound, f64, Number),
    MultipleOf(Divisor, f64),
    Size(Sized, u64),
    Pattern(Box<Matcher>, Box<str>),
    Format(Box<str>, formats::Check),
    UniqueItems,
    Required(Box<[String]>),
    DependentRequired(Box<[(String, Box<[String]>)]>),
}

impl Assertion {
    /// What a keyword of a schema asks; nothing for one that asks nothing, or that applies a schema.
    pub(super) fn of(keyword: &str, value: &Value, schema: &Map<String, Value>) -> Option<Self> {
        match (keyword, value) {
            ("type", _) => Some(Self::Type(Types::listed(value))),
            ("const", _) => Some(Self::Const(value.clone())),
            ("enum", Value::Array(options)) => Some(Self::Enum(options.as_slice().into())),
            ("multipleOf", _) => value.as_f64().map(|divisor| Self::MultipleOf(Divisor::new(divisor), divisor)),
            ("pattern", Value::String(pattern)) => {
                let written = schema.get(PATTERN_AS_WRITTEN).and_then(Value::as_str).unwrap_or(pattern);
                Some(Self::Pattern(Matcher::new(pattern).into(), written.into()))
            }
            ("format", Value::String(name)) => {
                formats::check(name).map(|check| Self::Format(name.as_str().into(), check))
            }
            ("uniqueItems", Value::Bool(true)) => Some(Self::UniqueItems),
            ("required", _) => Some(Self::Required(names(value))),
            ("dependentRequired", Value::Object(dependents)) => {
                let all = dependents.iter().map(|(name, others)| (name.clone(), names(others)));
                Some(Self::DependentRequired(all.collect()))
            }
            (keyword, Value::Number(limit)) => Self::limit(keyword, limit),
            _ => None,
        }
    }

    fn limit(keyword: &str, limit: &Number) -> Option<Self> {
        let double = limit.as_f64()?;
        if let Some(bound) = Bound::ALL.into_iter().find(|bound| bound.keyword() == keyword) {
            return Some(Self::Bound(bound, double, limit.clone()));
        }
        // A count may be written `2.0`.
        let sized = Sized::ALL.into_iter().find(|sized| sized.keyword() == keyword)?;
        Some(Self::Size(sized, double as u64))
    }

    /// Whether the value keeps to it.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Type(types), _) => types.takes(value),
            (Self::Const(constant), _) => equal(constant, value),
            (Self::Enum(options), _) => options.iter().any(|option| equal(option, value)),
            (Self::Bound(bound, limit, _), Value::Number(number)) => bound.holds(double(number), *limit),
            (Self::MultipleOf(divisor, _), Value::Number(number)) => divisor.divides(double(number)),
            (Self::Size(sized, limit), _) => sized.count(value).is_none_or(|count| sized.holds(count as u64, *limit)),
            (Self::Pattern(matcher, _), Value::String(text)) => matcher.matches(text.as_bytes()),
            (Self::Format(_, check), Value::String(text)) => check(text.as_bytes()),
            (Self::UniqueItems, Value::Array(items)) => are_unique(items),
            (Self::Required(names), Value::Object(members)) => names.iter().all(|name| members.contains_key(name)),
            (Self::DependentRequired(dependents), Value::Object(members)) => {
                missing_dependents(dependents, members).next().is_none()
            }
            _ => true,
        }
    }

    /// What is broken by a value that does not keep to it.
    pub(super) fn broken<'a>(&'a self, value: &'a Value, found: &mut dyn FnMut(Kind<'a>)) {
        match (self, value) {
            (Self::Type(types), _) => found(Kind::Type(*types)),
            (Self::Const(constant), _) => found(Kind::Const(constant)),
            (Self::Enum(options), _) => found(Kind::Enum(options)),
            (Self::Bound(bound, _, limit), _) => found(Kind::Bound(*bound, limit)),
            (Self::MultipleOf(_, divisor), _) => found(Kind::MultipleOf(*divisor)),
            (Self::Size(sized, limit), _) => found(Kind::Size(*sized, *limit)),
            (Self::Pattern(_, written), _) => found(Kind::Pattern(written)),
            (Self::Format(name, _), _) => found(Kind::Format(name)),
            (Self::UniqueItems, _) => found(Kind::UniqueItems),
            (Self::Required(names), Value::Object(members)) => {
                names.iter().filter(|name| !members.contains_key(*name)).for_each(|name| found(Kind::Required(name)));
            }
            (Self::DependentRequired(dependents), Value::Object(members)) => {
                missing_dependents(dependents, members).for_each(|name| found(Kind::DependentRequired(name)));
            }
            (Self::Required(_) | Self::DependentRequired(_), _) => {}
        }
    }
}

fn missing_dependents<'a>(
    dependents: &'a [(String, Box<[String]>)],
    members: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a str> {
    let asking = dependents.iter().filter(|(name, _)| members.contains_key(name));
    asking.flat_map(|(_, others)| others).filter(|other| !members.contains_key(*other)).map(String::as_str)
}

/// A number as a double. Without arbitrary precision each has one.
fn double(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

fn names(list: &Value) -> Box<[String]> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
