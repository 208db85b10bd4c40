//! Batches of SQS.

use super::answer::Carrier;
use super::parts::{Part, invalid};
use super::unload::{Unload, records, traced};
use super::{Origin, Parcel};
use crate::Problem;

pub(super) const SOURCE: &str = "aws:sqs";
const SHAPE: &str = "a record of SQS";

/// One message of a batch.
pub(super) struct Item {
    /// `messageId`: the same for every delivery, and what a failure is reported by.
    pub(super) id: String,
    /// Its group in a FIFO queue, whose order must hold. Fair queues have groups without an order.
    pub(super) group: Option<String>,
}

/// The batch and the messages in it. What is wrong with one message is a failure of that message alone.
pub(super) fn take(event: &Part, unload: &Unload<'_>) -> Result<(Carrier, Vec<Parcel>), Problem> {
    let (mut items, mut parcels) = (Vec::new(), Vec::new());
    for (_, record) in records(event)? {
        let (item, found) = message(&record, items.len(), unload)?;
        items.push(item);
        parcels.extend(found);
    }
    Ok((Carrier::queue(items), parcels))
}

fn message(record: &Part, index: usize, unload: &Unload<'_>) -> Result<(Item, Vec<Parcel>), Problem> {
    let members = record.members(&["attributes", "body", "eventSourceARN", "messageAttributes", "messageId"]);
    let id = members.needed("messageId", SHAPE)?;
    if id.is_empty() {
        return Err(invalid(record.at.key("messageId"), "a message without an id cannot be told from others"));
    }
    let queue = members.needed("eventSourceARN", SHAPE)?;
    let attribute = |name| members.get("attributes")?.member(name)?.string();
    let sent_ms = attribute("SentTimestamp").and_then(|text| text.parse().ok()).unwrap_or_default();
    let group = attribute("MessageGroupId").filter(|_| queue.ends_with(".fifo"));
    let trace_id = attribute("AWSTraceHeader");
    let body = members.needed_text("body", SHAPE)?;
    let origin = Origin::new(sent_ms, &[&queue, &id]);
    let trace = traced(members.get("messageAttributes"), "stringValue");
    let parcels = unload.inside(body, Some(origin), 0).unwrap_or_else(|problem| vec![Parcel::broken(problem)]);
    let mut parcels: Vec<_> = parcels.into_iter().map(|parcel| parcel.after(trace.as_ref())).collect();
    for parcel in &mut parcels {
        parcel.item = index;
        parcel.request_id = Some(id.clone());
        parcel.trace_id.clone_from(&trace_id);
    }
    Ok((Item { id, group }, parcels))
}
