//! What the sender of an event gets, once its messages have ended.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Via;
use super::queue::Item;
use crate::envelope::Object;
use crate::{ErrorCode, Problem, plan};

/// How a message ended, or a whole event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With a payload.
    Answered(Vec<u8>),
    /// Thrown.
    Failed(Failure),
}

/// What was thrown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A word of `schemas/errors.json`, or what another runtime calls its error.
    pub code: String,
    /// For people.
    pub message: String,
    /// Place, or empty.
    pub at: String,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code.as_str().to_owned(), message: problem.message, at: problem.at.to_string() }
    }
}

/// Who brought the messages, and what is known of their ends.
pub(super) enum Carrier {
    /// Whoever invokes: Lambda, or a client by hand. Failures are thrown, so that the event is delivered again.
    Invocation { answers: Vec<Vec<u8>>, failure: Option<Failure> },
    /// A batch of a queue, and which of its items failed.
    Queue { items: Vec<Item>, failed: Vec<bool> },
    /// An HTTP request.
    Request { ended: Option<Ended> },
}

impl Carrier {
    pub(super) const fn invocation() -> Self {
        Self::Invocation { answers: Vec::new(), failure: None }
    }

    pub(super) fn queue(items: Vec<Item>) -> Self {
        Self::Queue { failed: vec![false; items.len()], items }
    }

    pub(super) const fn request() -> Self {
        Self::Request { ended: None }
    }

    pub(super) const fn via(&self) -> Via {
        match self {
            Self::Invocation { .. } => Via::Invocation,
            Self::Queue { .. } => Via::Queue,
            Self::Request { .. } => Via::Request,
        }
    }

    pub(super) fn note(&mut self, item: usize, ended: Ended) {
        match (self, ended) {
            (Self::Invocation { answers, .. }, Ended::Answered(answer)) => answers.push(answer),
            (Self::Invocation { failure, .. }, Ended::Failed(thrown)) => *failure = failure.take().or(Some(thrown)),
            (Self::Queue { failed, .. }, Ended::Failed(_)) => failed[item] = true,
            (Self::Queue { .. }, Ended::Answered(_)) => {}
            (Self::Request { ended }, new) => *ended = Some(new),
        }
    }

    /// Whether a message may not run any more: another part of its item failed, or, in a FIFO queue, one of its group that
    /// comes before it. It fails with it, so that the order holds when both come again.
    pub(super) fn passes_over(&mut self, item: usize) -> bool {
        match self {
            Self::Invocation { failure, .. } => failure.is_some(),
            Self::Queue { items, failed } => {
                let group = items[item].group.as_ref();
                let before = items[..item]
                    .iter()
                    .zip(&*failed)
                    .any(|(before, failed)| *failed && group.is_some() && before.group.as_ref() == group);
                failed[item] |= before;
                failed[item]
            }
            Self::Request { .. } => false,
        }
    }

    pub(super) fn answer(self) -> Ended {
        match self {
            Self::Invocation { failure: Some(failure), .. } => Ended::Failed(failure),
            Self::Invocation { mut answers, .. } => Ended::Answered(match answers.len() {
                1 => answers.remove(0),
                _ => [b"[", &*answers.join(&b','), b"]"].concat(),
            }),
            Self::Queue { items, failed } => Ended::Answered(failures(&items, &failed)),
            Self::Request { ended } => Ended::Answered(response(ended)),
        }
    }
}

/// `{"batchItemFailures":[{"itemIdentifier":"…"}]}`.
fn failures(items: &[Item], failed: &[bool]) -> Vec<u8> {
    let mut list = vec![b'['];
    for (item, _) in items.iter().zip(failed).filter(|(_, failed)| **failed) {
        if list.len() > 1 {
            list.push(b',');
        }
        let mut object = Object::open(&mut list);
        object.string("itemIdentifier", &item.id);
        object.close();
    }
    list.push(b']');
    let mut text = Vec::new();
    let mut answer = Object::open(&mut text);
    answer.json("batchItemFailures", &list);
    answer.close();
    text
}

