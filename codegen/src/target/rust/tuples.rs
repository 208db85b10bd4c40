//! Lists whose places have a type each.

use super::types::{Context, Scope};
use crate::ir::Tuple;

/// Places of one kind in the longest list that has a type; the crate `peer-contract` reads and writes no longer ones.
const MOST_PLACES: usize = 12;

/// How such a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A tuple.
    Fixed,
    /// A `peer_contract::Row`: places may be left out, or others follow.
    Row,
    /// A list of any values.
    Values,
}

impl Form {
    /// The form of a list.
    pub fn of(tuple: &Tuple) -> Self {
        let optional = tuple.items.len() - tuple.required;
        match tuple.items.len() {
            0 => Self::Values,
            _ if tuple.required > MOST_PLACES || optional > MOST_PLACES => Self::Values,
            _ if tuple.is_fixed() => Self::Fixed,
            _ => Self::Row,
        }
    }
}

impl Context<'_> {
    /// The type of such a list.
    pub(super) fn tuple(&self, tuple: &Tuple, scope: Scope) -> String {
        let mut items: Vec<String> = tuple.items.iter().map(|item| self.ty(item, scope)).collect();
        match Form::of(tuple) {
            Form::Values => "Vec<pc::Value>".to_owned(),
            Form::Fixed => places(&items),
            Form::Row => {
                let optional: Vec<String> =
                    items.split_off(tuple.required).iter().map(|item| format!("Option<{item}>")).collect();
                let rest = tuple.rest.as_ref().map(|rest| self.ty(rest, scope));
                let mut row = vec![places(&items)];
                row.extend(rest.or_else(|| (!optional.is_empty()).then(|| "pc::Never".to_owned())));
                row.extend((!optional.is_empty()).then(|| places(&optional)));
                format!("pc::Row<{}>", row.join(", "))
            }
        }
    }
}

fn places(items: &[String]) -> String {
    if let [only] = items { format!("({only},)") } else { format!("({})", items.join(", ")) }
}
