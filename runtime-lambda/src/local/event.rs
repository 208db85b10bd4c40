//! What happens in a local Lambda, told to whoever listens.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::refusal::Refusal;
use super::service::InvocationType;

/// Something that happened. Sandboxes are named `function/number`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LocalEvent {
    /// A function wrote a line.
    Log {
        /// The function.
        function: String,
        /// Its sandbox.
        sandbox: String,
        /// The invocation it worked on, if any.
        request_id: Option<String>,
        /// Where it was written to.
        stream: Stream,
        /// The line without its end, invalid UTF-8 replaced.
        line: String,
    },
    /// A sandbox asked for its first work.
    Started {
        /// The function.
        function: String,
        /// The sandbox.
        sandbox: String,
        /// Process id.
        pid: u32,
        /// From process start to the first question.
        cold: Duration,
    },
    /// An invocation reached a sandbox.
    Invoked {
        /// Same for all tries of an `Event`.
        request_id: String,
        /// The function.
        function: String,
        /// The sandbox.
        sandbox: String,
        /// How it was asked for.
        kind: InvocationType,
        /// What it was asked.
        payload: Bytes,
    },
    /// An invocation ended.
    Answered {
        /// As in [`LocalEvent::Invoked`].
        request_id: String,
        /// The function.
        function: String,
        /// The sandbox.
        sandbox: String,
        /// From delivery to answer, without the start of the process.
        duration: Duration,
        /// Start of the process, when this invocation had to wait for one.
        cold: Option<Duration>,
        /// How it ended.
        ended: Ended,
        /// The answer, or the error object.
        payload: Bytes,
    },
    /// A sandbox is gone.
    Stopped {
        /// The function.
        function: String,
        /// The sandbox.
        sandbox: String,
        /// Why.
        reason: StopReason,
    },
    /// An `Event` invocation will be tried again.
    Retrying {
        /// As in [`LocalEvent::Invoked`].
        request_id: String,
        /// The function.
        function: String,
        /// Number of the coming retry, from 1.
        retry: u32,
        /// Time until then.
        after: Duration,
    },
    /// An `Event` invocation was given up: what goes to an on-failure destination.
    Dropped {
        /// As in [`LocalEvent::Invoked`].
        request_id: String,
        /// The function.
        function: String,
        /// Tries in all.
        attempts: u32,
        /// `RetriesExhausted` or `EventAgeExceeded`, as in the record of the service, or `RecursiveInvocation`.
        condition: &'static str,
        /// What could not be done.
        payload: Bytes,
        /// The last error object; empty when it never ran.
        error: Bytes,
    },
    /// An on-failure destination did not take its record.
    Undelivered {
        /// As in [`LocalEvent::Dropped`].
        request_id: String,
        /// The function that failed.
        function: String,
        /// The function that should have heard of it.
        destination: String,
        /// Why it did not.
        refusal: Refusal,
    },
}

/// Output streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How an invocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The function answered.
    Answer,
    /// The function, or the platform in its place, gave an error object.
    FunctionError,
}

/// Why a sandbox is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// Everything ends.
    Shutdown,
    /// It had nothing to do for a while.
    Idle,
    /// [`super::LocalLambda::renew`]: its code is another now.
    Renewed,
    /// It took too long to start or to answer.
    TimedOut,
    /// The process ended by itself or was killed: `exit status 1`, `signal: killed`.
    Exited(String),
    /// It said that it could not start.
    InitFailed,
    /// The process could not be started at all.
    NotStarted(String),
}

/// Tells events to all who subscribed. Nobody is waited for and nothing is lost.
#[derive(Debug, Default)]
pub(super) struct Bus {
    listeners: Mutex<Vec<UnboundedSender<LocalEvent>>>,
}

impl Bus {
    pub fn subscribe(&self) -> UnboundedReceiver<LocalEvent> {
        let (sender, receiver) = unbounded_channel();
        self.listeners.lock().expect("no holder of the list panics").push(sender);
        receiver
    }

    pub fn tell(&self, event: &LocalEvent) {
        let mut listeners = self.listeners.lock().expect("no holder of the list panics");
        listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }

    /// Ends all subscriptions.
    pub fn close(&self) {
        self.listeners.lock().expect("no holder of the list panics").clear();
    }
}
