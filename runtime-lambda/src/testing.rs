//! A chain of agents in one process, for tests that need no server.
//!
//! The agents run behind real hosts: every message is packed, validated, claimed and checked as on Lambda.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, Weak};

use bytes::Bytes;
use peer_contract_core::envelope::Travel;
use peer_contract_core::inbox::Event;
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Problem, Value};

use crate::BoxFuture;
use crate::agent::{Endpoint, Error, Serve};
use crate::host::{Host, Invocation, Response, Settings};
use crate::peers::{Answer, Invoke, Invoked, Mode, Request, Unreached};
use crate::run::{Finished, Observer, Order, Runner, Stopped};
use crate::store::{MemoryStore, Scope, Store};

/// Agents of one contract in one process.
///
/// ```no_run
/// # use peer_contract::{Serve, testing::Agents};
/// # async fn example(reasoner: impl Serve, ranker: impl Serve) -> Result<(), Box<dyn std::error::Error>> {
/// let agents = Agents::new().with(reasoner).with(ranker);
/// let finished = agents.run("reasoner.plan", serde_json::json!({ "text": "canals" })).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Agents {
    agents: Vec<Box<dyn Serve>>,
    travel: Travel,
}

impl Agents {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more agent.
    #[must_use]
    pub fn with(mut self, agent: impl Serve) -> Self {
        self.agents.push(Box::new(agent));
        self
    }

    /// Lets handoffs travel by `event`, over a store in memory, instead of by `return`.
    #[must_use]
    pub fn by_event(mut self) -> Self {
        self.travel = Travel::Event;
        self
    }

    /// Runs one work from an entry to its end.
    ///
    /// # Errors
    /// As [`Runner::run`]; `configuration_invalid` without agents, or for agents of several contracts.
    pub async fn run(self, entry: &str, input: Value) -> Result<Finished, Stopped> {
        self.run_observed(entry, input, &()).await
    }

    /// The same with an observer of every hop.
    ///
    /// # Errors
    /// As [`Agents::run`].
    pub async fn run_observed(self, entry: &str, input: Value, observer: &dyn Observer) -> Result<Finished, Stopped> {
        let order = Order::new(entry, Json::of_value(&input).map_err(not_started)?);
        let travel = self.travel;
        let store = (travel == Travel::Event).then(|| Arc::new(MemoryStore::new(Scope::Shared)) as Arc<dyn Store>);
        let process = Process::new(self.agents, store.clone()).map_err(unstarted)?;
        let contract = process.contract.clone();
        let runner = Runner::new(&contract, &*process, store.as_deref()).observed_by(observer);
        runner.run(order.travelling(travel)).await
    }
}

fn unstarted(error: Error) -> Stopped {
    not_started(error.into_problem())
}

fn not_started(problem: Problem) -> Stopped {
    Stopped { work: None, problem, last: None }
}

/// The agents behind their hosts, each of which reaches the others through this.
struct Process {
    contract: peer_contract_core::Contract,
    endpoints: OnceLock<BTreeMap<&'static str, Arc<Endpoint>>>,
}

struct ToProcess(Weak<Process>);

impl Process {
    fn new(agents: Vec<Box<dyn Serve>>, store: Option<Arc<dyn Store>>) -> Result<Arc<Self>, Error> {
        let none = || Error::new(ErrorCode::ConfigurationInvalid, "there are no agents to run");
        let contract = agents.first().ok_or_else(none)?.contract()?.clone();
        let process = Arc::new(Self { contract, endpoints: OnceLock::new() });
        let mut endpoints = BTreeMap::new();
        for agent in agents {
            let (contract, name) = (agent.contract()?.clone(), agent.agent());
            let settings = Settings { cache: std::env::temp_dir().join("peer-contract"), ..Settings::default() };
            let peers = Arc::new(ToProcess(Arc::downgrade(&process)));
            let host = Host::with_parts(contract, name, settings, store.clone(), peers)?;
            endpoints.insert(name, Arc::new(Endpoint::new(host, agent)));
        }
        let _ = process.endpoints.set(endpoints);
        Ok(process)
    }

    async fn answer(&self, request: Request<'_>) -> Result<Invoked, Unreached> {
        let endpoint = self.endpoints.get().and_then(|endpoints| endpoints.get(request.agent)).cloned();
        let endpoint = endpoint.ok_or_else(|| {
            let message = format!("the agent `{}` does not run in this process", request.agent);
            Unreached::terminal(ErrorCode::AddressRefused, message)
        })?;
        let id = format!("{:032x}", u128::from_le_bytes(crate::entropy::bytes()));
        let invocation = Invocation { request_id: id.clone(), ..Invocation::default() };
        let answer = match request.mode {
            Mode::Wait => answer_of(endpoint.answer(Event::Bytes(request.payload), invocation).await),
            Mode::Event => {
                tokio::spawn(deliver(endpoint, request.payload, invocation));
                Answer::Payload(Bytes::new())
            }
        };
        Ok(Invoked { answer, cold: None, request_id: Some(id) })
    }
}

/// As Lambda does: a thrown error is tried twice more, under the same request id.
async fn deliver(endpoint: Arc<Endpoint>, payload: Bytes, invocation: Invocation) {
    for _ in 0..3 {
        if let Response::Payload(_) = endpoint.answer(Event::Bytes(payload.clone()), invocation.clone()).await {
            return;
        }
    }
}

fn answer_of(response: Response) -> Answer {
    match response {
        Response::Payload(bytes) => Answer::Payload(bytes.into()),
        Response::Fault(fault) => Answer::Fault(fault),
    }
}

impl Invoke for Process {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move {
            let (agent, timeout) = (request.agent.to_owned(), request.timeout);
            tokio::time::timeout(timeout, self.answer(request)).await.unwrap_or_else(|_| {
                let message = format!("`{agent}` did not answer within {} ms", timeout.as_millis());
                Err(Unreached::retryable(ErrorCode::PeerUnreachable, message))
            })
        })
    }
}

impl Invoke for ToProcess {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move {
            let gone = || Unreached::terminal(ErrorCode::Interrupted, "the run has ended");
            self.0.upgrade().ok_or_else(gone)?.invoke(request).await
        })
    }
}
