//! What running an agent needs of a contract beside its operations and schemas.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::document::{self, AgentDocument, Document, PhasesDocument, WorkConstraints};

/// Name, version, phases and limits.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) version: String,
    state: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "document::present")]
    pub(super) initial_state: Option<Value>,
    pub(super) phases: Option<PhasesDocument>,
    #[serde(default)]
    pub(super) constraints: WorkConstraints,
}

#[derive(Deserialize)]
struct Agents {
    agents: BTreeMap<String, AgentDocument>,
}

impl Head {
    pub(super) fn of(document: &Document) -> Self {
        Self {
            name: document.name.clone(),
            version: document.version.clone(),
            state: document.state.as_ref().map(|_| IgnoredAny),
            initial_state: document.initial_state.clone(),
            phases: document.phases.clone(),
            constraints: document.constraints.clone(),
        }
    }

    /// Head and agents of a contract that was checked before; its types stay unread.
    pub(super) fn read(value: &Value) -> Result<(Self, BTreeMap<String, AgentDocument>), serde_json::Error> {
        Ok((Self::deserialize(value)?, Agents::deserialize(value)?.agents))
    }

    pub(super) fn has_state(&self) -> bool {
        self.state.is_some()
    }

    pub(super) fn start(&self) -> Option<&str> {
        self.phases.as_ref().map(|phases| phases.start.as_str())
    }
}
