//! Invocations of one agent: an event in, a turn for the handler, an answer out.

use peer_contract::host::{Begun, Invocation, Response, Settings};
use peer_contract_core::inbox::{Event, Outcome};
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Value};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use std::sync::Arc;

use crate::call::{Called, Pending};
use crate::contract::{Contract, Types};
use crate::convert::{to_json, to_object, to_value};
use crate::error::{Stop, to_exception};
use crate::local::InProcess;
use crate::wait::wait;

/// One agent in one sandbox.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Host(peer_contract::host::Host);

#[pymethods]
impl Host {
    /// A host with the settings of the environment; with `peers`, one that calls others through it and
    /// has no settings.
    #[new]
    #[pyo3(signature = (contract, agent, peers=None))]
    fn new(py: Python<'_>, contract: &Contract, agent: &str, peers: Option<Py<PyAny>>) -> PyResult<Self> {
        let contract = contract.0.clone();
        let host = match peers {
            None => Settings::from_env().and_then(|settings| peer_contract::host::Host::new(contract, agent, settings)),
            Some(peers) => {
                let peers = Arc::new(InProcess::new(peers));
                let settings = Settings::read(|_| None);
                settings
                    .and_then(|settings| peer_contract::host::Host::with_parts(contract, agent, settings, None, peers))
            }
        };
        host.map(Self).map_err(|problem| to_exception(py, &problem))
    }

    /// Takes an event to the point where the handler runs: a `Turn`, or the `Answer` when none is to run.
    #[pyo3(signature = (event, request_id, deadline_ms=None, trace_id=None))]
    fn begin<'py>(
        &self,
        py: Python<'py>,
        event: &Bound<'py, PyAny>,
        request_id: String,
        deadline_ms: Option<u64>,
        trace_id: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let host = self.0.clone();
        let invocation = Invocation { request_id, deadline_ms, trace_id };
        let begun = if let Ok(bytes) = event.extract::<PyBackedBytes>() {
            wait(py, bytes.len(), async move { host.begin(Event::Bytes(&bytes), invocation).await })?
        } else {
            match to_value(event, &Limits::default()) {
                Ok(value) => wait(py, usize::MAX, async move { host.begin(Event::Value(value), invocation).await })?,
                Err(Stop::Problem(problem)) => Begun::Done(problem.into()),
                Err(Stop::Raised(error)) => return Err(error),
            }
        };
        match begun {
            Begun::Run(turn) => Bound::new(py, Turn(turn)).map(Bound::into_any),
            Begun::Done(response) => Bound::new(py, Answer(response)).map(Bound::into_any),
        }
    }
}

/// What the platform gets: a payload or a function error.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Answer(pub(crate) Response);

#[pymethods]
impl Answer {
    /// The payload as it goes over the wire; empty for a function error.
    #[getter]
    fn payload<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        match &self.0 {
            Response::Payload(bytes) => PyBytes::new(py, bytes),
            Response::Fault(_) => PyBytes::new(py, b""),
        }
    }

    /// The payload as objects.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let value = match &self.0 {
            Response::Payload(bytes) => py.detach(|| serde_json::from_slice(bytes).unwrap_or_default()),
            Response::Fault(_) => Value::Null,
        };
        to_object(py, &value)
    }

    /// Code, sentence and place of a function error.
    #[getter]
    fn fault(&self) -> Option<(&str, &str, &str)> {
        match &self.0 {
            Response::Payload(_) => None,
            Response::Fault(fault) => Some((&fault.code, &fault.message, &fault.at)),
        }
    }

    /// The function error as the Runtime API takes it.
    #[getter]
    fn fault_json<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        match &self.0 {
            Response::Payload(_) => None,
            Response::Fault(fault) => Some(PyBytes::new(py, &fault.to_json())),
        }
    }
}

/// One run of a handler.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Turn(peer_contract::host::Turn);

#[pymethods]
impl Turn {
    #[getter]
    fn operation(&self) -> &str {
        self.0.operation()
    }

    #[getter]
    fn target(&self) -> &str {
        &self.0.info().target
    }

    #[getter]
    fn work(&self) -> &str {
        &self.0.info().work
    }

    #[getter]
    fn message(&self) -> &str {
        &self.0.info().message
    }

    #[getter]
    fn key(&self) -> &str {
        &self.0.info().key
    }

    #[getter]
    fn hop(&self) -> u32 {
        self.0.info().hop
    }

