//! The names in one agent's module.

use std::collections::BTreeMap;

use super::names::{self, Taken};
use crate::ir::{AgentNode, camel};

/// The items of one agent's module.
pub struct AgentNames {
    /// Of each operation.
    pub operations: BTreeMap<String, OperationNames>,
    /// Of each error.
    pub errors: BTreeMap<String, String>,
}

/// The items of one operation.
pub struct OperationNames {
    /// The operation with its input.
    pub item: String,
    /// How it may end.
    pub outcome: String,
    /// How it fails.
    pub error: String,
    /// Its errors as callers see them.
    pub fault: String,
}

impl AgentNames {
    /// Operations and errors have the names of the contract; what is derived from these gives way.
    pub fn of(node: &AgentNode) -> Self {
        let mut taken = Taken::default();
        for own in ["Agent", "Served"] {
            taken.give(own);
        }
        let items: Vec<String> =
            node.operations.iter().map(|operation| taken.give(&names::item(&operation.name))).collect();
        let errors =
            node.errors.iter().map(|error| (error.name.clone(), taken.give(&names::item(&error.name)))).collect();
        let operations = node.operations.iter().zip(items).map(|(operation, item)| {
            let mut derived = |end: &str| taken.give(&format!("{}{end}", camel(&operation.name)));
            let names =
                OperationNames { outcome: derived("Outcome"), error: derived("Error"), fault: derived("Fault"), item };
            (operation.name.clone(), names)
        });
        Self { operations: operations.collect(), errors }
    }
}
