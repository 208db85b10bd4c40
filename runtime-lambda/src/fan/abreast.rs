//! Several futures in one task.

use std::task::Poll;

use crate::BoxFuture;

/// Futures of one kind that run side by side, in the task that waits for them. Dropping it drops them.
pub(crate) struct Abreast<'a, T>(Vec<BoxFuture<'a, T>>);

impl<T> Default for Abreast<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T> Abreast<'a, T> {
    /// One more.
    pub(crate) fn push(&mut self, future: impl Future<Output = T> + Send + 'a) {
        self.0.push(Box::pin(future));
    }

    /// How many are under way.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// What the next one that ends gives; nothing when there is none left. A wake-up asks all of them: there are a few dozen.
    pub(crate) async fn next(&mut self) -> Option<T> {
        if self.0.is_empty() {
            return None;
        }
        std::future::poll_fn(|context| {
            for index in 0..self.0.len() {
                if let Poll::Ready(value) = self.0[index].as_mut().poll(context) {
                    drop(self.0.swap_remove(index));
                    return Poll::Ready(Some(value));
                }
            }
            Poll::Pending
        })
        .await
    }
}
