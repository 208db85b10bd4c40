//! JSON with line breaks; what is short stays on one line.

use serde_json::Value;

use super::Node;

/// Columns of a line.
const WIDTH: usize = 110;

/// A value as JSON, from a line that is indented by `indent` already. It does not end in a line break.
pub fn json(node: &Node, indent: &str, step: &str) -> String {
    let mut text = String::new();
    put(node, indent, step, &mut text);
    text
}

fn put(node: &Node, indent: &str, step: &str, text: &mut String) {
    let inner = format!("{indent}{step}");
    match node {
        Node::Scalar(value) => text.push_str(&value.to_string()),
        Node::List(items) if flows(node, indent.len()) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                put(item, indent, step, text);
            }
            text.push(']');
        }
        Node::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                begin_line(index, &inner, text);
                put(item, &inner, step, text);
            }
            text.push_str(&format!("\n{indent}]"));
        }
        Node::Map(members) if members.is_empty() => text.push_str("{}"),
        Node::Map(members) if flows(node, indent.len()) => {
            text.push_str("{ ");
            for (index, (key, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(&format!("{}: ", Value::from(key.as_str())));
                put(member, indent, step, text);
            }
            text.push_str(" }");
        }
        Node::Map(members) => {
            text.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                begin_line(index, &inner, text);
                text.push_str(&format!("{}: ", Value::from(key.as_str())));
                put(member, &inner, step, text);
            }
            text.push_str(&format!("\n{indent}}}"));
        }
    }
}

fn begin_line(index: usize, indent: &str, text: &mut String) {
    text.push_str(if index == 0 { "\n" } else { ",\n" });
    text.push_str(indent);
}

/// Whether a list or an object holds only scalars, and fits a line.
fn flows(node: &Node, indent: usize) -> bool {
    let flat = |node: &Node| matches!(node, Node::Scalar(_)) || node.is_empty();
    let long = |node: &Node| match node {
        Node::Scalar(value) => value.to_string().len() + 2,
        _ => 4,
    };
    let width: usize = match node {
        Node::List(items) if items.iter().all(flat) => items.iter().map(long).sum(),
        Node::Map(members) if members.len() <= 3 && members.iter().all(|(_, member)| flat(member)) => {
            members.iter().map(|(key, member)| key.len() + 4 + long(member)).sum()
        }
        _ => return false,
    };
    indent + width <= WIDTH
}
