//! Peers within one process, for runs of a whole chain in a test.

use std::sync::Arc;

use peer_contract::BoxFuture;
use peer_contract::host::{Fault, Response};
use peer_contract::peers::{Answer as Answered, Invoke, Invoked, Request, Unreached};
use peer_contract_core::ErrorCode;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::ending::Inside;
use crate::host::Answer;

/// Peers that one Python function stands for: agent and payload in, an `Answer` out.
pub(crate) struct InProcess(Arc<Py<PyAny>>);

impl InProcess {
    pub(crate) fn new(function: Py<PyAny>) -> Self {
        Self(Arc::new(function))
    }
}

impl Invoke for InProcess {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        let function = Arc::clone(&self.0);
        let agent = request.agent.to_owned();
        let payload = request.payload;
        Box::pin(async move {
            // The first poll may come without a runtime; the next one has it.
            tokio::task::yield_now().await;
            let asked = tokio::task::spawn_blocking(move || ask(&function, &agent, &payload)).await;
            asked.unwrap_or_else(|_| Err(unreachable("the thread of the peer ended".into())))
        })
    }
}

fn ask(function: &Py<PyAny>, agent: &str, payload: &[u8]) -> Result<Invoked, Unreached> {
    let ends = || unreachable("the interpreter ends".into());
    let _inside = Inside::try_enter().ok_or_else(ends)?;
    Python::attach(|py| {
        let answer = function.call1(py, (agent, PyBytes::new(py, payload)));
        let answer = answer.and_then(|answer| Ok(answer.bind(py).cast::<Answer>()?.get().0.clone()));
        let answer = match answer {
            Ok(Response::Payload(bytes)) => Answered::Payload(bytes.into()),
            Ok(Response::Fault(Fault { code, message, at })) => Answered::Fault(Fault { code, message, at }),
            Err(error) => return Err(unreachable(error.value(py).to_string())),
        };
        Ok(Invoked { answer, cold: None, request_id: None })
    })
}

fn unreachable(message: String) -> Unreached {
    Unreached::terminal(ErrorCode::PeerUnreachable, message)
}
