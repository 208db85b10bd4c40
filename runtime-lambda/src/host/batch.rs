//! The messages of one event, one after the other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use peer_contract_core::events::{Carried, Ended, Failure, Parcel};
use peer_contract_core::inbox::Opened;
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::supply::Received;
use super::{Begun, Fault, Host, Invocation, Response, Turn};
use crate::clock::until;

/// Less time than this is none for another message: the core keeps two seconds for itself.
const LEAST: Duration = Duration::from_millis(2_500);

/// The messages of an event of a service. Clones share it.
///
/// Ask for the first one, run it, and give its response for the next; one at a time.
#[derive(Clone)]
pub struct Batch {
    host: Host,
    invocation: Invocation,
    state: Arc<Mutex<State>>,
}

struct State {
    /// None once the event is answered.
    carried: Option<Carried>,
    /// The item whose message was given out last.
    item: Option<usize>,
}

/// What comes next of an event.
pub enum Next {
    /// The handler must run; then ask again.
    Run(Turn),
    /// All messages have ended; this is the answer to the event.
    Done(Response),
}

impl Batch {
    pub(super) fn new(host: Host, carried: Carried, invocation: Invocation) -> Self {
        let state = State { carried: Some(carried), item: None };
        Self { host, invocation, state: Arc::new(Mutex::new(state)) }
    }

    /// The next message whose handler must run, once the one before has ended with `response`.
    pub async fn next(&self, response: Option<Response>) -> Next {
        let mut ended = response;
        loop {
            let Some((parcel, invocation)) = self.take(ended.take()) else {
                self.host.sandbox.export(&self.invocation).await;
                return Next::Done(self.answer());
            };
            match self.open(parcel, invocation).await {
                Begun::Run(turn) => return Next::Run(turn),
                Begun::Done(response) => ended = Some(response),
                Begun::Batch(_) => ended = Some(nested().into()),
            }
        }
    }

    async fn open(&self, parcel: Parcel, invocation: Invocation) -> Begun {
        let sandbox = &self.host.sandbox;
        let opened = sandbox.inbox.open_parcel(parcel, &sandbox.arrival(&invocation));
        self.host.begin_with(opened, invocation).await
    }

    /// Notes how the last message ended, and gives the next one, if there is time for it.
    fn take(&self, ended: Option<Response>) -> Option<(Parcel, Invocation)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { carried, item } = &mut *state;
        let carried = carried.as_mut()?;
        if let (Some(item), Some(ended)) = (item.take(), ended) {
            carried.ended(item, ended.into());
        }
        if self.invocation.deadline_ms.is_some_and(|deadline| until(deadline) < LEAST) {
            carried.give_up(&no_time());
        }
        let parcel = carried.next_parcel()?;
        *item = Some(parcel.item());
        let invocation = self.invocation_of(&parcel, carried);
        Some((parcel, invocation))
    }

    fn invocation_of(&self, parcel: &Parcel, carried: &Carried) -> Invocation {
        let mut invocation = Invocation { via: carried.via(), batched: true, ..self.invocation.clone() };
        if let Some(id) = parcel.request_id() {
            id.clone_into(&mut invocation.request_id);
        }
        if let Some(trace_id) = parcel.trace_id() {
            invocation.trace_id = Some(trace_id.to_owned());
        }
        invocation
    }

    fn answer(&self) -> Response {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.carried.take().map_or_else(|| nested().into(), |carried| carried.answer().into())
    }
}

impl Host {
    /// An event that was opened, up to the handler.
    pub(super) async fn begin_with(&self, opened: Opened, invocation: Invocation) -> Begun {
        match self.sandbox.settle(opened).await {
            Ok(Received::Delivery(delivery)) => self.claim(*delivery, invocation).await,
            Ok(Received::Carried(carried)) => Begun::Batch(Batch::new(self.clone(), *carried, invocation)),
            Err(refusal) => Begun::Done(self.sandbox.refuse(*refusal, &invocation).await),
        }
    }
}

impl From<Response> for Ended {
    fn from(response: Response) -> Self {
        match response {
            Response::Payload(payload) => Self::Answered(payload),
            Response::Fault(Fault { code, message, at }) => Self::Failed(Failure { code, message, at }),
        }
    }
}

impl From<Ended> for Response {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Answered(payload) => Self::Payload(payload),
            Ended::Failed(Failure { code, message, at }) => Self::Fault(Fault { code, message, at }),
        }
    }
}

fn no_time() -> Problem {
    let message = "the platform leaves no time for another message of this event";
    Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message)
}

fn nested() -> Problem {
    Problem::new(ErrorCode::EventInvalid, Pointer::root(), "this event is answered already")
}
