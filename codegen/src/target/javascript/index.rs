//! The root module: types with their codecs, and the agents.

use serde::Serialize;

use super::names::{self, Scope};
use super::read::ReadersView;
use super::types::{Types, properties};
use super::{layout, literal};
use crate::ir::{Field, Graph, NamedType};
use crate::render::header;

/// All that `contract.cjs.hbs` prints.
#[derive(Serialize)]
pub struct ContractView {
    header: Vec<String>,
    import: Vec<String>,
    contract: Vec<String>,
    has_readers: bool,
    readers: ReadersView,
}

/// All that the `index.*.hbs` print.
#[derive(Serialize)]
pub struct IndexView {
    header: Vec<String>,
    imports: Vec<String>,
    docs: Vec<String>,
    contract: String,
    agents: Vec<NamespaceView>,
    types: Vec<TypeView>,
}

/// An agent as a namespace.
#[derive(Serialize)]
struct NamespaceView {
    docs: Vec<String>,
    name: String,
    stem: String,
}

/// A named type.
#[derive(Serialize)]
struct TypeView {
    docs: Vec<String>,
    name: String,
    /// Whether it is an interface; otherwise `alias` has its lines.
    is_interface: bool,
    properties: Vec<PropertyView>,
    alias: Vec<String>,
    codec: String,
    esm: Vec<String>,
    cjs: Vec<String>,
}

/// A property of an interface.
#[derive(Serialize)]
struct PropertyView {
    docs: Vec<String>,
    line: String,
}

impl ContractView {
    pub fn of(graph: &Graph) -> Self {
        let readers = ReadersView::of(graph);
        let text = literal::string(&graph.contract.canonical);
        let hash = literal::string(&graph.contract.hash);
        let named = readers.is_used().then(|| "readers".to_owned());
        let arguments: Vec<String> = [text, hash].into_iter().chain(named).collect();
        Self {
            header: header(&graph.contract),
            import: layout::list(
                0,
                "const { ",
                &readers.imports_with("contract"),
                " } = require('peer-contract').generated;",
            ),
            contract: layout::list(0, "exports.$contract = contract(", &arguments, ");"),
            has_readers: readers.is_used(),
            readers,
        }
    }
}

impl IndexView {
    pub fn of(graph: &Graph) -> Self {
        let scope = scope(graph);
        let types = Types::new(graph, String::new(), &scope);
        let views: Vec<TypeView> = graph.types.iter().map(|ty| TypeView::of(ty, &types, &scope)).collect();
        Self {
            header: header(&graph.contract),
            imports: imports(&types, &scope, views.is_empty()),
            docs: literal::docs(&graph.contract.docs, false),
            contract: scope.borrow("Contract"),
            agents: graph.agents.iter().map(|agent| namespace(graph, agent)).collect(),
            types: views,
        }
    }
}

fn scope(graph: &Graph) -> Scope {
    let mut scope = Scope::default();
    for ty in &graph.types {
        scope.declare(ty.name.clone());
    }
    scope
}

fn imports(types: &Types<'_>, scope: &Scope, no_types: bool) -> Vec<String> {
    let mut wanted = types.borrowed();
    wanted.insert("Contract");
    if !no_types {
        wanted.insert("Codec");
    }
    let clauses: Vec<String> = wanted.into_iter().map(|name| scope.import(name)).collect();
    layout::list(0, "import type { ", &clauses, " } from 'peer-contract';")
}

fn namespace(graph: &Graph, agent: &crate::ir::AgentNode) -> NamespaceView {
    NamespaceView {
        docs: literal::docs(&agent.docs, false),
        name: names::namespace(graph, agent),
        stem: names::stem(&agent.name),
    }
}

impl TypeView {
    fn of(ty: &NamedType, types: &Types<'_>, scope: &Scope) -> Self {
        let fields = properties(ty);
        let name = &ty.name;
        let places = std::iter::once(&ty.pointer).chain(&ty.alternative).map(|at| literal::string(at));
        let arguments: Vec<String> = std::iter::once("$contract".to_owned()).chain(places).collect();
        Self {
            docs: literal::docs(&ty.docs, ty.deprecated),
            name: name.clone(),
            is_interface: !fields.is_empty(),
            properties: fields.iter().map(|field| PropertyView::of(field, types)).collect(),
            alias: if fields.is_empty() { layout::union(name, &types.alternatives(&ty.shape)) } else { Vec::new() },
            codec: format!("export const {name}: {}<{name}>;", scope.borrow("Codec")),
            esm: layout::list(0, &format!("export const {name} = codec("), &arguments, ");"),
            cjs: layout::list(0, &format!("exports.{name} = codec("), &arguments, ");"),
        }
    }
}

impl PropertyView {
    fn of(field: &Field, types: &Types<'_>) -> Self {
        Self { docs: literal::docs(&field.docs, field.deprecated), line: types.property(field) }
    }
}
