//! File work off the executor's threads where there is an executor.

use peer_contract_core::Problem;

use super::failed;

/// Runs `work` on tokio's blocking threads; right here when no tokio runtime is around, so that a
/// caller without an executor gets its answer from the first poll.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::runtime::Handle::try_current() {
        Ok(handle) => {
            handle.spawn_blocking(work).await.unwrap_or_else(|_| Err(failed("the thread that served the store ended")))
        }
        Err(_) => work(),
    }
}
