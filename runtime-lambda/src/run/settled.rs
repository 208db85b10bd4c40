//! A group that agents run by `event`, as the shared store tells of it.

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use peer_contract_core::Problem;
use peer_contract_core::claim::StoredOutcome;
use peer_contract_core::envelope::{Envelope, Payload};
use peer_contract_core::fan::{ChildEnd, Group, Progress, Slot};
use peer_contract_core::json::Json;

use super::gather::gathered;
use super::{Gathered, HopEnd, Runner};
use crate::fan::Abreast;
use crate::store::{Key, Store, open_part};

/// Failed children whose outcomes are read at the same time.
const AT_ONCE: usize = 16;

impl Runner<'_> {
    /// Tells the observer of a group that has ended. It only watches: what cannot be read is not told.
    pub(super) async fn tell_group(&self, group: Envelope, since: Instant) {
        let Some(store) = self.store else { return };
        if let Ok(Some(gathered)) = self.settled(store, group, since).await {
            self.observer.gathered(&gathered);
        }
    }

    async fn settled(&self, store: &dyn Store, group: Envelope, since: Instant) -> Result<Option<Gathered>, Problem> {
        let Envelope { header, fan_out, contract, .. } = group;
        let fan_out = fan_out.unwrap_or_else(|| Payload::Json(Json::null()));
        let fan_out = open_part(self.store, &fan_out, &header.work).await?;
        let group = Group::new(self.contract, header, fan_out, contract)?;
        let Some(record) = store.get(&Key::group(&group.header().work, &group.header().id)?).await? else {
            return Ok(None);
        };
        let progress = Progress::from_bytes(&record.bytes)?;
        let mut ends: BTreeMap<u32, HopEnd> = progress.outputs().map(|ordinal| (ordinal, HopEnd::Reply)).collect();
        let (mut failed, mut under_way) = (progress.failures(), Abreast::default());
        loop {
            while under_way.len() < AT_ONCE
                && let Some(ordinal) = failed.next()
            {
                under_way.push(failure(store, &group, ordinal));
            }
            match under_way.next().await {
                Some(failure) => ends.extend([failure?]),
                None => break,
            }
        }
        let ends = ends.into_iter().map(|(ordinal, end)| (ordinal, end, None)).collect();
        Ok(Some(gathered(&group, &progress, since, ends)))
    }
}

/// How a child that failed did so.
async fn failure(store: &dyn Store, group: &Group, ordinal: u32) -> Result<(u32, HopEnd), Problem> {
    let parent = group.header().causation.clone().unwrap_or_default();
    let key = Key::outcome(&group.header().work, &Slot { parent, ordinal }.child())?;
    let Some(record) = store.get(&key).await? else { return Ok((ordinal, HopEnd::UnderWay)) };
    let reply = Bytes::from(StoredOutcome::from_bytes(&record.bytes)?.payload);
    let end = group.read_answer(ordinal, reply).unwrap_or_else(ChildEnd::Failed);
    Ok((ordinal, HopEnd::from(&end)))
}
