//! A tree as JSON.

use super::fit::{STEP, inline};
use super::tree::{Part, Tree, Value};

/// The text, with a line break at its end.
pub(super) fn write(tree: &Tree) -> String {
    let mut text = String::new();
    value(&mut text, &tree.root.value, 0);
    text.push('\n');
    text
}

fn value(text: &mut String, value: &Value, indent: usize) {
    if let Some(line) = inline(value) {
        text.push_str(&line);
        return;
    }
    let (open, close) = if matches!(value, Value::Sequence(..)) { ('[', ']') } else { ('{', '}') };
    text.push(open);
    for (index, part) in value.parts().iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        member(text, part, indent + STEP);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn member(text: &mut String, part: &Part, indent: usize) {
    text.push_str(&" ".repeat(indent));
    if let Some((key, _)) = &part.key {
        text.push_str(key);
        text.push_str(": ");
    }
    value(text, &part.value, indent);
}
