//! Fan-out by `event`: the group lies in the shared store, and whoever changes it does what that asks for.
//!
//! ```text
//! outcome of the parent = the group      progress at `work/<work>/group/<group>`      outcomes of the children = their results
//! ```
//!
//! Nobody coordinates. The parent starts as many children as may run at once; each child that ends notes that in the progress by
//! compare-and-set, and starts the next one, or the join. What is sent again because a delivery was repeated has the ids it had
//! before, and claims let it end quietly.

use std::collections::VecDeque;

use bytes::Bytes;
use peer_contract_core::claim::StoredOutcome;
use peer_contract_core::envelope::{Envelope, Header, Outgoing, Payload, Recipient, Unpacked};
use peer_contract_core::fan::{Child, ChildEnd, ChildResult, Group, Progress, Slot, Step};
use peer_contract_core::json::{Draft, Json};
use peer_contract_core::{Limits, Problem};

use super::post::{Post, Sealed};
use crate::fan::Abreast;
use crate::peers::{Unreached, retry};
use crate::store::{Key, Put, Store, Swap, failed, open_part};

/// Messages that are sent, and results that are read, at the same time.
const AT_ONCE: usize = 16;

/// A group, and what its join gets beside the results.
struct Parked {
    group: Group,
    state: Option<Payload>,
}

