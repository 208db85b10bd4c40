//! Which kinds of values a node may take.

use crate::plan::node::{Id, Kind, Node};

/// Nodes that are looked at for one answer before every kind is supposed.
const MOST_STEPS: usize = 1024;

/// The kinds of which some value may fit, as bits.
pub(super) fn kinds(nodes: &[Node], id: Id) -> u8 {
    within(nodes, id, &mut { MOST_STEPS })
}

fn within(nodes: &[Node], id: Id, steps: &mut usize) -> u8 {
    if *steps == 0 {
        return u8::MAX;
    }
    *steps -= 1;
    match &nodes[id as usize] {
        Node::Any => u8::MAX,
        Node::Never => 0,
        Node::Null => Kind::Null.bit(),
        Node::Bool { .. } => Kind::Bool.bit(),
        Node::Number(_) => Kind::Number.bit(),
        Node::Text(_) => Kind::Text.bit(),
        Node::Array(_) => Kind::Array.bit(),
        Node::Object(_) | Node::Tagged(_) => Kind::Object.bit(),
        Node::Kinds(table) => {
            let taken = Kind::ALL.into_iter().filter(|kind| within(nodes, table.of(*kind), steps) & kind.bit() != 0);
            taken.fold(0, |kinds, kind| kinds | kind.bit())
        }
        Node::Also { main, .. } => within(nodes, *main, steps),
        Node::Union { alternatives, .. } => alternatives.iter().fold(0, |kinds, id| kinds | within(nodes, *id, steps)),
    }
}
