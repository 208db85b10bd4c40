//! A contract to its chart.

use std::collections::BTreeSet;

use peer_contract_core::Contract;
use peer_contract_core::contract::{Kind, Operation};

use super::{Agent, Chart, Entry, Outcome, Way};

impl Chart {
    /// The chart of a contract.
    pub fn of(contract: &Contract) -> Self {
        let document = contract.document();
        let agents: Vec<Agent> = contract
            .agents()
            .values()
            .map(|agent| {
                let written = document.agents.get(&agent.name);
                let operations = agent.operations.values().map(|operation| {
                    let about = written.and_then(|agent| agent.operations.get(&operation.name)?.description.clone());
                    entry(operation, about.unwrap_or_default())
                });
                Agent {
                    name: agent.name.clone(),
                    description: written.and_then(|agent| agent.description.clone()).unwrap_or_default(),
                    operations: operations.collect(),
                }
            })
            .collect();
        let ends = ends(contract, &agents);
        let start = contract.start_phase().unwrap_or_default().to_owned();
        Self { name: contract.name().to_owned(), version: contract.version().to_owned(), start, ends, agents }
    }
}

fn entry(operation: &Operation, description: String) -> Entry {
    let way = |kind, error: &str, operation: &str, phase: Option<&String>| Outcome {
        kind,
        error: error.to_owned(),
        operation: operation.to_owned(),
        phase: phase.cloned().unwrap_or_default(),
    };
    let handoffs = operation.hands_to.iter().map(|(target, phase)| way(Way::Handoff, "", target, Some(phase)));
    let replies = operation.output.iter().map(|output| way(Way::Reply, "", "", output.to.as_ref()));
    let errors = operation.errors.values().map(|error| way(Way::Error, &error.name, "", error.to.as_ref()));
    let calls = operation.calls.iter().map(|target| way(Way::Call, "", target, None));
    let children = operation.fans_out.iter().flat_map(|fan_out| &fan_out.each);
    let children = children.map(|target| way(Way::Child, "", target, None));
    let joins = operation.fans_out.iter().map(|fan_out| way(Way::Join, "", &fan_out.join, Some(&fan_out.to)));
    Entry {
        name: operation.name.clone(),
        target: operation.target.clone(),
        description,
        kind: match operation.kind {
            Kind::Entry => "entry",
            Kind::Phased => "phased",
            Kind::Callable => "callable",
        },
        from: operation.from.clone(),
        outcomes: handoffs.chain(children).chain(joins).chain(replies).chain(errors).chain(calls).collect(),
    }
}

/// The ends in the order of the contract, then other phases that outcomes lead to without naming an operation.
fn ends(contract: &Contract, agents: &[Agent]) -> Vec<String> {
    let declared: Vec<String> = contract.document().phases.iter().flat_map(|phases| phases.end.clone()).collect();
    let outcomes = agents.iter().flat_map(|agent| &agent.operations).flat_map(|entry| &entry.outcomes);
    let reached = outcomes.filter(|outcome| outcome.operation.is_empty() && !outcome.phase.is_empty());
    let others: BTreeSet<String> = reached.map(|outcome| outcome.phase.clone()).collect();
    let others = others.into_iter().filter(|phase| !declared.contains(phase)).collect::<Vec<_>>();
    declared.into_iter().chain(others).collect()
}