impl Post<'_> {
    /// Starts a group whose record was just stored, or was found stored: then those children again that have not ended.
    pub(super) async fn begin_group(&self, sealed: &Sealed) -> Result<(), Unreached> {
        let parked = self.parked(sealed.bytes.clone().into()).await?;
        let key = Key::group(&sealed.work, &parked.group.header().id)?;
        let begun = parked.group.progress();
        let progress = match self.store()?.put_if_absent(&key, &begun.to_bytes()).await? {
            Put::Stored => begun,
            Put::Present => self.progress(&key).await?.0,
        };
        match progress.ending() {
            Some(_) => self.end_group(&parked, &progress).await,
            None => self.start(&parked, progress.under_way().into()).await,
        }
    }

    /// Notes that a child has ended, and does what follows from that.
    pub(super) async fn settle_child(&self, slot: &Slot, sealed: &Sealed) -> Result<(), Unreached> {
        let has_output = self.keep_result(slot, sealed).await?;
        let key = Key::group(&sealed.work, &slot.group())?;
        let progress = self.note(&key, slot.ordinal, has_output).await?;
        let step = progress.step_of(slot.ordinal);
        if step == Step::Wait {
            return Ok(());
        }
        let record = self.store()?.get(&Key::outcome(&sealed.work, &slot.parent)?).await?;
        let record = record.ok_or_else(|| failed("the record of a group went away"))?;
        let parked = self.parked(StoredOutcome::from_bytes(&record.bytes)?.payload.into()).await?;
        match step {
            Step::Start(next) => self.start(&parked, [next].into()).await,
            _ => self.end_group(&parked, &progress).await,
        }
    }

    /// Sends children. One that cannot be reached has failed, which may start another one.
    async fn start(&self, parked: &Parked, mut waiting: VecDeque<u32>) -> Result<(), Unreached> {
        let mut under_way = Abreast::default();
        loop {
            while under_way.len() < AT_ONCE
                && let Some(ordinal) = waiting.pop_front()
            {
                under_way.push(async move { (ordinal, self.send_child(&parked.group, ordinal).await) });
            }
            match under_way.next().await {
                None => return Ok(()),
                Some((_, Ok(()))) => {}
                Some((_, Err(unreached))) if unreached.retryable => return Err(unreached),
                Some((ordinal, Err(unreached))) => {
                    let progress = self.give_up(&parked.group, ordinal, &unreached.problem).await?;
                    match progress.step_of(ordinal) {
                        Step::Start(next) => waiting.push_back(next),
                        Step::Wait => {}
                        Step::Join | Step::Fail => return self.end_group(parked, &progress).await,
                    }
                }
            }
        }
    }

    async fn send_child(&self, group: &Group, ordinal: u32) -> Result<(), Unreached> {
        let Some(Child { agent, outgoing, .. }) = group.child(ordinal)? else { return Ok(()) };
        self.dispatch(&agent, &outgoing).await
    }

    async fn dispatch(&self, agent: &str, outgoing: &Outgoing) -> Result<(), Unreached> {
        let sealed = self.seal(outgoing).await?;
        let trace_id = self.invocation.trace_id.as_deref().map(without_lineage);
        self.invoke(agent, sealed.bytes.into(), trace_id.as_deref()).await
    }

    /// Ends a child in its place.
    async fn give_up(&self, group: &Group, ordinal: u32, problem: &Problem) -> Result<Progress, Problem> {
        let Header { work, id, causation, .. } = group.header();
        let parent = causation.clone().ok_or_else(|| failed("a group without a parent"))?;
        let refusal = group.refuse_child(ordinal, problem).ok_or_else(|| failed("a group without this child"))?;
        let sealed = self.seal(&refusal).await?;
        let has_output = self.keep_result(&Slot { parent, ordinal }, &sealed).await?;
        self.note(&Key::group(work, id)?, ordinal, has_output).await
    }

    /// The join gets its message, or the work its end.
    async fn end_group(&self, parked: &Parked, progress: &Progress) -> Result<(), Unreached> {
        let group = &parked.group;
        let joined = match progress.ending() {
            Some(Step::Join) => self.join(parked, progress).await,
            _ => Err(group.failure(progress, self.first_failure(group, progress).await?.as_ref())),
        };
        match joined {
            Ok(join) => {
                let agent = group.header().target.split('.').next().unwrap_or_default();
                self.dispatch(agent, &join).await
            }
            Err(problem) if problem.code.retryable() => Err(problem.into()),
            Err(problem) => {
                let mut refusal = group.refuse(&problem);
                refusal.recipient = self.sandbox.inbox.recipient_of_reply(group.header());
                self.end(&self.seal(&refusal).await?).await
            }
        }
    }

    async fn join(&self, parked: &Parked, progress: &Progress) -> Result<Outgoing, Problem> {
        let Parked { group, state } = parked;
        let results = self.results(group, &progress.joined()).await?;
        let form = match state {
            Some(Payload::Reference(form)) => Some(form.clone()),
            _ => None,
        };
        let state = match state {
            Some(state) => {
                Some(Json::read(self.open(state, &group.header().work).await?.into_bytes(), &Limits::default())?)
            }
            None => None,
        };
        group.join(&results, state, form)
    }

    /// What these children gave, in their order.
    async fn results(&self, group: &Group, ordinals: &[u32]) -> Result<Vec<ChildResult>, Problem> {
        let mut waiting = ordinals.iter();
        let mut under_way = Abreast::default();
        let mut results = Vec::with_capacity(ordinals.len());
        loop {
            while under_way.len() < AT_ONCE
                && let Some(ordinal) = waiting.next()
            {
                under_way.push(self.result(group, *ordinal));
            }
            match under_way.next().await {
                Some(result) => results.push(result?),
                None => break,
            }
        }
        results.sort_unstable_by_key(|result: &ChildResult| result.index);
        Ok(results)
    }

    async fn result(&self, group: &Group, index: u32) -> Result<ChildResult, Problem> {
        let parent = group.header().causation.clone().unwrap_or_default();
        let key = Key::outcome(&group.header().work, &Slot { parent, ordinal: index }.child())?;
        let record = self.store()?.get(&key).await?.ok_or_else(|| failed("the result of a child went away"))?;
        let reply = Bytes::from(StoredOutcome::from_bytes(&record.bytes)?.payload);
        let end = group.read_answer(index, reply).unwrap_or_else(ChildEnd::Failed);
        Ok(ChildResult { index, operation: group.operation_of(index).unwrap_or_default().to_owned(), end })
    }

    async fn first_failure(&self, group: &Group, progress: &Progress) -> Result<Option<ChildEnd>, Problem> {
        match progress.failures().next() {
            Some(ordinal) => self.result(group, ordinal).await.map(|result| Some(result.end)),
            None => Ok(None),
        }
    }

    /// Whether the result of a child that counts is an output. One that was refused before there was a claim has no outcome yet.
    async fn keep_result(&self, slot: &Slot, sealed: &Sealed) -> Result<bool, Problem> {
        if has_output(&sealed.bytes)? {
            return Ok(true);
        }
        let key = Key::outcome(&sealed.work, &slot.child())?;
        let recipient = Recipient::Group(slot.clone());
        let outcome = StoredOutcome { fence: 0, recipient, payload: sealed.bytes.clone() };
        if self.store()?.put_if_absent(&key, &outcome.to_bytes()).await? == Put::Stored {
            return Ok(false);
        }
        let record = self.store()?.get(&key).await?.ok_or_else(|| failed("the result of a child went away"))?;
        has_output(&StoredOutcome::from_bytes(&record.bytes)?.payload)
    }

    /// Adds a settlement to the record, unless it is there or comes too late.
    async fn note(&self, key: &Key, ordinal: u32, has_output: bool) -> Result<Progress, Problem> {
        let mut losses = 0;
        loop {
            let (mut progress, version) = self.progress(key).await?;
            if !progress.settle(ordinal, has_output) {
                return Ok(progress);
            }
            let bytes = progress.to_bytes();
            if let Swap::Swapped(_) = self.store()?.compare_and_set(key, Some(&version), &bytes).await? {
                return Ok(progress);
            }
            losses += 1;
            let pause = retry::pause_after(losses) / 8;
            if self.time_left() <= pause {
                return Err(failed("the record of a group was changed by others until the time was over"));
            }
            // Bindings look at a future once without a runtime; the next look has one, and with it a clock to sleep by.
            tokio::task::yield_now().await;
            tokio::time::sleep(pause).await;
        }
    }

    async fn progress(&self, key: &Key) -> Result<(Progress, crate::store::Version), Problem> {
        let found = self.store()?.get(key).await?.ok_or_else(|| failed("the group has no record of its progress"))?;
        Ok((Progress::from_bytes(&found.bytes)?, found.version))
    }

    async fn parked(&self, payload: Bytes) -> Result<Parked, Problem> {
        let Unpacked::Envelope(envelope) = Envelope::unpack(payload, &Limits::default())? else { return Err(broken()) };
        let Envelope { header, fan_out, state, contract, .. } = *envelope;
        let fan_out = self.open(&fan_out.ok_or_else(broken)?, &header.work).await?;
        Ok(Parked { group: Group::new(self.sandbox.inbox.contract(), header, fan_out, contract)?, state })
    }

    async fn open(&self, part: &Payload, work: &str) -> Result<Draft, Problem> {
        open_part(self.sandbox.store.as_deref(), part, work).await
    }

    fn store(&self) -> Result<&dyn Store, Problem> {
        self.sandbox.store.as_deref().ok_or_else(|| failed("there is no shared store for a group"))
    }
}

/// The trace without the functions that led here. One child starts another, hundreds of times if there are hundreds, and
/// Lambda takes sixteen for a loop; what loops here runs into the limit of hops, which children do not raise.
fn without_lineage(trace_id: &str) -> String {
    let parts = trace_id.split(';').filter(|part| !part.trim_start().starts_with("Lineage="));
    parts.collect::<Vec<_>>().join(";")
}

fn has_output(reply: &[u8]) -> Result<bool, Problem> {
    match Envelope::unpack(Bytes::copy_from_slice(reply), &Limits::default())? {
        Unpacked::Envelope(reply) => Ok(reply.output.is_some()),
        Unpacked::Plain(_) => Err(broken()),
    }
}

fn broken() -> Problem {
    failed("the record of a group or of its child cannot be read")
}
