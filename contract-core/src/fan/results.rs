//! What children gave, as the join gets it: `{ "results": [ { "index", "operation", "output" | "error" }, … ] }`.

use crate::Problem;
use crate::envelope::Object;
use crate::inbox::{CallAnswer, Raised};
use crate::json::Json;

/// How a child ended.
#[derive(Debug, Clone, PartialEq)]
pub enum ChildEnd {
    /// Its output, valid.
    Output(Json),
    /// An error of the contract.
    Declared(Raised),
    /// Anything else, coded.
    Failed(Problem),
}

impl ChildEnd {
    /// Whether it gave an output.
    pub fn has_output(&self) -> bool {
        matches!(self, Self::Output(_))
    }

    /// The end that a reply tells of. A callee that asks for the contract although it came inline has failed, too.
    pub(super) fn of(answer: CallAnswer, required: impl FnOnce() -> Problem) -> Self {
        match answer {
            CallAnswer::Output(output) => Self::Output(output),
            CallAnswer::Declared(raised) => Self::Declared(raised),
            CallAnswer::Refused { problem } => Self::Failed(problem),
            CallAnswer::ContractRequired => Self::Failed(required()),
        }
    }

    /// Whether the same message may do better when it is tried again.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Output(_) => false,
            Self::Declared(raised) => raised.retryable,
            Self::Failed(problem) => problem.code.retryable(),
        }
    }
}

/// What one child gave.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildResult {
    /// Which child it was, from 0.
    pub index: u32,
    /// `agent.operation`.
    pub operation: String,
    /// How it ended.
    pub end: ChildEnd,
}

/// The input of the join, before its schema has looked at it. Members stand in canonical order.
pub(super) fn text_of(results: &[ChildResult]) -> Json {
    let mut text = b"{\"results\":[".to_vec();
    for (position, result) in results.iter().enumerate() {
        if position > 0 {
            text.push(b',');
        }
        write_result(result, &mut text);
    }
    text.extend_from_slice(b"]}");
    Json::of_checked(text.into())
}

fn write_result(ChildResult { index, operation, end }: &ChildResult, text: &mut Vec<u8>) {
    let mut result = Object::open(text);
    match end {
        ChildEnd::Output(_) => {}
        ChildEnd::Declared(Raised { code, message, data, .. }) => {
            write_error(None, code, data.as_ref(), message, result.value("error"));
        }
        ChildEnd::Failed(Problem { code, at, message, .. }) => {
            write_error(Some(at.as_str()), code.as_str(), None, message, result.value("error"));
        }
    }
    result.literal("index", index);
    result.string("operation", operation);
    if let ChildEnd::Output(output) = end {
        result.json("output", output.as_bytes());
    }
    result.close();
}

/// An error as who reads results gets it: of the contract, or with `at` one of ours.
pub(crate) fn write_error(at: Option<&str>, code: &str, data: Option<&Json>, message: &str, text: &mut Vec<u8>) {
    let mut error = Object::open(text);
    error.optional("at", at);
    error.string("code", code);
    if let Some(data) = data {
        error.json("data", data.as_bytes());
    }
    error.string("message", message);
    error.close();
}
