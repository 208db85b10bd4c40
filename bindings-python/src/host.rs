//! Invocations of one agent: an event in, a turn for the handler, an answer out.

use bytes::Bytes;
use peer_contract::host::{Begun, Invocation, Next, Response, Settings};
use peer_contract_core::contract::Operation;
use peer_contract_core::inbox::{Event, Outcome};
use peer_contract_core::json::Draft;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use std::sync::Arc;

use crate::build::build_json;
use crate::call::{Called, Pending};
use crate::contract::Contract;
use crate::error::to_exception;
use crate::local::InProcess;
use crate::shape::Shape;
use crate::types::Types;
use crate::wait::wait;
use crate::walk::{Unwritten, write, write_json};

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

    /// The configuration that the agent is made from.
    fn config<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (py, host) = (types.py(), self.0.clone());
        let (agents, agent) = (host.contract().agents(), host.agent());
        let at = agents.get(agent).and_then(|agent| agent.config.clone());
        let found = wait(py, usize::MAX, async move { host.config().await })?;
        let config = found.map_err(|problem| to_exception(py, &problem))?;
        types.get().build(shape, at.as_ref(), Some(&config))
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
        let invocation = Invocation { request_id, deadline_ms, trace_id, ..Invocation::default() };
        let begun = if let Ok(bytes) = event.extract::<PyBackedBytes>() {
            let size = bytes.len();
            let event = Event::Bytes(Bytes::from_owner(bytes));
            wait(py, size, async move { host.begin(event, invocation).await })?
        } else {
            match write_json(event) {
                Ok(text) => {
                    let size = text.as_bytes().len();
                    let event = Event::Bytes(text.into_bytes());
                    wait(py, size, async move { host.begin(event, invocation).await })?
                }
                Err(Unwritten::Problems(problems)) => Begun::Done(problems.first().clone().into()),
                Err(Unwritten::Raised(error)) => return Err(error),
            }
        };
        match begun {
            Begun::Run(turn) => Bound::new(py, Turn(turn)).map(Bound::into_any),
            Begun::Done(response) => Bound::new(py, Answer(response)).map(Bound::into_any),
            Begun::Batch(batch) => Bound::new(py, Batch(batch)).map(Bound::into_any),
        }
    }
}

/// The messages of an event of a service.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Batch(peer_contract::host::Batch);

#[pymethods]
impl Batch {
    /// The next `Turn`, once the one before has ended with `answer`; the `Answer` to the event when all have.
    #[pyo3(signature = (answer=None))]
    fn next<'py>(&self, py: Python<'py>, answer: Option<&Bound<'py, Answer>>) -> PyResult<Bound<'py, PyAny>> {
        let (batch, ended) = (self.0.clone(), answer.map(|answer| answer.get().0.clone()));
        match wait(py, usize::MAX, async move { batch.next(ended).await })? {
            Next::Run(turn) => Bound::new(py, Turn(turn)).map(Bound::into_any),
            Next::Done(response) => Bound::new(py, Answer(response)).map(Bound::into_any),
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
        match &self.0 {
            Response::Payload(bytes) => build_json(py, None, Shape::PLAIN, bytes, &answer_limits()),
            Response::Fault(_) => Ok(py.None().into_bound(py)),
        }
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
    fn traceparent(&self) -> String {
        self.0.info().trace.to_string()
    }

    #[getter]
    fn request_id(&self) -> &str {
        self.0.request_id()
    }

    #[getter]
    fn tracestate(&self) -> Option<&str> {
        self.0.info().trace.state()
    }

    /// The valid input.
    fn input<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        types.get().build(shape, self.declared(types.get()).map(|own| &own.input), Some(self.0.input()))
    }

    /// The valid state; `None` for a callable operation.
    fn state<'py>(&self, types: &Bound<'py, Types>, shape: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        types.get().build(shape, types.get().contract().state().as_ref(), self.0.state())
    }

    /// Asks a callable operation of a peer and waits; interrupts are seen.
    fn call(&self, types: &Bound<'_, Types>, target: String, input: &Bound<'_, PyAny>) -> PyResult<Called> {
        let (turn, input, asked) = (self.0.clone(), argument(types.get(), &target, input)?, target.clone());
        let called = wait(types.py(), usize::MAX, async move { turn.call(&asked, input).await })?;
        Ok(Called::new(target, called))
    }

    /// The same without waiting: `done` gets a `Called`, in another thread.
    fn start_call(
        &self,
        types: &Bound<'_, Types>,
        target: String,
        input: &Bound<'_, PyAny>,
        done: Py<PyAny>,
    ) -> PyResult<Pending> {
        let (turn, input, asked) = (self.0.clone(), argument(types.get(), &target, input)?, target.clone());
        Pending::start(target, async move { turn.call(&asked, input).await }, done)
    }

    /// Ends the turn with the operation's output.
    fn reply(&self, types: &Bound<'_, Types>, output: &Bound<'_, PyAny>, state: &Bound<'_, PyAny>) -> PyResult<Answer> {
        let declared = self.declared(types.get()).and_then(|own| own.output.as_ref());
        let output = part(types.get(), declared.map(|output| &output.schema), output, &Pointer::root().key("output"));
        self.finish(types, output.map(Outcome::Reply), state)
    }

