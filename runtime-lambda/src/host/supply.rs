//! Loading what a message needs: contracts of other versions, and blobs.

use std::sync::atomic::Ordering;

use peer_contract_core::events::Carried;
use peer_contract_core::inbox::{Delivery, Need, Opened, Refusal};
use peer_contract_core::{Contract, ContractHash, Problem};

use super::Sandbox;
use crate::store::{Key, Store, doubt_blob};

/// What an event turned out to be.
pub(super) enum Received {
    /// A message.
    Delivery(Box<Delivery>),
    /// An event of a service, with messages.
    Carried(Box<Carried>),
}

impl Sandbox {
    /// Loads what an event asks for until it can be handled, or not.
    pub(super) async fn settle(&self, mut opened: Opened) -> Result<Received, Box<Refusal>> {
        loop {
            opened = match opened {
                Opened::Ready(delivery) => return Ok(Received::Delivery(delivery)),
                Opened::Carried(carried) => return Ok(Received::Carried(carried)),
                Opened::Refused(refusal) => return Err(refusal),
                Opened::Needs(pending) => {
                    let found = self.find(pending.need()).await.map_err(unread)?;
                    let need = found.is_some().then(|| pending.need().clone());
                    let opened = pending.supply(found);
                    if let (Some(need), Opened::Refused(_)) = (need, &opened) {
                        self.doubt(&need).await.map_err(unread)?;
                    }
                    opened
                }
            };
        }
    }

    /// After a refusal: was it what the store had, and not what the message said?
    async fn doubt(&self, need: &Need) -> Result<(), Problem> {
        match (need, &self.store) {
            (Need::Blob { key, reference }, Some(store)) => doubt_blob(&**store, &Key::parse(key)?, reference).await,
            _ => Ok(()),
        }
    }

    async fn find(&self, need: &Need) -> Result<Option<Vec<u8>>, Problem> {
        match need {
            Need::Contract(hash) => self.find_contract(hash).await,
            Need::Blob { key, .. } => self.find_blob(key).await,
        }
    }

    /// Bytes of the shared store; the core holds them against their hash.
    pub(super) async fn find_blob(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(store) = &self.store else { return Ok(None) };
        Ok(store.get(&Key::parse(key)?).await?.map(|found| found.bytes))
    }

    /// The sandbox's own folder first, then the shared store. What is found is what the hash says, or is moved aside.
    async fn find_contract(&self, hash: &ContractHash) -> Result<Option<Vec<u8>>, Problem> {
        let key = Key::contract(hash);
        // A cache that cannot be read is an empty one.
        if let Ok(Some(text)) = verified(&self.cache, &key, hash).await {
            return Ok(Some(text));
        }
        let Some(store) = &self.store else { return Ok(None) };
        let found = verified(&**store, &key, hash).await?;
        if let Some(text) = &found {
            let _ = self.cache.put_if_absent(&key, text).await;
        }
        Ok(found)
    }

    /// Puts the agent's own contract where agents of other versions find it; once per sandbox.
    pub(super) async fn publish_once(&self) {
        let Some(store) = &self.store else { return };
        if self.published.swap(true, Ordering::Relaxed) {
            return;
        }
        let contract = self.inbox.contract();
        if store.put_if_absent(&Key::contract(&contract.hash()), contract.canonical()).await.is_err() {
            // The next invocation tries again; a store that stays away is reported where it is needed.
            self.published.store(false, Ordering::Relaxed);
        }
    }
}

async fn verified(store: &dyn Store, key: &Key, hash: &ContractHash) -> Result<Option<Vec<u8>>, Problem> {
    let Some(found) = store.get(key).await? else { return Ok(None) };
    if Contract::parse(&found.bytes).is_ok_and(|contract| contract.hash() == *hash) {
        return Ok(Some(found.bytes));
    }
    store.set_aside(key).await?;
    Ok(None)
}

fn unread(problem: Problem) -> Box<Refusal> {
    Box::new(Refusal { problem, header: None, reply: None })
}
