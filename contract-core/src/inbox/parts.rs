//! The input and the state of a message: by value, or behind a reference that must be followed.

use super::open::{Opening, Stop};
use super::pending::Need;
use crate::envelope::Payload;
use crate::json::Json;
use crate::schema::Schema;
use crate::{ErrorCode, Limits, Pointer, Problem};

pub(super) struct Part {
    name: &'static str,
    payload: Payload,
    /// Length as JSON, once it was announced by a reference that turned out to be right.
    bytes: Option<u64>,
}

impl Part {
    pub(super) fn new(name: &'static str, payload: Payload) -> Self {
        Self { name, payload, bytes: None }
    }

    /// Where it stands in the envelope: `/data/state` or `/data/stateRef`.
    pub(super) fn place(&self) -> Pointer {
        let data = Pointer::root().key("data");
        match &self.payload {
            Payload::Json(_) => data.key(self.name),
            Payload::Reference(_) => data.key(&format!("{}Ref", self.name)),
        }
    }

    pub(super) fn validate(&self, schema: &Schema, limits: &Limits) -> Result<(), Problem> {
        let Payload::Json(json) = &self.payload else { return Ok(()) };
        let read = schema.read(json.as_bytes(), limits);
        read.map(drop).map_err(|problems| problems.first().clone().under(&self.place()))
    }

    pub(super) fn into_json(self) -> Json {
        match self.payload {
            Payload::Json(json) => json,
            Payload::Reference(_) => unreachable!("an opening that is ready has followed its references"),
        }
    }

    /// Follows the reference: what it carries itself, or what the store had.
    fn follow(&mut self, stored: Option<&[u8]>, limits: &Limits) -> Result<(), Problem> {
        let Payload::Reference(reference) = &self.payload else { return Ok(()) };
        let json = reference.open(stored, limits).map_err(|problem| problem.under(&self.place()))?;
        self.bytes = Some(reference.bytes);
        self.payload = Payload::Json(json);
        Ok(())
    }

    fn json_bytes(&self) -> u64 {
        match (&self.payload, self.bytes) {
            (_, Some(bytes)) => bytes,
            (Payload::Json(json), None) => json.as_bytes().len() as u64,
            (Payload::Reference(reference), None) => reference.bytes,
        }
    }
}

impl Opening {
    /// Follows the references of input and state, and holds the state to its limit.
    pub(super) fn load_parts(&mut self) -> Result<(), Stop> {
        self.load(|opening| Some(&mut opening.input))?;
        self.check_state_size()?;
        self.load(|opening| opening.state.as_mut())
    }

    fn load(&mut self, which: impl Fn(&mut Self) -> Option<&mut Part>) -> Result<(), Stop> {
        let (limits, shared_store, work) = (self.own.limits, self.arrival.shared_store, self.header.work.clone());
        let Some(part) = which(self) else { return Ok(()) };
        let Payload::Reference(reference) = &part.payload else { return Ok(()) };
        if reference.inline.is_some() {
            return Ok(part.follow(None, &limits)?);
        }
        if !shared_store {
            let message = "the part lies in a shared store, and none is configured here";
            return Err(Problem::new(ErrorCode::StoreRequired, part.place(), message).into());
        }
        Err(Stop::Needs(Need::Blob { key: reference.key(&work), reference: reference.clone() }))
    }

    /// Goes on with what the store had for the reference that was asked for: the first one that is left.
    pub(super) fn supply_part(&mut self, found: Option<&[u8]>) -> Result<(), Problem> {
        let limits = self.own.limits;
        let is_open = |part: &&mut Part| matches!(part.payload, Payload::Reference(_));
        let Some(part) = Some(&mut self.input).into_iter().chain(self.state.as_mut()).find(is_open) else {
            return Ok(());
        };
        if found.is_none() {
            let message = "the shared store has no bytes for this reference";
            return Err(Problem::new(ErrorCode::StoreFailed, part.place(), message));
        }
        part.follow(found, &limits)
    }

    /// Before a large state is even loaded: a reference announces its length.
    fn check_state_size(&self) -> Result<(), Problem> {
        let Some(state) = &self.state else { return Ok(()) };
        let (bytes, most) = (state.json_bytes(), self.own.contract.max_state_bytes() as u64);
        if bytes <= most {
            return Ok(());
        }
        let message = format!("the state has {bytes} bytes as JSON, the contract allows {most}");
        Err(Problem::new(ErrorCode::StateTooLarge, state.place(), message))
    }
}
