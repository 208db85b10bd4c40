//! `events` of an operation: which events of services start work there, and what input they make.

use std::collections::BTreeMap;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Events of services that start work at an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Events"))]
pub struct EventsDocument {
    /// Objects of S3, as a bucket's notifications and EventBridge tell of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3: Option<ObjectEventsDocument>,
}

/// Events about objects, and the input they make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ObjectEvents"))]
pub struct ObjectEventsDocument {
    /// What happened to the object; without it, `created`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub on: Vec<ObjectChange>,
    /// Properties of the input, each with the fact of the event that it gets.
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 1)))]
    pub input: BTreeMap<String, ObjectFact>,
}

impl ObjectEventsDocument {
    /// What it is for, the default filled in.
    pub(super) fn changes(&self) -> impl Iterator<Item = ObjectChange> {
        let default = self.on.is_empty().then_some(ObjectChange::Created);
        self.on.iter().copied().chain(default)
    }

    pub(super) fn lower(&self) -> ObjectEvents {
        ObjectEvents { on: self.changes().collect(), input: self.input.clone() }
    }
}

/// Events about objects that start work at an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectEvents {
    /// What happened to the object.
    pub on: Vec<ObjectChange>,
    /// Properties of the input and the facts they get.
    pub input: BTreeMap<String, ObjectFact>,
}

/// What can happen to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ObjectChange {
    /// It was written.
    Created,
    /// It was deleted, or expired.
    Deleted,
}

/// What an event tells of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ObjectFact {
    /// Name of the bucket.
    Bucket,
    /// Key of the object, decoded.
    Key,
    /// Bytes of the object.
    Size,
    /// Its entity tag.
    ETag,
    /// Its version, in a bucket that keeps versions.
    VersionId,
    /// Tells which of two events about the same key came later, compared as text of the same length.
    Sequencer,
    /// Region of the bucket.
    Region,
    /// When it happened, as RFC 3339 writes it.
    Time,
}

impl ObjectFact {
    /// Its type in JSON Schema.
    pub(super) const fn json_type(self) -> &'static str {
        match self {
            Self::Size => "integer",
            _ => "string",
        }
    }
}
