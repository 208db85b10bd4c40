//! From looked-at schemas to types with names.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::Pointer;
use serde_json::Value;

use super::finish;
use super::properties::{Others, Properties};
use super::seen::{Kind, constant};
use super::sight::Sight;
use super::tuples::Places;
use super::unions::{self, Alternative};
use crate::ir::names::{Right, Wish, camel, distinct, in_order, snake};
use crate::ir::{EnumMember, Extra, Field, NamedType, Record, Shape, Tuple, Type, TypeId, Union, Variant, docs};

/// Which type of a place is meant: what stands there, or, where that may be `null`, what it is else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What stands there.
    Whole,
    /// The same without `null`.
    Value,
    /// What an object is there, where something else fits, too.
    Object,
    /// The alternative with what stands beside it at this place.
    Beside(Pointer),
}

/// A type that was found; without a shape while its parts are looked at.
pub struct Found {
    /// Where its schema stands.
    pub at: Pointer,
    /// Which type of that place it is.
    pub part: Part,
    /// What it is.
    pub shape: Option<Shape>,
}

impl Found {
    /// What says which one it is.
    pub fn key(&self) -> (&Pointer, &Part) {
        (&self.at, &self.part)
    }
}

/// The types found so far. Ids are in the order of finding until `finish` sorts them by place.
pub struct Types<'a> {
    pub(super) sight: Sight<'a>,
    pub(super) found: Vec<Found>,
    ids: BTreeMap<(Pointer, Part), TypeId>,
    pub(super) places: BTreeMap<String, Type>,
    open: BTreeSet<Pointer>,
}

impl<'a> Types<'a> {
    /// Begins with the types of `$defs`, which have names of their own.
    pub fn of(root: &'a Value) -> Self {
        let (found, ids, places) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut types = Self { sight: Sight::of(root), found, ids, places, open: BTreeSet::new() };
        let defs = Pointer::root().key("$defs");
        let names: Vec<&String> =
            root.get("$defs").and_then(Value::as_object).into_iter().flat_map(|defs| defs.keys()).collect();
        let places: Vec<Pointer> = names.into_iter().map(|name| defs.key(name)).collect();
        let ids: Vec<TypeId> = places.iter().map(|at| types.reserve(at, Part::Whole)).collect();
        for (at, id) in places.iter().zip(ids) {
            let shape = types.definition(at);
            types.found[id.0].shape = Some(shape);
            types.places.insert(at.as_str().to_owned(), Type::Named(id));
        }
        types
    }

    /// The type of the schema at a place.
    pub fn at(&mut self, at: &Pointer) -> Type {
        let ty = self.look_up(at);
        self.places.entry(at.as_str().to_owned()).or_insert_with(|| ty.clone());
        ty
    }

    fn look_up(&mut self, at: &Pointer) -> Type {
        if let Some(id) = self.ids.get(&(at.clone(), Part::Whole)) {
            return self.maybe_null(Type::Named(*id), at);
        }
        let seen = self.sight.see(at);
        let ty = match &seen.kind {
            Kind::Strings(_) | Kind::Record(_) | Kind::Union(_) => Type::Named(self.name(at, Part::Whole, &seen.kind)),
            kind => self.unnamed(at, kind),
        };
        if seen.nullable { nullable(ty) } else { ty }
    }

    /// A type without a place: anything.
    pub fn at_or_json(&mut self, at: Option<&Pointer>) -> Type {
        at.map_or(Type::Json, |at| self.at(at))
    }

    /// A named inline type stands for the value without `null`; a definition says it all itself.
    fn maybe_null(&self, ty: Type, at: &Pointer) -> Type {
        if is_definition(at) || !self.sight.see(at).nullable { ty } else { nullable(ty) }
    }

