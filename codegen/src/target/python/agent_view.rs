//! The module of one agent, as its template prints it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::annotation::{Scope, shape_or_none};
use super::literal::{Display, docstring, string};
use super::names::{
    hides_builtin, member_class, member_function, module_alias, module_name, outcome_name, root_functions, type_name,
};
use crate::ir::{AgentNode, ErrorNode, Graph, OperationNode, Type};
use crate::render::header;

/// All that `templates/python/agent.hbs` prints.
#[derive(Serialize)]
pub(super) struct AgentView {
    header: Vec<String>,
    docs: Vec<String>,
    typing_imports: Vec<String>,
    builtins: String,
    name: String,
    errors: Vec<ErrorView>,
    operations: Vec<OperationView>,
    /// What `Agent` is derived from.
    base: String,
    has_config: bool,
    config_shape: String,
    class_docs: Vec<String>,
    info: Vec<String>,
}

#[derive(Serialize)]
struct ErrorView {
    class: String,
    docs: Vec<String>,
    code: String,
    retryable: bool,
    has_data: bool,
    shape: String,
    data: String,
}

#[derive(Serialize)]
struct OperationView {
    class: String,
    function: String,
    base: String,
    docs: Vec<String>,
    target: String,
    input: String,
    has_output: bool,
    has_errors: bool,
    output_shape: String,
    errors: Vec<String>,
    outcome: String,
    outcome_source: String,
    method: Vec<String>,
    method_docs: Vec<String>,
}

/// The view of the module of one agent.
pub(super) fn agent_view(graph: &Graph, agent: &AgentNode) -> AgentView {
    let hidden = agent.operations.iter().any(|operation| hides_builtin(&member_function(&operation.name)));
    let builtins = if hidden { "_builtins." } else { "" };
    let scope = Scope { graph, builtins, types: "_", json: "_pc.", typing: "_typing.", used: BTreeSet::new() };
    let mut module = Module { agent, scope, peers: BTreeSet::new() };
    let errors = agent.errors.iter().map(|error| module.error(error)).collect();
    let operations = agent.operations.iter().map(|operation| module.operation(operation)).collect();
    let base = module.base();
    let config_shape = agent.config.as_ref().map(|config| module.flat_shape(config)).unwrap_or_default();
    let facts = &graph.contract;
    let about = format!("The agent `{}` of the contract `{}`.", agent.name, facts.name);
    AgentView {
        header: header(facts),
        docs: docstring(&[about], 0),
        typing_imports: module.typing_imports(),
        builtins: builtins.to_owned(),
        name: string(&agent.name),
        errors,
        operations,
        base,
        has_config: agent.config.is_some(),
        config_shape,
        class_docs: docstring(&agent.docs, 4),
        info: module.info(),
    }
}

/// Where the agent's module lies.
pub(super) fn module_of(graph: &Graph, agent: &str) -> String {
    module_name(agent, &root_functions(graph))
}

struct Module<'a> {
    agent: &'a AgentNode,
    scope: Scope<'a>,
    /// Modules of other agents that annotations name.
    peers: BTreeSet<String>,
}

