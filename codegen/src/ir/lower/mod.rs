//! Contract to graph.

mod finish;
mod merge;
mod properties;
mod seen;
mod sight;
mod tuples;
mod types;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::contract::{Agent, DeclaredError, FanOut, Kind, Operation};
use peer_contract_core::{Contract, Pointer};
pub(super) use seen::constant;
pub use sight::Sight;
use types::Types;

use super::{
    AgentNode, ChildNode, ContractFacts, ErrorNode, FanOutNode, Graph, HandoffNode, OperationNode, Type, docs,
};

/// Makes the graph of a contract. It cannot fail: what has no type is [`Type::Json`], and is still checked.
pub fn lower(contract: &Contract) -> Graph {
    let mut types = Types::of(contract.value());
    let has_phases = contract.operations().any(|operation| operation.kind != Kind::Callable);
    let state = contract.state().filter(|_| has_phases).map(|at| types.at(&at));
    let mut agents: Vec<AgentNode> =
        contract.agents().values().map(|agent| lower_agent(contract, agent, &mut types)).collect();
    let reserved: BTreeSet<String> = contract.agents().keys().cloned().collect();
    let (named, renumbering) = types.finish(&reserved);
    let state = state.map(|ty| renumbering.apply(ty));
    for_each_type(&mut agents, |ty| *ty = renumbering.apply(std::mem::replace(ty, Type::Json)));
    let places = types.places.into_iter().map(|(at, ty)| (at, renumbering.apply(ty))).collect();
    Graph { contract: facts(contract), types: named, state, agents, places }
}

/// What types are made of at a place. Where two contracts differ in one keyword, it tells whether the keyword is in a type.
pub fn look(sight: &Sight<'_>, at: &Pointer) -> impl PartialEq + use<> {
    let seen = sight.see(at);
    // What stands beside alternatives is in their types, and in no other.
    let beside: Vec<_> = match &seen.kind {
        seen::Kind::Union(alternatives) => {
            let merged = alternatives.iter().filter(|alternative| alternative.beside.is_some());
            merged.map(|alternative| alternative.properties(sight)).collect()
        }
        _ => Vec::new(),
    };
    (seen, beside)
}

fn facts(contract: &Contract) -> ContractFacts {
    ContractFacts {
        name: contract.name().to_owned(),
        version: contract.version().to_owned(),
        docs: docs::lines(contract.document().description.as_deref()),
        hash: contract.hash().to_string(),
        canonical: String::from_utf8(contract.canonical().to_vec()).expect("canonical JSON is UTF-8"),
        compiler: env!("CARGO_PKG_VERSION").to_owned(),
        initial_state: contract.initial_state(),
    }
}

fn lower_agent(contract: &Contract, agent: &Agent, types: &mut Types<'_>) -> AgentNode {
    let written = &contract.document().agents[&agent.name];
    let operation = |operation: &Operation| {
        let description = written.operations[&operation.name].description.as_deref();
        lower_operation(operation, docs::lines(description), types)
    };
    let operations = agent.operations.values().map(operation).collect();
    AgentNode {
        name: agent.name.clone(),
        docs: docs::lines(written.description.as_deref()),
        operations,
        errors: lower_errors(contract, agent, types),
        config: agent.config.as_ref().map(|at| types.at(at)),
    }
}

fn lower_operation(operation: &Operation, docs: Vec<String>, types: &mut Types<'_>) -> OperationNode {
    let handoff = |(target, phase): (&String, &String)| {
        let (agent, operation) = target.split_once('.').expect("the checker lets only `agent.operation` through");
        HandoffNode { agent: agent.to_owned(), operation: operation.to_owned(), phase: phase.clone() }
    };
    OperationNode {
        name: operation.name.clone(),
        target: operation.target.clone(),
        docs,
        input: types.at(&operation.input),
        output: operation.output.as_ref().map(|output| types.at(&output.schema)),
        callable: operation.kind == Kind::Callable,
        entry: operation.kind == Kind::Entry,
        hands_to: operation.hands_to.iter().map(handoff).collect(),
        fans_out: operation.fans_out.as_ref().map(lower_fan_out),
        calls: operation.calls.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect(),
        errors: operation.errors.keys().cloned().collect(),
    }
}

fn lower_fan_out(fan_out: &FanOut) -> FanOutNode {
    let targets: BTreeSet<&String> = fan_out.each.iter().collect();
    let child = |target: &String| {
        let (agent, operation) = target.split_once('.').expect("the checker lets only `agent.operation` through");
        ChildNode { agent: agent.to_owned(), operation: operation.to_owned() }
    };
    FanOutNode { each: targets.into_iter().map(child).collect(), join: fan_out.join.clone() }
}

/// One name is one error of the agent; the first operation that has it describes it.
fn lower_errors(contract: &Contract, agent: &Agent, types: &mut Types<'_>) -> Vec<ErrorNode> {
    let mut found: BTreeMap<&String, (&Operation, &DeclaredError)> = BTreeMap::new();
    for operation in agent.operations.values() {
        for (name, error) in &operation.errors {
            found.entry(name).or_insert((operation, error));
        }
    }
    let written = &contract.document().agents[&agent.name].operations;
    let node = |(name, (operation, error)): (&String, (&Operation, &DeclaredError))| ErrorNode {
        name: name.clone(),
        docs: docs::lines(written[&operation.name].errors[name].description.as_deref()),
        data: error.data.as_ref().map(|at: &Pointer| types.at(at)),
        retryable: error.retryable,
    };
    found.into_iter().map(node).collect()
}

fn for_each_type(agents: &mut [AgentNode], mut change: impl FnMut(&mut Type)) {
    for agent in agents {
        agent.config.iter_mut().for_each(&mut change);
        agent.errors.iter_mut().filter_map(|error| error.data.as_mut()).for_each(&mut change);
        for operation in &mut agent.operations {
            change(&mut operation.input);
            operation.output.iter_mut().for_each(&mut change);
        }
    }
}
