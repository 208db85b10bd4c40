//! What services push: topics, buses, and the destinations of Lambda.

use super::parts::{Members, Part};
use super::unload::{Unload, traced};
use super::{Origin, Parcel, object};
use crate::Problem;

/// A record of SNS, as a function gets it.
pub(super) fn topic(record: &Part, unload: &Unload<'_>, depth: usize) -> Result<Vec<Parcel>, Problem> {
    const SHAPE: &str = "a record of SNS";
    let members = record.members(&["Sns"]);
    notified(&members.object("Sns", SHAPE)?.members(SNS), SHAPE, unload, depth)
}

/// A notification of SNS, as a queue gets it.
pub(super) fn notification(event: &Part, unload: &Unload<'_>, depth: usize) -> Result<Vec<Parcel>, Problem> {
    notified(&event.members(SNS), "a notification of SNS", unload, depth)
}

const SNS: &[&str] = &["Message", "MessageAttributes", "MessageId", "Timestamp", "TopicArn"];

fn notified(sns: &Members, shape: &str, unload: &Unload<'_>, depth: usize) -> Result<Vec<Parcel>, Problem> {
    let (topic, id) = (sns.needed("TopicArn", shape)?, sns.needed("MessageId", shape)?);
    let origin = Origin::new(sns.time_ms("Timestamp"), &[&topic, &id]);
    let trace = traced(sns.get("MessageAttributes"), "Value");
    let parcels = unload.inside(sns.needed_text("Message", shape)?, Some(origin), depth)?;
    Ok(parcels.into_iter().map(|parcel| parcel.after(trace.as_ref())).collect())
}

/// An event of EventBridge. Those of S3 are mapped as the bucket's own notifications are.
pub(super) fn event(event: &Part, unload: &Unload<'_>, depth: usize) -> Result<Vec<Parcel>, Problem> {
    const SHAPE: &str = "an event of EventBridge";
    let members = event.members(&["detail", "detail-type", "id", "region", "source", "time"]);
    let (source, id) = (members.needed("source", SHAPE)?, members.needed("id", SHAPE)?);
    let missing = || members.missing("detail", SHAPE, "the message");
    let detail = members.get("detail").ok_or_else(missing)?.clone();
    let origin = Origin::new(members.time_ms("time"), &[&source, &id]);
    if source == "aws.s3" {
        return Ok(vec![object::detail(&members, &detail, origin)?]);
    }
    unload.inside(detail, Some(origin), depth)
}

/// What Lambda tells of an asynchronous invocation: the answer, or what could not be done.
pub(super) fn destination(event: &Part, unload: &Unload<'_>, depth: usize) -> Result<Vec<Parcel>, Problem> {
    const SHAPE: &str = "a record for a destination of Lambda";
    let names = ["requestContext", "requestPayload", "responseContext", "responsePayload", "timestamp"];
    let members = event.members(&names);
    let context = members.object("requestContext", SHAPE)?.members(&["condition", "requestId"]);
    let (condition, id) = (context.needed("condition", SHAPE)?, context.needed("requestId", SHAPE)?);
    let response = members.get("responseContext").map(|response| response.member("functionError").is_some());
    let payload = match (condition.as_str(), response) {
        ("Success", Some(false)) => "responsePayload",
        ("Success", _) => return Err(members.missing("responseContext", SHAPE, "what came of the invocation")),
        _ => "requestPayload",
    };
    let missing = || members.missing(payload, SHAPE, "the message");
    let message = members.get(payload).ok_or_else(missing)?.clone();
    let origin = Origin::new(members.time_ms("timestamp"), &[payload, &id]);
    unload.inside(message, Some(origin), depth)
}
