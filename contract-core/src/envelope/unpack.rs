//! Bytes to envelope.

use bytes::Bytes;

use super::scan::{Found, Glanced, Members, glance, scan};
use super::{Envelope, Header, attributes, data};
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
    /// Reads strict JSON in one pass and takes it apart. The parts are not copied: they share the message.
    ///
    /// # Errors
    /// `json_*`, `envelope_invalid` at the attribute, `durable_unsupported`.
    pub fn unpack(message: impl Into<Bytes>, limits: &Limits) -> Result<Unpacked, Problem> {
        Self::take_apart(message.into(), limits).map_err(|unreadable| unreadable.problem)
    }

    pub(crate) fn take_apart(message: Bytes, limits: &Limits) -> Result<Unpacked, Unreadable> {
        let found = scan(&message, limits).map_err(|problem| Unreadable { header: None, problem })?;
        of_found(found, message)
    }

    /// The same at a glance, see [`Glance`].
    pub(crate) fn glance(message: &Bytes, limits: &Limits) -> Glance {
        match glance(message, limits) {
            Some(Glanced { found, is_read: true }) => Glance::Read(of_found(found, message.clone())),
            Some(Glanced { found, is_read: false }) => match of_found(found, message.clone()) {
                Ok(Unpacked::Envelope(envelope)) => Glance::Unread(envelope),
                _ => Glance::Nothing,
            },
            None => Glance::Nothing,
        }
    }
}

/// What a message is at a glance, which finds the end of a part by its brackets.
pub(crate) enum Glance {
    /// All of it was read, and this is what it is.
    Read(Result<Unpacked, Unreadable>),
    /// An envelope, if its parts are strict JSON. Nobody has read them: until each was, and was found to be right, nothing may be
    /// made of the message, and nothing said.
    Unread(Box<Envelope>),
    /// It takes [`Envelope::take_apart`] to say.
    Nothing,
}

fn of_found(found: Found, message: Bytes) -> Result<Unpacked, Unreadable> {
    let message = Json::of_checked(message);
    match found {
        Found::Members(members) if attributes::is_envelope(&members, &message) => read(*members, &message),
        Found::Members(members) if members.get("DurableExecutionArn").is_some() => Err(durable()),
        _ => Ok(Unpacked::Plain(message)),
    }
}

fn read(mut members: Members, message: &Json) -> Result<Unpacked, Unreadable> {
    let data = members.take("data").unwrap_or(Found::Null);
    let header = attributes::read(&members, message).map_err(|problem| Unreadable { header: None, problem })?;
    match data::read(&header, data, message) {
        Ok(parts) => Ok(Unpacked::Envelope(Box::new(parts.into_envelope(header)))),
        Err(problem) => Err(Unreadable { header: Some(Box::new(header)), problem }),
    }
}

fn durable() -> Unreadable {
    let at = Pointer::root().key("DurableExecutionArn");
    let message = "events of durable executions are not supported yet; invoke the function without one";
    Unreadable { header: None, problem: Problem::new(ErrorCode::DurableUnsupported, at, message) }
}
