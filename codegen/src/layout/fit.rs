//! What stays on one line: what was written so, has no comment inside, and is not too long.

use super::WIDTH;
use super::tree::{Part, Style, Tree, Value};

/// Columns by which what is inside stands further right.
pub(super) const STEP: usize = 2;

/// Decides for every mapping and sequence whether it stays on one line. Order and writing go by that.
pub(super) fn settle(tree: &mut Tree) {
    part(&mut tree.root, 0, 0, true);
}

/// `indent` is where the part begins, `before` the characters of its line before the value.
fn part(whole: &mut Part, indent: usize, before: usize, must_open: bool) {
    let fits = !must_open
        && !whole.value.parts().iter().any(Part::has_comments)
        && inline(&whole.value).is_some_and(|text| before + text.chars().count() <= WIDTH);
    let is_empty = whole.value.parts().is_empty();
    let (parts, style) = match &mut whole.value {
        Value::Sequence(parts, style) | Value::Mapping(parts, style) => (parts, style),
        _ => return,
    };
    if is_empty || fits {
        *style = Style::OneLine;
        return;
    }
    *style = Style::Block;
    // The root's own members begin at the margin.
    let inner = if must_open { 0 } else { indent + STEP };
    for member in parts {
        let key = member.key.as_ref().map_or(STEP, |(key, _)| key.chars().count() + 2);
        part(member, inner, inner + key, false);
    }
}

/// The value on one line, if all in it was written so.
pub(super) fn inline(value: &Value) -> Option<String> {
    match value {
        Value::Plain(text) => Some(text.clone()),
        Value::Lines(_) | Value::Block { .. } => None,
        Value::Sequence(parts, _) if parts.is_empty() => Some("[]".to_owned()),
        Value::Mapping(parts, _) if parts.is_empty() => Some("{}".to_owned()),
        Value::Sequence(_, Style::Block) | Value::Mapping(_, Style::Block) => None,
        Value::Sequence(parts, _) => Some(format!("[{}]", members(parts)?)),
        Value::Mapping(parts, _) => Some(format!("{{ {} }}", members(parts)?)),
    }
}

fn members(parts: &[Part]) -> Option<String> {
    let texts: Option<Vec<String>> = parts.iter().map(member).collect();
    Some(texts?.join(", "))
}

fn member(part: &Part) -> Option<String> {
    let value = inline(&part.value)?;
    Some(match &part.key {
        Some((key, _)) if value.is_empty() => format!("{key}:"),
        Some((key, _)) => format!("{key}: {value}"),
        None => value,
    })
}
