//! The module of one agent: operations, errors, the interface to implement, and the handler.

use std::collections::BTreeSet;

use serde::Serialize;

use super::names::{self, Scope};
use super::types::Types;
use super::{layout, literal};
use crate::ir::{AgentNode, ErrorNode, Graph, OperationNode, Type, camel};
use crate::render::header;

/// All that the `agent.*.hbs` print.
#[derive(Serialize)]
pub struct AgentView {
    /// File name without ending.
    pub stem: String,
    header: Vec<String>,
    /// Import lines of the declarations.
    imports: Vec<String>,
    /// How the modules take what they are made of from `generated` in `peer-contract`.
    esm_import: String,
    esm_take: Vec<String>,
    cjs_take: Vec<String>,
    /// What `operation`, `handler` and `DeclaredError` are called here.
    handler: String,
    base_error: String,
    error_options: String,
    handler_docs: Vec<String>,
    /// `export function lambdaHandler(…): Handler;`
    handler_signature: Vec<String>,
    docs: Vec<String>,
    /// The agent's name as a literal.
    name: String,
    errors: Vec<ErrorView>,
    operations: Vec<OperationView>,
}

/// An error of the contract.
#[derive(Serialize)]
struct ErrorView {
    docs: Vec<String>,
    class: String,
    /// Its name in the contract, as a literal.
    code: String,
    /// Type of what it carries, or `undefined`.
    data: String,
    /// Whether the constructor takes data.
    has_data: bool,
}

/// An operation.
#[derive(Serialize)]
struct OperationView {
    docs: Vec<String>,
    function: String,
    /// `export type Rank = …;`
    brand: Vec<String>,
    /// `export function rank(…): Rank;`
    signature: Vec<String>,
    /// `return operation(…);`
    body: Vec<String>,
    /// Says of which operation the outcome is.
    outcome_docs: String,
    outcome: Vec<String>,
    method: Vec<String>,
}

/// Names in the module, decided before anything is written.
struct Module<'a> {
    graph: &'a Graph,
    agent: &'a AgentNode,
    scope: Scope,
    types: Types<'a>,
    outcomes: Vec<String>,
}

impl AgentView {
    pub fn of(graph: &Graph, agent: &AgentNode) -> Self {
        let module = Module::of(graph, agent);
        let errors = agent.errors.iter().map(|error| module.error(error)).collect();
        let operations = agent.operations.iter().zip(&module.outcomes);
        let operations = operations.map(|(operation, outcome)| module.operation(operation, outcome)).collect();
        let scope = &module.scope;
        let taken: Vec<String> = module.runtime_names().into_iter().map(|name| scope.take(name)).collect();
        let generated = scope.borrow("generated");
        Self {
            stem: names::stem(&agent.name),
            header: header(&graph.contract),
            imports: module.imports(),
            esm_import: format!("import {{ {} }} from 'peer-contract';", scope.import("generated")),
            esm_take: layout::list(0, "const { ", &taken, &format!(" }} = {generated};")),
            cjs_take: layout::list(0, "const { ", &taken, " } = require('peer-contract').generated;"),
            handler: scope.borrow("handler"),
            base_error: scope.borrow("DeclaredError"),
            error_options: scope.borrow("DeclaredErrorOptions"),
            handler_docs: module.handler_docs(),
            handler_signature: module.handler_signature(),
            docs: literal::docs(&agent.docs, false),
            name: literal::string(&agent.name),
            errors,
            operations,
        }
    }
}

impl<'a> Module<'a> {
    fn of(graph: &'a Graph, agent: &'a AgentNode) -> Self {
        let mut scope = Scope::default();
        for name in ["Agent", "lambdaHandler"] {
            scope.declare(name.to_owned());
        }
        for operation in &agent.operations {
            let function = names::binding(&operation.name);
            let brand = camel(&operation.name);
            if function != brand {
                scope.declare(function);
            }
            scope.declare(brand);
        }
        for error in &agent.errors {
            scope.declare(camel(&error.name));
        }
        let outcomes = agent.operations.iter().map(|operation| camel(&operation.name) + "Outcome");
        let outcomes = outcomes.map(|name| scope.declare(name)).collect();
        let types = Types::new(graph, format!("{}.", scope.borrow("t")), &scope);
        Self { graph, agent, scope, types, outcomes }
    }

