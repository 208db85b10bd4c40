//! Taking messages out of events, and events out of events.

use bytes::Bytes;

use super::answer::Carrier;
use super::parts::{Part, invalid};
use super::shape::{Inside, Shape, source_of};
use super::{Cargo, Carried, Origin, Parcel, bus, cloud_event, http, object, queue};
use crate::envelope::TraceContext;
use crate::{Limits, Problem};

/// Events within events that are looked into: a bucket's notification in a topic's in a queue's is three.
const DEEPEST: usize = 4;

/// Whether an event is the plain input of the agent, because the contract names its mark.
pub(crate) type Claims<'a> = &'a dyn Fn(&Bytes, &str) -> bool;

/// Takes an event apart; nothing when it is not one of a service.
///
/// # Errors
/// `event_invalid` at the place where the shape is broken.
pub(crate) fn unload(event: &Bytes, claims: Claims<'_>, limits: &Limits) -> Result<Option<Carried>, Problem> {
    let event = Part::whole(event.clone());
    let Some(shape) = Shape::of(&event, Inside::Nothing)?.filter(|shape| !claims(&event.text(), shape.mark())) else {
        return Ok(None);
    };
    let unload = Unload { claims, limits };
    let (carrier, parcels) = match shape {
        Shape::Http => (Carrier::request(), vec![http::parcel(&event, &unload)?]),
        Shape::Records if is_queue(&event) => queue::take(&event, &unload)?,
        _ => (Carrier::invocation(), unload.opened(shape, &event, 0)?),
    };
    Ok(Some(Carried { carrier, parcels: parcels.into_iter() }))
}

fn is_queue(event: &Part) -> bool {
    let first = event.member("Records").and_then(|records| records.items().next());
    first.and_then(|first| source_of(&first)).as_deref() == Some(queue::SOURCE)
}

/// What taking apart needs at every depth.
pub(super) struct Unload<'a> {
    claims: Claims<'a>,
    pub(super) limits: &'a Limits,
}

impl Unload<'_> {
    /// The parcels in what a message of a service says, which may be an event again. `origin` is what names the message.
    pub(super) fn inside(&self, part: Part, origin: Option<Origin>, depth: usize) -> Result<Vec<Parcel>, Problem> {
        let shape = Shape::of(&part, Inside::Service)?.filter(|shape| !self.is_message(&part, *shape));
        let Some(shape) = shape else { return Ok(vec![Parcel::of(Cargo::Text(part.text()), origin)]) };
        if depth == DEEPEST {
            return Err(invalid(part.at, "events within events are nested too deep"));
        }
        let mut parcels = self.opened(shape, &part.read(self.limits)?, depth + 1)?;
        for parcel in &mut parcels {
            parcel.origin = parcel.origin.or(origin);
        }
        Ok(parcels)
    }

    /// One CloudEvent, or a plain input, of a request.
    pub(super) fn in_request(&self, part: Part) -> Result<Parcel, Problem> {
        match Shape::of(&part, Inside::Request)?.filter(|shape| !self.is_message(&part, *shape)) {
            None => Ok(Parcel::of(Cargo::Text(part.text()), None)),
            Some(_) => cloud_event::parcel(&part.read(self.limits)?),
        }
    }

    fn is_message(&self, part: &Part, shape: Shape) -> bool {
        (shape == Shape::CloudEvent && cloud_event::is_ours(part)) || (self.claims)(&part.text(), shape.mark())
    }

    fn opened(&self, shape: Shape, event: &Part, depth: usize) -> Result<Vec<Parcel>, Problem> {
        match shape {
            Shape::Records => self.records(event, depth),
            Shape::Bus => bus::event(event, self, depth),
            Shape::Destination => bus::destination(event, self, depth),
            Shape::Notification => bus::notification(event, self, depth),
            Shape::CloudEvent => Ok(vec![cloud_event::parcel(event)?]),
            Shape::S3Test => Ok(Vec::new()),
            Shape::Http => Err(invalid(event.at.clone(), "a request cannot be part of another event")),
        }
    }

    fn records(&self, event: &Part, depth: usize) -> Result<Vec<Parcel>, Problem> {
        let mut parcels = Vec::new();
        for (source, record) in records(event)? {
            match source.as_str() {
                "aws:sns" => parcels.extend(bus::topic(&record, self, depth)?),
                "aws:s3" => parcels.push(object::record(&record)?),
                queue::SOURCE => return Err(invalid(record.at, "a queue cannot be part of another event")),
                _ => return Err(invalid(record.at.key("eventSource"), "records of this service are not read here")),
            }
        }
        Ok(parcels)
    }
}

/// The records of an event, all of the same service.
pub(super) fn records(event: &Part) -> Result<Vec<(String, Part)>, Problem> {
    let records = event.member("Records").filter(Part::is_array);
    let records = records.ok_or_else(|| invalid(event.at.key("Records"), "an array of records belongs here"))?;
    let mut found: Vec<(String, Part)> = Vec::new();
    for record in records.items() {
        let source = source_of(&record);
        let source =
            source.ok_or_else(|| invalid(record.at.key("eventSource"), "a record says where it comes from"))?;
        if found.first().is_some_and(|(first, _)| *first != source) {
            return Err(invalid(record.at.key("eventSource"), "all records of an event come from the same service"));
        }
        found.push((source, record));
    }
    Ok(found)
}

/// The trace in the attributes of a message, each an object whose text is its member `value`.
pub(super) fn traced(attributes: Option<&Part>, value: &'static str) -> Option<TraceContext> {
    let attributes = attributes?.members(&["traceparent", "tracestate"]);
    let text = |name| attributes.get(name)?.member(value)?.string();
    TraceContext::read(&text("traceparent")?, text("tracestate").as_deref())
}

impl Parcel {
    /// The parcel with the trace of what carried it, unless one within says another.
    pub(super) fn after(self, trace: Option<&TraceContext>) -> Self {
        Self { trace: self.trace.or_else(|| trace.cloned()), ..self }
    }

    pub(super) fn of(cargo: Cargo, origin: Option<Origin>) -> Self {
        Self { cargo: Ok(cargo), origin, item: 0, request_id: None, trace_id: None, trace: None }
    }

    pub(super) fn broken(problem: Problem) -> Self {
        Self { cargo: Err(problem), origin: None, item: 0, request_id: None, trace_id: None, trace: None }
    }
}
