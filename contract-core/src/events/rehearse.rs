//! One event of a service, taken as far as it goes with nothing to load: what all languages run the shared vectors with.

use serde_json::{Value, json as value};

use super::{Carried, Ended, Failure, Via};
use crate::inbox::{Arrival, Delivery, Event, Inbox, Opened};
use crate::{Contract, Limits, Problem, json};

/// Opens an event for `agent` of `contract` as if every cache and store were empty, and ends each of its messages as `ends`
/// says, in turn, a JSON array: with the payload that stands in `answered`, or with the code and place in `failed`. A message that is
/// refused fails with its problem, and takes no end. Gives `via`, the `messages` that were opened, and the `answer`; a
/// message by itself has neither `via` nor an `answer`.
///
/// # Errors
/// Whatever the whole event is refused with.
pub fn rehearse(
    contract: &Contract,
    agent: &str,
    event: &[u8],
    ends: &[u8],
    arrival: &Arrival,
) -> Result<Value, Problem> {
    let ends = json::parse(ends, &Limits::default())?;
    let ends = ends.as_array().map_or(&[][..], Vec::as_slice);
    let inbox = Inbox::new(contract.clone(), agent, Limits::default())?;
    match inbox.open(Event::Bytes(event.to_vec().into()), arrival) {
        Opened::Carried(carried) => Ok(carry(&inbox, *carried, ends, arrival)),
        opened => Ok(value!({ "via": null, "messages": [told(&*settled(opened)?)] })),
    }
}

fn carry(inbox: &Inbox, mut carried: Carried, ends: &[Value], arrival: &Arrival) -> Value {
    let (mut messages, mut ends) = (Vec::new(), ends.iter());
    let arrival = Arrival { via: carried.via(), ..arrival.clone() };
    while let Some(parcel) = carried.next_parcel() {
        let (item, request_id) = (parcel.item(), parcel.request_id().map(str::to_owned));
        let (mut message, ended) = match settled(inbox.open_parcel(parcel, &arrival)) {
            Ok(delivery) => (told(&delivery), end_of(ends.next())),
            Err(problem) => {
                let refused = value!({ "error": { "code": problem.code.as_str(), "at": problem.at.as_str() } });
                (refused, Ended::Failed(problem.into()))
            }
        };
        message["item"] = value!(item);
        message["requestId"] = value!(request_id);
        messages.push(message);
        carried.ended(item, ended);
    }
    let via = match carried.via() {
        Via::Invocation => "invocation",
        Via::Queue => "queue",
        Via::Request => "request",
    };
    let answer = match carried.answer() {
        Ended::Answered(payload) => serde_json::from_slice(&payload).unwrap_or(Value::Null),
        Ended::Failed(Failure { code, at, .. }) => value!({ "thrown": { "code": code, "at": at } }),
    };
    value!({ "via": via, "messages": messages, "answer": answer })
}

fn settled(mut opened: Opened) -> Result<Box<Delivery>, Problem> {
    loop {
        opened = match opened {
            Opened::Ready(delivery) => return Ok(delivery),
            Opened::Refused(refusal) => return Err(refusal.problem),
            Opened::Needs(pending) => pending.supply(None),
            Opened::Carried(_) => unreachable!("a message that was carried carries none"),
        };
    }
}

fn told(delivery: &Delivery) -> Value {
    let info = delivery.info();
    let work = delivery.is_plain().then_some(&info.work);
    value!({
        "operation": info.target,
        "work": work,
        "input": delivery.input().to_value(),
        "traceparent": info.trace.to_string(),
        "tracestate": info.trace.state(),
    })
}

fn end_of(end: Option<&Value>) -> Ended {
    let Some(end) = end else { return Ended::Answered(b"null".to_vec()) };
    let text = |name: &str| end["failed"][name].as_str().unwrap_or_default().to_owned();
    match end.get("answered") {
        Some(payload) => Ended::Answered(payload.to_string().into_bytes()),
        None => Ended::Failed(Failure { code: text("code"), message: "as the vector says".to_owned(), at: text("at") }),
    }
}
