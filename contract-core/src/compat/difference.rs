//! What a comparison finds: the words it is told in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::edits::Edit;
use crate::{ErrorCode, Pointer};

/// One of the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// The one that is in use.
    Old,
    /// The one that is to come.
    New,
}

impl Version {
    pub(super) fn other(self) -> Self {
        if self == Self::Old { Self::New } else { Self::Old }
    }
}

/// Who meets whom while both versions are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Messages of the old version come to agents of the new one.
    Backward,
    /// Messages of the new version come to agents of the old one.
    Forward,
}

impl Direction {
    /// `backward` or `forward`.
    pub fn as_str(self) -> &'static str {
        if self == Self::Backward { "backward" } else { "forward" }
    }

    pub(super) fn sender(self) -> Version {
        if self == Self::Backward { Version::Old } else { Version::New }
    }
}

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cause {
    /// The contract has another name, which is part of every message.
    ContractName,
    /// An agent is on one side only.
    Agent,
    /// An operation is on one side only.
    Operation,
    /// The phases an operation starts from, or that it has any.
    Phase,
    /// What an operation accepts.
    Input,
    /// What an operation replies.
    Output,
    /// What an operation fails with.
    Error,
    /// The state that travels with the work.
    State,
    /// What children give to the join of a fan-out, or that there is one.
    FanOut,
    /// The settings of an agent.
    Config,
    /// A limit that messages are held to.
    Limit,
}

impl Cause {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContractName => "contract_name",
            Self::Agent => "agent",
            Self::Operation => "operation",
            Self::Phase => "phase",
            Self::Input => "input",
            Self::Output => "output",
            Self::Error => "error",
            Self::State => "state",
            Self::FanOut => "fan_out",
            Self::Config => "config",
            Self::Limit => "limit",
        }
    }
}

/// A value that one version sends and the other refuses: both were asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The part that it is a value of: one of those that the difference shows in.
    pub part: String,
    /// The value.
    pub value: Value,
    /// Why it is refused.
    pub code: ErrorCode,
    /// Where in the value.
    pub at: Pointer,
}

/// A place where two versions do not fit, or are not known to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// What it is about.
    pub cause: Cause,
    /// The parts of the contract that it shows in, such as `ranker.rank input` or `state`.
    pub parts: BTreeSet<String>,
    /// The directions that break, or may break.
    pub breaks: BTreeSet<Direction>,
    /// Who sends what the other refuses.
    pub sender: Version,
    /// Place in the old contract.
    pub old: Option<Pointer>,
    /// Place in the new contract.
    pub new: Option<Pointer>,
    /// What changed.
    pub message: String,
    /// A value that shows it, where there can be one and one was found.
    pub witness: Option<Witness>,
    /// Whether it is certain. What is not was neither proven to fit nor shown to break.
    pub certain: bool,
}

/// All that is different between two versions.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// What breaks, or may break.
    pub differences: Vec<Difference>,
    /// The changes that break nothing.
    pub edits: Vec<Edit>,
}

impl Comparison {
    /// Whether a direction is proven to hold.
    pub fn holds(&self, direction: Direction) -> bool {
        !self.differences.iter().any(|difference| difference.breaks.contains(&direction))
    }
}
