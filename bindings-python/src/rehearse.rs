//! Decisions of the core without a sandbox around them, for tests against the shared vectors.

use peer_contract_core::Limits;
use peer_contract_core::compat::{self, Verdict};
use peer_contract_core::envelope::TraceContext;
use peer_contract_core::events::{self, Via};
use peer_contract_core::inbox::{self, Arrival};
use peer_contract_core::request;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;

use crate::build::build_json;
use crate::contract::Contract;
use crate::error::to_exception;
use crate::shape::Shape;
use crate::text::Text;

/// Reads strict JSON.
#[pyfunction]
pub(crate) fn read_json<'py>(py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyAny>> {
    build_json(py, None, Shape::PLAIN, text.as_bytes(), &Limits::default())
}

/// Operation, phase and hop of an event for `agent`, as a sandbox that knows nothing else would see it.
#[pyfunction]
#[pyo3(signature = (contract, agent, event, now_ms, deadline_ms, shared_store))]
pub(crate) fn rehearse(
    py: Python<'_>,
    contract: &Contract,
    agent: &str,
    event: Text<'_>,
    now_ms: u64,
    deadline_ms: Option<u64>,
    shared_store: bool,
) -> PyResult<(String, Option<String>, u32)> {
    let arrival = Arrival { now_ms, deadline_ms, random: [0; 10], shared_store, via: Via::Invocation, trace: None };
    let seen = inbox::rehearse(&contract.0, agent, event.as_bytes(), &arrival);
    let seen = seen.map_err(|problem| to_exception(py, &problem))?;
    Ok((seen.operation, seen.phase, seen.hop))
}

/// What becomes of an event of a service whose messages end in turn as the JSON array `ends` says.
#[pyfunction]
#[pyo3(signature = (contract, agent, event, ends, now_ms, shared_store, trace_header=None))]
#[expect(clippy::too_many_arguments, reason = "one for each member of a vector")]
pub(crate) fn rehearse_event<'py>(
    py: Python<'py>,
    contract: &Contract,
    agent: &str,
    event: Text<'_>,
    ends: Text<'_>,
    now_ms: u64,
    shared_store: bool,
    trace_header: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (via, trace) = (Via::Invocation, trace_header.and_then(TraceContext::of_xray));
    let arrival = Arrival { now_ms, deadline_ms: None, random: [0; 10], shared_store, via, trace };
    let told = events::rehearse(&contract.0, agent, event.as_bytes(), ends.as_bytes(), &arrival);
    let told = told.map_err(|problem| to_exception(py, &problem))?;
    build_json(py, None, Shape::PLAIN, told.to_string().as_bytes(), &Limits::default())
}

/// What becomes of messages with keys for `operation`, one after the other; `messages` is a JSON array.
#[pyfunction]
pub(crate) fn rehearse_requests<'py>(
    py: Python<'py>,
    contract: &Contract,
    operation: &str,
    messages: Text<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let told = request::rehearse(&contract.0, operation, messages.as_bytes());
    let told = told.map_err(|problem| to_exception(py, &problem))?;
    build_json(py, None, Shape::PLAIN, told.to_string().as_bytes(), &Limits::default())
}

/// Whether an operation fits between sender and receiver: the verdict, and part and place of a break.
#[pyfunction]
pub(crate) fn fits(
    sends: &Contract,
    accepts: &Contract,
    operation: &str,
) -> PyResult<(&'static str, Option<String>, Option<String>)> {
    let of = |contract: &Contract| {
        contract.0.operation(operation).cloned().ok_or_else(|| PyKeyError::new_err(operation.to_owned()))
    };
    let (sent, accepted) = (of(sends)?, of(accepts)?);
    Ok(match compat::fits((&sends.0, &sent), (&accepts.0, &accepted)) {
        Verdict::Fits => ("fits", None, None),
        Verdict::Unknown => ("unknown", None, None),
        Verdict::Broken(broken) => ("broken", Some(broken.part), Some(broken.at.to_string())),
    })
}
