//! Travel by `return`: every answer comes back here and is forwarded from here.

use std::time::{Duration, Instant};

use bytes::Bytes;
use peer_contract_core::envelope::{Header, Outgoing, Room};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::answer::{Refused, Step};
use super::hop::{Hop, HopEnd};
use super::part::state_bytes;
use super::{Finished, Runner, Stopped, expiry_of};
use crate::clock::until;
use crate::host::claims;
use crate::peers::{Answer, Mode, Request, Unreached, fault_as_unreached, retry};

/// A message on its way.
pub(super) struct Message {
    pub(super) header: Header,
    pub(super) payload: Bytes,
    pub(super) state_bytes: usize,
}

/// A sandbox may have to start first; Lambda gives it ten seconds.
const START: Duration = Duration::from_secs(12);

impl Runner<'_> {
    pub(super) async fn forward(&self, first: Outgoing) -> Result<Finished, Stopped> {
        let packed = self.pack(&first, Room::sync(self.store.is_some())).await;
        let packed = packed.map_err(|unreached| Stopped::before_work(unreached.problem))?;
        let expiry = expiry_of(&first.header, self.contract);
        let mut message =
            Message { header: first.header, payload: packed.bytes.into(), state_bytes: packed.state_bytes };
        loop {
            match self.deliver(&message, expiry).await? {
                (Step::End(finished), _) => return Ok(finished),
                (Step::Next(envelope), _) if envelope.fan_out.is_some() => {
                    message = self.gather(*envelope, expiry).await?;
                }
                (Step::Next(envelope), payload) => {
                    message = Message { state_bytes: state_bytes(&envelope), header: envelope.header, payload };
                }
            }
        }
    }

    /// One message until it is answered, or all its tries are used up.
    async fn deliver(&self, message: &Message, expiry: u64) -> Result<(Step, Bytes), Stopped> {
        let attempts = self.contract.operation(&message.header.target).map_or(1, |to| to.constraints.attempts);
        let mut hop = Hop::of(&message.header, message.payload.len(), message.state_bytes);
        let mut tries = 0;
        loop {
            if until(expiry).is_zero() {
                return Err(out_of_time(hop));
            }
            let refused = match self.attempt(message, expiry, &mut hop).await {
                Ok(answered) => return Ok(answered),
                Err(refused) => refused,
            };
            tries += 1;
            let pause = retry::pause_after(tries);
            // Another delivery is at work on it: asking again is no new attempt.
            let free = refused.problem.code == ErrorCode::InProgress;
            let again = refused.retryable && (free || hop.attempt < attempts);
            if !again || until(expiry) <= pause {
                return given_up(refused, again, hop);
            }
            tokio::time::sleep(pause).await;
            hop = Hop { attempt: hop.attempt + u32::from(!free), ..again_of(message) };
        }
    }

    async fn attempt(&self, message: &Message, expiry: u64, hop: &mut Hop) -> Result<(Step, Bytes), Refused> {
        let sent = Instant::now();
        let answered = self.ask(message, expiry, hop).await;
        hop.took = sent.elapsed();
        if let Err(refused) = &answered
            && refused.end.is_none()
        {
            hop.end = HopEnd::Failed(refused.problem.code);
            hop.to = None;
        }
        self.observer.hop(hop);
        answered
    }

    async fn ask(&self, message: &Message, expiry: u64, hop: &mut Hop) -> Result<(Step, Bytes), Refused> {
        let (bytes, cold) = self.send(&message.header, message.payload.clone(), expiry).await;
        hop.cold = cold;
        let bytes = bytes?;
        self.read(&message.header, &bytes, hop).await.map(|step| (step, bytes))
    }

    /// Sends a message and waits for what comes back; tells whether a sandbox had to start for it, where that is known.
    pub(super) async fn send(
        &self,
        header: &Header,
        payload: Bytes,
        expiry: u64,
    ) -> (Result<Bytes, Unreached>, Option<bool>) {
        let agent = header.target.split('.').next().unwrap_or_default();
        let timeout = until(expiry).min(self.longest(&header.target));
        let request = Request { agent, payload, mode: Mode::Wait, trace_id: None, timeout };
        let invoked = match self.peers.invoke(request).await {
            Ok(invoked) => invoked,
            Err(unreached) => return (Err(unreached), None),
        };
        match invoked.answer {
            Answer::Payload(bytes) => (Ok(bytes), invoked.cold),
            Answer::Fault(fault) => {
                if let (Some(store), Some(request_id)) = (self.store, &invoked.request_id) {
                    claims::free(store, &header.work, &header.id, request_id).await;
                }
                (Err(fault_as_unreached(agent, &fault)), invoked.cold)
            }
        }
    }

    fn longest(&self, target: &str) -> Duration {
        let timeout = self.contract.operation(target).map(|to| to.constraints.timeout_ms);
        timeout.map_or(Duration::MAX, |ms| Duration::from_millis(ms) + START)
    }
}

fn again_of(message: &Message) -> Hop {
    Hop::of(&message.header, message.payload.len(), message.state_bytes)
}

/// The end of a message that found no answer. A declared error that came every time is the end of the work.
fn given_up(refused: Refused, for_time: bool, hop: Hop) -> Result<(Step, Bytes), Stopped> {
    match refused.end {
        Some(finished) => Ok((Step::End(finished), Bytes::new())),
        None if for_time => Err(out_of_time(hop)),
        None => Err(Stopped::at(refused.problem, hop)),
    }
}

fn out_of_time(hop: Hop) -> Stopped {
    let message = format!("the time of the work ended at hop {}, `{}`", hop.hop, hop.target);
    Stopped::at(Problem::new(ErrorCode::DeadlineExceeded, Pointer::root(), message), hop)
}

impl From<Unreached> for Refused {
    fn from(unreached: Unreached) -> Self {
        Self { problem: unreached.problem, retryable: unreached.retryable, end: None }
    }
}
