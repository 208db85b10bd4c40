//! Names of a contract as names of JavaScript.

use std::collections::BTreeSet;

use crate::ir::{AgentNode, Graph};
use crate::target::is_device;

/// Words that cannot be the name of a function in a module, or would hide what a CommonJS module needs. A module that exports
/// `then` is a promise to whoever imports it with `import()`, and never keeps it.
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "exports",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "module",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "require",
    "return",
    "static",
    "super",
    "switch",
    "then",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The name itself, with `_` behind it where JavaScript keeps the word for itself.
pub fn binding(name: &str) -> String {
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// A property of an interface: quoted unless it is an identifier.
pub fn property(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { super::literal::string(name) }
}

/// A property of a value: `.name`, or `['first name']`.
pub fn access(name: &str) -> String {
    if is_identifier(name) { format!(".{name}") } else { format!("[{}]", super::literal::string(name)) }
}

/// A method of an interface: `new(…)` would declare a constructor.
pub fn method(name: &str) -> String {
    if name == "new" { "'new'".to_owned() } else { name.to_owned() }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// File of an agent without its ending. `index` is taken.
pub fn stem(agent: &str) -> String {
    let is_taken = agent.eq_ignore_ascii_case("index") || is_device(agent);
    if is_taken { format!("{agent}_") } else { agent.to_owned() }
}

/// An agent as the root exports it: its own name, unless a type or the language has it.
pub fn namespace(graph: &Graph, agent: &AgentNode) -> String {
    let name = binding(&agent.name);
    let is_type = graph.types.iter().any(|ty| ty.name == name);
    if is_type { format!("{name}_") } else { name }
}

/// The names that a module declares, and those that it borrows.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    declared: BTreeSet<String>,
}

impl Scope {
    /// Declares `name`, or the same with `_` behind it as often as it takes.
    pub fn declare(&mut self, name: String) -> String {
        let mut name = name;
        while !self.declared.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// What `name` of another module is called here: itself, or with `$` behind it where the module
    /// declares that name. No name of a contract holds a `$`.
    pub fn borrow(&self, name: &str) -> String {
        if self.declared.contains(name) { format!("{name}$") } else { name.to_owned() }
    }

    /// The import clause for [`Scope::borrow`].
    pub fn import(&self, name: &str) -> String {
        let local = self.borrow(name);
        if local == name { local } else { format!("{name} as {local}") }
    }

    /// The destructuring clause for [`Scope::borrow`].
    pub fn take(&self, name: &str) -> String {
        let local = self.borrow(name);
        if local == name { local } else { format!("{name}: {local}") }
    }

    /// A type of the language, also where the module declares that name.
    pub fn global(&self, name: &str) -> String {
        if self.declared.contains(name) { format!("globalThis.{name}") } else { name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_word_gets_an_underscore() {
        assert_eq!((binding("delete"), binding("remove")), ("delete_".to_owned(), "remove".to_owned()));
    }

    #[test]
    fn no_module_is_taken_for_a_promise() {
        assert_eq!(binding("then"), "then_");
    }

    #[test]
    fn a_borrowed_name_gives_way_to_a_declared_one() {
        let mut scope = Scope::default();
        scope.declare("Work".to_owned());
        scope.declare("Promise".to_owned());
        assert_eq!(scope.import("Work"), "Work as Work$");
        assert_eq!(scope.import("Handler"), "Handler");
        assert_eq!(scope.global("Promise"), "globalThis.Promise");
        assert_eq!(scope.declare("Work".to_owned()), "Work_");
    }

    #[test]
    fn a_property_that_is_no_identifier_is_quoted() {
        assert_eq!(property("first name"), "'first name'");
        assert_eq!(property("it's"), "\"it's\"");
        assert_eq!(property("größe"), "'größe'");
        assert_eq!(property("$id"), "$id");
    }
}
