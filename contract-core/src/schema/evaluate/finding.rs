//! What a value breaks: the keyword, where in the value, and what was asked.

use serde_json::{Number, Value};

use super::types::Types;
use crate::Pointer;

/// One keyword that a value does not keep.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    /// Where in the value.
    pub(crate) at: Pointer,
    /// What stands there.
    pub(crate) value: &'a Value,
    /// Where the schema stands that has the keyword.
    pub(crate) schema: &'a Pointer,
    pub(crate) kind: Kind<'a>,
}

/// The keyword, with what it asks for.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    /// The schema `false`.
    Never,
    Type(Types),
    Const(&'a Value),
    Enum(&'a [Value]),
    Bound(Bound, &'a Number),
    MultipleOf(f64),
    Size(Sized, u64),
    /// The pattern as its contract has it.
    Pattern(&'a str),
    Format(&'a str),
    UniqueItems,
    /// A property that is missing.
    Required(&'a str),
    /// A property that is missing, and asked for because another one is there.
    DependentRequired(&'a str),
    /// Properties that are too many.
    AdditionalProperties(Vec<&'a str>),
    PropertyNames,
    Contains,
    Not,
    AnyOf,
    /// None of the alternatives fits, or more than one.
    OneOf,
    UnevaluatedProperties(Vec<&'a str>),
    UnevaluatedItems,
}

/// Where the range of a number ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
}

/// Keywords that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sized {
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

impl Kind<'_> {
    /// The keyword as schemas write it; `false` for the schema that nothing fits.
    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Self::Never => "false",
            Self::Type(_) => "type",
            Self::Const(_) => "const",
            Self::Enum(_) => "enum",
            Self::Bound(bound, _) => bound.keyword(),
            Self::MultipleOf(_) => "multipleOf",
            Self::Size(sized, _) => sized.keyword(),
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::UniqueItems => "uniqueItems",
            Self::Required(_) => "required",
            Self::DependentRequired(_) => "dependentRequired",
            Self::AdditionalProperties(_) => "additionalProperties",
            Self::PropertyNames => "propertyNames",
            Self::Contains => "contains",
            Self::Not => "not",
            Self::AnyOf => "anyOf",
            Self::OneOf => "oneOf",
            Self::UnevaluatedProperties(_) => "unevaluatedProperties",
            Self::UnevaluatedItems => "unevaluatedItems",
        }
    }
}

impl Bound {
    pub(super) const ALL: [Self; 4] = [Self::Minimum, Self::Maximum, Self::ExclusiveMinimum, Self::ExclusiveMaximum];

    pub(super) fn keyword(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::ExclusiveMinimum => "exclusiveMinimum",
            Self::ExclusiveMaximum => "exclusiveMaximum",
        }
    }

    pub(crate) fn holds(self, number: f64, limit: f64) -> bool {
        match self {
            Self::Minimum => number >= limit,
            Self::Maximum => number <= limit,
            Self::ExclusiveMinimum => number > limit,
            Self::ExclusiveMaximum => number < limit,
        }
    }
}

impl Sized {
    pub(super) const ALL: [Self; 6] =
        [Self::MinLength, Self::MaxLength, Self::MinItems, Self::MaxItems, Self::MinProperties, Self::MaxProperties];

    pub(super) fn keyword(self) -> &'static str {
        match self {
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::MinProperties => "minProperties",
            Self::MaxProperties => "maxProperties",
        }
    }

    /// What is counted of a value, where it counts anything.
    pub(super) fn count(self, value: &Value) -> Option<usize> {
        match (self, value) {
            (Self::MinLength | Self::MaxLength, Value::String(text)) => Some(text.chars().count()),
            (Self::MinItems | Self::MaxItems, Value::Array(items)) => Some(items.len()),
            (Self::MinProperties | Self::MaxProperties, Value::Object(members)) => Some(members.len()),
            _ => None,
        }
    }

    pub(super) fn holds(self, count: u64, limit: u64) -> bool {
        match self {
            Self::MinLength | Self::MinItems | Self::MinProperties => count >= limit,
            Self::MaxLength | Self::MaxItems | Self::MaxProperties => count <= limit,
        }
    }
}
