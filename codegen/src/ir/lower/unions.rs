//! What tells the alternatives of a union apart.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::Pointer;
use serde_json::Value;

use super::seen::{Kind, Seen, constant, follow};

/// The property whose constant string is another one in each alternative, and those strings in the
/// order of the alternatives; the first such property by name.
pub fn tag(root: &Value, places: &[Pointer]) -> Option<(String, Vec<String>)> {
    let constants: Vec<BTreeMap<String, String>> =
        places.iter().map(|at| constants(root, at)).collect::<Option<_>>()?;
    let names = constants.first()?.keys();
    names.into_iter().find_map(|name| {
        let values: Vec<String> = constants.iter().map(|known| known.get(name).cloned()).collect::<Option<_>>()?;
        let distinct: BTreeSet<&String> = values.iter().collect();
        (distinct.len() == values.len()).then(|| (name.clone(), values))
    })
}

/// Required properties of an object that can have one string only.
fn constants(root: &Value, at: &Pointer) -> Option<BTreeMap<String, String>> {
    let Seen { kind: Kind::Record(properties), nullable: false } = follow(root, at) else { return None };
    let text = |name: &String| {
        let place = properties.known.get(name)?.as_ref()?;
        let value = constant(root.pointer(place.as_str())?)?.as_str()?;
        Some((name.clone(), value.to_owned()))
    };
    Some(properties.required.iter().filter_map(text).collect())
}
