//! Bytes to envelope.

use serde_json::{Map, Value};

use super::attributes::{self, invalid};
use super::seen::check_seen;
use super::{Envelope, Header, data};
use crate::json::Json;
use crate::{ErrorCode, Limits, Pointer, Problem};

/// What a payload turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Unpacked {
    /// One of our envelopes.
    Envelope(Box<Envelope>),
    /// JSON that is not an envelope: the input of an entry.
    Plain(Json),
}

/// An event that cannot be read, and what could be read of it: enough, perhaps, to answer its sender.
pub(crate) struct Unreadable {
    pub(crate) header: Option<Box<Header>>,
    pub(crate) problem: Problem,
}

impl Envelope {
    /// Reads strict JSON and takes it apart.
    ///
    /// # Errors
    /// `json_*`, `envelope_invalid` at the attribute, `durable_unsupported`.
    pub fn unpack(text: &[u8], limits: &Limits) -> Result<Unpacked, Problem> {
        Self::take_apart(crate::json::parse(text, limits)?).map_err(|unreadable| unreadable.problem)
    }

    /// The same for JSON that a managed runtime has read already.
    ///
    /// # Errors
    /// As [`Envelope::unpack`]; of the `json_*` codes those that can still be seen.
    pub fn of_value(value: Value, limits: &Limits) -> Result<Unpacked, Problem> {
        check_seen(&value, limits)?;
        Self::take_apart(value).map_err(|unreadable| unreadable.problem)
    }

    pub(crate) fn take_apart(value: Value) -> Result<Unpacked, Unreadable> {
        match value {
            Value::Object(members) if attributes::is_envelope(&members) => Self::of_members(members),
            Value::Object(members) if members.contains_key("DurableExecutionArn") => Err(durable()),
            plain => Ok(Unpacked::Plain(Json::of_strict(&plain))),
        }
    }

    fn of_members(mut members: Map<String, Value>) -> Result<Unpacked, Unreadable> {
        let data = members.remove("data").unwrap_or_default();
        let header = attributes::read(&members).map_err(|problem| Unreadable { header: None, problem })?;
        match data::read(&header, data) {
            Ok(parts) => Ok(Unpacked::Envelope(Box::new(parts.into_envelope(header)))),
            Err(problem) => Err(Unreadable { header: Some(Box::new(header)), problem }),
        }
    }
}

fn durable() -> Unreadable {
    let at = Pointer::root().key("DurableExecutionArn");
    let message = "events of durable executions are not supported yet; invoke the function without one";
    Unreadable { header: None, problem: Problem::new(ErrorCode::DurableUnsupported, at, message) }
}

/// The object at `at`, or what is wrong with it.
pub(super) fn object(value: Value, at: &Pointer) -> Result<Map<String, Value>, Problem> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(invalid(at.clone(), "an object belongs here")),
    }
}