    #[getter]
    fn phase(&self) -> Option<&str> {
        self.0.info().phase.as_deref()
    }

    #[getter]
    fn time_ms(&self) -> u64 {
        self.0.info().time_ms
    }

    #[getter]
    fn deadline_ms(&self) -> u64 {
        self.0.info().deadline_ms
    }

    #[getter]
    fn traceparent(&self) -> Option<&str> {
        self.0.info().traceparent.as_deref()
    }

    /// The valid input.
    fn input<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        types.get().build(types.py(), shape, &self.0.input().to_value())
    }

    /// The valid state; `None` for a callable operation.
    fn state<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        types.get().build(types.py(), shape, &self.0.state().map(Json::to_value).unwrap_or_default())
    }

    /// Asks a callable operation of a peer and waits; interrupts are seen.
    fn call(&self, py: Python<'_>, target: String, input: &Bound<'_, PyAny>) -> PyResult<Called> {
        let (turn, input) = (self.0.clone(), json_of(input)?);
        wait(py, usize::MAX, async move { turn.call(&target, input).await }).map(Called::new)
    }

    /// The same without waiting: `done` gets a `Called`, in another thread.
    fn start_call(&self, target: String, input: &Bound<'_, PyAny>, done: Py<PyAny>) -> PyResult<Pending> {
        let (turn, input) = (self.0.clone(), json_of(input)?);
        Pending::start(async move { turn.call(&target, input).await }, done)
    }

    /// Ends the turn with the operation's output.
    fn reply(&self, output: &Bound<'_, PyAny>, state: &Bound<'_, PyAny>) -> PyResult<Answer> {
        self.finish(part(output, "output").map(Outcome::Reply), state)
    }

    /// Ends the turn by passing the work on.
    fn hand_over(&self, target: String, input: &Bound<'_, PyAny>, state: &Bound<'_, PyAny>) -> PyResult<Answer> {
        self.finish(part(input, "input").map(|input| Outcome::Handoff { target, input }), state)
    }

    /// Ends the turn with an error of the contract.
    fn error(
        &self,
        code: String,
        message: String,
        data: &Bound<'_, PyAny>,
        state: &Bound<'_, PyAny>,
    ) -> PyResult<Answer> {
        let data = if data.is_none() { Ok(None) } else { part(data, "data").map(Some) };
        self.finish(data.map(|data| Outcome::Error { code, message, data }), state)
    }

    /// Ends the turn after the handler raised something unexpected.
    fn fail(&self, py: Python<'_>, message: String) -> PyResult<Answer> {
        let turn = self.0.clone();
        wait(py, 0, async move { turn.fail(&message).await }).map(Answer)
    }

    /// Ends the turn after the handler took longer than it may.
    fn time_out(&self, py: Python<'_>) -> PyResult<Answer> {
        let turn = self.0.clone();
        wait(py, 0, async move { turn.time_out().await }).map(Answer)
    }
}

impl Turn {
    fn finish(&self, outcome: Result<Outcome, Stop>, state: &Bound<'_, PyAny>) -> PyResult<Answer> {
        let py = state.py();
        let turn = self.0.clone();
        let carried = || turn.state().map(|_| part(state, "state")).transpose();
        let (outcome, state) = match outcome.and_then(|outcome| Ok((outcome, carried()?))) {
            Ok(ended) => ended,
            Err(Stop::Raised(error)) => return Err(error),
            Err(Stop::Problem(problem)) => return wait(py, 0, async move { turn.reject(&problem).await }).map(Answer),
        };
        wait(py, usize::MAX, async move { turn.finish(outcome, state).await }).map(Answer)
    }
}

fn json_of(object: &Bound<'_, PyAny>) -> PyResult<Json> {
    to_json(object, &Limits::default()).map_err(|stop| stop.into_exception(object.py()))
}

/// A part of what a handler returned. What has no JSON form is `output_invalid` at its place.
fn part(object: &Bound<'_, PyAny>, name: &str) -> Result<Json, Stop> {
    to_json(object, &Limits::default()).map_err(|stop| match stop {
        Stop::Problem(problem) => {
            let at = Pointer::root().key(name).join(&problem.at);
            let message = format!("{} ({})", problem.message, problem.code);
            Stop::Problem(Problem::new(ErrorCode::OutputInvalid, at, message))
        }
        raised => raised,
    })
}
