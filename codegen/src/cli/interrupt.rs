//! Ctrl-C, and what the shell sends when it ends.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves when somebody wants this process to end.
pub async fn asked_to_end() {
    let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
}

/// A runtime for one command: two threads are enough to serve a laptop's agents.
pub fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a process may start two threads")
}
