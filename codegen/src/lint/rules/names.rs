//! Names that are too alike.

use std::collections::BTreeMap;

use peer_contract_core::contract::fold;
use peer_contract_core::{Pointer, Value};

use crate::lint::Hit;
use crate::lint::context::Context;

pub(super) fn colliding(context: &Context<'_>, hits: &mut Vec<Hit>) {
    let keys = |value: Option<&Value>, at: Pointer| -> Vec<(String, Pointer)> {
        let members = value.and_then(Value::as_object).into_iter().flatten();
        members.map(|(name, _)| (name.clone(), at.key(name))).collect()
    };
    let types = Pointer::root().key("$defs");
    compare("type", keys(context.written(&types), types.clone()), hits);
    for (at, schema) in &context.schemas {
        compare("property", keys(schema.get("properties"), at.key("properties")), hits);
        let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().enumerate();
        let texts = listed.filter_map(|(index, value)| Some((value.as_str()?.to_owned(), at.key("enum").index(index))));
        compare("listed text", texts.collect(), hits);
    }
}

fn compare(noun: &str, names: Vec<(String, Pointer)>, hits: &mut Vec<Hit>) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, at) in names {
        // Names without a letter or digit have nothing that a language could keep.
        let folded = fold(&name.replace(['-', ' ', '.'], "_"));
        match known.get(&folded).filter(|_| !folded.is_empty()) {
            Some(other) => {
                let message =
                    format!("the {noun} `{name}` and the {noun} `{other}` are one name once case and `_` are gone");
                hits.push(Hit::of_name(at, message));
            }
            None => {
                known.insert(folded, name);
            }
        }
    }
}
