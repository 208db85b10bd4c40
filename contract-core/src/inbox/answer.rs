//! What came back from a call.

use bytes::Bytes;

use super::{CallMessage, Delivery, next};
use crate::contract::Operation;
use crate::envelope::{Envelope, ErrorBody, Header, Outgoing, Payload, Unpacked};
use crate::json::Json;
use crate::{Contract, ErrorCode, Limits, Pointer, Problem};

/// What came back from a call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallAnswer {
    /// The output, valid.
    Output(Json),
    /// An error of the contract.
    Declared(Raised),
    /// The callee refused: a word of `schemas/errors.json`.
    Refused {
        /// Why, at a place of the message that was sent.
        problem: Problem,
    },
    /// The callee asks for the contract: send the call once more with the contract inline.
    ContractRequired,
}

/// An error of the contract, as an operation ended with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    /// Its name.
    pub code: String,
    /// For people.
    pub message: String,
    /// What it carries, valid.
    pub data: Option<Json>,
    /// Whether the same call, or a new work with the same input, may do better.
    pub retryable: bool,
}

impl Raised {
    /// The error that a reply carries, with its data once they were read.
    pub fn of(error: ErrorBody, data: Option<Json>) -> Self {
        let ErrorBody { code, message, retryable, .. } = error;
        Self { code, message, data, retryable }
    }
}

impl Delivery {
    /// The answer to this call from the outcome of the first one of its request.
    ///
    /// # Errors
    /// `store_failed` when the stored bytes are no reply.
    pub fn answer_again(&self, stored: impl Into<Bytes>, now_ms: u64) -> Result<Outgoing, Problem> {
        let broken = || Problem::new(ErrorCode::StoreFailed, Pointer::root(), "a stored outcome is no reply");
        let limits = &self.own.limits;
        let Ok(Unpacked::Envelope(reply)) = Envelope::unpack(stored, limits) else { return Err(broken()) };
        let by_value = |part: Payload| match part {
            Payload::Json(json) => Ok(json),
            Payload::Reference(reference) => {
                Json::read(reference.open(None, limits)?.into_bytes(), limits).map_err(|_| broken())
            }
        };
        let mut outgoing = next::reply(&self.own, &self.header, now_ms);
        outgoing.output = reply.output.map(by_value).transpose()?;
        outgoing.error = reply.error;
        if let Some(error) = &mut outgoing.error {
            error.data = error.data.take().map(by_value).transpose()?.map(Payload::Json);
        }
        Ok(outgoing)
    }

    /// Reads what came back from a call.
    ///
    /// The reply must carry its parts itself: a callee packs it for the invoker who waits for it.
    ///
    /// # Errors
    /// `peer_invalid` at the place in the answer, `json_*` codes, and those of references.
    pub fn read_answer(&self, call: &CallMessage, answer: impl Into<Bytes>) -> Result<CallAnswer, Problem> {
        Replies { contract: &self.own.contract, limits: &self.own.limits }.read_call(&call.outgoing.header, answer)
    }
}

/// Reads replies by the contract of who gets them.
pub(crate) struct Replies<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) limits: &'a Limits,
}

