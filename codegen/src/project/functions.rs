//! From agents to the functions of a local Lambda.

use std::path::Path;
use std::time::Duration;

use peer_contract::host::Settings;
use peer_contract::local::Function;
use peer_contract::store::Location;
use peer_contract_core::{Contract, Problem};

use super::agents::Agent;
use super::{Project, WORK_FOLDER, runtimes};
use crate::aws;

/// What an agent keeps back of its time, so that it ends before the platform ends it.
const RESERVE: Duration = Duration::from_secs(2);
/// Lambda retries an event at most twice.
const MOST_RETRIES: u32 = 2;

/// What the contract allows an agent in all: the most that one of its operations asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Until the platform ends it.
    pub timeout: Duration,
    /// MB.
    pub memory_mb: u32,
    /// How often the platform tries an event again.
    pub retries: u32,
}

impl Allowance {
    /// That of an agent; one without operations gets what operations get by default.
    pub fn of(contract: &Contract, agent: &str) -> Self {
        let limits = || {
            let operations = contract.agents().get(agent).into_iter().flat_map(|agent| agent.operations.values());
            operations.map(|operation| operation.constraints)
        };
        let timeout_ms = limits().map(|limits| limits.timeout_ms).max().unwrap_or(60_000);
        Self {
            timeout: Duration::from_millis(timeout_ms) + RESERVE,
            memory_mb: limits().map(|limits| limits.memory_mb).max().unwrap_or(512),
            retries: limits().map(|limits| limits.attempts).max().unwrap_or(1).saturating_sub(1).min(MOST_RETRIES),
        }
    }
}

/// The name under which callers of the contract find an agent.
pub fn function_name(contract: &Contract, agent: &str) -> String {
    format!("{}-{agent}", contract.name())
}

impl Project {
    /// The functions of a local Lambda, one per agent, with the contract's limits.
    ///
    /// # Errors
    /// `configuration_invalid` for every agent that cannot be started.
    pub fn functions(&self, contract: &Contract, store: &Location) -> Result<Vec<Function>, Vec<Problem>> {
        let (functions, problems): (Vec<_>, Vec<_>) =
            self.agents.values().map(|agent| self.function(contract, agent, store)).partition(Result::is_ok);
        if problems.is_empty() {
            Ok(functions.into_iter().flatten().collect())
        } else {
            Err(problems.into_iter().filter_map(Result::err).collect())
        }
    }

    fn function(&self, contract: &Contract, agent: &Agent, store: &Location) -> Result<Function, Problem> {
        let root = self.folder();
        let mut function = Function::new(function_name(contract, &agent.name), runtimes::command(&self.root, agent)?);
        let Allowance { timeout, memory_mb, retries } = Allowance::of(contract, &agent.name);
        (function.timeout, function.memory_mb, function.retries) = (timeout, memory_mb, retries);
        function.on_failure = agent.on_failure.as_ref().map(|other| function_name(contract, other));
        function.concurrency = agent.concurrency.unwrap_or(function.concurrency);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let cache = root.join(WORK_FOLDER).join("cache").join(&agent.name);
        function.env.insert("PEER_CONTRACT_STORE".to_owned(), store.to_string());
        if matches!(store, Location::S3(_)) {
            function.env.extend(endpoints()?);
        }
        // A run on one laptop ends with its machine. `env` in `peerc.toml` may say otherwise.
        function.env.insert("PEER_CONTRACT_STORE_SYNC".to_owned(), "off".to_owned());
        function.env.insert("PEER_CONTRACT_TMP".to_owned(), text(&cache));
        function.env.extend(self.config_variable(&agent.name));
        function.env.extend(agent.env.clone());
        function.cwd = root;
        Ok(function)
    }
}

/// Where S3, DynamoDB and SQS are. The caller's credentials stay with the caller; `env` in `peerc.toml` may give the agents some.
fn endpoints() -> Result<Vec<(String, String)>, Problem> {
    let Settings { endpoint_s3, endpoint_dynamodb, endpoint_sqs, endpoint_sns, region, .. } = aws::settings()?;
    let variables = [
        ("AWS_ENDPOINT_URL_S3", endpoint_s3),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoint_dynamodb),
        ("AWS_ENDPOINT_URL_SQS", endpoint_sqs),
        ("AWS_ENDPOINT_URL_SNS", endpoint_sns),
        ("AWS_REGION", region.clone()),
        ("AWS_DEFAULT_REGION", region),
    ];
    Ok(variables.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}
