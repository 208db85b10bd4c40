//! Travel by `event`: the first message is queued, and the work is followed through the shared store.

use std::time::{Duration, Instant};

use bytes::Bytes;
use peer_contract_core::claim::StoredOutcome;
use peer_contract_core::envelope::{Envelope, Header, Outgoing, Unpacked};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use super::answer::{Refused, Step};
use super::hop::{Hop, HopEnd};
use super::part::state_bytes;
use super::{Finished, Runner, Stopped, expiry_of};
use crate::clock::until;
use crate::peers::{Answer, Mode, Request, Unreached, fault_as_unreached, retry};
use crate::store::{Key, Store};

/// The message whose outcome is waited for.
struct Awaited {
    header: Header,
    hop: Hop,
    since: Instant,
    /// The group that it joins, until that was told of.
    group: Option<Box<Envelope>>,
}

const QUEUE_TRIES: u32 = 5;
const SHORTEST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_millis(250);
/// After the expiry, the last agent may still be writing that the work has expired.
const GRACE_MS: u64 = 1_000;

impl Runner<'_> {
    pub(super) async fn follow(&self, first: Outgoing) -> Result<Finished, Stopped> {
        let Some(store) = self.store else { return Err(Stopped::before_work(no_store())) };
        let agent = first.header.target.split('.').next().unwrap_or_default();
        let packed = self.pack(&first, self.peers.room(agent, true)).await;
        let packed = packed.map_err(|unreached| Stopped::before_work(unreached.problem))?;
        let hop = Hop::of(&first.header, packed.bytes.len(), packed.state_bytes);
        if let Err(unreached) =
            self.queue(&hop.agent, packed.bytes.into(), expiry_of(&first.header, self.contract)).await
        {
            return Err(Stopped::at(unreached.problem, hop));
        }
        self.wait(store, Awaited { header: first.header, hop, since: Instant::now(), group: None }).await
    }

    async fn queue(&self, agent: &str, payload: Bytes, expiry: u64) -> Result<(), Unreached> {
        let mut tries = 0;
        loop {
            let timeout = until(expiry);
            let request = Request { agent, payload: payload.clone(), mode: Mode::Event, trace_id: None, timeout };
            let unreached = match self.peers.invoke(request).await.map(|invoked| invoked.answer) {
                Ok(Answer::Payload(_)) => return Ok(()),
                Ok(Answer::Fault(fault)) => fault_as_unreached(agent, &fault),
                Err(unreached) => unreached,
            };
            tries += 1;
            let pause = retry::pause_after(tries);
            if !unreached.retryable || tries == QUEUE_TRIES || until(expiry) <= pause {
                return Err(unreached);
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn wait(&self, store: &dyn Store, mut at: Awaited) -> Result<Finished, Stopped> {
        let until_ms = expiry_of(&at.header, self.contract).saturating_add(GRACE_MS);
        let mut pause = SHORTEST;
        loop {
            let looked = match self.look(store, &mut at).await {
                Ok(looked) => looked,
                Err(problem) => return Err(Stopped::at(problem, at.hop)),
            };
            match looked {
                Some(Step::End(finished)) => return Ok(finished),
                Some(Step::Next(envelope)) => {
                    at = awaited(*envelope);
                    pause = SHORTEST;
                    continue;
                }
                None => {}
            }
            if until(until_ms).is_zero() {
                let message =
                    format!("the time of the work ended; the last known hop is {}, `{}`", at.hop.hop, at.hop.target);
                return Err(Stopped::at(Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message), at.hop));
            }
            tokio::time::sleep(pause.min(until(until_ms))).await;
            pause = (pause * 2).min(LONGEST);
        }
    }

    /// The outcome of the awaited message; else the result of the work, which may be there without one: a refusal has none.
    async fn look(&self, store: &dyn Store, at: &mut Awaited) -> Result<Option<Step>, Problem> {
        let result = store.get(&Key::result(&at.header.work)?).await?;
        if let Some(outcome) = store.get(&Key::outcome(&at.header.work, &at.header.id)?).await? {
            let outcome = StoredOutcome::from_bytes(&outcome.bytes)?;
            return self.step(&outcome.payload.into(), at).await.map(Some);
        }
        let Some(result) = result else { return Ok(None) };
        let result = Bytes::from(result.bytes);
        let Unpacked::Envelope(reply) = Envelope::unpack(result.clone(), &Limits::default())? else {
            return Err(Problem::new(ErrorCode::PeerInvalid, Pointer::root(), "the result record is no envelope"));
        };
        // A refusal says itself which message it refuses; the chain up to there may have left no outcome to see.
        at.header.target.clone_from(&reply.header.target);
        at.header.hop = reply.header.hop;
        at.header.id = reply.header.causation.unwrap_or_default();
        at.hop = Hop { took: at.since.elapsed(), ..Hop::of(&at.header, 0, 0) };
        self.step(&result, at).await.map(Some)
    }

    async fn step(&self, payload: &Bytes, at: &mut Awaited) -> Result<Step, Problem> {
        if let Some(group) = at.group.take() {
            self.tell_group(*group, at.since).await;
        }
        at.hop.took = at.since.elapsed();
        let read = self.read(&at.header, payload, &mut at.hop).await;
        let step = match read {
            Ok(step) => Ok(step),
            // By `event` it is Lambda that tries again, and it has: what is stored is the last word.
            Err(Refused { end: Some(finished), .. }) => Ok(Step::End(finished)),
            Err(Refused { problem, .. }) => {
                at.hop.end = HopEnd::Failed(problem.code);
                Err(problem)
            }
        };
        self.observer.hop(&at.hop);
        step
    }
}

fn awaited(envelope: Envelope) -> Awaited {
    let hop = Hop::of(&envelope.header, 0, state_bytes(&envelope));
    let header = envelope.header.clone();
    let group = envelope.fan_out.is_some().then(|| Box::new(envelope));
    Awaited { header, hop, since: Instant::now(), group }
}

fn no_store() -> Problem {
    Problem::new(ErrorCode::StoreRequired, Pointer::root(), "travel by `event` needs a shared store for the result")
}
