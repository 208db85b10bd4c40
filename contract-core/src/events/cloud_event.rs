//! CloudEvents of others: what they carry is the input of an entry. Our own envelopes are messages by themselves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::parts::{Part, invalid};
use super::{Cargo, Origin, Parcel};
use crate::Problem;
use crate::envelope::{TraceContext, is_our_schema};

const SHAPE: &str = "a CloudEvent";

/// Whether it says of itself that it is one of our envelopes. The inbox looks closer.
pub(super) fn is_ours(event: &Part) -> bool {
    event.member("dataschema").and_then(|schema| schema.string()).is_some_and(|schema| is_our_schema(&schema))
}

/// The data of an event in the structured form.
pub(super) fn parcel(event: &Part) -> Result<Parcel, Problem> {
    let names = ["data", "data_base64", "id", "source", "specversion", "time", "traceparent", "tracestate", "type"];
    let members = event.members(&names);
    if members.needed("specversion", SHAPE)? != "1.0" {
        return Err(invalid(event.at.key("specversion"), "version `1.0` of CloudEvents is read here"));
    }
    members.needed("type", SHAPE)?;
    let (source, id) = (members.needed("source", SHAPE)?, members.needed("id", SHAPE)?);
    let text = match (members.get("data"), members.get("data_base64")) {
        (Some(data), None) => data.text(),
        (None, Some(data)) => {
            let decoded = data.string_bytes().and_then(|text| STANDARD.decode(text).ok());
            decoded.ok_or_else(|| invalid(data.at.clone(), "padded base64 belongs here"))?.into()
        }
        (None, None) => return Err(members.missing("data", SHAPE, "the input of an entry")),
        (Some(_), Some(second)) => return Err(invalid(second.at.clone(), "an event has its data in one form")),
    };
    // By the specification, source and id together name an event, and a repeated one has the same two.
    let parcel = Parcel::of(Cargo::Text(text), Some(Origin::new(members.time_ms("time"), &[&source, &id])));
    let trace = members.string("traceparent");
    let trace = trace.and_then(|trace| TraceContext::read(&trace, members.string("tracestate").as_deref()));
    Ok(parcel.after(trace.as_ref()))
}
