//! The input and the state of a message: by value, or behind a reference that must be followed.

use super::open::{Opening, Stop};
use super::pending::Need;
use crate::envelope::{Payload, Reference};
use crate::json::{Draft, Json};
use crate::schema::Schema;
use crate::{ErrorCode, Limits, Pointer, Problem, Problems};

pub(super) struct Part {
    name: &'static str,
    form: Form,
    /// The reference that was followed to the text.
    came: Option<Reference>,
}

enum Form {
    /// It must be followed.
    Reference(Reference),
    /// What the message said, or what the reference led to.
    Text(Draft),
    /// By the rules of the receiver.
    Valid(Json),
}

impl Part {
    pub(super) fn new(name: &'static str, payload: Payload) -> Self {
        let form = match payload {
            Payload::Json(json) => Form::Text(json.into()),
            Payload::Reference(reference) => Form::Reference(reference),
        };
        Self { name, form, came: None }
    }

    /// Where it stands in the envelope: `/data/state` or `/data/stateRef`.
    pub(super) fn place(&self) -> Pointer {
        match &self.form {
            Form::Reference(_) => self.place_of_reference(),
            Form::Text(_) | Form::Valid(_) => Pointer::root().key("data").key(self.name),
        }
    }

    fn place_of_reference(&self) -> Pointer {
        Pointer::root().key("data").key(&format!("{}Ref", self.name))
    }

    /// Holds it to a schema, or to strict JSON where nothing more is asked.
    pub(super) fn validate(&mut self, schema: Option<&Schema>, limits: &Limits) -> Result<(), Problem> {
        let Form::Text(draft) = &self.form else { return Ok(()) };
        let valid = match schema {
            Some(schema) => schema.accept(draft.clone(), limits),
            None => Json::read(draft.clone().into_bytes(), limits).map_err(Problems::from),
        };
        self.form = Form::Valid(valid.map_err(|problems| self.at_its_place(problems.first()))?);
        Ok(())
    }

    /// A text behind a reference is no strict JSON: that is said of the reference.
    fn at_its_place(&self, problem: &Problem) -> Problem {
        let by_reference = self.came.is_some() && problem.code.is_of_json();
        problem.clone().under(&if by_reference { self.place_of_reference() } else { self.place() })
    }

    /// The text, and the reference that led to it.
    pub(super) fn into_json(self) -> (Json, Option<Reference>) {
        match self.form {
            Form::Valid(json) => (json, self.came),
            Form::Reference(_) | Form::Text(_) => unreachable!("an opening that is ready has validated its parts"),
        }
    }

    /// Follows the reference: what it carries itself, or what the store had.
    fn follow(&mut self, stored: Option<&[u8]>, limits: &Limits) -> Result<(), Problem> {
        let Form::Reference(reference) = &self.form else { return Ok(()) };
        let draft = reference.open(stored, limits).map_err(|problem| problem.under(&self.place()))?;
        if let Form::Reference(reference) = std::mem::replace(&mut self.form, Form::Text(draft)) {
            self.came = Some(reference);
        }
        Ok(())
    }

    /// Length as JSON without white space, as far as that is needed to hold it to `most`.
    fn json_bytes(&self, most: u64) -> u64 {
        match (&self.form, &self.came) {
            (Form::Reference(reference), _) | (_, Some(reference)) => reference.bytes,
            (Form::Text(draft), None) => compact_bytes(draft.as_bytes(), most),
            (Form::Valid(json), None) => compact_bytes(json.as_bytes(), most),
        }
    }
}

/// Length of a JSON text without white space, if the text as it is has more than `most` bytes; else as it is.
pub(super) fn compact_bytes(text: &[u8], most: u64) -> u64 {
    let bytes = text.len() as u64;
    if bytes <= most {
        return bytes;
    }
    let (mut compact, mut in_string, mut escaped) = (0, false, false);
    for byte in text {
        let is_space = !in_string && matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        compact += u64::from(!is_space);
        in_string ^= *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
    }
    compact
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
        let Form::Reference(reference) = &part.form else { return Ok(()) };
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
        let is_open = |part: &&mut Part| matches!(part.form, Form::Reference(_));
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
        let most = self.own.contract.max_state_bytes() as u64;
        let bytes = state.json_bytes(most);
        if bytes <= most {
            return Ok(());
        }
        let message = format!("the state has {bytes} bytes as JSON, the contract allows {most}");
        Err(Problem::new(ErrorCode::StateTooLarge, state.place(), message))
    }
}
