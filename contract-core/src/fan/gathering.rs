//! A group that one client runs from its first child to its join, as a state machine without I/O.
//!
//! ```text
//! ask ─→ child ─send→ answer ─settle→ ask … until none is left and none is under way ─finish→ join
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::group::{Child, Group};
use super::progress::{Progress, Step};
use super::results::{ChildEnd, ChildResult};
use crate::Problem;
use crate::envelope::{Outgoing, Reference};
use crate::json::Json;

/// A group on its way, with what its children gave so far.
pub struct Gathering {
    group: Arc<Group>,
    progress: Progress,
    waiting: VecDeque<u32>,
    ends: BTreeMap<u32, ChildEnd>,
}

/// What a gathering asks for.
#[derive(Debug)]
pub enum Given {
    /// Send this child.
    Child(Box<Child>),
    /// Children are under way; settle one first.
    Nothing,
    /// The group has ended: [`Gathering::finish`].
    Over,
}

impl Gathering {
    /// A group that begins.
    pub fn new(group: Group) -> Self {
        let progress = group.progress();
        Self { waiting: progress.under_way().into(), progress, ends: BTreeMap::new(), group: Arc::new(group) }
    }

    /// The group.
    pub fn group(&self) -> &Arc<Group> {
        &self.group
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// How the children that count have ended so far.
    pub fn ends(&self) -> impl Iterator<Item = (u32, &ChildEnd)> {
        self.ends.iter().map(|(ordinal, end)| (*ordinal, end))
    }

    /// The next child to send. A child whose input its own schema refuses has failed without being sent.
    pub fn ask(&mut self) -> Given {
        loop {
            if self.progress.ending().is_some() {
                return Given::Over;
            }
            let Some(ordinal) = self.waiting.pop_front() else { return Given::Nothing };
            match self.group.child(ordinal) {
                Ok(Some(child)) => return Given::Child(Box::new(child)),
                Ok(None) => {}
                Err(problem) => self.settle(ordinal, ChildEnd::Failed(problem)),
            }
        }
    }

    /// A child has ended. One that ends late, or again, is ignored.
    pub fn settle(&mut self, ordinal: u32, end: ChildEnd) {
        if self.progress.settle(ordinal, end.has_output()) {
            self.ends.insert(ordinal, end);
            if let Step::Start(next) = self.progress.step_of(ordinal) {
                self.waiting.push_back(next);
            }
        }
    }

    /// The message of the join, or why there is none. `form` is the reference behind which the state came.
    ///
    /// # Errors
    /// `fan_out_failed`.
    pub fn finish(&mut self, state: Option<Json>, form: Option<Reference>) -> Result<Outgoing, Problem> {
        let Self { group, progress, ends, .. } = self;
        if progress.ending() != Some(Step::Join) {
            let first = progress.failures().next().and_then(|ordinal| ends.get(&ordinal));
            return Err(group.failure(progress, first));
        }
        let results = progress.joined().into_iter().filter_map(|index| {
            let operation = group.operation_of(index)?.to_owned();
            Some(ChildResult { index, operation, end: ends.remove(&index)? })
        });
        let results: Vec<ChildResult> = results.collect();
        group.join(&results, state, form)
    }
}
