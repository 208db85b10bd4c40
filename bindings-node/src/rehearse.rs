//! Questions about messages that nobody sends: for tools, and for the shared vectors.

use napi::Result;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use peer_contract_core::Contract;
use peer_contract_core::compat::{self, Verdict};
use peer_contract_core::envelope::TraceContext;
use peer_contract_core::events::{self, Via};
use peer_contract_core::inbox::{self, Arrival};
use peer_contract_core::request;
use serde_json::json;

use crate::error::problem_to_exception;

/// What an event would become in a sandbox whose caches and stores are empty, as JSON.
#[napi]
pub fn rehearse(
    contract: &External<Contract>,
    agent: String,
    event: &[u8],
    now_ms: f64,
    shared_store: bool,
    deadline_ms: Option<f64>,
) -> Result<String> {
    let deadline_ms = deadline_ms.map(|ms| ms as u64);
    let (now_ms, via) = (now_ms as u64, Via::Invocation);
    let arrival = Arrival { now_ms, deadline_ms, random: [0; 10], shared_store, via, trace: None };
    let rehearsal = inbox::rehearse(contract, &agent, event, &arrival).map_err(problem_to_exception)?;
    let facts = json!({ "operation": rehearsal.operation, "phase": rehearsal.phase, "hop": rehearsal.hop });
    Ok(facts.to_string())
}

/// What becomes of an event of a service whose messages end in turn as the JSON array `ends` says, as JSON.
#[napi]
pub fn rehearse_event(
    contract: &External<Contract>,
    agent: String,
    event: &[u8],
    ends: &[u8],
    now_ms: f64,
    shared_store: bool,
    trace_header: Option<String>,
) -> Result<String> {
    let (now_ms, via) = (now_ms as u64, Via::Invocation);
    let trace = trace_header.as_deref().and_then(TraceContext::of_xray);
    let arrival = Arrival { now_ms, deadline_ms: None, random: [0; 10], shared_store, via, trace };
    let told = events::rehearse(contract, &agent, event, ends, &arrival).map_err(problem_to_exception)?;
    Ok(told.to_string())
}

/// What becomes of messages with keys, one after the other, as JSON; `messages` is a JSON array.
#[napi]
pub fn rehearse_requests(contract: &External<Contract>, target: String, messages: &[u8]) -> Result<String> {
    let told = request::rehearse(contract, &target, messages).map_err(problem_to_exception)?;
    Ok(told.to_string())
}

/// Whether a receiver that runs by `accepts` can take messages for `target` of a sender that runs by `sends`, as JSON.
#[napi]
pub fn fits(sends: &External<Contract>, accepts: &External<Contract>, target: String) -> Result<String> {
    let operation = |contract: &Contract| {
        let found = contract.operation(&target).cloned();
        found.ok_or_else(|| napi::Error::from_reason(format!("one of the contracts has no `{target}`")))
    };
    let (sent, accepted) = (operation(sends)?, operation(accepts)?);
    let verdict = match compat::fits((sends, &sent), (accepts, &accepted)) {
        Verdict::Fits => json!({ "verdict": "fits" }),
        Verdict::Broken(broken) => json!({
            "verdict": "broken",
            "part": broken.part,
            "at": broken.at.as_str(),
            "message": broken.message,
        }),
        Verdict::Unknown => json!({ "verdict": "unknown" }),
    };
    Ok(verdict.to_string())
}
