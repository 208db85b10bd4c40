//! Invocations of one agent: bytes in, a turn for the handler, bytes out.

use bytes::Bytes;
use napi::bindgen_prelude::{Buffer, External};
use napi::{Env, JsString, Result};
use napi_derive::napi;
use peer_contract::host::{Batch, Begun, CallFailure, Fault, Host, Invocation, Next, Response, Settings, Turn};
use peer_contract_core::Contract;
use peer_contract_core::inbox::{Event, Outcome, Raised};
use peer_contract_core::json::Json;
use serde_json::json;

use crate::convert::{Soon, soon, to_draft, to_handle};
use crate::error::{problem_to_exception, to_problem};

/// What `begin` gives: a turn with all that its handler needs, or the answer.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct Beginning {
    /// The turn to end with `reply`, `handoff`, `raise` or `fail`.
    pub turn: Option<External<Turn>>,
    /// Facts about the work, as JSON.
    pub info: Option<String>,
    /// The valid input.
    pub input: Option<External<Json>>,
    /// The valid state; none for a callable operation.
    pub state: Option<External<Json>>,
    /// The answer, when no handler is to run.
    pub answer: Option<Answer>,
    /// The messages of an event of a service: ask for one after the other with `next`.
    pub batch: Option<External<Batch>>,
}

/// What the platform gets: a payload, or a function error.
#[napi(object)]
pub struct Answer {
    /// The payload.
    pub payload: Option<Buffer>,
    /// Code of a function error.
    pub code: Option<String>,
    /// Its sentence.
    pub message: Option<String>,
    /// Its place.
    pub at: Option<String>,
}

/// What came of a call: an output, or an error of the contract.
#[napi(object, object_from_js = false)]
pub struct Called {
    /// The output.
    pub output: Option<External<Json>>,
    /// Name of the error in the contract.
    pub code: Option<String>,
    /// Its sentence.
    pub message: Option<String>,
    /// What it carries.
    pub data: Option<External<Json>>,
    /// Whether the same call may be tried again.
    pub retryable: Option<bool>,
}

/// A host for one agent of a contract, with the settings of the environment.
#[napi]
pub fn new_host(contract: &External<Contract>, agent: String) -> Result<External<Host>> {
    let settings = Settings::from_env().map_err(problem_to_exception)?;
    Host::new(Contract::clone(contract), &agent, settings).map(External::new).map_err(problem_to_exception)
}

/// The configuration that the agent is made from. Waits for it: nothing else goes on while a sandbox starts.
#[napi]
pub fn host_config(host: &External<Host>) -> Result<External<Json>> {
    let host = Host::clone(host);
    let found = napi::bindgen_prelude::block_on(async move { host.config().await });
    found.map(External::new).map_err(problem_to_exception)
}

/// Takes an invocation to the point where the handler runs.
#[napi(ts_return_type = "Beginning | Promise<Beginning>")]
pub fn begin<'env>(
    env: &'env Env,
    host: &External<Host>,
    event: &[u8],
    request_id: String,
    deadline_ms: Option<f64>,
    trace_id: Option<String>,
) -> Result<Soon<'env, Beginning>> {
    let host = Host::clone(host);
    let event = Bytes::copy_from_slice(event);
    let deadline_ms = deadline_ms.map(|ms| ms as u64);
    let invocation = Invocation { request_id, deadline_ms, trace_id, ..Invocation::default() };
    let size = event.len();
    soon(env, size, async move { Ok(host.begin(Event::Bytes(event), invocation).await.into()) })
}

/// The next message of an event, once the one before has ended with `answer`; the answer to the event when all have.
#[napi(ts_return_type = "Beginning | Promise<Beginning>")]
pub fn next<'env>(env: &'env Env, batch: &External<Batch>, answer: Option<Answer>) -> Result<Soon<'env, Beginning>> {
    let (batch, ended) = (Batch::clone(batch), answer.map(Response::from));
    soon(env, 0, async move {
        Ok(match batch.next(ended).await {
            Next::Run(turn) => Begun::Run(turn).into(),
            Next::Done(response) => Begun::Done(response).into(),
        })
    })
}

/// Ends a turn with the operation's output.
#[napi]
pub fn reply<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    output: JsString<'_>,
    state: Option<JsString<'_>>,
) -> Result<Soon<'env, Answer>> {
    let output = to_draft(output, Some(turn.input()))?;
    finish(env, turn, output.as_bytes().len(), Outcome::Reply(output), state)
}

/// Ends a turn by passing the work on.
#[napi]
pub fn handoff<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    target: String,
    input: JsString<'_>,
    state: Option<JsString<'_>>,
) -> Result<Soon<'env, Answer>> {
    let input = to_draft(input, Some(turn.input()))?;
    finish(env, turn, input.as_bytes().len(), Outcome::Handoff { target, input }, state)
}

