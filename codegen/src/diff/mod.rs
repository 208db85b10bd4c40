//! Two versions of a contract, judged: what breaks, and whether that is allowed and stated.

mod git;
mod version;

use std::collections::BTreeSet;

use clap::ValueEnum;
use peer_contract_core::compat::{Cause, Comparison, Difference, Direction, compare};
use peer_contract_core::{Contract, Pointer};

use crate::report::{Finding, Severity};
use crate::source::Mark;
pub use git::Committed;
pub use version::{Bump, Version, mistake};

/// Which directions must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Require {
    /// Agents of the new version understand peers of the old one.
    Backward,
    /// Agents of the old version understand peers of the new one.
    Forward,
    /// Both.
    Full,
    /// Neither: only the version is held to what changed.
    None,
}

impl Require {
    /// Whether a break in this direction fails.
    pub fn includes(self, direction: Direction) -> bool {
        match self {
            Self::Full => true,
            Self::None => false,
            Self::Backward => direction == Direction::Backward,
            Self::Forward => direction == Direction::Forward,
        }
    }
}

/// A comparison, held to what is required.
#[derive(Debug)]
pub struct Judged {
    /// What is different.
    pub comparison: Comparison,
    /// How far the version must rise.
    pub bump: Bump,
    /// What is wrong with the version that is stated, if anything is.
    pub mistake: Option<String>,
    require: Require,
}

impl Judged {
    /// Compares and judges.
    pub fn of(old: &Contract, new: &Contract, require: Require) -> Self {
        let comparison = compare(old, new);
        let bump = Bump::of(&comparison);
        Self { mistake: mistake(bump, old.version(), new.version()), comparison, bump, require }
    }

    /// `FULL`, `BACKWARD`, `FORWARD` or `NONE`: the directions that are proven to hold.
    pub fn verdict(&self) -> &'static str {
        match (self.comparison.holds(Direction::Backward), self.comparison.holds(Direction::Forward)) {
            (true, true) => "FULL",
            (true, false) => "BACKWARD",
            (false, true) => "FORWARD",
            (false, false) => "NONE",
        }
    }

    /// Whether a difference is one that must not be.
    pub fn fails(&self, difference: &Difference) -> bool {
        difference.breaks.iter().any(|direction| self.require.includes(*direction))
    }

    /// Whether all that is required holds.
    pub fn is_clean(&self) -> bool {
        self.mistake.is_none() && !self.comparison.differences.iter().any(|difference| self.fails(difference))
    }

    /// What was found, with places in the new contract.
    pub fn findings(&self) -> Vec<Finding> {
        let breaks = self.comparison.differences.iter().map(|difference| self.finding(difference));
        let version = self.mistake.iter().map(|message| Finding {
            rule: "diff-version".to_owned(),
            about: "The version does not say how much changed.",
            severity: Severity::Error,
            message: message.clone(),
            help: String::new(),
            at: Pointer::root().key("version"),
            mark: Mark::Value,
        });
        breaks.chain(version).collect()
    }

    fn finding(&self, difference: &Difference) -> Finding {
        let severity = match (self.fails(difference), difference.certain) {
            (true, true) => Severity::Error,
            (true, false) => Severity::Warning,
            (false, _) => Severity::Info,
        };
        let at = difference.new.as_ref().or(difference.old.as_ref());
        let parts = difference.parts.iter().cloned().collect::<Vec<_>>().join(", ");
        Finding {
            rule: format!("diff-{}", difference.cause.as_str().replace('_', "-")),
            about: about(difference.cause),
            severity,
            message: format!("{parts} {}: {}", fate(difference), difference.message),
            help: difference
                .witness
                .as_ref()
                .map(|witness| format!("shown by {}", shown(&witness.value)))
                .unwrap_or_default(),
            at: at.cloned().unwrap_or_default(),
            mark: Mark::Value,
        }
    }
}

/// `breaks backward`, `breaks backward and forward`, `may break forward`.
pub fn fate(difference: &Difference) -> String {
    let directions: BTreeSet<&str> = difference.breaks.iter().map(|direction| direction.as_str()).collect();
    let directions = directions.into_iter().collect::<Vec<_>>().join(" and ");
    format!("{} {directions}", if difference.certain { "breaks" } else { "may break" })
}

/// A witness, short enough for a line.
pub fn shown(witness: &peer_contract_core::Value) -> String {
    const MOST: usize = 200;
    let text = witness.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

fn about(cause: Cause) -> &'static str {
    match cause {
        Cause::ContractName => "The contract has another name, which is part of every message.",
        Cause::Agent => "An agent is in one version only.",
        Cause::Operation => "An operation is in one version only.",
        Cause::Phase => "The phases that an operation starts from are others.",
        Cause::Input => "What one version sends as input, the other does not accept.",
        Cause::Output => "What one version replies, the other does not accept.",
        Cause::Error => "What one version fails with, the other does not know or accept.",
        Cause::State => "The state of one version is not accepted by the other.",
        Cause::FanOut => "What was spread over children in one version cannot go on in the other.",
        Cause::Config => "Settings for agents of one version are not accepted by the other.",
        Cause::Limit => "What one version may send is more than the other takes.",
        _ => "The two versions differ.",
    }
}
