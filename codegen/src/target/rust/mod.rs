//! Graph to Rust: `mod.rs`, `types.rs`, and a file per agent.
//!
//! Generated code asks for the crate `peer-contract` and nothing else.

mod agent;
mod agent_names;
mod constants;
mod defaults;
mod depth;
mod kinds;
mod layout;
mod literal;
mod names;
mod record;
mod spell;
mod tuples;
mod types;
mod unions;

use std::sync::LazyLock;

use serde::Serialize;

use super::GeneratedFile;
use crate::ir::Graph;
use crate::render::{Templates, header};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(&[
        ("mod", include_str!("../../../templates/rust/mod.hbs")),
        ("types", include_str!("../../../templates/rust/types.hbs")),
        ("record", include_str!("../../../templates/rust/record.hbs")),
        ("enum", include_str!("../../../templates/rust/enum.hbs")),
        ("union", include_str!("../../../templates/rust/union.hbs")),
        ("alias", include_str!("../../../templates/rust/alias.hbs")),
        ("kinds", include_str!("../../../templates/rust/kinds.hbs")),
        ("constant", include_str!("../../../templates/rust/constant.hbs")),
        ("agent", include_str!("../../../templates/rust/agent.hbs")),
        ("operation", include_str!("../../../templates/rust/operation.hbs")),
        ("outcome", include_str!("../../../templates/rust/outcome.hbs")),
    ])
});

pub use spell::speller;

/// All files for one contract.
pub fn generate(graph: &Graph) -> Vec<GeneratedFile> {
    let mut files = vec![file("mod.rs", "mod", &ModView::of(graph)), file("types.rs", "types", &types::view(graph))];
    files.extend(graph.agents.iter().map(|node| {
        let path = format!("{}.rs", names::module(&node.name));
        file(&path, "agent", &agent::view(graph, node))
    }));
    files
}

fn file(path: &str, template: &str, view: &impl Serialize) -> GeneratedFile {
    GeneratedFile { path: path.to_owned(), text: TEMPLATES.render(template, view) }
}

/// Text of a part, without the line break at its end.
fn part(template: &str, view: &impl Serialize) -> String {
    TEMPLATES.render(template, view).trim_end().to_owned()
}

#[derive(Serialize)]
struct ModView {
    header: Vec<String>,
    title: String,
    docs: Vec<String>,
    agents: Vec<String>,
}

impl ModView {
    fn of(graph: &Graph) -> Self {
        let mut agents: Vec<String> = graph.agents.iter().map(|agent| names::module(&agent.name)).collect();
        agents.sort();
        Self {
            header: header(&graph.contract),
            title: format!("Types and agents of the contract `{}`.", graph.contract.name),
            docs: module_docs(graph),
            agents,
        }
    }
}

/// What the contract says of itself, and what its types ask of the crate that they are in.
fn module_docs(graph: &Graph) -> Vec<String> {
    let mut docs = literal::docs("//!", &graph.contract.docs);
    if let Some(limit) = depth::recursion_limit(graph) {
        docs.extend((!docs.is_empty()).then(|| "//!".to_owned()));
        docs.push(
            "//! These types lead on through more others than the compiler follows by itself: the crate that"
                .to_owned(),
        );
        docs.push(format!("//! this is in needs `#![recursion_limit = \"{limit}\"]` in its `lib.rs` or `main.rs`."));
    }
    docs
}
