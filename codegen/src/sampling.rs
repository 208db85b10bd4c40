//! Samples of all that a contract's messages may hold: the state, and each operation's input, output and errors.

use std::collections::BTreeSet;

use peer_contract_core::contract::Operation;
use peer_contract_core::sample::{Miss, Sampler};
use peer_contract_core::{Contract, Pointer, Value};

/// What a sample is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The state that travels with the work.
    State,
    /// What an operation accepts.
    Input,
    /// What it replies.
    Output,
    /// The data of one of its errors.
    Error(String),
}

/// A schema that samples are made of.
#[derive(Debug, Clone)]
pub struct Subject {
    /// `agent.operation`; none for the state.
    pub operation: Option<String>,
    /// Which part of it.
    pub part: Part,
    /// Where the schema stands.
    pub schema: Pointer,
}

/// The samples of a subject. Empty lists say that nothing was found.
#[derive(Debug)]
pub enum Samples {
    /// The schema accepts these.
    Valid(Vec<Value>),
    /// The schema refuses these, and one change makes them valid.
    Nearly(Vec<Miss>),
}

impl Part {
    /// `input`, `error unanswerable`.
    pub fn label(&self) -> String {
        match self {
            Self::Error(name) => format!("error {name}"),
            other => other.word().to_owned(),
        }
    }

    /// `input`, `output`, `error`, `state`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Input => "input",
            Self::Output => "output",
            Self::Error(_) => "error",
        }
    }
}

/// All that samples can be made of: the state first, then the operations in order.
pub fn subjects(contract: &Contract) -> Vec<Subject> {
    let state = contract.state().map(|schema| Subject { operation: None, part: Part::State, schema });
    state.into_iter().chain(contract.operations().flat_map(of_operation)).collect()
}

fn of_operation(operation: &Operation) -> Vec<Subject> {
    let subject =
        |part, schema: &Pointer| Subject { operation: Some(operation.target.clone()), part, schema: schema.clone() };
    let output = operation.output.iter().map(|output| subject(Part::Output, &output.schema));
    let errors = operation.errors.values().filter_map(|error| {
        let data = error.data.as_ref()?;
        Some(subject(Part::Error(error.name.clone()), data))
    });
    std::iter::once(subject(Part::Input, &operation.input)).chain(output).chain(errors).collect()
}

/// The names that samples can be asked for by: `state`, agents, and operations.
pub fn names(contract: &Contract) -> BTreeSet<String> {
    let operations = contract.operations().map(|operation| operation.target.clone());
    let agents = contract.agents().keys().cloned();
    let state = contract.state().map(|_| "state".to_owned());
    operations.chain(agents).chain(state).collect()
}

impl Subject {
    /// Whether `name` means it: `state`, an agent, or an operation.
    pub fn is_meant_by(&self, name: &str) -> bool {
        match &self.operation {
            None => name == "state",
            Some(target) => target == name || target.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')),
        }
    }

    /// `reasoner.plan input`
    pub fn label(&self) -> String {
        match &self.operation {
            Some(operation) => format!("{operation} {}", self.part.label()),
            None => self.part.label(),
        }
    }

    /// Up to `count` samples.
    pub fn samples(&self, sampler: &Sampler<'_>, count: usize, nearly: bool) -> Samples {
        match nearly {
            true => Samples::Nearly(sampler.nearly_valid(&self.schema, count)),
            false => Samples::Valid(sampler.valid(&self.schema, count)),
        }
    }
}
