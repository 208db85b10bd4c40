//! Peers in the same process, for chains that run without a server.

use bytes::Bytes;
use napi::bindgen_prelude::{Buffer, FnArgs, Function, Promise};
use napi::threadsafe_function::ThreadsafeFunction;
use napi::{Result, Status};
use peer_contract::BoxFuture;
use peer_contract::host::Fault;
use peer_contract::peers::{Answer, Invoke, Invoked, Request, Unreached};
use peer_contract_core::ErrorCode;

use crate::host::Answer as JsAnswer;

type Arguments = FnArgs<(String, Buffer)>;

/// `(agent, payload) => Promise<Answer>`.
pub(crate) type InvokeHere<'a> = Function<'a, Arguments, Promise<JsAnswer>>;

/// Invokes agents of this process through their event loop. Does not keep that loop alive.
pub(crate) struct PeersHere {
    invoke: ThreadsafeFunction<Arguments, Promise<JsAnswer>, Arguments, Status, false, true>,
}

impl PeersHere {
    pub(crate) fn new(invoke: InvokeHere<'_>) -> Result<Self> {
        Ok(Self { invoke: invoke.build_threadsafe_function().weak::<true>().build()? })
    }

    async fn answer(&self, agent: String, payload: Bytes) -> Result<JsAnswer> {
        self.invoke.call_async_catch((agent, Vec::from(payload).into()).into()).await?.await
    }
}

impl Invoke for PeersHere {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, std::result::Result<Invoked, Unreached>> {
        Box::pin(async move {
            let answer = tokio::time::timeout(request.timeout, self.answer(request.agent.to_owned(), request.payload));
            match answer.await {
                Ok(Ok(answer)) => Ok(Invoked { answer: answer.into(), cold: None, request_id: None }),
                Ok(Err(error)) => Err(Unreached::terminal(ErrorCode::PeerUnreachable, error.reason.to_string())),
                Err(_) => Err(Unreached::terminal(ErrorCode::DeadlineExceeded, "the peer took longer than it may")),
            }
        })
    }
}

impl From<JsAnswer> for Answer {
    fn from(answer: JsAnswer) -> Self {
        match answer.payload {
            Some(payload) => Self::Payload(payload.to_vec().into()),
            None => Self::Fault(Fault {
                code: answer.code.unwrap_or_default(),
                message: answer.message.unwrap_or_default(),
                at: answer.at.unwrap_or_default(),
            }),
        }
    }
}
