//! One sandbox of one agent: invocations in, answers out. All languages go through here.

use std::path::PathBuf;

use peer_contract_core::inbox::{Event, Outcome, WorkInfo};
use peer_contract_core::{Contract, Problem, Value};

/// Settings of a sandbox, read once from the environment.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Settings {
    /// `PEER_CONTRACT_STORE`: folder of the shared store. Without it there is none.
    pub store: Option<PathBuf>,
    /// `PEER_CONTRACT_TMP` or `/tmp/peer-contract`: the sandbox's own cache.
    pub cache: PathBuf,
    /// `PEER_CONTRACT_PEERS`: agent to function name, ARN, alias or URL.
    pub peers: std::collections::BTreeMap<String, String>,
    /// `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL`: where the Invoke API is, when it is not AWS.
    pub endpoint: Option<String>,
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// `configuration_invalid` with the name of the variable.
    pub fn from_env() -> Result<Self, Problem> {
        todo!()
    }
}

/// What the platform says about one invocation.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// Lambda's request id: the same when Lambda itself retries.
    pub request_id: String,
    /// When the platform ends it, milliseconds since 1970.
    pub deadline_ms: Option<u64>,
    /// `X-Amzn-Trace-Id`, copied to every call.
    pub trace_id: Option<String>,
}

/// One agent in one sandbox.
pub struct Host {
    _private: (),
}

/// What becomes of an invocation.
pub enum Begun {
    /// The handler must run.
    Run(Turn),
    /// It is answered already: refused, a duplicate, or expired.
    Done(Response),
}

/// What the platform gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// The payload.
    Payload(Vec<u8>),
    /// A function error.
    Fault(Fault),
}

/// A function error: `{"errorType", "errorMessage", "at"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A word of `schemas/errors.json`.
    pub code: String,
    /// For people; no payload values.
    pub message: String,
    /// Place, or empty.
    pub at: String,
}

impl Host {
    /// A host for `agent` of the contract that the code was generated from.
    ///
    /// # Errors
    /// `operation_unknown` for an agent that the contract does not have; `configuration_invalid`.
    pub fn new(contract: Contract, agent: &str, settings: Settings) -> Result<Self, Problem> {
        let _ = (contract, agent, settings);
        todo!()
    }

    /// Takes an invocation to the point where the handler runs. Awaits only when something must be loaded or claimed.
    pub async fn begin(&self, event: Event<'_>, invocation: Invocation) -> Begun {
        let _ = (event, invocation);
        todo!()
    }
}

/// One run of a handler. Clones share it.
#[derive(Clone)]
pub struct Turn {
    _private: (),
}

impl Turn {
    /// Name of the operation to run, without the agent.
    pub fn operation(&self) -> &str {
        todo!()
    }

    /// What the handler learns about the work.
    pub fn info(&self) -> &WorkInfo {
        todo!()
    }

    /// The valid input.
    pub fn input(&self) -> &Value {
        todo!()
    }

    /// The valid state; none for a callable operation.
    pub fn state(&self) -> Option<&Value> {
        todo!()
    }

    /// Asks a callable operation of a peer and waits: retries, deadline and contract exchange included.
    ///
    /// # Errors
    /// [`CallFailure`].
    pub async fn call(&self, target: &str, input: Value) -> Result<Value, CallFailure> {
        let _ = (target, input);
        todo!()
    }

    /// Ends the turn with an outcome of the contract. An outcome that breaks the contract is answered
    /// with `outcome_refused` or `output_invalid`.
    pub async fn finish(&self, outcome: Outcome, state: Option<Value>) -> Response {
        let _ = (outcome, state);
        todo!()
    }

    /// Ends the turn after the handler raised something unexpected.
    pub async fn fail(&self, message: &str) -> Response {
        let _ = message;
        todo!()
    }
}

/// Why a call gave no output.
#[derive(Debug, Clone, PartialEq)]
pub enum CallFailure {
    /// An error of the contract.
    Declared {
        /// Its name in the contract.
        code: String,
        /// For people.
        message: String,
        /// What it carries, valid.
        data: Option<Value>,
        /// Whether the same call may be tried again.
        retryable: bool,
    },
    /// Anything else, coded.
    Problem(Problem),
}
