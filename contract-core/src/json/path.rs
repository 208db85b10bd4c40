//! Where a walk through a document stands; becomes a pointer only when somebody asks.

use crate::Pointer;

/// Steps from the root, kept cheap: most walks end without a problem.
#[derive(Debug, Default)]
pub(crate) struct Path(Vec<Step>);

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    pub(crate) fn push_key(&mut self, key: &str) {
        self.0.push(Step::Key(key.to_owned()));
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    pub(crate) fn pointer(&self) -> Pointer {
        self.0.iter().fold(Pointer::root(), |at, step| match step {
            Step::Key(key) => at.key(key),
            Step::Index(index) => at.index(*index),
        })
    }
}