    fn definition(&mut self, at: &Pointer) -> Shape {
        let seen = self.sight.see(at);
        match (&seen.kind, seen.nullable) {
            (kind @ (Kind::Strings(_) | Kind::Record(_) | Kind::Union(_)), false) => self.shape(at, kind),
            (kind @ (Kind::Strings(_) | Kind::Record(_) | Kind::Union(_)), true) => {
                Shape::Alias(nullable(Type::Named(self.name(at, Part::Value, kind))))
            }
            (kind, is_nullable) => {
                let ty = self.unnamed(at, kind);
                Shape::Alias(if is_nullable { nullable(ty) } else { ty })
            }
        }
    }

    fn reserve(&mut self, at: &Pointer, part: Part) -> TypeId {
        let id = TypeId(self.found.len());
        self.ids.insert((at.clone(), part.clone()), id);
        self.found.push(Found { at: at.clone(), part, shape: None });
        id
    }

    /// The id comes first, so that a type may contain itself.
    fn name(&mut self, at: &Pointer, part: Part, kind: &Kind) -> TypeId {
        if let Some(id) = self.ids.get(&(at.clone(), part.clone())) {
            return *id;
        }
        let id = self.reserve(at, part);
        let shape = self.shape(at, kind);
        self.found[id.0].shape = Some(shape);
        id
    }

    fn unnamed(&mut self, at: &Pointer, kind: &Kind) -> Type {
        // Only a list or map without a name can come back here; it has no finite type then.
        if !self.open.insert(at.clone()) {
            return Type::Json;
        }
        let ty = match kind {
            Kind::Scalar(ty) => ty.clone(),
            Kind::List(items) => Type::List(Box::new(self.at_or_json(items.as_ref()))),
            Kind::Map(values) => Type::Map(Box::new(self.at_or_json(values.as_ref()))),
            Kind::Same(target) => self.at(target),
            Kind::Tuple(places) => self.tuple(places),
            Kind::Either(kinds) => Type::Either(kinds.iter().map(|kind| self.one_of_several(at, kind)).collect()),
            Kind::Anything | Kind::Strings(_) | Kind::Record(_) | Kind::Union(_) => Type::Json,
        };
        self.open.remove(at);
        ty
    }

    fn one_of_several(&mut self, at: &Pointer, kind: &Kind) -> Type {
        match kind {
            Kind::Record(_) => Type::Named(self.name(at, Part::Object, kind)),
            Kind::List(items) => Type::List(Box::new(self.at_or_json(items.as_ref()))),
            Kind::Map(values) => Type::Map(Box::new(self.at_or_json(values.as_ref()))),
            Kind::Tuple(places) => self.tuple(places),
            Kind::Scalar(ty) => ty.clone(),
            _ => Type::Json,
        }
    }

    fn tuple(&mut self, places: &Places) -> Type {
        Type::Tuple(Tuple {
            items: places.items.iter().map(|at| self.at(at)).collect(),
            required: places.required,
            rest: places.rest.as_ref().map(|at| Box::new(self.at_or_json(at.as_ref()))),
        })
    }

    fn shape(&mut self, at: &Pointer, kind: &Kind) -> Shape {
        match kind {
            Kind::Strings(values) => Shape::Enum(members(values)),
            Kind::Record(properties) => Shape::Record(self.record(properties)),
            Kind::Union(alternatives) => Shape::Union(self.union(alternatives)),
            other => Shape::Alias(self.unnamed(at, other)),
        }
    }

    fn record(&mut self, properties: &Properties) -> Record {
        let is_required: BTreeSet<&String> = properties.required.iter().collect();
        let required = properties.required.iter().filter(|key| properties.known.contains_key(*key));
        let optional = properties.known.keys().filter(|key| !is_required.contains(key));
        let names = field_names(properties.known.keys());
        let fields = required.chain(optional).map(|key| {
            let name = names[key].clone();
            self.field(key, name, properties.known[key].as_ref(), is_required.contains(key))
        });
        Record { fields: fields.collect(), extra: self.extra(&properties.others) }
    }

