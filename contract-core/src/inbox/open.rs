//! From an event to a delivery: every check that comes before work is done, in one order.
//!
//! An opening may stop because something must be loaded. It is then run again from its first step
//! with what was found; each step is a function of what is known, so running it twice changes nothing.

use std::sync::Arc;

use bytes::Bytes;

use super::parts::Part;
use super::pending::{Need, Pending};
use super::rules::{check_goes_on, deadline};
use super::{Arrival, Delivery, Event, Opened, Own, Refusal, WorkInfo, next, start};
use crate::contract::{Operation, names_property};
use crate::envelope::{Envelope, Glance, Header, Payload, Travel, Unpacked, Unreadable, id};
use crate::events::{self, Cargo, ObjectEvent, Origin, Parcel};
use crate::json::{Draft, Json};
use crate::{Contract, ErrorCode, Problem};

/// An envelope on its way to a delivery.
pub(super) struct Opening {
    pub(super) own: Arc<Own>,
    pub(super) arrival: Arrival,
    pub(super) header: Header,
    pub(super) input: Part,
    pub(super) state: Option<Part>,
    /// Whether this is a group, which is no message for an agent.
    pub(super) is_group: bool,
    /// The sender's contract as it came inline.
    pub(super) inline: Option<String>,
    /// The sender's contract once it was found elsewhere.
    pub(super) sender: Option<Contract>,
}

/// Why an opening does not go on.
pub(super) enum Stop {
    Needs(Need),
    Refused(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// Where a text came from.
#[derive(Clone, Copy)]
pub(super) enum Came {
    /// The function was invoked with it.
    ByItself,
    /// In an event, which says what names it.
    Carried(Option<Origin>),
}

pub(super) fn open(own: &Arc<Own>, event: Event, arrival: &Arrival) -> Opened {
    open_text(own, text_of(event), arrival, Came::ByItself)
}

pub(super) fn open_parcel(own: &Arc<Own>, parcel: Parcel, arrival: &Arrival) -> Opened {
    let trace = parcel.trace().or_else(|| arrival.trace.clone());
    let arrival = &Arrival { trace, ..arrival.clone() };
    let Parcel { cargo, origin, .. } = parcel;
    let started = match cargo {
        Ok(Cargo::Text(text)) => return open_text(own, text, arrival, Came::Carried(origin)),
        Ok(Cargo::Object(event)) => {
            entry_of_object(own, &event).and_then(|(entry, input)| start_at(own, entry, input, arrival, origin))
        }
        Err(problem) => Err(problem),
    };
    ready(own, started, arrival)
}

fn open_text(own: &Arc<Own>, message: Bytes, arrival: &Arrival, came: Came) -> Opened {
    match Envelope::glance(&message, &own.limits) {
        Glance::Read(read) => open_read(own, read, arrival, came),
        Glance::Unread(envelope) => match Opening::of(own, arrival, *envelope).run() {
            // Its parts were read by their schemas, as strictly as ever, and nothing else is in it.
            ready @ Opened::Ready(_) => ready,
            // What must be refused is refused for the first mistake in the whole message, and nothing is loaded for a broken one.
            _ => open_strictly(own, message, arrival, came),
        },
        Glance::Nothing => open_strictly(own, message, arrival, came),
    }
}

/// Reads all of a message before anything in it counts.
pub(super) fn open_strictly(own: &Arc<Own>, message: Bytes, arrival: &Arrival, came: Came) -> Opened {
    open_read(own, Envelope::take_apart(message, &own.limits), arrival, came)
}

fn open_read(own: &Arc<Own>, read: Result<Unpacked, Unreadable>, arrival: &Arrival, came: Came) -> Opened {
    match read {
        Ok(Unpacked::Envelope(envelope)) => Opening::of(own, arrival, *envelope).run(),
        Ok(Unpacked::Plain(json)) => open_plain(own, json, arrival, came),
        Err(Unreadable { header, problem }) => refused(own, header.map(|header| *header), problem, arrival.now_ms),
    }
}

fn text_of(event: Event) -> Bytes {
    match event {
        Event::Bytes(text) => text,
        Event::Value(value) => value.to_string().into(),
    }
}

/// Without our envelope the event is one of a service, or the input of the agent's entry: then work starts here.
fn open_plain(own: &Arc<Own>, json: Json, arrival: &Arrival, came: Came) -> Opened {
    let origin = match came {
        Came::Carried(origin) => origin,
        Came::ByItself => match events::unload(&json.to_bytes(), &|text, mark| claims(own, text, mark), &own.limits) {
            Ok(Some(carried)) => return Opened::Carried(Box::new(carried)),
            Ok(None) => None,
            Err(problem) => return refused(own, None, problem, arrival.now_ms),
        },
    };
    let entry = start::single_entry(&own.contract, Some(&own.agent));
    let started = entry.and_then(|entry| start_at(own, entry, json, arrival, origin));
    ready(own, started, arrival)
}

fn ready(own: &Arc<Own>, started: Result<Delivery, Problem>, arrival: &Arrival) -> Opened {
    match started {
        Ok(delivery) => Opened::Ready(Box::new(delivery)),
        Err(problem) => refused(own, None, problem, arrival.now_ms),
    }
}

/// Whether an event is what the agent's only entry takes, because the entry's input has a property of that name. A schema that
/// takes anything does not mean this event in particular.
fn claims(own: &Own, event: &Bytes, mark: &str) -> bool {
    let Ok(entry) = start::single_entry(&own.contract, Some(&own.agent)) else { return false };
    let Ok(schema) = own.contract.schema(&entry.input) else { return false };
    names_property(own.contract.value(), &entry.input, mark) && schema.accept(event.clone(), &own.limits).is_ok()
}

/// The entry that takes such events of S3, and its input.
fn entry_of_object<'a>(own: &'a Own, event: &ObjectEvent) -> Result<(&'a Operation, Bytes), Problem> {
    let operations = own.contract.operations().filter(|operation| operation.agent == own.agent);
    let mut mapped = operations.filter_map(|operation| Some((operation, operation.objects.as_ref()?)));
    let found = mapped.find(|(_, objects)| objects.on.contains(&event.change));
    let unmapped = || {
        let message = format!("no entry of `{}` takes this event of S3 by its `events.s3`", own.agent);
        Problem::new(ErrorCode::EventUnmapped, event.at.clone(), message)
    };
    found.map(|(operation, objects)| (operation, event.input(&objects.input).into())).ok_or_else(unmapped)
}

fn start_at(
    own: &Arc<Own>,
    entry: &Operation,
    input: impl Into<Draft>,
    arrival: &Arrival,
    origin: Option<Origin>,
) -> Result<Delivery, Problem> {
    let travel = if arrival.shared_store { Travel::Event } else { Travel::Return };
    check_goes_on(entry, travel, arrival.via)?;
    let Origin { time_ms, digest } = origin.unwrap_or(Origin { time_ms: arrival.now_ms, digest: arrival.random });
    let work = id::first(time_ms, digest);
    let header = start::first_header(&own.contract, entry, arrival.now_ms, work, travel);
    let header = Header { trace: arrival.trace.clone(), ..header };
    let deadline_ms = deadline(entry, &header, arrival)?;
    let valid = own.contract.schema(&entry.input)?.accept(input, &own.limits);
    let input = valid.map_err(|problems| problems.first().clone())?;
    let state = Some(start::first_state(&own.contract));
    let info = WorkInfo::of(&header, deadline_ms);
    Ok(Delivery { own: own.clone(), header, info, input, state, state_form: None, plain: true, first: None })
}

impl Opening {
    fn of(own: &Arc<Own>, arrival: &Arrival, envelope: Envelope) -> Self {
        let Envelope { header, input, state, fan_out, contract, .. } = envelope;
        let is_group = fan_out.is_some();
        let input = Part::new("input", input.unwrap_or(Payload::Json(Json::null())));
        let state = state.map(|state| Part::new("state", state));
        let (own, arrival) = (own.clone(), arrival.clone());
        let trace = header.trace.or_else(|| arrival.trace.clone());
        let header = Header { trace, ..header };
        Self { own, arrival, header, input, state, is_group, inline: contract, sender: None }
    }

