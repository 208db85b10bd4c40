//! How far a group is: a list of settlements, and what follows from it.

use serde::{Deserialize, Serialize};

use crate::contract::Complete;
use crate::{ErrorCode, Pointer, Problem};

/// How far a group is: the record that grows by compare-and-set, or lives as long as the client that gathers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    children: u32,
    concurrency: u32,
    complete: Complete,
    /// In the order in which children ended: the ordinal of one that gave an output, `-1 - ordinal` of one that failed.
    settled: Vec<i64>,
}

/// What a settlement, or its repetition, asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// This child starts.
    Start(u32),
    /// Nothing: others are under way, or the group is closed.
    Wait,
    /// The join gets its message.
    Join,
    /// The work ends: the join can no longer have what it needs.
    Fail,
}

impl Progress {
    /// A group that begins.
    pub fn new(children: u32, concurrency: u32, complete: Complete) -> Self {
        Self { children, concurrency: concurrency.max(1), complete, settled: Vec::new() }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `store_failed` when it is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        let broken = || Problem::new(ErrorCode::StoreFailed, Pointer::root(), "the record of a group cannot be read");
        serde_json::from_slice(bytes).map_err(|_| broken())
    }

    /// The record.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers always have a JSON text")
    }

    /// Children that were started and have not ended: those to send when the group begins, or again when its parent is repeated.
    pub fn under_way(&self) -> Vec<u32> {
        if self.ending().is_some() {
            return Vec::new();
        }
        let started = self.children.min(self.concurrency.saturating_add(self.settled.len() as u32));
        let mut open = vec![true; started as usize];
        for (ordinal, _) in self.settlements() {
            open.get_mut(ordinal as usize).into_iter().for_each(|open| *open = false);
        }
        (0..started).filter(|ordinal| open[*ordinal as usize]).collect()
    }

    /// Notes that a child ended, unless that is known or comes too late. Gives whether the record has changed.
    pub fn settle(&mut self, ordinal: u32, has_output: bool) -> bool {
        let is_new = ordinal < self.children && self.ending().is_none() && self.position(ordinal).is_none();
        if is_new {
            let ordinal = i64::from(ordinal);
            self.settled.push(if has_output { ordinal } else { -1 - ordinal });
        }
        is_new
    }

    /// What the settlement of this child asks for; the same however often it is asked.
    pub fn step_of(&self, ordinal: u32) -> Step {
        let Some(position) = self.position(ordinal) else { return Step::Wait };
        if let Some(ending) = self.ending() {
            return if position + 1 == self.settled.len() { ending } else { Step::Wait };
        }
        let started = self.concurrency.saturating_add(position as u32);
        if started < self.children && self.position(started).is_none() { Step::Start(started) } else { Step::Wait }
    }

    /// How the group ended, if it has: [`Step::Join`] or [`Step::Fail`].
    pub fn ending(&self) -> Option<Step> {
        let outputs = self.outputs().count();
        let failures = self.settled.len() - outputs;
        let children = self.children as usize;
        let (is_complete, is_lost) = match self.complete {
            Complete::First | Complete::Outputs(_) => {
                let wanted = self.complete.least_outputs();
                (outputs >= wanted, failures + wanted > children)
            }
            Complete::All => (outputs == children, failures > 0),
            Complete::Settled => (outputs + failures == children, false),
            Complete::ToleratedFailures(most) => (outputs + failures == children, failures > most as usize),
            Complete::ToleratedFailurePercent(percent) => {
                (outputs + failures == children, failures * 100 > children * percent as usize)
            }
        };
        match (is_lost, is_complete) {
            (true, _) => Some(Step::Fail),
            (false, true) => Some(Step::Join),
            (false, false) => None,
        }
    }

    /// The children whose results the join gets, in their own order.
    pub fn joined(&self) -> Vec<u32> {
        let told = self.settlements().filter(|(_, has_output)| *has_output || self.complete.tells_errors());
        let mut ordinals: Vec<u32> = told.map(|(ordinal, _)| ordinal).collect();
        ordinals.sort_unstable();
        ordinals
    }

    /// Children in all.
    pub fn children(&self) -> u32 {
        self.children
    }

    /// Children that gave an output, of those that count.
    pub fn outputs(&self) -> impl Iterator<Item = u32> {
        self.settlements().filter(|(_, has_output)| *has_output).map(|(ordinal, _)| ordinal)
    }

    /// Children that failed, of those that count.
    pub fn failures(&self) -> impl Iterator<Item = u32> {
        self.settlements().filter(|(_, has_output)| !has_output).map(|(ordinal, _)| ordinal)
    }

    fn position(&self, ordinal: u32) -> Option<usize> {
        self.settlements().position(|(settled, _)| settled == ordinal)
    }

    fn settlements(&self) -> impl Iterator<Item = (u32, bool)> {
        // A record with numbers beyond is not ours; they are no child's.
        let ordinal = |number: i64| u32::try_from(if number < 0 { -1 - number } else { number }).unwrap_or(u32::MAX);
        self.settled.iter().map(move |number| (ordinal(*number), *number >= 0))
    }
}