    fn field(&mut self, key: &str, name: String, at: Option<&Pointer>, required: bool) -> Field {
        let schema = at.and_then(|at| self.sight.root.pointer(at.as_str())).unwrap_or(&Value::Null);
        let (ty, nullable) = match self.at_or_json(at) {
            Type::Nullable(inner) => (*inner, true),
            ty => (ty, false),
        };
        Field {
            wire_name: key.to_owned(),
            name,
            docs: docs::of(schema),
            constant: constant(schema).filter(|_| matches!(ty, Type::Constant(_))).cloned(),
            deprecated: is_deprecated(schema),
            boxed: false,
            ty,
            required,
            nullable,
        }
    }

    fn extra(&mut self, others: &Others) -> Extra {
        match others {
            Others::None => Extra::None,
            Others::Any => Extra::Of(Type::Json),
            Others::At(at) => Extra::Of(self.at(at)),
        }
    }

    fn union(&mut self, alternatives: &[Alternative]) -> Union {
        let tag = unions::tag(&self.sight, alternatives);
        let variant = |(index, alternative): (usize, &Alternative)| Variant {
            name: String::new(),
            ty: self.alternative(alternative),
            pointer: alternative.at.as_str().to_owned(),
            tag: tag.as_ref().map(|(_, values)| values[index].clone()),
            boxed: false,
        };
        let variants = alternatives.iter().enumerate().map(variant).collect();
        Union { variants, tag: tag.map(|(name, _)| name) }
    }

    fn alternative(&mut self, alternative: &Alternative) -> Type {
        let merged = alternative.beside.as_ref().and_then(|whole| Some((whole, alternative.properties(&self.sight)?)));
        match merged {
            Some((whole, properties)) => {
                Type::Named(self.name(&alternative.at, Part::Beside(whole.clone()), &Kind::Record(properties)))
            }
            None => self.at(&alternative.at),
        }
    }

    /// All types by place, with names.
    pub fn finish(&self, reserved: &BTreeSet<String>) -> (Vec<NamedType>, finish::Renumbering) {
        finish::finish(self, reserved)
    }
}

/// `deprecated: true`.
pub fn is_deprecated(schema: &Value) -> bool {
    schema.get("deprecated") == Some(&Value::Bool(true))
}

/// Whether a place is that of a type in `$defs`.
pub fn is_definition(at: &Pointer) -> bool {
    at.parent().is_some_and(|(parent, _)| parent.as_str() == "/$defs")
}

fn nullable(ty: Type) -> Type {
    match ty {
        Type::Json | Type::Null | Type::Nullable(_) => ty,
        other => Type::Nullable(Box::new(other)),
    }
}

/// The names of fields by the keys of their properties.
fn field_names<'k>(keys: impl Iterator<Item = &'k String>) -> BTreeMap<&'k String, String> {
    let keys: Vec<&String> = keys.collect();
    let wish = |key: &&String| Wish { name: field_name(key), right: Right::Made, identity: (*key).clone() };
    let wishes: Vec<Wish> = keys.iter().map(wish).collect();
    keys.into_iter().zip(distinct(&wishes, &BTreeSet::new(), "_")).collect()
}

fn field_name(key: &str) -> String {
    let name = snake(key);
    match name.chars().next() {
        None => "field".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("field_{name}"),
        Some(_) => name,
    }
}

fn members(values: &[String]) -> Vec<EnumMember> {
    let mut seen = BTreeSet::new();
    let unique: Vec<&String> = values.iter().filter(|value| seen.insert(*value)).collect();
    let names = in_order(unique.iter().enumerate().map(|(index, value)| member_name(index, value)));
    unique.into_iter().zip(names).map(|(value, name)| EnumMember { name, value: value.clone() }).collect()
}

fn member_name(index: usize, value: &str) -> String {
    let name = camel(value);
    match name.chars().next() {
        None if value.is_empty() => "Empty".to_owned(),
        None => format!("Value{}", index + 1),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) => name,
    }
}
