//! JSON to a tree. Scalars and keys stay in the words they were written in.

use peer_contract_core::Pointer;
use serde_json::Value as Json;

use super::tree::{Part, Style, Tree, Value};
use crate::source::Source;

/// The tree of a text that has been read.
pub(super) fn read(source: &Source) -> Tree {
    let root =
        source.value().map_or_else(|_| Value::Plain(String::new()), |value| tree(source, value, &Pointer::root()));
    Tree { head: Vec::new(), marked: false, root: Part::new(None, root) }
}

fn tree(source: &Source, value: &Json, at: &Pointer) -> Value {
    match value {
        Json::Object(members) => {
            let mut parts: Vec<(usize, Part)> = members
                .iter()
                .map(|(name, member)| {
                    let below = at.key(name);
                    let (start, key) = source.written_key(&below).unwrap_or_default();
                    (start, Part::new(Some((key.to_owned(), name.clone())), tree(source, member, &below)))
                })
                .collect();
            parts.sort_by_key(|(start, _)| *start);
            let style = style(source, at);
            Value::Mapping(parts.into_iter().map(|(_, part)| part).collect(), style)
        }
        Json::Array(items) => {
            let parts = items.iter().enumerate();
            let parts = parts.map(|(index, item)| Part::new(None, tree(source, item, &at.index(index)))).collect();
            Value::Sequence(parts, style(source, at))
        }
        scalar => Value::Plain(source.written(at).map_or_else(|| scalar.to_string(), str::to_owned)),
    }
}

/// A break after the opening bracket asks for one member a line.
fn style(source: &Source, at: &Pointer) -> Style {
    let inside = source.written(at).and_then(|text| text.get(1..)).unwrap_or_default();
    let blanks = inside.bytes().take_while(|byte| byte.is_ascii_whitespace());
    if blanks.into_iter().any(|byte| byte == b'\n') { Style::Block } else { Style::OneLine }
}
