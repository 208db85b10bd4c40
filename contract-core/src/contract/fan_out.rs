//! `fansOut`: as written, and what is left of it when all rules hold.

use std::collections::BTreeMap;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AgentDocument;

/// Children that run at once when the contract does not say.
const CONCURRENCY: u32 = 10;

/// Children that run side by side, and the operation that goes on with what they gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FanOut"))]
pub struct FanOutDocument {
    /// The callable operation that every child is, or those that a child may be.
    pub each: EachDocument,
    /// The operation that gets `{ "results": [...] }` and goes on with the work.
    pub join: String,
    /// The phase this leads to; may be left out where the join starts from one phase only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// When the work goes on; without it, `all`.
    #[serde(default)]
    pub complete: Complete,
    /// Children that run at once; without it, 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub concurrency: Option<u32>,
}

/// What children may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FanOutEach"))]
#[serde(untagged)]
pub enum EachDocument {
    /// `agent.operation`.
    One(String),
    /// Several of them.
    Several(#[cfg_attr(feature = "schema", schemars(length(min = 1), extend("uniqueItems" = true)))] Vec<String>),
}

impl EachDocument {
    /// The targets with their places below `each`, as written.
    pub(super) fn targets(&self) -> impl Iterator<Item = (Option<usize>, &String)> {
        let (one, several) = match self {
            Self::One(target) => (Some(target), &[][..]),
            Self::Several(targets) => (None, targets.as_slice()),
        };
        one.into_iter()
            .map(|target| (None, target))
            .chain(several.iter().enumerate().map(|(i, target)| (Some(i), target)))
    }
}

/// When a fan-out has what its join needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FanOutComplete"))]
#[serde(rename_all = "camelCase")]
pub enum Complete {
    /// Every child gave an output. The join gets outputs only; one failure ends the work.
    #[default]
    All,
    /// One child gave an output. The join gets that one.
    First,
    /// Every child has ended, however it did. The join gets outputs and errors.
    Settled,
    /// So many children gave an output. The join gets these outputs.
    Outputs(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))] u32),
    /// Every child has ended, and at most so many failed. The join gets outputs and errors.
    ToleratedFailures(#[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1000)))] u32),
    /// Every child has ended, and at most so many of a hundred failed. The join gets outputs and errors.
    ToleratedFailurePercent(#[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))] u32),
}

impl Complete {
    /// Whether the results that the join gets may hold errors.
    pub fn tells_errors(self) -> bool {
        matches!(self, Self::Settled | Self::ToleratedFailures(_) | Self::ToleratedFailurePercent(_))
    }

    /// Outputs without which the join never runs, whatever the number of children.
    pub fn least_outputs(self) -> usize {
        match self {
            Self::First => 1,
            Self::Outputs(outputs) => outputs as usize,
            _ => 0,
        }
    }
}

/// How an operation spreads the work over children.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FanOut {
    /// The callable operations that children may be, `agent.operation`, as the contract lists them.
    pub each: Vec<String>,
    /// The operation that gets their results.
    pub join: String,
    /// The phase this leads to.
    pub to: String,
    /// When the join runs.
    pub complete: Complete,
    /// Children that run at once.
    pub concurrency: u32,
}

impl FanOut {
    /// Of a contract that keeps all rules.
    pub(super) fn of(written: &FanOutDocument, agents: &BTreeMap<String, AgentDocument>) -> Self {
        Self {
            each: written.each.targets().map(|(_, target)| target.clone()).collect(),
            join: written.join.clone(),
            to: written.phase(agents).unwrap_or_default(),
            complete: written.complete,
            concurrency: written.concurrency.unwrap_or(CONCURRENCY),
        }
    }
}

impl FanOutDocument {
    /// The phase it leads to: as it says, or the only one its join starts from.
    pub(super) fn phase(&self, agents: &BTreeMap<String, AgentDocument>) -> Option<String> {
        let only = || {
            let (agent, operation) = self.join.split_once('.')?;
            match agents.get(agent)?.operations.get(operation)?.from.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            }
        };
        self.to.clone().or_else(only)
    }
}
