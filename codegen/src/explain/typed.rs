//! Which keywords are in a type: those without which it would be another one.

use std::collections::BTreeSet;

use peer_contract_core::{Contract, Pointer, Value};

use crate::ir::{Graph, Shape, Sight, look};

/// The contract beside itself without one keyword.
pub struct Typed<'a> {
    whole: Sight<'a>,
    /// The same, but for the moment of a trial.
    without: Value,
    graph: &'a Graph,
    documented: BTreeSet<String>,
}

impl<'a> Typed<'a> {
    pub fn of(contract: &'a Contract, graph: &'a Graph) -> Self {
        Self {
            whole: Sight::of(contract.value()),
            without: contract.value().clone(),
            documented: documented(graph),
            graph,
        }
    }

    /// Whether the type of the place is another one without the keyword. Where no type is made of the place alone,
    /// as of a member of `allOf`, that of the nearest schema around it counts.
    pub fn is_in_type(&mut self, at: &Pointer, keyword: &str) -> bool {
        let Some(around) = self.place_with_type(at) else { return false };
        let Some(value) = members(&mut self.without, at).and_then(|members| members.remove(keyword)) else {
            return false;
        };
        let differs = look(&self.whole, &around) != look(&Sight::of(&self.without), &around);
        if let Some(members) = members(&mut self.without, at) {
            members.insert(keyword.to_owned(), value);
        }
        differs
    }

    fn place_with_type(&self, at: &Pointer) -> Option<Pointer> {
        let around = |at: &Pointer| at.parent().map(|(parent, _)| parent);
        std::iter::successors(Some(at.clone()), around).find(|at| self.graph.places.contains_key(at.as_str()))
    }

    /// Whether generated code has documentation of the place: it is a type, or a property.
    pub fn is_documented(&self, at: &Pointer) -> bool {
        self.documented.contains(at.as_str())
    }
}

fn members<'v>(contract: &'v mut Value, at: &Pointer) -> Option<&'v mut serde_json::Map<String, Value>> {
    contract.pointer_mut(at.as_str())?.as_object_mut()
}

fn documented(graph: &Graph) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for ty in &graph.types {
        places.insert(ty.pointer.clone());
        let (Shape::Record(record), Ok(at)) = (&ty.shape, ty.pointer.parse::<Pointer>()) else { continue };
        let fields = record.fields.iter();
        places.extend(fields.map(|field| at.key("properties").key(&field.wire_name).as_str().to_owned()));
    }
    places
}