    pub(super) fn run(mut self) -> Opened {
        match self.steps() {
            Ok(deadline_ms) => Opened::Ready(Box::new(self.into_delivery(deadline_ms))),
            Err(Stop::Needs(need)) => Opened::Needs(Box::new(Pending { opening: self, need })),
            Err(Stop::Refused(problem)) => self.refused(problem),
        }
    }

    pub(super) fn refused(self, problem: Problem) -> Opened {
        refused(&self.own, Some(self.header), problem, self.arrival.now_ms)
    }

    fn steps(&mut self) -> Result<u64, Stop> {
        let own = self.own.clone();
        self.check_expiry()?;
        self.check_hops()?;
        let operation = self.find_operation(&own)?;
        self.check_is_joined()?;
        let deadline_ms = deadline(operation, &self.header, &self.arrival)?;
        self.agree(operation)?;
        self.check_phase(operation)?;
        self.check_delivery(operation)?;
        self.load_parts()?;
        self.validate(operation)?;
        Ok(deadline_ms)
    }

    fn into_delivery(self, deadline_ms: u64) -> Delivery {
        let info = WorkInfo::of(&self.header, deadline_ms);
        let (input, _) = self.input.into_json();
        let (state, state_form) = self.state.map(Part::into_json).unzip();
        let state_form = state_form.flatten();
        Delivery { own: self.own, header: self.header, info, input, state, state_form, plain: false, first: None }
    }
}

/// A reply goes to the sender of a message. A reply is not replied to, or two agents could go on for ever.
fn refused(own: &Own, header: Option<Header>, problem: Problem, now_ms: u64) -> Opened {
    let answerable = header.as_ref().filter(|header| !header.reply);
    let reply = answerable.map(|header| Box::new(next::refusal(own, header, &problem, now_ms)));
    Opened::Refused(Box::new(Refusal { problem, header, reply }))
}
