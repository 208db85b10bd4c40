//! Words that Rust keeps, and what we call things instead.

use std::collections::BTreeSet;

use peer_contract_core::contract::fold;

use crate::ir::{camel, snake};
use crate::target::is_device;

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that every Rust program knows, and those that generated modules have themselves.
const TYPES: &[&str] = &[
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Future",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "Vec",
];

/// A variable, function or field.
pub fn value(snake: &str) -> String {
    escaped(snake, KEYWORDS)
}

/// A field; `extra` holds what the contract does not list.
pub fn field(name: &str) -> String {
    if name == "extra" { "extra_".to_owned() } else { value(name) }
}

/// A type of the contract.
pub fn ty(name: &str) -> String {
    escaped(name, TYPES)
}

/// A variant. `Self` alone is no name for one.
pub fn variant(name: &str) -> String {
    escaped(name, &["Self"])
}

/// The module of an agent, beside `types`, and imported beside `t` and `pc`.
pub fn module(agent: &str) -> String {
    let name = value(&snake(agent));
    let is_taken = ["mod", "pc", "peer_contract", "std", "core", "alloc", "t", "types"].contains(&name.as_str());
    if is_taken || is_device(&name) { format!("{name}_") } else { name }
}

/// The function that applies an operation.
pub fn function(operation: &str) -> String {
    value(&snake(operation))
}

/// The type of an operation or of an error.
pub fn item(name: &str) -> String {
    ty(&camel(name))
}

fn escaped(name: &str, reserved: &[&str]) -> String {
    if reserved.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Names given out in one module. The first to ask for a name gets it.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// The name, or the first number behind it that nobody has.
    pub fn give(&mut self, name: &str) -> String {
        let mut given = name.to_owned();
        let mut number = 2;
        while !self.0.insert(fold(&given)) {
            given = format!("{name}{number}");
            number += 1;
        }
        given
    }
}