    fn error(&self, error: &ErrorNode) -> ErrorView {
        ErrorView {
            docs: literal::docs(&error.docs, false),
            class: camel(&error.name),
            code: literal::string(&error.name),
            data: error.data.as_ref().map_or_else(|| "undefined".to_owned(), |ty| self.types.write(ty)),
            has_data: error.data.is_some(),
        }
    }

    fn operation(&self, operation: &OperationNode, outcome: &str) -> OperationView {
        let function = names::binding(&operation.name);
        let brand = camel(&operation.name);
        let input = format!("input: {}", self.types.write(&operation.input));
        OperationView {
            docs: literal::docs(&operation.docs, false),
            brand: self.brand(operation, &brand),
            signature: layout::list(
                0,
                &format!("export function {function}("),
                std::slice::from_ref(&input),
                &format!("): {brand};"),
            ),
            body: self.body(operation),
            outcome_docs: format!("/** How `{}` may end, besides its errors. */", operation.name),
            outcome: layout::union(outcome, &self.outcome(operation)),
            method: self.method(operation, outcome, input),
            function,
        }
    }

    fn brand(&self, operation: &OperationNode, brand: &str) -> Vec<String> {
        let name = literal::string(&self.full_name(operation));
        if !operation.callable {
            return layout::union(brand, &[format!("{}<{name}>", self.scope.borrow("Operation"))]);
        }
        let output = operation.output.as_ref().map_or_else(|| "undefined".to_owned(), |ty| self.types.write(ty));
        layout::list(0, &format!("export type {brand} = {}<", self.scope.borrow("Callable")), &[name, output], ">;")
    }

    /// A call can be answered with the errors of the operation, which `work.call` throws as these classes.
    fn body(&self, operation: &OperationNode) -> Vec<String> {
        let mut arguments = vec![literal::string(&self.full_name(operation)), "input".to_owned()];
        if operation.callable && !operation.errors.is_empty() {
            let classes: Vec<String> = operation.errors.iter().map(|name| camel(name)).collect();
            arguments.push(format!("[{}]", classes.join(", ")));
        }
        layout::list(2, &format!("return {}(", self.scope.borrow("operation")), &arguments, ");")
    }

    fn outcome(&self, operation: &OperationNode) -> Vec<String> {
        let reply = operation.output.iter().map(|ty| self.types.write(ty));
        let handoffs = operation.hands_to.iter().map(|handoff| self.brand_of(&handoff.agent, &handoff.operation));
        let fan_out = operation.fans_out.iter().map(|fan_out| {
            let each: Vec<String> =
                fan_out.each.iter().map(|child| self.brand_of(&child.agent, &child.operation)).collect();
            format!("{}<{}>", self.scope.borrow("FanOut"), each.join(" | "))
        });
        let outcomes: Vec<String> = reply.chain(handoffs).chain(fan_out).collect();
        if outcomes.is_empty() { vec!["never".to_owned()] } else { outcomes }
    }

    /// The type of an operation of this agent, or of another one.
    fn brand_of(&self, agent: &str, operation: &str) -> String {
        let brand = camel(operation);
        if agent == self.agent.name { brand } else { format!("${}.{brand}", names::stem(agent)) }
    }

    fn method(&self, operation: &OperationNode, outcome: &str, input: String) -> Vec<String> {
        let state = self.graph.state.as_ref().filter(|_| !operation.callable);
        let state = state.map_or_else(|| "undefined".to_owned(), |ty| self.types.write(ty));
        let parameters = [format!("work: {}<{state}>", self.scope.borrow("Work")), input];
        let result = format!("): {outcome} | {}<{outcome}>;", self.scope.global("Promise"));
        layout::list(2, &format!("{}(", names::method(&operation.name)), &parameters, &result)
    }