/// Ends a turn by spreading the work over children: the operation of each, and its input.
#[napi]
pub fn fan_out<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    targets: Vec<String>,
    inputs: Vec<JsString<'_>>,
    state: Option<JsString<'_>>,
) -> Result<Soon<'env, Answer>> {
    let inputs = inputs.into_iter().map(|input| to_draft(input, None));
    let children = targets.into_iter().zip(inputs).map(|(target, input)| Ok((target, input?)));
    let children = children.collect::<Result<Vec<_>>>()?;
    let size = children.iter().map(|(_, input)| input.as_bytes().len()).sum();
    finish(env, turn, size, Outcome::FanOut { children }, state)
}

/// Ends a turn with an error of the contract.
#[napi]
pub fn raise<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    code: String,
    message: String,
    data: Option<JsString<'_>>,
    state: Option<JsString<'_>>,
) -> Result<Soon<'env, Answer>> {
    let data = data.map(|data| to_draft(data, None)).transpose()?;
    let size = data.as_ref().map_or(0, |data| data.as_bytes().len());
    finish(env, turn, size, Outcome::Error { code, message, data }, state)
}

/// Ends a turn whose handler failed unexpectedly.
#[napi]
pub fn fail<'env>(env: &'env Env, turn: &External<Turn>, message: String) -> Result<Soon<'env, Answer>> {
    let turn = Turn::clone(turn);
    soon(env, 0, async move { Ok(turn.fail(&message).await.into()) })
}

/// Ends a turn whose handler gave something that is not even JSON.
#[napi]
pub fn reject<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    code: String,
    at: String,
    message: String,
) -> Result<Soon<'env, Answer>> {
    let problem = to_problem(&code, &at, message)?;
    let turn = Turn::clone(turn);
    soon(env, 0, async move { Ok(turn.reject(&problem).await.into()) })
}

/// Ends a turn whose handler took longer than it may.
#[napi]
pub fn time_out<'env>(env: &'env Env, turn: &External<Turn>) -> Result<Soon<'env, Answer>> {
    let turn = Turn::clone(turn);
    soon(env, 0, async move { Ok(turn.time_out().await.into()) })
}

/// Asks a callable operation of a peer.
#[napi(ts_return_type = "Promise<Called>")]
pub fn call<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    target: String,
    input: JsString<'_>,
) -> Result<napi::bindgen_prelude::PromiseRaw<'env, Called>> {
    let turn = Turn::clone(turn);
    let input = to_draft(input, Some(turn.input()))?;
    env.spawn_future(async move { called(turn.call(&target, input).await) })
}

fn finish<'env>(
    env: &'env Env,
    turn: &External<Turn>,
    size: usize,
    outcome: Outcome,
    state: Option<JsString<'_>>,
) -> Result<Soon<'env, Answer>> {
    let turn = Turn::clone(turn);
    let state = state.map(|state| to_draft(state, turn.state())).transpose()?;
    let size = size + state.as_ref().map_or(0, |state| state.as_bytes().len());
    soon(env, size, async move { Ok(turn.finish(outcome, state).await.into()) })
}

fn called(result: std::result::Result<Json, CallFailure>) -> Result<Called> {
    match result {
        Ok(output) => {
            Ok(Called { output: Some(to_handle(&output)), code: None, message: None, data: None, retryable: None })
        }
        Err(CallFailure::Declared(Raised { code, message, data, retryable })) => Ok(Called {
            output: None,
            code: Some(code),
            message: Some(message),
            data: data.as_ref().map(to_handle),
            retryable: Some(retryable),
        }),
        Err(CallFailure::Problem(problem)) => Err(problem_to_exception(problem)),
    }
}

impl From<Begun> for Beginning {
    fn from(begun: Begun) -> Self {
        match begun {
            Begun::Run(turn) => Self {
                info: Some(describe(&turn)),
                input: Some(to_handle(turn.input())),
                state: turn.state().map(to_handle),
                turn: Some(External::new(turn)),
                ..Self::default()
            },
            Begun::Done(response) => Self { answer: Some(response.into()), ..Self::default() },
            Begun::Batch(batch) => Self { batch: Some(External::new(batch)), ..Self::default() },
        }
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        match answer.payload {
            Some(payload) => Self::Payload(payload.into()),
            None => Self::Fault(Fault {
                code: answer.code.unwrap_or_default(),
                message: answer.message.unwrap_or_default(),
                at: answer.at.unwrap_or_default(),
            }),
        }
    }
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        match response {
            Response::Payload(bytes) => Self { payload: Some(bytes.into()), code: None, message: None, at: None },
            Response::Fault(fault) => {
                Self { payload: None, code: Some(fault.code), message: Some(fault.message), at: Some(fault.at) }
            }
        }
    }
}

fn describe(turn: &Turn) -> String {
    let info = turn.info();
    json!({
        "operation": turn.operation(),
        "id": info.work,
        "messageId": info.message,
        "key": info.key,
        "hop": info.hop,
        "phase": info.phase,
        "timeMs": info.time_ms,
        "deadlineMs": info.deadline_ms,
        "traceparent": info.trace.to_string(),
        "requestId": turn.request_id(),
        "tracestate": info.trace.state(),
    })
    .to_string()
}
