//! The members of a schema, and of a contract, in the order in which `peerc fmt` writes them.

use std::collections::BTreeMap;
use std::rc::Rc;

use peer_contract_core::Pointer;
use serde_json::{Map, Value};

use crate::import::Imported;
use crate::import::draft::Draft;
use crate::import::keyword::{self, Form};
use crate::import::library::Place;
use crate::layout::order::{contract_rank, keyword_rank};
use crate::source::{Mark, Source};
use crate::text::Node;

/// Where the schemas of one type came from, for the order of their properties.
#[derive(Clone, Copy)]
pub struct Origins<'a> {
    places: Option<&'a BTreeMap<Pointer, Place>>,
    sources: &'a [Rc<Source>],
}

impl<'a> Origins<'a> {
    /// Those of one type.
    pub fn of(imported: &'a Imported, name: &str) -> Self {
        Self { places: imported.places.get(name), sources: &imported.sources }
    }

    /// The byte at which the schema that is now at `at` stood, after the number of its document.
    fn position(&self, at: &Pointer) -> Option<(usize, usize)> {
        let place = self.places?.get(at)?;
        let span = self.sources.get(place.document)?.span(&place.at, Mark::Key)?;
        Some((place.document, span.start))
    }
}

/// A schema with its keywords in the usual order, and its properties in the order of the file they came from.
pub fn schema(value: &Value, origins: Origins<'_>) -> Node {
    at(value, &Pointer::root(), origins)
}

fn at(value: &Value, here: &Pointer, origins: Origins<'_>) -> Node {
    let Value::Object(members) = value else { return Node::of(value) };
    let mut keys: Vec<&String> = members.keys().collect();
    keys.sort_by_key(|key| (keyword_rank(key), key.as_str()));
    let one = |key: &String| (key.clone(), member(key, &members[key], &here.key(key), origins));
    Node::Map(keys.into_iter().map(one).collect())
}

fn member(keyword: &str, value: &Value, here: &Pointer, origins: Origins<'_>) -> Node {
    match (keyword::form(Draft::Draft2020, keyword), value) {
        (Some(Form::Schema), _) => at(value, here, origins),
        (Some(Form::List), Value::Array(items)) => {
            Node::List(items.iter().enumerate().map(|(index, item)| at(item, &here.index(index), origins)).collect())
        }
        (Some(Form::Map), Value::Object(members)) => map(members, here, origins),
        _ => Node::of(value),
    }
}

fn map(members: &Map<String, Value>, here: &Pointer, origins: Origins<'_>) -> Node {
    let mut keys: Vec<&String> = members.keys().collect();
    keys.sort_by_cached_key(|key| (origins.position(&here.key(key)), (*key).clone()));
    let one = |key: &String| (key.clone(), at(&members[key], &here.key(key), origins));
    Node::Map(keys.into_iter().map(one).collect())
}

/// A contract with its members in the usual order, and these types.
pub fn contract(value: &Value, types: Vec<(String, Node)>) -> Node {
    let Value::Object(members) = value else { return Node::of(value) };
    let mut keys: Vec<&String> = members.keys().filter(|key| *key != "$defs").collect();
    keys.sort_by_key(|key| (contract_rank(key), key.as_str()));
    let own = keys.into_iter().map(|key| (key.clone(), Node::of(&members[key])));
    Node::Map(own.chain([("$defs".to_owned(), Node::Map(types))]).collect())
}
