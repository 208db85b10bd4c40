//! What a union is made of, and what tells its alternatives apart.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::Pointer;

use super::merge;
use super::properties::Properties;
use super::seen::{Kind, constant};
use super::sight::Sight;

/// One alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Where its schema stands.
    pub at: Pointer,
    /// The schema whose properties it has as well, where it is not all by itself.
    pub beside: Option<Pointer>,
}

impl Alternative {
    /// The properties of an alternative that is an object.
    pub fn properties(&self, sight: &Sight<'_>) -> Option<Properties> {
        if let Some(whole) = &self.beside {
            return merge::with_alternative(sight.root, whole, &self.at);
        }
        match sight.follow(&self.at) {
            (seen, false) => seen.properties().cloned(),
            (_, true) => None,
        }
    }
}

/// Alternatives that are all by themselves.
pub fn alone(places: impl IntoIterator<Item = Pointer>) -> Kind {
    Kind::Union(places.into_iter().map(|at| Alternative { at, beside: None }).collect())
}

/// The property whose constant string is another one in each alternative, and those strings in the
/// order of the alternatives; the first such property by name.
pub fn tag(sight: &Sight<'_>, alternatives: &[Alternative]) -> Option<(String, Vec<String>)> {
    let constants: Vec<BTreeMap<String, String>> =
        alternatives.iter().map(|alternative| constants(sight, alternative)).collect::<Option<_>>()?;
    let names = constants.first()?.keys();
    names.into_iter().find_map(|name| {
        let values: Vec<String> = constants.iter().map(|known| known.get(name).cloned()).collect::<Option<_>>()?;
        let distinct: BTreeSet<&String> = values.iter().collect();
        (distinct.len() == values.len()).then(|| (name.clone(), values))
    })
}

/// Required properties of an object that can have one string only.
fn constants(sight: &Sight<'_>, alternative: &Alternative) -> Option<BTreeMap<String, String>> {
    let properties = alternative.properties(sight)?;
    let text = |name: &String| {
        let place = properties.known.get(name)?.as_ref()?;
        let value = constant(sight.root.pointer(place.as_str())?)?.as_str()?;
        Some((name.clone(), value.to_owned()))
    };
    Some(properties.required.iter().filter_map(text).collect())
}
