//! `anyOf` and `oneOf`: which alternative was meant?

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::evaluate::{equal, type_of};
use super::super::words;
use super::{Spot, Walk};
use crate::contract::reference;
use crate::gather::Gather;
use crate::{ErrorCode, Pointer};

/// `$ref`s that one alternative is followed through.
const MOST_STEPS: usize = 32;

/// An alternative: where it stands and what it says, references followed.
struct Alternative<'a> {
    schema: Pointer,
    says: Option<&'a Map<String, Value>>,
}

impl<'a> Alternative<'a> {
    /// The constant that a property must have in this alternative.
    fn tag(&self, property: &str) -> Option<&'a Value> {
        self.says?.get("properties")?.get(property)?.get("const")
    }

    fn requires(&self, property: &str) -> bool {
        let required = self.says.and_then(|says| says.get("required")?.as_array());
        required.is_some_and(|names| names.iter().any(|name| name == property))
    }

    /// The types it takes; `None` when it does not say.
    fn types(&self) -> Option<Vec<&'a str>> {
        let says = self.says?;
        match says.get("type") {
            Some(Value::String(one)) => Some(vec![one]),
            Some(Value::Array(several)) => Some(several.iter().filter_map(Value::as_str).collect()),
            _ => says.get("const").map(|constant| vec![type_of(constant)]),
        }
    }

    fn takes(&self, kind: &str) -> bool {
        let wider = |one: &str| one == kind || (one == "number" && kind == "integer");
        self.types().is_none_or(|types| types.into_iter().any(wider))
    }
}

impl<'a> Walk<'a> {
    pub(super) fn union(&mut self, keyword: &str, count: usize, spot: &Spot<'a>) {
        let places = (0..count).map(|index| spot.schema.key(keyword).index(index));
        let alternatives: Vec<_> = places.map(|schema| self.alternative(schema)).collect();
        let fitting = alternatives.iter().filter(|one| self.fits(&one.schema, spot.value)).count();
        if fitting > 1 && keyword == "oneOf" {
            let message = format!("found {}, which fits {fitting} alternatives of `oneOf`", words::kind_of(spot.value));
            self.add(ErrorCode::UnionSeveral, spot.at.clone(), message);
        } else if fitting == 0 {
            self.none_fits(&alternatives, spot);
        }
    }

    fn alternative(&self, schema: Pointer) -> Alternative<'a> {
        let mut at = schema.clone();
        for _ in 0..MOST_STEPS {
            let says = self.engine.schema(&at).and_then(Value::as_object);
            let next = says.and_then(|says| says.get("$ref")?.as_str()).and_then(reference::target_of);
            match next {
                Some(next) => at = next,
                None => return Alternative { schema, says },
            }
        }
        Alternative { schema, says: None }
    }

    fn none_fits(&mut self, alternatives: &[Alternative<'a>], spot: &Spot<'a>) {
        let kind = type_of(spot.value);
        let taking: Vec<&Alternative<'_>> = alternatives.iter().filter(|one| one.takes(kind)).collect();
        match taking.as_slice() {
            [] => self.no_type_fits(alternatives, kind, spot),
            [meant] => self.value(spot.by(meant.schema.clone())),
            several => self.by_tag(several, spot),
        }
    }

    fn no_type_fits(&mut self, alternatives: &[Alternative<'_>], kind: &str, spot: &Spot<'a>) {
        let types: BTreeSet<&str> = alternatives.iter().filter_map(Alternative::types).flatten().gather();
        let types = types.into_iter().collect::<Vec<_>>().join(" or ");
        self.add(ErrorCode::TypeMismatch, spot.at.clone(), format!("expected {types}, found {kind}"));
    }

    fn by_tag(&mut self, alternatives: &[&Alternative<'a>], spot: &Spot<'a>) {
        let Some(tag) = tag_of(alternatives) else {
            let message = format!("found {}, which fits none of the alternatives", words::kind_of(spot.value));
            return self.add(ErrorCode::UnionNone, spot.at.clone(), message);
        };
        let at = spot.at.key(tag);
        match spot.value.get(tag) {
            Some(found) => match alternatives.iter().find(|one| one.tag(tag).is_some_and(|tag| equal(tag, found))) {
                Some(meant) => self.value(spot.by(meant.schema.clone())),
                None => {
                    let tags = alternatives.iter().filter_map(|one| one.tag(tag)).map(words::shown);
                    let tags = tags.collect::<Vec<_>>().join(", ");
                    let message = format!("the property `{tag}` names none of the alternatives {tags}");
                    self.add(ErrorCode::UnionNone, at, message);
                }
            },
            None if alternatives.iter().all(|one| one.requires(tag)) => {
                let message = format!("the property `{tag}`, which names the alternative, is missing");
                self.add(ErrorCode::RequiredMissing, at, message);
            }
            None => {
                let message = "found an object that fits none of the alternatives";
                self.add(ErrorCode::UnionNone, spot.at.clone(), message);
            }
        }
    }
}

/// A property that has a constant of its own in each alternative.
fn tag_of<'a>(alternatives: &[&Alternative<'a>]) -> Option<&'a str> {
    let first = alternatives.first()?.says?.get("properties")?.as_object()?;
    first.keys().map(String::as_str).find(|property| {
        let tags: Vec<&Value> = alternatives.iter().filter_map(|one| one.tag(property)).collect();
        let differ = tags.iter().enumerate().all(|(index, tag)| !tags[..index].iter().any(|other| equal(other, tag)));
        tags.len() == alternatives.len() && differ
    })
}
