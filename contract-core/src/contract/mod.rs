//! The contract: as written, the rules it must keep, and what is left when all rules hold.

mod check;
mod document;
mod duration;
mod events;
mod fan_out;
mod hash;
mod head;
mod lookup;
mod lower;
mod meta;
mod model;
mod name;
pub mod place;
pub(crate) mod reference;

pub use document::{
    AgentDocument, Document, ErrorDocument, OperationConstraints, OperationDocument, OutputDocument, PhasesDocument,
    SchemaDocument, WorkConstraints,
};
pub use events::{EventsDocument, ObjectChange, ObjectEvents, ObjectEventsDocument, ObjectFact};
pub use fan_out::{Complete, EachDocument, FanOut, FanOutDocument};
pub use hash::{ConfigHash, ContractHash, OperationHash};
pub(crate) use lookup::names_property;
pub use meta::meta_schema;
pub use model::{Agent, Constraints, Contract, DeclaredError, Kind, Operation, Output};
pub use name::{agent_of, fold, is_contract_name, is_name};
pub use reference::target_of;

/// The keywords that a schema of a contract may have, beside those that begin with `x-`.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    check::CARRIED.iter().chain(place::ANNOTATIONS).copied()
}

/// Every schema of a contract as it is written, whole ones and those within, with its place, in document order.
pub fn schemas(contract: &serde_json::Value) -> Vec<(crate::Pointer, &serde_json::Value)> {
    let mut all = Vec::new();
    place::each_schema(contract, place::Place::Contract, &crate::Pointer::root(), &mut |schema, at| {
        all.push((at.clone(), schema));
    });
    all
}
