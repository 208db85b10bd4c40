//! Where a walk through a document stands.

use crate::Pointer;

/// The place of a walk, which grows and shrinks in place: most walks end without a problem.
#[derive(Debug, Default)]
pub(crate) struct Path {
    at: Pointer,
    lengths: Vec<usize>,
}

impl Path {
    pub(crate) fn push_key(&mut self, key: &str) {
        self.lengths.push(self.at.as_str().len());
        self.at.push_key(key);
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.push_key(itoa::Buffer::new().format(index));
    }

    pub(crate) fn pop(&mut self) {
        if let Some(length) = self.lengths.pop() {
            self.at.cut(length);
        }
    }

    pub(crate) fn pointer(&self) -> Pointer {
        self.at.clone()
    }
}
