//! What children gave, as the join gets it: `{ "results": [ { "index", "operation", "output" | "error" }, … ] }`.

use crate::inbox::{CallAnswer, Raised};
use crate::json::Json;
use crate::{Pointer, Problem};

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
        text.extend_from_slice(if position == 0 { b"{" } else { b",{" });
        let ChildResult { index, operation, end } = result;
        if let Some(error) = error_of(end) {
            text.extend_from_slice(b"\"error\":");
            write_error(&error, &mut text);
            text.push(b',');
        }
        text.extend_from_slice(format!("\"index\":{index},\"operation\":\"{operation}\"").as_bytes());
        if let ChildEnd::Output(output) = end {
            text.extend_from_slice(b",\"output\":");
            text.extend_from_slice(output.as_bytes());
        }
        text.push(b'}');
    }
    text.extend_from_slice(b"]}");
    Json::of_checked(text.into())
}

struct ErrorText<'a> {
    at: Option<&'a Pointer>,
    code: &'a str,
    data: Option<&'a Json>,
    message: &'a str,
}

fn error_of(end: &ChildEnd) -> Option<ErrorText<'_>> {
    match end {
        ChildEnd::Output(_) => None,
        ChildEnd::Declared(Raised { code, message, data, .. }) => {
            Some(ErrorText { at: None, code, data: data.as_ref(), message })
        }
        ChildEnd::Failed(problem) => Some(ErrorText {
            at: Some(&problem.at),
            code: problem.code.as_str(),
            data: None,
            message: &problem.message,
        }),
    }
}

fn write_error(error: &ErrorText<'_>, text: &mut Vec<u8>) {
    let string = |text: &str| serde_json::Value::from(text).to_string().into_bytes();
    text.push(b'{');
    if let Some(at) = error.at {
        text.extend_from_slice(&[b"\"at\":", string(at.as_str()).as_slice(), b","].concat());
    }
    text.extend_from_slice(&[b"\"code\":", string(error.code).as_slice()].concat());
    if let Some(data) = error.data {
        text.extend_from_slice(b",\"data\":");
        text.extend_from_slice(data.as_bytes());
    }
    text.extend_from_slice(&[b",\"message\":", string(error.message).as_slice(), b"}"].concat());
}
