//! Problems of the core as exceptions of JavaScript.

use peer_contract_core::{ErrorCode, Pointer, Problem, Problems};
use serde_json::{Value, json};

/// The core's problems as an exception: same codes, same places, same sentences.
///
/// They cross as JSON in the message; `js/native.ts` makes a `ContractError` of it. One way for
/// functions that throw and promises that reject, which cannot build objects on their threads.
pub(crate) fn to_exception(problems: &Problems) -> napi::Error {
    let list: Vec<Value> = problems.as_slice().iter().map(to_json).collect();
    napi::Error::from_reason(json!({ "problems": list }).to_string())
}

/// The same for a single problem.
pub(crate) fn problem_to_exception(problem: Problem) -> napi::Error {
    to_exception(&Problems::from(problem))
}

fn to_json(problem: &Problem) -> Value {
    json!({
        "code": problem.code.as_str(),
        "at": problem.at.as_str(),
        "message": problem.message,
        "help": problem.help,
    })
}

/// A problem that the façade found, for the core to answer with.
pub(crate) fn to_problem(code: &str, at: &str, message: String) -> napi::Result<Problem> {
    let code = ErrorCode::from_word(code).ok_or_else(|| napi::Error::from_reason("not an error code"))?;
    let at: Pointer = at.parse().map_err(|_| napi::Error::from_reason("not a JSON Pointer"))?;
    Ok(Problem::new(code, at, message))
}
