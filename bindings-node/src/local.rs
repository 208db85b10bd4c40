//! A chain of agents in one process.

use napi::bindgen_prelude::{External, PromiseRaw};
use napi::{Env, JsString, Result};
use napi_derive::napi;
use peer_contract::host::{Host, Settings};
use peer_contract::run::{self, End, Finished, First, Order, Runner};
use peer_contract_core::Contract;
use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::Raised;
use peer_contract_core::json::Json;
use std::sync::Arc;

use crate::convert::{to_handle, to_json, to_utf8};
use crate::error::problem_to_exception;
use crate::peers::{InvokeHere, PeersHere};

/// What a work came to.
#[napi(object, object_from_js = false)]
pub struct Ended {
    /// The work.
    pub work: String,
    /// The operation that ended it.
    pub target: String,
    /// The phase it ended in.
    pub phase: Option<String>,
    /// Messages it took.
    pub hops: u32,
    /// The output.
    pub output: Option<External<Json>>,
    /// Name of the error that ended it.
    pub code: Option<String>,
    /// Its sentence.
    pub message: Option<String>,
    /// What it carries.
    pub data: Option<External<Json>>,
}

/// A host whose peers are in this process: `invoke` takes an agent's name and a payload to the answer.
#[napi]
pub fn new_local_host(contract: &External<Contract>, agent: String, invoke: InvokeHere<'_>) -> Result<External<Host>> {
    let peers = Arc::new(PeersHere::new(invoke)?);
    Host::with_parts(Contract::clone(contract), &agent, Settings::default(), None, peers)
        .map(External::new)
        .map_err(problem_to_exception)
}

/// Runs one work through agents of this process. `entry` is `agent.operation`, an agent, or empty
/// where that says enough.
#[napi]
pub fn run_here<'env>(
    env: &'env Env,
    contract: &External<Contract>,
    entry: String,
    input: JsString<'_>,
    invoke: InvokeHere<'_>,
) -> Result<PromiseRaw<'env, Ended>> {
    let contract = Contract::clone(contract);
    let peers = PeersHere::new(invoke)?;
    let input = to_utf8(input)?;
    env.spawn_future(async move {
        let input = to_json(input).map_err(problem_to_exception)?;
        let finished = Runner::new(&contract, &peers, None).run(Order::new(entry, input)).await;
        finished.map(Ended::from).map_err(|stopped| problem_to_exception(stopped.problem))
    })
}

/// The first message of a work.
#[napi(object, object_from_js = false)]
pub struct FirstMessage {
    /// The work.
    pub work: String,
    /// The payload of an invocation, or the body of a message in a queue.
    pub message: String,
}

/// Id and first message of a work that others deliver.
#[napi]
pub fn first_message(
    contract: &External<Contract>,
    entry: String,
    input: JsString<'_>,
    by_event: bool,
    reply_to: Option<String>,
) -> Result<FirstMessage> {
    let input = to_json(to_utf8(input)?).map_err(problem_to_exception)?;
    let mut order = Order::new(entry, input).travelling(if by_event { Travel::Event } else { Travel::Return });
    order.reply_to = reply_to;
    let First { work, message, .. } = run::first_message(contract, order).map_err(problem_to_exception)?;
    let message = String::from_utf8(message).map_err(|_| napi::Error::from_reason("a message is UTF-8"))?;
    Ok(FirstMessage { work, message })
}

impl From<Finished> for Ended {
    fn from(finished: Finished) -> Self {
        let Finished { work, target, phase, hops, end, .. } = finished;
        let (output, code, message, data) = match end {
            End::Output(output) => (Some(to_handle(&output)), None, None, None),
            End::Declared(Raised { code, message, data, .. }) => {
                (None, Some(code), Some(message), data.as_ref().map(to_handle))
            }
        };
        Self { work, target, phase, hops, output, code, message, data }
    }
}
