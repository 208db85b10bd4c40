//! Graph to Python: a package with the types, and a module for each agent.

mod agent_view;
mod annotation;
mod literal;
mod names;
mod view;

use std::sync::LazyLock;

use peer_contract_core::Pointer;

use super::{GeneratedFile, declared};
use crate::ir::{Graph, Shape, Type};
use crate::render::Templates;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(&[
        ("types", include_str!("../../../templates/python/types.hbs")),
        ("agent", include_str!("../../../templates/python/agent.hbs")),
    ])
});

/// All files for one contract.
pub fn generate(graph: &Graph) -> Vec<GeneratedFile> {
    let types =
        GeneratedFile { path: "__init__.py".to_owned(), text: TEMPLATES.render("types", &view::types_view(graph)) };
    let agents = graph.agents.iter().map(|agent| GeneratedFile {
        path: format!("{}.py", agent_view::module_of(graph, &agent.name)),
        text: TEMPLATES.render("agent", &agent_view::agent_view(graph, agent)),
    });
    std::iter::once(types).chain(agents).collect()
}

/// What says how generated code writes the type of the schema at a place.
pub fn speller(graph: &Graph) -> impl Fn(&Pointer, &Type) -> String + '_ {
    |at, ty| {
        let name = view::scope(graph, "").annotation(ty);
        match declared(graph, at, ty).map(|named| &named.shape) {
            None => name,
            Some(Shape::Record(_)) => format!("class {name}"),
            Some(shape) => format!("{name} = {}", view::alias(graph, shape)),
        }
    }
}