    /// Ends the turn by passing the work on.
    fn hand_over(
        &self,
        types: &Bound<'_, Types>,
        target: String,
        input: &Bound<'_, PyAny>,
        state: &Bound<'_, PyAny>,
    ) -> PyResult<Answer> {
        let next = types.get().contract().operation(&target);
        let input = part(types.get(), next.map(|next| &next.input), input, &Pointer::root().key("input"));
        self.finish(types, input.map(|input| Outcome::Handoff { target, input }), state)
    }

    /// Ends the turn by spreading the work over children: target and input of each.
    fn fan_out(
        &self,
        types: &Bound<'_, Types>,
        children: Vec<(String, Bound<'_, PyAny>)>,
        state: &Bound<'_, PyAny>,
    ) -> PyResult<Answer> {
        let child = |(index, (target, input)): (usize, (String, Bound<'_, PyAny>))| {
            let at = types.get().contract().operation(&target).map(|child| &child.input);
            let under = Pointer::root().key("children").index(index).key("input");
            part(types.get(), at, &input, &under).map(|input| (target, input))
        };
        let children: Result<Vec<_>, Unwritten> = children.into_iter().enumerate().map(child).collect();
        self.finish(types, children.map(|children| Outcome::FanOut { children }), state)
    }

    /// Ends the turn with an error of the contract.
    fn error(
        &self,
        types: &Bound<'_, Types>,
        code: String,
        message: String,
        data: &Bound<'_, PyAny>,
        state: &Bound<'_, PyAny>,
    ) -> PyResult<Answer> {
        let declared = self.declared(types.get()).and_then(|own| own.errors.get(&code)?.data.as_ref());
        let data =
            (!data.is_none()).then(|| part(types.get(), declared, data, &Pointer::root().key("data"))).transpose();
        self.finish(types, data.map(|data| Outcome::Error { code, message, data }), state)
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
    /// The operation whose turn this is.
    fn declared<'a>(&self, types: &'a Types) -> Option<&'a Operation> {
        types.contract().operation(&self.0.info().target)
    }

    fn finish(
        &self,
        types: &Bound<'_, Types>,
        outcome: Result<Outcome, Unwritten>,
        state: &Bound<'_, PyAny>,
    ) -> PyResult<Answer> {
        let py = state.py();
        let turn = self.0.clone();
        let at = types.get().contract().state();
        let under = Pointer::root().key("state");
        let carried = || turn.state().map(|_| part(types.get(), at.as_ref(), state, &under)).transpose();
        let (outcome, state) = match outcome.and_then(|outcome| Ok((outcome, carried()?))) {
            Ok(ended) => ended,
            Err(Unwritten::Raised(error)) => return Err(error),
            Err(Unwritten::Problems(problems)) => {
                return wait(py, 0, async move { turn.reject(problems.first()).await }).map(Answer);
            }
        };
        wait(py, usize::MAX, async move { turn.finish(outcome, state).await }).map(Answer)
    }
}

/// The input of a call. What does not fit is left to the core, which says so in its own way.
fn argument(types: &Types, target: &str, input: &Bound<'_, PyAny>) -> PyResult<Draft> {
    let at = types.contract().operation(target).map(|operation| &operation.input);
    written(types, at, input).map_err(|unwritten| unwritten.into_exception(input.py()))
}

/// A part of what a handler returned. What has no JSON form is `output_invalid` at its place.
fn part(types: &Types, at: Option<&Pointer>, object: &Bound<'_, PyAny>, under: &Pointer) -> Result<Draft, Unwritten> {
    written(types, at, object).map_err(|unwritten| match unwritten {
        Unwritten::Problems(problems) => {
            let problem = problems.first();
            let at = under.join(&problem.at);
            let message = format!("{} ({})", problem.message, problem.code);
            Unwritten::Problems(Problem::new(ErrorCode::OutputInvalid, at, message).into())
        }
        raised => raised,
    })
}

/// An object as JSON, checked by the schema at `at`. What does not fit is written all the same: the core refuses
/// it, together with whatever else is wrong with the outcome.
fn written(types: &Types, at: Option<&Pointer>, object: &Bound<'_, PyAny>) -> Result<Draft, Unwritten> {
    if let Some(at) = at {
        let vocabulary = types.vocabulary(object.py(), at).map_err(Unwritten::Raised)?;
        match write(&vocabulary, object) {
            Ok(text) => return Ok(text),
            Err(Unwritten::Problems(_)) => {}
            raised => raised.map(drop)?,
        }
    }
    write_json(object)
}

/// An answer was checked when it was made, part by part; as a whole it may nest deeper than a text from outside may.
fn answer_limits() -> Limits {
    let mut limits = Limits::default();
    (limits.json_values, limits.json_keys, limits.json_depth) = (usize::MAX, usize::MAX, usize::MAX);
    limits
}
