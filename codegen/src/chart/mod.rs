//! The agents of a contract as a picture: who hands over to whom, which phase that leads to, and where a work ends.
//!
//! ```text
//! Contract ─of→ Chart ─┬→ Mermaid, DOT, JSON
//!                      └layers→ place→ Scene ─draw→ SVG
//! ```

mod dot;
mod draw;
mod layers;
mod lines;
mod mermaid;
mod of;
mod place;
mod scene;

use serde::Serialize;

pub use dot::to_dot;
pub use draw::to_svg;
pub(crate) use lines::escape;
pub use mermaid::to_mermaid;
pub use scene::TooLarge;

/// Agents, operations, and where these lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Name of the contract.
    pub name: String,
    /// Version of the contract.
    pub version: String,
    /// The phase that works start in; empty where there are no phases.
    pub start: String,
    /// The phases that works end in, and those that no operation starts from.
    pub ends: Vec<String>,
    /// The agents by name.
    pub agents: Vec<Agent>,
}

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Its operations by name.
    pub operations: Vec<Entry>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// `agent.operation`.
    pub target: String,
    /// What it does.
    pub description: String,
    /// `entry`, `phased` or `callable`.
    pub kind: &'static str,
    /// The phases it starts from.
    pub from: Vec<String>,
    /// Where it may lead, and whom it may ask.
    pub outcomes: Vec<Outcome>,
}

/// One way to go on from an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What kind of way.
    pub kind: Way,
    /// Name of the error; empty for the others.
    pub error: String,
    /// The operation it leads to; empty for what ends a work or answers a caller.
    pub operation: String,
    /// The phase it leads to; empty for calls, and for errors that fail the work.
    pub phase: String,
}

/// Kinds of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Way {
    /// The work goes on elsewhere.
    Handoff,
    /// The operation replies.
    Reply,
    /// It ends with an error of the contract.
    Error,
    /// It spreads the work over children that are this operation.
    Child,
    /// The work goes on there with what the children gave.
    Join,
    /// It asks another operation and goes on.
    Call,
}

impl Way {
    /// Its class in a picture.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Handoff | Self::Join => "handoff",
            Self::Reply => "reply",
            Self::Error => "error",
            Self::Child | Self::Call => "call",
        }
    }

    /// As which way it is drawn: children are asked, and a join gets the work.
    pub(crate) fn drawn(self) -> Self {
        match self {
            Self::Child => Self::Call,
            Self::Join => Self::Handoff,
            other => other,
        }
    }
}

impl Outcome {
    /// What a picture writes below the operation; each name goes through `name` first.
    pub(crate) fn label(&self, name: impl Fn(&str) -> String) -> String {
        match self.kind {
            Way::Handoff => format!("{} → {}", name(&self.phase), name(&self.operation)),
            Way::Reply if self.phase.is_empty() => "answers its caller".to_owned(),
            Way::Reply => format!("reply → {}", name(&self.phase)),
            Way::Error if self.phase.is_empty() => format!("{} → failed", name(&self.error)),
            Way::Error => format!("{} → {}", name(&self.error), name(&self.phase)),
            Way::Child => format!("fans out to {}", name(&self.operation)),
            Way::Join => format!("{} → joined by {}", name(&self.phase), name(&self.operation)),
            Way::Call => format!("calls {}", name(&self.operation)),
        }
    }
}

impl Chart {
    /// All operations.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.agents.iter().flat_map(|agent| &agent.operations)
    }
}

#[cfg(test)]
mod tests;