impl Module<'_> {
    fn base(&mut self) -> String {
        match &self.agent.config {
            None => "_pc.Agent".to_owned(),
            Some(config) => format!("_pc.ConfiguredAgent[{}]", string(&self.scope.annotation(config))),
        }
    }

    /// An agent with a configuration has it as its attribute `config`.
    fn method_name(&self, operation: &OperationNode) -> String {
        let name = member_function(&operation.name);
        if name == "config" && self.agent.config.is_some() { format!("{name}_") } else { name }
    }

    fn error(&mut self, error: &ErrorNode) -> ErrorView {
        ErrorView {
            class: member_class(&error.name),
            docs: docstring(&error.docs, 4),
            code: string(&error.name),
            retryable: error.retryable,
            has_data: error.data.is_some(),
            shape: error.data.as_ref().map_or_else(|| "None".into(), |data| self.flat_shape(data)),
            data: error.data.as_ref().map_or_else(|| "None".into(), |data| self.scope.annotation(data)),
        }
    }

    fn operation(&mut self, operation: &OperationNode) -> OperationView {
        let input = self.scope.annotation(&operation.input);
        let output = operation.output.as_ref().map(|output| self.scope.annotation(output));
        let base = if operation.callable { "CallableOperation" } else { "Operation" };
        let argument = output.as_deref().map_or_else(|| "None".to_owned(), string);
        let outcome = self.outcome_name(operation);
        OperationView {
            class: member_class(&operation.name),
            function: member_function(&operation.name),
            base: format!("_pc.{base}[{argument}]"),
            docs: docstring(&operation.docs, 4),
            target: string(&operation.target),
            has_output: operation.output.is_some(),
            has_errors: !operation.errors.is_empty(),
            output_shape: operation.output.as_ref().map_or_else(|| "None".into(), |output| self.flat_shape(output)),
            errors: self.errors(operation).lines_between("_errors = ", "", 4),
            outcome_source: string(&self.outcome(operation, output)),
            method: self.method(operation, &input, &outcome),
            method_docs: docstring(&method_docs(operation), 8),
            outcome,
            input,
        }
    }

    fn flat_shape(&self, ty: &Type) -> String {
        // Deep shapes are types of their own; what is left is short.
        shape_or_none(self.scope.graph, ty, self.scope.builtins).lines_between("", "", 0).concat()
    }

    fn errors(&self, operation: &OperationNode) -> Display {
        let errors = operation.errors.iter().map(|name| (string(name), Display::Atom(member_class(name))));
        Display::Dict(errors.collect())
    }

    fn outcome_name(&self, operation: &OperationNode) -> String {
        let operations = self.agent.operations.iter().map(|operation| member_class(&operation.name));
        let errors = self.agent.errors.iter().map(|error| member_class(&error.name));
        outcome_name(&operation.name, &operations.chain(errors).collect())
    }

    /// What a handler may return, as source.
    fn outcome(&mut self, operation: &OperationNode, output: Option<String>) -> String {
        let mut alternatives: Vec<String> = output.into_iter().collect();
        for handoff in &operation.hands_to {
            alternatives.push(self.class_of(&handoff.agent, &handoff.operation));
        }
        if let Some(fan_out) = &operation.fans_out {
            let each: Vec<String> =
                fan_out.each.iter().map(|child| self.class_of(&child.agent, &child.operation)).collect();
            alternatives.push(format!("_pc.FanOut[{}]", each.join(" | ")));
        }
        match alternatives.is_empty() {
            true => "_typing.NoReturn".to_owned(),
            false => alternatives.join(" | "),
        }
    }

    /// The class of an operation of this agent, or of another one.
    fn class_of(&mut self, agent: &str, operation: &str) -> String {
        let class = member_class(operation);
        if agent == self.agent.name {
            return class;
        }
        let module = module_of(self.scope.graph, agent);
        let qualified = format!("{}.{class}", module_alias(&module));
        self.peers.insert(module);
        qualified
    }

    fn method(&mut self, operation: &OperationNode, input: &str, outcome: &str) -> Vec<String> {
        let state = match (&self.scope.graph.state, operation.callable) {
            (Some(state), false) => self.scope.annotation(&state.clone()),
            _ => "None".to_owned(),
        };
        let name = self.method_name(operation);
        let parameters =
            ["self".to_owned(), format!("work: _pc.Work[{state}]"), format!("input: {input}"), "/".to_owned()];
        let returns = format!("{outcome} | _typing.Awaitable[{outcome}]");
        signature(&name, &parameters, &returns)
    }

    fn typing_imports(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.scope.builtins.is_empty() {
            lines.push("import builtins as _builtins".to_owned());
        }
        lines.push("import typing as _typing".to_owned());
        let types = self.scope.used.iter().map(|id| type_name(&self.scope.graph.types[id.0].name));
        let types: BTreeSet<String> = types.map(|name| format!("from . import {name} as _{name}")).collect();
        let peers = self.peers.iter().map(|module| format!("from . import {module} as {}", module_alias(module)));
        let relative: Vec<_> = types.into_iter().chain(peers).collect();
        if !relative.is_empty() {
            lines.push(String::new());
            lines.extend(relative);
        }
        lines
    }

    /// The arguments of `AgentInfo`.
    fn info(&self) -> Vec<String> {
        let rows = self.agent.operations.iter().map(|operation| (string(&operation.name), self.row(operation)));
        Display::Dict(rows.collect()).lines_between("", ",", 8)
    }

    fn row(&self, operation: &OperationNode) -> Display {
        let (graph, builtins) = (self.scope.graph, self.scope.builtins);
        let state = match (&graph.state, operation.callable) {
            (Some(state), false) => shape_or_none(graph, state, builtins),
            _ => Display::Atom("...".into()),
        };
        Display::Tuple(vec![
            Display::Atom(member_class(&operation.name)),
            Display::Atom(string(&self.method_name(operation))),
            shape_or_none(graph, &operation.input, builtins),
            state,
        ])
    }
}

fn method_docs(operation: &OperationNode) -> Vec<String> {
    match operation.docs.is_empty() {
        true => vec![format!("Handles `{}`.", operation.target)],
        false => operation.docs.clone(),
    }
}

/// The lines of `def …:` inside a class, broken as formatters do.
fn signature(name: &str, parameters: &[String], returns: &str) -> Vec<String> {
    let joined = parameters.join(", ");
    let flat = format!("def {name}({joined}) -> {returns}:");
    if flat.len() + 4 <= 120 {
        return vec![flat];
    }
    let inner = match joined.len() + 8 <= 120 {
        true => vec![format!("    {joined}")],
        false => parameters.iter().map(|parameter| format!("    {parameter},")).collect(),
    };
    [vec![format!("def {name}(")], inner, vec![format!(") -> {returns}:")]].concat()
}
