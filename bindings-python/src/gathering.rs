//! The children of a fan-out within one process, for runs of a whole chain in a test.

use std::sync::{Mutex, MutexGuard, PoisonError};

use peer_contract::host::Response;
use peer_contract_core::envelope::{Envelope, Room};
use peer_contract_core::fan::{self, Child, ChildEnd, Given, Group};
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::contract::Contract;
use crate::error::to_exception;
use crate::host::Answer;

/// A group of children, which are asked one after the other.
#[pyclass(frozen, module = "peer_contract._native")]
pub(crate) struct Gathering(Mutex<State>);

struct State {
    gathering: fan::Gathering,
    /// What the join gets beside the results.
    envelope: Envelope,
    /// The child that was asked last, and how often.
    asked: Option<(Child, u32)>,
}

/// Agent and message.
type Asked<'py> = (String, Bound<'py, PyBytes>);

#[pymethods]
impl Gathering {
    /// The group of a message that carries one.
    #[new]
    fn new(py: Python<'_>, contract: &Contract, message: &[u8]) -> PyResult<Self> {
        let unpacked = Group::unpack(&contract.0, message.to_vec());
        let (group, envelope) = unpacked.map_err(|problem| to_exception(py, &problem))?;
        Ok(Self(Mutex::new(State { gathering: fan::Gathering::new(group), envelope, asked: None })))
    }

    /// Agent and message of the next child; `None` when the group has ended.
    fn ask<'py>(&self, py: Python<'py>) -> PyResult<Option<Asked<'py>>> {
        let mut state = self.lock();
        if state.asked.is_none() {
            let Given::Child(child) = state.gathering.ask() else { return Ok(None) };
            state.asked = Some((*child, 0));
        }
        let Some((child, attempts)) = &mut state.asked else { return Ok(None) };
        *attempts += 1;
        let packed = child.outgoing.pack(Room::sync(false)).map_err(|problem| to_exception(py, &problem))?;
        Ok(Some((child.agent.clone(), PyBytes::new(py, &packed.bytes))))
    }

    /// What the child that was asked last gave. One that may do better is asked again.
    fn settle(&self, answer: &Answer) {
        let mut state = self.lock();
        let Some((child, attempts)) = state.asked.take() else { return };
        let end = end_of(state.gathering.group(), &child, answer);
        if end.is_retryable() && attempts < child.attempts {
            state.asked = Some((child, attempts));
        } else {
            state.gathering.settle(child.ordinal, end);
        }
    }

    /// The message of the join.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let joined = self.lock().join();
        joined.map(|bytes| PyBytes::new(py, &bytes)).map_err(|problem| to_exception(py, &problem))
    }
}

impl Gathering {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn join(&mut self) -> Result<Vec<u8>, Problem> {
        let state = self.envelope.state.as_ref().map(|state| state.open(None, &Limits::default())).transpose()?;
        let state = state.map(|state| Json::read(state.into_bytes(), &Limits::default())).transpose()?;
        Ok(self.gathering.finish(state, None)?.pack(Room::sync(false))?.bytes)
    }
}

fn end_of(group: &Group, child: &Child, answer: &Answer) -> ChildEnd {
    match &answer.0 {
        Response::Payload(bytes) => group.read_answer(child.ordinal, bytes.clone()).unwrap_or_else(ChildEnd::Failed),
        Response::Fault(fault) => {
            let code = ErrorCode::from_word(&fault.code).unwrap_or(ErrorCode::PeerFailed);
            ChildEnd::Failed(Problem::new(code, Pointer::root(), fault.message.clone()))
        }
    }
}
