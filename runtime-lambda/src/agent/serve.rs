//! From an invocation to an agent's handler and back.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use peer_contract_core::inbox::Event;
use peer_contract_core::{Contract, ErrorCode};

use super::codec::{self, Decode};
use super::{Ended, Error, Work};
use crate::BoxFuture;
use crate::clock::until;
use crate::host::{Batch, Begun, Host, Invocation, Next, Response, Turn};

/// An agent, ready to be served. Generated code implements it; `dyn Serve` works.
pub trait Serve: Send + Sync + 'static {
    /// The agent's name in the contract.
    fn agent(&self) -> &'static str;

    /// The contract it was generated from.
    ///
    /// # Errors
    /// See [`Embedded::contract`](super::Embedded::contract).
    fn contract(&self) -> Result<&Contract, Error>;

    /// Runs the operation of a task.
    fn serve<'a>(&'a self, task: Task) -> BoxFuture<'a, Result<Ended, Error>>;
}

/// One message for a handler.
pub struct Task {
    turn: Turn,
}

impl Task {
    /// The operation to run.
    pub fn operation(&self) -> &str {
        self.turn.operation()
    }

    /// State and input as the types of an operation with a phase.
    ///
    /// # Errors
    /// `type_mismatch` when the generated types are not of this contract.
    pub fn open<S: Decode, I: Decode>(self) -> Result<(Work<S>, I), Error> {
        let state = codec::data(self.turn.state())?;
        let input = codec::from_checked(self.turn.input())?;
        Ok((Work::of_turn(self.turn, state), input))
    }

    /// The input as the type of a callable operation, which has no state.
    ///
    /// # Errors
    /// As [`Task::open`].
    pub fn open_call<I: Decode>(self) -> Result<(Work<()>, I), Error> {
        let input = codec::from_checked(self.turn.input())?;
        Ok((Work::of_turn(self.turn, ()), input))
    }

    /// The error for an operation that the generated code does not know.
    pub fn unknown(&self) -> Error {
        Error::new(ErrorCode::OperationUnknown, format!("this agent has no operation `{}`", self.operation()))
    }
}

/// An agent behind its [`Host`]: events in, answers out.
pub struct Endpoint {
    host: Host,
    agent: Box<dyn Serve>,
}

impl Endpoint {
    /// An agent behind a host that was made for it.
    pub fn new(host: Host, agent: Box<dyn Serve>) -> Self {
        Self { host, agent }
    }

    /// Takes one event all the way, on a runtime of tokio. Panics of the handler become `handler_failed`; a handler that takes longer
    /// than it may is stopped at its next `await`.
    pub async fn answer(&self, event: Event, invocation: Invocation) -> Response {
        match self.host.begin(event, invocation).await {
            Begun::Run(turn) => self.run(turn).await,
            Begun::Done(response) => response,
            Begun::Batch(batch) => self.run_each(&batch).await,
        }
    }

    async fn run_each(&self, batch: &Batch) -> Response {
        let mut response = None;
        loop {
            match batch.next(response.take()).await {
                Next::Run(turn) => response = Some(self.run(turn).await),
                Next::Done(answer) => return answer,
            }
        }
    }

    async fn run(&self, turn: Turn) -> Response {
        let handler = self.agent.serve(Task { turn: turn.clone() });
        match tokio::time::timeout(until(turn.info().deadline_ms), caught(handler)).await {
            Ok(Ok(ended)) => turn.finish(ended.outcome, ended.state).await,
            Ok(Err(error)) if error.code() == ErrorCode::OutputInvalid => turn.reject(&error.into_problem()).await,
            Ok(Err(error)) => turn.fail(&error.to_string()).await,
            Err(_) => turn.time_out().await,
        }
    }
}

async fn caught(handler: BoxFuture<'_, Result<Ended, Error>>) -> Result<Ended, Error> {
    let mut handler = pin!(handler);
    std::future::poll_fn(move |context| {
        // The handler is dropped after a panic and never polled again, so nothing sees what it left half done.
        match std::panic::catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context))) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(Err(panicked(&*panic))),
        }
    })
    .await
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::new(ErrorCode::HandlerFailed, format!("the handler panicked: {}", text.unwrap_or("without a message")))
}
