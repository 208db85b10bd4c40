//! Bytes to envelope.

use serde_json::Value;

use super::Envelope;
use crate::{Limits, Problem};

/// What a payload turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Unpacked {
    /// One of our envelopes.
    Envelope(Box<Envelope>),
    /// JSON that is not an envelope: the input of an entry.
    Plain(Value),
}

impl Envelope {
    /// Reads strict JSON and takes it apart.
    ///
    /// # Errors
    /// `json_*`, `envelope_invalid` at the attribute, `durable_unsupported`.
    pub fn unpack(text: &[u8], limits: &Limits) -> Result<Unpacked, Problem> {
        Self::of_value(crate::json::parse(text, limits)?, limits)
    }

    /// The same for JSON that a managed runtime has read already.
    ///
    /// # Errors
    /// As [`Envelope::unpack`], without the `json_*` codes.
    pub fn of_value(value: Value, limits: &Limits) -> Result<Unpacked, Problem> {
        let _ = (value, limits);
        todo!()
    }
}
