//! Schemas as types: each one that something refers to gets a name, and the rest stay where they stand.
//!
//! `$dynamicRef` and `$recursiveRef` lead to the outermost schema that was on the way, so a type is a schema
//! and the way that matters: the bearers of the anchors that are asked for. There are few of these, and a
//! schema that is reached on several ways becomes as many types.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Map, Value};

use super::Located;
use super::library::{Library, Place};
use super::reach::{Link, Reach};
use super::settle::Types;
use super::upgrade::{Leading, Slot, Upgraded};

/// Levels of one type; what lies deeper becomes a type of its own, so that a contract can hold it.
const DEEPEST: usize = 36;
/// Values of all types together; what a contract may hold in all.
const MOST_VALUES: usize = 200_000;

/// Types of one contract: as many members as one object may have.
const MOST_TYPES: usize = 10_000;

/// The bearer of each anchor that is asked for, as found on the way.
type Scope = Rc<BTreeMap<String, Place>>;

/// One type before it has a name.
#[derive(Debug, Default)]
pub(super) struct Unnamed {
    /// The schema; references are empty texts.
    pub(super) schema: Value,
    /// Where each schema in it came from.
    pub(super) places: BTreeMap<Pointer, Place>,
    /// Where its references stand, and the type that each leads to.
    pub(super) links: Vec<(Pointer, usize)>,
}

/// All types, by number.
pub(super) struct Converted {
    /// What each came from.
    pub(super) keys: Vec<Place>,
    pub(super) types: Vec<Unnamed>,
    /// The type that each named document is; none where it only holds definitions.
    pub(super) roots: Vec<Option<usize>>,
}

/// Makes types of what was reached.
///
/// # Errors
/// More values than a contract may hold.
pub(super) fn convert(library: &Library<'_>, reach: &Reach, named: &[usize], keep: bool) -> Result<Converted, Located> {
    let mut converter =
        Converter { library, reach, ids: BTreeMap::new(), keys: Vec::new(), types: Vec::new(), values: 0 };
    let mut roots = Vec::new();
    for document in named {
        let root = Place { document: *document, at: Pointer::root() };
        roots.push(converter.root(&root, keep));
        converter.run()?;
    }
    let known: BTreeSet<Place> = converter.keys.iter().map(|(place, _)| place.clone()).collect();
    for place in reach.definitions.iter().filter(|place| !known.contains(place)) {
        if !converter.is_group(place) {
            converter.type_of(place, &Scope::default());
        }
    }
    converter.run()?;
    let keys = converter.keys.into_iter().map(|(place, _)| place).collect();
    Ok(Converted { keys, types: converter.types, roots })
}

impl Converted {
    /// The types under their names, with references that lead to these.
    pub(super) fn named(self, names: &[String]) -> Types {
        let (mut schemas, mut places) = (BTreeMap::new(), BTreeMap::new());
        for (mut made, name) in self.types.into_iter().zip(names) {
            for (at, number) in &made.links {
                if let Some(text) = made.schema.pointer_mut(at.as_str()) {
                    *text = Value::from(format!("#/$defs/{}", names[*number]));
                }
            }
            schemas.insert(name.clone(), made.schema);
            places.insert(name.clone(), made.places);
        }
        Types { schemas, places }
    }
}

struct Converter<'c, 'l> {
    library: &'c Library<'l>,
    reach: &'c Reach,
    ids: BTreeMap<(Place, Scope), usize>,
    keys: Vec<(Place, Scope)>,
    types: Vec<Unnamed>,
    values: usize,
}

impl Converter<'_, '_> {
    /// The type of a whole document; none where it is no schema, or constrains nothing and only holds definitions; the type that
    /// it leads to where it does nothing else.
    fn root(&mut self, root: &Place, keep: bool) -> Option<usize> {
        let upgraded = self.reach.schemas.get(root);
        let referred = self.reach.targets.contains(root);
        let holds = self.reach.definitions.iter().any(|place| place.document == root.document);
        match upgraded {
            None if !self.library.listed(root.document).is_empty() => None,
            Some(upgraded) if !referred && !keep && holds && upgraded.takes_all() => None,
            Some(upgraded) if !referred && !keep && upgraded.only_reference().is_some() => {
                let link = self.link(root, upgraded.references[0].by)?;
                let scope = self.entered(&Scope::default(), root);
                let to = Self::target(&link, &scope);
                Some(self.type_of(&to, &scope))
            }
            _ => Some(self.type_of(root, &Scope::default())),
        }
    }

