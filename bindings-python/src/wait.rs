//! Futures from Python: at once when they are ready, else on a runtime, with the interpreter free and
//! interrupts seen.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle};
use tokio::task::AbortHandle;

/// How long an interrupt may go unseen.
const HEARTBEAT: Duration = Duration::from_millis(100);

/// Runs a future to its end. `bytes` says how much there is to read or write: much of it is done
/// without the interpreter lock.
///
/// # Errors
/// What a signal handler raises; the future is dropped then.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    bytes: usize,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let mut future: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(future);
    let first = crate::text::unlocked(py, bytes, || future.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    match first {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => wait_on_runtime(py, future),
    }
}

fn wait_on_runtime<T: Send + 'static>(py: Python<'_>, future: Pin<Box<dyn Future<Output = T> + Send>>) -> PyResult<T> {
    let (sender, receiver) = mpsc::channel();
    let task = spawn(async move { drop(sender.send(future.await)) })?;
    // `recv` needs no lock of Python; only the look at the signals does.
    let receiver = Mutex::new(receiver);
    loop {
        let received = py.detach(|| receiver.lock().expect("only this thread locks it").recv_timeout(HEARTBEAT));
        match received {
            Ok(done) => return Ok(done),
            Err(mpsc::RecvTimeoutError::Timeout) => py.check_signals().inspect_err(|_| task.abort())?,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("a native task ended without a result"));
            }
        }
    }
}

/// Starts a future on the runtime, which is made when the first one has to wait.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> PyResult<AbortHandle> {
    Ok(runtime()?.spawn(future).abort_handle())
}

fn runtime() -> PyResult<Handle> {
    // A forked child has none of its parent's threads, so it needs a runtime of its own.
    static RUNTIME: Mutex<Option<(u32, Handle)>> = Mutex::new(None);
    let process = std::process::id();
    let mut kept = RUNTIME.lock().expect("no code panics while it holds this lock");
    if let Some((owner, handle)) = kept.as_ref()
        && *owner == process
    {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("peer-contract").enable_all().build()?;
    let handle = runtime.handle().clone();
    // It lives as long as the process: there is no moment at which Python could end it in order.
    std::mem::forget(runtime);
    *kept = Some((process, handle.clone()));
    Ok(handle)
}
