//! The end of a work: the result record, and whoever asked for the reply by `replyto`.

use peer_contract_core::envelope::{Envelope, Outgoing, Payload, Recipient, Unpacked};
use peer_contract_core::json::Json;
use peer_contract_core::{Limits, Problem, replies};

use super::post::{Post, Sealed};
use crate::peers::Unreached;
use crate::store::{Key, Put, failed, open_part};

impl Post<'_> {
    /// Records the reply that ends a work, and sends it on. A work has one result: whatever comes second is not sent, the first one is
    /// again, so that who gets replies sees none but that.
    pub(super) async fn end(&self, sealed: &Sealed) -> Result<(), Unreached> {
        let Recipient::ReplyTo(to) = &sealed.recipient else { return Ok(self.record(sealed).await.map(drop)?) };
        let reply = match self.record(sealed).await? {
            Put::Stored => sealed.bytes.clone(),
            Put::Present => self.recorded(&sealed.work).await?,
        };
        let trace_id = self.invocation.trace_id.as_deref();
        match self.sandbox.inbox.contract().operation(to) {
            None => self.invoke(to, reply.into(), trace_id).await,
            Some(entry) => {
                let message = self.seal(&self.begun(&entry.target, reply).await?).await?;
                self.invoke(&entry.agent, message.bytes.into(), trace_id).await
            }
        }
    }

    async fn record(&self, sealed: &Sealed) -> Result<Put, Problem> {
        let Some(store) = &self.sandbox.store else { return Err(failed("there is no shared store for the result")) };
        store.put_if_absent(&Key::result(&sealed.work)?, &sealed.bytes).await
    }

    async fn recorded(&self, work: &str) -> Result<Vec<u8>, Problem> {
        let Some(store) = &self.sandbox.store else { return Err(failed("there is no shared store for the result")) };
        let found = store.get(&Key::result(work)?).await?;
        Ok(found.ok_or_else(|| failed("the result of a work went away"))?.bytes)
    }

    /// The message that starts work at an entry with a reply.
    async fn begun(&self, entry: &str, reply: Vec<u8>) -> Result<Outgoing, Problem> {
        let Unpacked::Envelope(mut reply) = Envelope::unpack(reply, &Limits::default())? else {
            return Err(failed("the result of a work is no reply"));
        };
        let work = reply.header.work.clone();
        reply.output = self.by_value(reply.output.take(), &work).await?;
        if let Some(error) = &mut reply.error {
            error.data = self.by_value(error.data.take(), &work).await?;
        }
        replies::begun(self.sandbox.inbox.contract(), entry, &reply)
    }

    async fn by_value(&self, part: Option<Payload>, work: &str) -> Result<Option<Payload>, Problem> {
        let Some(part) = part else { return Ok(None) };
        let draft = open_part(self.sandbox.store.as_deref(), &part, work).await?;
        Json::read(draft.into_bytes(), &Limits::default()).map(|json| Some(Payload::Json(json)))
    }
}