    /// A folder of definitions among definitions: it says nothing, and something refers to what it holds.
    fn is_group(&self, place: &Place) -> bool {
        let says_nothing = self.reach.schemas.get(place).is_some_and(Upgraded::takes_all);
        let first = self.reach.targets.range(place.key("")..).next();
        let within = |target: &Place| {
            target.document == place.document
                && target.at.as_str().strip_prefix(place.at.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        says_nothing && first.is_some_and(within)
    }

    fn run(&mut self) -> Result<(), Located> {
        let mut next = self.types.len();
        while next < self.keys.len() {
            let (place, scope) = self.keys[next].clone();
            if self.keys.len() > MOST_TYPES {
                let message = format!("it becomes more than {MOST_TYPES} types");
                return Err(refuse(ErrorCode::JsonTooManyKeys, &place, message));
            }
            let mut made = Unnamed::default();
            made.schema = self.schema(&place, &scope, &Pointer::root(), 0, &mut made)?;
            self.types.push(made);
            next += 1;
        }
        Ok(())
    }

    /// The number of the type that a schema is when it is reached through `scope`.
    fn type_of(&mut self, place: &Place, scope: &Scope) -> usize {
        let key = (place.clone(), self.entered(scope, place));
        if let Some(known) = self.ids.get(&key) {
            return *known;
        }
        let number = self.keys.len();
        self.ids.insert(key.clone(), number);
        self.keys.push(key);
        number
    }

    /// The scope within the resource of a place.
    fn entered(&self, scope: &Scope, place: &Place) -> Scope {
        if self.reach.dynamic.is_empty() {
            return scope.clone();
        }
        let resource = self.library.resource_of(place);
        let recursive = resource.recursive.then(|| (String::new(), resource.root.clone()));
        let named = resource.dynamic.iter().map(|(name, place)| (name.clone(), place.clone()));
        let mut new: Vec<_> = named.chain(recursive).collect();
        new.retain(|(name, _)| self.reach.dynamic.contains(name) && !scope.contains_key(name));
        if new.is_empty() {
            return scope.clone();
        }
        let mut wider = BTreeMap::clone(scope);
        wider.extend(new);
        Rc::new(wider)
    }

    fn target(link: &Link, scope: &Scope) -> Place {
        let outermost = link.dynamic.as_ref().and_then(|name| scope.get(name));
        outermost.unwrap_or(&link.to).clone()
    }

    fn link(&self, from: &Place, by: Leading) -> Option<Link> {
        self.reach.links.get(&(from.clone(), by)).cloned()
    }

    /// A schema where it stands: in full, or as a reference to the type that it is.
    fn inner(
        &mut self,
        place: &Place,
        scope: &Scope,
        at: &Pointer,
        depth: usize,
        made: &mut Unnamed,
    ) -> Result<Value, Located> {
        let is_schema = self.reach.schemas.contains_key(place);
        if self.reach.targets.contains(place) || (depth > DEEPEST && is_schema) {
            made.places.insert(at.clone(), place.clone());
            let number = self.type_of(place, scope);
            return Ok(Value::Object(reference(at, number, made)));
        }
        self.schema(place, scope, at, depth, made)
    }

    fn schema(
        &mut self,
        place: &Place,
        scope: &Scope,
        at: &Pointer,
        depth: usize,
        made: &mut Unnamed,
    ) -> Result<Value, Located> {
        made.places.insert(at.clone(), place.clone());
        let reach = self.reach;
        let Some(upgraded) = reach.schemas.get(place) else {
            return Ok(self.plain(place));
        };
        let scope = self.entered(scope, place);
        let from = From { place, scope: &scope, depth };
        self.object(upgraded, &from, at, made).map(Value::Object)
    }

    /// What is no object: `true`, `false`, or something that the rules of contracts refuse.
    fn plain(&self, place: &Place) -> Value {
        let source = self.library.source(place.document);
        source.value().ok().and_then(|value| value.pointer(place.at.as_str())).cloned().unwrap_or_default()
    }

    fn object(
        &mut self,
        upgraded: &Upgraded,
        from: &From<'_>,
        at: &Pointer,
        made: &mut Unnamed,
    ) -> Result<Map<String, Value>, Located> {
        let mut members = Map::new();
        for (keyword, slot) in &upgraded.members {
            let value = self.slot(slot, from, &at.key(keyword), made)?;
            members.insert(keyword.clone(), value);
        }
        let mut also = Vec::new();
        let mut count = members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let next = |count: &mut usize| {
            *count += 1;
            at.key("allOf").index(*count - 1)
        };
        for (index, one) in upgraded.references.iter().enumerate() {
            let Some(link) = self.link(from.place, one.by) else { continue };
            let number = self.type_of(&Self::target(&link, from.scope), from.scope);
            if index == 0 {
                members.extend(reference(at, number, made));
            } else {
                also.push(Value::Object(reference(&next(&mut count), number, made)));
            }
        }
        for one in &upgraded.beside {
            let at = next(&mut count);
            also.push(Value::Object(self.object(one, from, &at, made)?));
        }
        if !also.is_empty() {
            let all = members.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
            all.as_array_mut().into_iter().for_each(|all| all.append(&mut also));
        }
        Ok(members)
    }

    fn slot(&mut self, slot: &Slot, from: &From<'_>, at: &Pointer, made: &mut Unnamed) -> Result<Value, Located> {
        let mut one = |below: &Pointer, at: &Pointer, deeper: usize| {
            self.count(from.place, 1)?;
            self.inner(&from.place.below(below), from.scope, at, from.depth + deeper, made)
        };
        match slot {
            Slot::Schema(below) => one(below, at, 1),
            Slot::List(all) => {
                let items = all.iter().enumerate().map(|(index, below)| one(below, &at.index(index), 2));
                items.collect::<Result<_, _>>().map(Value::Array)
            }
            Slot::Map(all) => {
                let members = all.iter().map(|(key, below)| Ok((key.clone(), one(below, &at.key(key), 2)?)));
                members.collect::<Result<_, _>>().map(Value::Object)
            }
            Slot::Data(value) => {
                self.count(from.place, size(value))?;
                Ok(value.clone())
            }
        }
    }

    fn count(&mut self, place: &Place, more: usize) -> Result<(), Located> {
        self.values += more;
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        let message = format!("all types together hold more than {MOST_VALUES} values");
        Err(refuse(ErrorCode::JsonTooManyValues, place, message))
    }
}

fn refuse(code: ErrorCode, place: &Place, message: String) -> Located {
    Located { document: place.document, problem: Problem::new(code, place.at.clone(), message) }
}

/// The schema that is being written.
struct From<'f> {
    place: &'f Place,
    scope: &'f Scope,
    depth: usize,
}

/// `{ "$ref": … }`, whose text is filled in when the type has a name.
fn reference(at: &Pointer, number: usize, made: &mut Unnamed) -> Map<String, Value> {
    made.links.push((at.key("$ref"), number));
    Map::from_iter([("$ref".to_owned(), Value::from(""))])
}

/// Values in a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