/// The answer to a request, in the format 2.0 of HTTP APIs and function URLs.
fn response(ended: Option<Ended>) -> Vec<u8> {
    let (status, body) = match ended {
        Some(Ended::Answered(body)) => (status_of(&body), body),
        Some(Ended::Failed(failure)) => (status_of_code(&failure.code, &failure.at), failure.to_json()),
        None => (500, b"{}".to_vec()),
    };
    let is_event = plan::member(&body, "specversion").is_some();
    let kind = if is_event { "application/cloudevents+json" } else { "application/json" };
    let mut headers = Vec::new();
    let mut object = Object::open(&mut headers);
    object.string("content-type", kind);
    object.close();
    let mut text = Vec::with_capacity(body.len() * 5 / 4 + 128);
    let mut answer = Object::open(&mut text);
    let as_text = std::str::from_utf8(&body).ok().filter(|text| escaped_bytes(text) <= body.len() / 3 * 4);
    match as_text {
        Some(body) => answer.string("body", body),
        None => answer.string("body", &STANDARD.encode(&body)),
    }
    answer.json("headers", &headers);
    answer.literal("isBase64Encoded", as_text.is_none());
    answer.literal("statusCode", status);
    answer.close();
    text
}

/// Bytes of a text of JSON as a string in JSON. Where it is mostly quotes, base64 is shorter.
fn escaped_bytes(text: &str) -> usize {
    text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// The status of a payload: that of the error in it, if there is one.
fn status_of(body: &[u8]) -> u16 {
    let result = plan::member(body, "data").or_else(|| plan::member(body, "result"));
    let Some(result) = result else { return 200 };
    if result == b"null" {
        return 202;
    }
    let Some(error) = plan::member(result, "error").filter(|error| *error != b"null") else { return 200 };
    let text = |name| plan::member(error, name).and_then(plan::string);
    match (text("code"), text("at")) {
        // Ours alone have a place.
        (Some(code), Some(at)) => status_of_code(&String::from_utf8_lossy(&code), &String::from_utf8_lossy(&at)),
        _ => 422,
    }
}

/// What a code is to a client of HTTP. The table stands in `docs/events.md`, and a test compares the two.
fn status_of_code(word: &str, at: &str) -> u16 {
    let Some(code) = ErrorCode::from_word(word) else { return 500 };
    match code {
        ErrorCode::RequestRefused if at.ends_with("/method") => 405,
        ErrorCode::RequestRefused => 415,
        ErrorCode::OperationUnknown => 404,
        ErrorCode::InProgress | ErrorCode::KeyConflict | ErrorCode::ContractIncompatible => 409,
        ErrorCode::PhaseRefused | ErrorCode::OperationNotCallable | ErrorCode::HopLimit => 409,
        ErrorCode::PayloadTooLarge | ErrorCode::StateTooLarge | ErrorCode::JsonTooLarge => 413,
        ErrorCode::InflateLimit | ErrorCode::JsonTooManyKeys | ErrorCode::JsonTooManyValues => 413,
        ErrorCode::ContractRequired => 428,
        ErrorCode::AddressRefused => 403,
        ErrorCode::HandlerFailed | ErrorCode::OutputInvalid | ErrorCode::OutcomeRefused => 500,
        ErrorCode::ConfigurationInvalid | ErrorCode::StoreRequired | ErrorCode::EventUnmapped => 500,
        ErrorCode::PeerFailed | ErrorCode::PeerInvalid => 502,
        ErrorCode::StoreFailed | ErrorCode::PeerUnreachable | ErrorCode::Interrupted => 503,
        ErrorCode::DeadlineExceeded => 504,
        _ => 400,
    }
}

impl Failure {
    /// As a client of HTTP gets it: `{"error":{"at","code","message"}}`.
    fn to_json(&self) -> Vec<u8> {
        let mut error = Vec::new();
        let mut object = Object::open(&mut error);
        object.string("at", &self.at);
        object.string("code", &self.code);
        object.string("message", &self.message);
        object.close();
        let mut text = Vec::new();
        let mut whole = Object::open(&mut text);
        whole.json("error", &error);
        whole.close();
        text
    }
}