    fn handler_docs(&self) -> Vec<String> {
        let mut docs =
            vec!["A handler for Lambda and for local runs: `export const handler = lambdaHandler(agent)`.".to_owned()];
        if self.agent.config.is_some() {
            docs.push("With its configuration: `lambdaHandler((config) => agent)`.".to_owned());
        }
        literal::docs(&docs, false)
    }

    /// An agent, or what makes it from its configuration.
    fn handler_signature(&self) -> Vec<String> {
        let configured = |config: &Type| format!("Agent | ((config: {}) => Agent)", self.types.write(config));
        let agent = self.agent.config.as_ref().map_or_else(|| "Agent".to_owned(), configured);
        let end = format!("): {};", self.scope.borrow("Handler"));
        layout::list(0, "export function lambdaHandler(", &[format!("agent: {agent}")], &end)
    }

    fn full_name(&self, operation: &OperationNode) -> String {
        format!("{}/{}", self.graph.contract.name, operation.target)
    }

    /// Names that the modules take from `generated`.
    fn runtime_names(&self) -> Vec<&'static str> {
        let error = if self.agent.errors.is_empty() { None } else { Some("DeclaredError") };
        error.into_iter().chain(["handler", "operation"]).collect()
    }

    /// Import lines of the declarations; asked for after everything else is written.
    fn imports(&self) -> Vec<String> {
        let clauses: Vec<String> = self.type_names().into_iter().map(|name| self.scope.import(name)).collect();
        let mut lines = Vec::new();
        if !self.agent.errors.is_empty() {
            lines.push(format!("import {{ {} }} from 'peer-contract';", self.scope.import("DeclaredError")));
        }
        lines.extend(layout::list(0, "import type { ", &clauses, " } from 'peer-contract';"));
        if self.uses_types() {
            lines.push(format!("import type * as {} from './index.mjs';", self.scope.borrow("t")));
        }
        lines.extend(self.peers().iter().map(|stem| format!("import type * as ${stem} from './{stem}.mjs';")));
        lines
    }

    fn type_names(&self) -> BTreeSet<&'static str> {
        let operations = &self.agent.operations;
        let wanted = [
            ("Callable", operations.iter().any(|operation| operation.callable)),
            ("DeclaredErrorOptions", !self.agent.errors.is_empty()),
            ("FanOut", operations.iter().any(|operation| operation.fans_out.is_some())),
            ("Handler", true),
            ("Operation", operations.iter().any(|operation| !operation.callable)),
            ("Work", !operations.is_empty()),
        ];
        let wanted = wanted.into_iter().filter_map(|(name, used)| used.then_some(name));
        wanted.chain(self.types.borrowed()).collect()
    }

    /// Whether a named type stands in the module.
    fn uses_types(&self) -> bool {
        let has_state = self.agent.operations.iter().any(|operation| !operation.callable);
        let state = self.graph.state.iter().filter(|_| has_state);
        let operations = self.agent.operations.iter();
        let bodies = operations.flat_map(|operation| std::iter::once(&operation.input).chain(&operation.output));
        let data = self.agent.errors.iter().filter_map(|error| error.data.as_ref());
        state.chain(bodies).chain(data).chain(&self.agent.config).any(is_named)
    }

    /// Files of the other agents that work is handed to, or that children are of.
    fn peers(&self) -> BTreeSet<String> {
        let operations = || self.agent.operations.iter();
        let handoffs = operations().flat_map(|operation| &operation.hands_to).map(|handoff| &handoff.agent);
        let fan_outs = operations().flat_map(|operation| &operation.fans_out);
        let children = fan_outs.flat_map(|fan_out| &fan_out.each).map(|child| &child.agent);
        handoffs.chain(children).filter(|agent| **agent != self.agent.name).map(|agent| names::stem(agent)).collect()
    }
}

fn is_named(ty: &Type) -> bool {
    match ty {
        Type::Named(_) => true,
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => is_named(inner),
        Type::Either(types) => types.iter().any(is_named),
        Type::Tuple(tuple) => tuple.items.iter().chain(tuple.rest.as_deref()).any(is_named),
        _ => false,
    }
}
