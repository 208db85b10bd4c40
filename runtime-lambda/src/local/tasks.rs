//! Tasks that somebody waits for at the end.

use std::future::Future;
use std::sync::Mutex;

use tokio::task::JoinSet;

/// A set of running tasks. Dropping it aborts them.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: Mutex<JoinSet<()>>,
}

impl Tasks {
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().expect("no holder of the tasks panics");
        while running.try_join_next().is_some() {}
        running.spawn(task);
    }

    /// Waits until all have ended that were there when asked.
    pub async fn finished(&self) {
        let mut running = std::mem::take(&mut *self.running.lock().expect("no holder of the tasks panics"));
        while running.join_next().await.is_some() {}
    }

    /// Ends all of them where they stand.
    pub fn abort(&self) {
        self.running.lock().expect("no holder of the tasks panics").abort_all();
    }
}
