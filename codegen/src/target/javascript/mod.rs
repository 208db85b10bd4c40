//! Graph to JavaScript: ES modules with declarations, and CommonJS for `require`.
//!
//! | file | for |
//! | --- | --- |
//! | `_contract.cjs` | the contract's text, and what makes values of checked texts: once for both module systems |
//! | `index.{mjs,cjs,d.mts,d.cts}` | the types, and the agents as namespaces |
//! | `<agent>.{mjs,cjs,d.mts}` | operations, errors and the handler of one agent |

mod agent;
mod index;
mod layout;
mod literal;
mod names;
mod read;
mod shapes;
mod types;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use peer_contract_core::Pointer;
use serde_json::Value;

use super::{GeneratedFile, declared};
use crate::ir::{Graph, Shape, Type};
use crate::render::{Templates, finished};
use agent::AgentView;
use index::{ContractView, IndexView};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(&[
        ("contract.cjs", include_str!("../../../templates/javascript/contract.cjs.hbs")),
        ("index.mjs", include_str!("../../../templates/javascript/index.mjs.hbs")),
        ("index.cjs", include_str!("../../../templates/javascript/index.cjs.hbs")),
        ("index.d.mts", include_str!("../../../templates/javascript/index.d.mts.hbs")),
        ("index.d.cts", include_str!("../../../templates/javascript/index.d.cts.hbs")),
        ("agent.mjs", include_str!("../../../templates/javascript/agent.mjs.hbs")),
        ("agent.cjs", include_str!("../../../templates/javascript/agent.cjs.hbs")),
        ("agent.d.mts", include_str!("../../../templates/javascript/agent.d.mts.hbs")),
    ])
});

/// All files for one contract.
pub fn generate(graph: &Graph) -> Vec<GeneratedFile> {
    let mut files = vec![file("_contract.cjs", "contract.cjs", &finished(&ContractView::of(graph)))];
    let index = finished(&IndexView::of(graph));
    for name in ["index.mjs", "index.cjs", "index.d.mts", "index.d.cts"] {
        files.push(file(name, name, &index));
    }
    for agent in &graph.agents {
        let view = AgentView::of(graph, agent);
        let printed = finished(&view);
        for extension in ["mjs", "cjs", "d.mts"] {
            files.push(file(&format!("{}.{extension}", view.stem), &format!("agent.{extension}"), &printed));
        }
    }
    files
}

/// What says how generated declarations write the type of the schema at a place.
pub fn speller(graph: &Graph) -> impl Fn(&Pointer, &Type) -> String + '_ {
    let types = types::Types::new(graph, String::new(), &names::Scope::default());
    move |at, ty| {
        let name = types.write(ty);
        match declared(graph, at, ty).map(|named| (named, &named.shape)) {
            None => name,
            Some((named, Shape::Record(_))) if !types::properties(named).is_empty() => format!("interface {name}"),
            Some((_, shape)) => format!("type {name} = {}", types.alternatives(shape).join(" | ")),
        }
    }
}

fn file(path: &str, template: &str, view: &Value) -> GeneratedFile {
    GeneratedFile { path: path.to_owned(), text: TEMPLATES.fill(template, view) }
}
