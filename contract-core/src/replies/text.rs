//! A reply as the first message of another work.

use super::refused;
use crate::contract::Operation;
use crate::envelope::{Envelope, Header, Object, Outgoing, Payload, Recipient, Travel, id};
use crate::events::Origin;
use crate::fan::write_error;
use crate::inbox::{first_header, first_state, inline_within};
use crate::json::Json;
use crate::{Contract, Limits, Problem};

/// The message that starts work at an entry with a reply, whose parts stand in it. The same reply makes the same message.
///
/// # Errors
/// `address_refused` where the entry does not exist, or does not accept this reply.
pub fn begun(contract: &Contract, entry: &str, reply: &Envelope) -> Result<Outgoing, Problem> {
    let unknown = || refused(format!("the contract has no operation `{entry}`"));
    let entry = contract.operation(entry).ok_or_else(unknown)?;
    let limits = Limits::default();
    let input = contract.schema(&entry.input)?.accept(text_of(reply), &limits).map_err(|problems| {
        let Problem { code, at, message, .. } = problems.first();
        refused(format!("`{}` does not accept the reply: at `{at}`, {message} ({code})", entry.target))
    })?;
    let mut outgoing = Outgoing::new(header(contract, entry, &reply.header), Recipient::Agent(entry.agent.clone()));
    (outgoing.input, outgoing.state) = (Some(input), Some(first_state(contract)));
    outgoing.contract = inline_within(contract, &limits);
    Ok(outgoing)
}

/// The work is new, and named by the reply. Its own result lies in the store, so that no two works answer each other for ever.
fn header(contract: &Contract, entry: &Operation, reply: &Header) -> Header {
    let Origin { time_ms, digest } = Origin::new(reply.time_ms, &["replyto", &reply.id, &entry.target]);
    let work = id::first(time_ms, digest);
    let first = first_header(contract, entry, time_ms, work, Travel::Event);
    Header { source: reply.source.clone(), causation: Some(reply.id.clone()), trace: reply.trace.clone(), ..first }
}

/// Members in canonical order.
fn text_of(reply: &Envelope) -> Json {
    let Envelope { header, output, error, .. } = reply;
    let mut text = Vec::new();
    let mut object = Object::open(&mut text);
    if let Some(error) = error {
        let data = error.data.as_ref().and_then(by_value);
        write_error(error.at.as_deref(), &error.code, data, &error.message, object.value("error"));
    }
    object.string("operation", &header.target);
    if let Some(output) = output.as_ref().and_then(by_value) {
        object.json("output", output.as_bytes());
    }
    object.optional("phase", header.phase.as_deref());
    object.string("work", &header.work);
    object.close();
    Json::of_checked(text.into())
}

fn by_value(part: &Payload) -> Option<&Json> {
    match part {
        Payload::Json(json) => Some(json),
        Payload::Reference(_) => None,
    }
}