impl Replies<'_> {
    /// Reads what came back for a call with the header `sent`, to an operation of the contract.
    pub(crate) fn read_call(&self, sent: &Header, answer: impl Into<Bytes>) -> Result<CallAnswer, Problem> {
        let Unpacked::Envelope(reply) = Envelope::unpack(answer, self.limits).map_err(no_envelope)? else {
            return Err(peer_invalid(Pointer::root(), "the peer answered with JSON that is no envelope"));
        };
        check_answers(&reply.header, sent)?;
        let callee = self.contract.operation(&sent.target).expect("a call is made to an operation of the contract");
        self.read(callee, *reply)
    }

    /// The output or the error in a reply of `callee`.
    pub(crate) fn read(&self, callee: &Operation, reply: Envelope) -> Result<CallAnswer, Problem> {
        match (reply.output, reply.error) {
            (Some(output), _) => self.read_output(callee, output),
            (None, Some(error)) => self.read_error(callee, error),
            (None, None) => Err(peer_invalid(Pointer::root().key("data"), "a reply carries an output or an error")),
        }
    }

    fn read_output(&self, callee: &Operation, output: Payload) -> Result<CallAnswer, Problem> {
        let at = Pointer::root().key("data").key("output");
        let none = || peer_invalid(at, "the peer answered with an output that the contract does not have");
        let declared = callee.output.as_ref().ok_or_else(none)?;
        self.read_part(output, "output", &declared.schema).map(CallAnswer::Output)
    }

    fn read_error(&self, callee: &Operation, error: ErrorBody) -> Result<CallAnswer, Problem> {
        match &error.at {
            None => self.read_declared(callee, error),
            Some(at) => read_refusal(at, &error),
        }
    }

    fn read_declared(&self, callee: &Operation, mut error: ErrorBody) -> Result<CallAnswer, Problem> {
        let at = Pointer::root().key("data").key("error");
        let declared = callee.errors.get(&error.code);
        let unknown =
            || peer_invalid(at.key("code"), "the peer answered with an error that the contract does not list");
        let data = match (&declared.ok_or_else(unknown)?.data, error.data.take()) {
            (Some(schema), Some(data)) => Some(self.read_part(data, "errorData", schema)?),
            (None, None) => None,
            _ => return Err(peer_invalid(at.key("data"), "the data of the error is not as the contract says")),
        };
        Ok(CallAnswer::Declared(Raised::of(error, data)))
    }

    fn read_part(&self, part: Payload, name: &str, schema: &Pointer) -> Result<Json, Problem> {
        let data = Pointer::root().key("data");
        let at = if name == "errorData" { data.key("error").key("data") } else { data.key(name) };
        let behind = data.key(&format!("{name}Ref"));
        let draft = match part {
            Payload::Json(json) => json.into(),
            Payload::Reference(reference) => {
                reference.open(None, self.limits).map_err(|problem| problem.under(&behind))?
            }
        };
        self.contract.schema(schema)?.accept(draft, self.limits).map_err(|problems| {
            let problem = problems.first();
            let Problem { code, at: inner, message, .. } = problem;
            match code.is_of_json() {
                true => problem.clone().under(&behind),
                false => peer_invalid(at.join(inner), &format!("{message} ({code})")),
            }
        })
    }
}

/// An answer belongs to its call only when it says so: a proxy may mix up connections.
fn check_answers(reply: &Header, sent: &Header) -> Result<(), Problem> {
    let wrong = [
        ("type", !reply.reply || reply.target != sent.target || reply.contract_name != sent.contract_name),
        ("subject", reply.work != sent.work),
        ("causationid", reply.causation.as_ref() != Some(&sent.id)),
    ];
    match wrong.iter().find(|(_, wrong)| *wrong) {
        None => Ok(()),
        Some((attribute, _)) => Err(peer_invalid(Pointer::root().key(attribute), "this is no reply to the call")),
    }
}

fn read_refusal(at: &str, error: &ErrorBody) -> Result<CallAnswer, Problem> {
    let body = Pointer::root().key("data").key("error");
    let unknown = || peer_invalid(body.key("code"), "the peer refused with a code that is not known here");
    let code = ErrorCode::from_word(&error.code).ok_or_else(unknown)?;
    if code == ErrorCode::ContractRequired {
        return Ok(CallAnswer::ContractRequired);
    }
    let at = at.parse().map_err(|_| peer_invalid(body.key("at"), "a JSON Pointer belongs here"))?;
    Ok(CallAnswer::Refused { problem: Problem::new(code, at, error.message.clone()) })
}

/// What cannot be read as an envelope is the peer's mistake; what is no JSON keeps its own code.
fn no_envelope(problem: Problem) -> Problem {
    match problem.code {
        ErrorCode::EnvelopeInvalid | ErrorCode::DurableUnsupported => peer_invalid(problem.at, &problem.message),
        _ => problem,
    }
}

fn peer_invalid(at: Pointer, message: &str) -> Problem {
    Problem::new(ErrorCode::PeerInvalid, at, message)
}
