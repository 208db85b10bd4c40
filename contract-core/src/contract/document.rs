//! The contract as written. Anything may still be wrong with it; `check` says what.

use std::collections::BTreeMap;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::EventsDocument;
use super::fan_out::FanOutDocument;

/// Names of agents, operations, errors and phases.
#[cfg(feature = "schema")]
const NAME: &str = "^[A-Za-z][A-Za-z0-9_]{0,63}$";

/// Keeps `null` apart from a member that is absent.
pub(super) fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// A JSON Schema 2020-12: an object or a boolean. `#/$defs/…` leads to the contract's own types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaDocument(pub Value);

#[cfg(feature = "schema")]
impl JsonSchema for SchemaDocument {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Schema".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "$ref": "https://json-schema.org/draft/2020-12/schema" })
    }
}

/// A contract between agents: types, state, phases, operations, and who may hand over to whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Where an editor finds the schema of contracts.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// A note to whoever reads the file.
    #[serde(default, rename = "$comment", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Version of this format: `"1"`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "1")))]
    pub peer_contract: String,
    /// Name of the contract; begins function names and message types.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9-]{0,63}$")))]
    pub name: String,
    /// Semantic version of the contract, for people; machines go by the hash.
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"))
    )]
    pub version: String,
    /// A short title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the agents do together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The state that travels with the work. Needed as soon as an operation has a phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SchemaDocument>,
    /// The state a work begins with; `{}` where it is left out.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub initial_state: Option<Value>,
    /// Where a work starts and where it may end. Needed as soon as an operation has a phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phases: Option<PhasesDocument>,
    /// The agents by name.
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 1, "propertyNames" = { "pattern": NAME })))]
    pub agents: BTreeMap<String, AgentDocument>,
    /// Limits on one whole work.
    #[serde(default, skip_serializing_if = "WorkConstraints::is_empty")]
    pub constraints: WorkConstraints,
    /// The types of the contract.
    #[serde(default, rename = "$defs", skip_serializing_if = "BTreeMap::is_empty")]
    pub defs: BTreeMap<String, SchemaDocument>,
}

/// The ends of the state machine; the phases between are those that operations name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Phases"))]
pub struct PhasesDocument {
    /// The phase every work starts in.
    pub start: String,
    /// The phases a work may end in.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub end: Vec<String>,
}

/// One participant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Agent"))]
pub struct AgentDocument {
    /// What the agent does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Settings of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<SchemaDocument>,
    /// Its typed entry points by name.
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 1, "propertyNames" = { "pattern": NAME })))]
    pub operations: BTreeMap<String, OperationDocument>,
}

/// One typed entry point of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(rename = "Operation"))]
pub struct OperationDocument {
    /// What the operation does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it accepts.
    pub input: SchemaDocument,
    /// What it replies, if it replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<OutputDocument>,
    /// The phases it starts from; none for a callable operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub from: Vec<String>,
    /// The operations it may hand the work to, each with the phase that leads to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hands_to: BTreeMap<String, String>,
    /// The callable operations it may ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub calls: Vec<String>,
    /// The callable operations it may spread the work over, and the operation that goes on with their results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fans_out: Option<FanOutDocument>,
    /// The errors it may end with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = { "pattern": NAME })))]
    pub errors: BTreeMap<String, ErrorDocument>,
    /// Limits on one run of the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraints: Option<OperationConstraints>,
    /// Pointer into the input at the value that makes two messages the same request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// Events of services that start work here; of an entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<EventsDocument>,
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Output"))]
pub struct OutputDocument {
    /// What is replied.
    pub schema: SchemaDocument,
    /// The phase the reply leads to; an end, or none for a callable operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// An error that is part of the contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Error"))]
pub struct ErrorDocument {
    /// When the error is raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the error carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<SchemaDocument>,
    /// Whether the same message may be tried again.
    #[serde(default)]
    pub retryable: bool,
    /// The phase the error leads to; without one the work ends as failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Limits on one run of an operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OperationConstraints {
    /// ISO 8601 duration, up to `PT15M`; without one, 60 seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Memory of the function in MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 128, max = 10240)))]
    pub memory_mb: Option<u32>,
    /// How often a message is tried in all; without it, 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub attempts: Option<u32>,
    /// ISO 8601 duration, up to `PT168H`: how long a key of `idempotencyKey` is remembered; without one, `PT24H`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_lifetime: Option<String>,
}

/// Limits on one whole work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkConstraints {
    /// ISO 8601 duration from the first message; without one, five minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Hops of one work, up to 15; without it, 15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 15)))]
    pub max_hops: Option<u32>,
    /// Bytes of the state as JSON, up to 16 MiB; without it, 16 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 16_777_216)))]
    pub max_state_bytes: Option<u64>,
}

impl WorkConstraints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
