//! The children of a group, run from here as the contract bounds them, and the message of its join.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use peer_contract_core::envelope::{Envelope, Payload, Room};
use peer_contract_core::fan::{Child, ChildEnd, Gathering, Given, Group, Progress, Slot};
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Problem};

use super::forward::Message;
use super::hop::{ChildHop, Gathered, Hop, HopEnd};
use super::part::state_bytes;
use super::{Runner, Stopped};
use crate::clock::until;
use crate::fan::Abreast;
use crate::peers::{Unreached, retry};
use crate::store::open_part;

/// Tries of a child, and the time they took in all.
type Sent = (u32, Duration);

impl Runner<'_> {
    /// Runs the children of a group until its rule is kept or broken. Children that are still under way then are left alone.
    pub(super) async fn gather(&self, envelope: Envelope, expiry: u64) -> Result<Message, Stopped> {
        let hop = Hop::of(&envelope.header, 0, state_bytes(&envelope));
        self.gather_once(envelope, expiry).await.map_err(|problem| Stopped::at(problem, hop))
    }

    async fn gather_once(&self, envelope: Envelope, expiry: u64) -> Result<Message, Problem> {
        let Envelope { header, fan_out, state, contract, .. } = envelope;
        let fan_out = fan_out.unwrap_or_else(|| Payload::Json(Json::null()));
        let fan_out = open_part(self.store, &fan_out, &header.work).await?;
        let group = Group::new(self.contract, header.clone(), fan_out, contract)?;
        let mut gathering = Gathering::new(group);
        let since = Instant::now();
        let sent = self.run_children(&mut gathering, expiry).await;
        let ends = gathering.ends().map(|(ordinal, end)| (ordinal, HopEnd::from(end), sent.get(&ordinal).copied()));
        self.observer.gathered(&gathered(gathering.group(), gathering.progress(), since, ends.collect()));
        let (state, form) = match (&state, self.contract.state()) {
            (Some(payload), Some(at)) => {
                let form = if let Payload::Reference(form) = payload { Some(form.clone()) } else { None };
                (Some(self.value(payload, &header.work, &at).await?), form)
            }
            _ => (None, None),
        };
        let join = gathering.finish(state, form)?;
        let packed = self.pack(&join, Room::sync(self.store.is_some())).await.map_err(|unreached| unreached.problem)?;
        Ok(Message { header: join.header, payload: packed.bytes.into(), state_bytes: packed.state_bytes })
    }

    async fn run_children(&self, gathering: &mut Gathering, expiry: u64) -> BTreeMap<u32, Sent> {
        let (mut under_way, mut sent) = (Abreast::default(), BTreeMap::new());
        loop {
            match gathering.ask() {
                Given::Child(child) => under_way.push(self.run_child(gathering.group().clone(), *child, expiry)),
                Given::Over => return sent,
                Given::Nothing => match under_way.next().await {
                    Some((ordinal, end, tries)) => {
                        sent.insert(ordinal, tries);
                        gathering.settle(ordinal, end);
                    }
                    None => return sent,
                },
            }
        }
    }

    /// One child until it has ended, or all its tries are used up.
    async fn run_child(&self, group: Arc<Group>, child: Child, expiry: u64) -> (u32, ChildEnd, Sent) {
        let (mut attempts, mut tries, since) = (0, 0, Instant::now());
        loop {
            let end = match self.try_child(&group, &child, expiry).await {
                Ok(end) => end,
                Err(unreached) => ChildEnd::Failed(unreached.problem),
            };
            // Another delivery is at work on it: asking again is no new attempt.
            let free = matches!(&end, ChildEnd::Failed(problem) if problem.code == ErrorCode::InProgress);
            attempts += u32::from(!free);
            tries += 1;
            let pause = retry::pause_after(tries);
            if !end.is_retryable() || attempts >= child.attempts || until(expiry) <= pause {
                return (child.ordinal, end, (attempts, since.elapsed()));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn try_child(&self, group: &Group, child: &Child, expiry: u64) -> Result<ChildEnd, Unreached> {
        let packed = self.pack(&child.outgoing, Room::sync(self.store.is_some())).await?;
        let (answer, _) = self.send(&child.outgoing.header, packed.bytes.into(), expiry).await;
        Ok(group.read_answer(child.ordinal, answer?)?)
    }
}

/// What an observer is told; `ends` are those of the children that count.
pub(super) fn gathered(
    group: &Group,
    progress: &Progress,
    since: Instant,
    ends: Vec<(u32, HopEnd, Option<Sent>)>,
) -> Gathered {
    let header = group.header();
    let parent = header.causation.clone().unwrap_or_default();
    let ends = ends.into_iter().map(|(index, end, sent)| {
        let message = Slot { parent: parent.clone(), ordinal: index }.child();
        let target = group.operation_of(index).unwrap_or_default().to_owned();
        ChildHop { index, message, target, sent, end }
    });
    Gathered {
        work: header.work.clone(),
        join: header.target.clone(),
        children: progress.children(),
        outputs: progress.outputs().count(),
        failures: progress.failures().count(),
        took: since.elapsed(),
        ends: ends.collect(),
        parent: parent.clone(),
    }
}
