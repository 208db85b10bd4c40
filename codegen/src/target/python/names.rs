//! Identifiers of Python: what is reserved, and what a name becomes when it is.

use std::collections::BTreeSet;

use crate::ir::{Graph, camel, snake};
use crate::target::is_device;

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Names that the module of the types uses itself.
const IN_TYPES: &[&str] = &["Annotated", "Json", "Literal", "TypeAlias", "Unset", "UNSET", "TYPE_CHECKING"];
/// Names that the module of an agent uses itself.
const IN_AGENT: &[&str] = &["Agent", "TYPE_CHECKING"];
/// Aliases under which the module of an agent imports.
const ALIASES: &[&str] = &["abc", "builtins", "pc", "types", "typing"];
/// Members of every record, and what would hide a name that the class needs.
const IN_RECORD: &[&str] = &["builtins", "dict", "extra", "field", "from_json", "self", "to_json"];
/// What annotations are made of. A field or function of such a name hides it, see [`hides_builtin`].
const BUILTINS: &[&str] = &["bool", "dict", "float", "int", "list", "str", "tuple"];

/// Whether something of this name would hide a built-in type from the annotations around it.
pub(super) fn hides_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
}

/// The class or alias of a type.
pub(super) fn type_name(name: &str) -> String {
    escaped(name, IN_TYPES)
}

/// The attribute of a field.
pub(super) fn field_name(name: &str, taken: &BTreeSet<String>) -> String {
    let mut name = escaped(name, IN_RECORD);
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// The module of an agent. `root` holds the names of the types' module.
pub(super) fn module_name(agent: &str, root: &BTreeSet<String>) -> String {
    let mut name = escaped(&snake(agent), &["builtins", "dataclass", "field"]);
    if is_device(&name) {
        name.push('_');
    }
    while root.contains(&name) {
        name.push('_');
    }
    name
}

/// The alias under which another agent's module is imported.
pub(super) fn module_alias(module: &str) -> String {
    format!("_{}", escaped(module, ALIASES))
}

/// The class of an operation or an error.
pub(super) fn member_class(name: &str) -> String {
    escaped(&camel(name), IN_AGENT)
}

/// The function and method of an operation.
pub(super) fn member_function(name: &str) -> String {
    escaped(&snake(name), &[])
}

/// The alias of what an operation may return. `classes` are the other classes of the module.
pub(super) fn outcome_name(operation: &str, classes: &BTreeSet<String>) -> String {
    let mut name = format!("{}Outcome", camel(operation));
    while classes.contains(&name) {
        name.push('_');
    }
    name
}

/// The functions that read and write a type that is no class.
pub(super) fn codec_names(name: &str) -> (String, String) {
    let name = snake(name);
    (format!("{name}_from_json"), format!("{name}_to_json"))
}

/// The names at the top of the types' module that an agent's module must not have.
pub(super) fn root_functions(graph: &Graph) -> BTreeSet<String> {
    let codecs = graph.types.iter().map(|named| codec_names(&named.name));
    codecs.flat_map(|(read, write)| [read, write]).collect()
}

fn escaped(name: &str, reserved: &[&str]) -> String {
    let suffix = if KEYWORDS.contains(&name) || reserved.contains(&name) { "_" } else { "" };
    format!("{name}{suffix}")
}
