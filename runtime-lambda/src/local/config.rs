//! What a local Lambda is started with.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use peer_contract_core::{ErrorCode, Pointer, Problem};

/// One function: a command that speaks the Runtime API, and its limits.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Function {
    /// Name under which callers invoke it.
    pub name: String,
    /// Program and arguments; a program with a `/` is looked up from `cwd`.
    pub command: Vec<String>,
    /// Folder the process starts in, and its `LAMBDA_TASK_ROOT`.
    pub cwd: PathBuf,
    /// Variables on top of those of the platform.
    pub env: BTreeMap<String, String>,
    /// Time of one invocation; 60 s by default.
    pub timeout: Duration,
    /// Announced to the function, not enforced; 512 by default.
    pub memory_mb: u32,
    /// Sandboxes at the same time; 10 by default.
    pub concurrency: usize,
    /// Retries of an `Event` invocation after the first try; 2 by default.
    pub retries: u32,
    /// The function that is invoked with the record of an `Event` that was given up.
    pub on_failure: Option<String>,
    /// Value of `_HANDLER`; the last part of the command by default.
    pub handler: Option<String>,
}

impl Function {
    /// A function with default limits that starts in the current folder.
    pub fn new(name: impl Into<String>, command: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            name: name.into(),
            command: command.into_iter().map(Into::into).collect(),
            cwd: PathBuf::from("."),
            env: BTreeMap::new(),
            timeout: Duration::from_secs(60),
            memory_mb: 512,
            concurrency: 10,
            retries: 2,
            on_failure: None,
            handler: None,
        }
    }
}

/// Settings of a local Lambda.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The functions, by different names.
    pub functions: Vec<Function>,
    /// Where the Invoke API listens; port 0 takes a free one, which is the default.
    pub address: SocketAddr,
    /// Time from process start to its first question for work; 10 s as on Lambda.
    pub init_timeout: Duration,
    /// Wait before the first and the second retry of an `Event`; 1 s and 2 s (Lambda: minutes).
    pub retry_delays: [Duration; 2],
    /// Age at which a queued `Event` is given up; 6 hours as on Lambda.
    pub max_event_age: Duration,
    /// Time after which a sandbox without work ends; 10 minutes.
    pub idle_end: Duration,
    /// Time between TERM and KILL when a sandbox ends; 1 s.
    pub stop_grace: Duration,
    /// `AWS_REGION` of the functions.
    pub region: String,
}

impl Config {
    /// Default settings around these functions.
    pub fn new(functions: Vec<Function>) -> Self {
        Self {
            functions,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            init_timeout: Duration::from_secs(10),
            retry_delays: [Duration::from_secs(1), Duration::from_secs(2)],
            max_event_age: Duration::from_secs(6 * 60 * 60),
            idle_end: Duration::from_secs(10 * 60),
            stop_grace: Duration::from_secs(1),
            region: "us-east-1".to_owned(),
        }
    }

    /// Finds what could never run.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let known: BTreeSet<&String> = self.functions.iter().map(|function| &function.name).collect();
        let mut names = BTreeSet::new();
        for (index, function) in self.functions.iter().enumerate() {
            let at = Pointer::root().key("functions").index(index);
            let refuse = |message: String| Err(Problem::new(ErrorCode::ConfigurationInvalid, at.clone(), message));
            if !is_function_name(&function.name) {
                return refuse(format!(
                    "`{}` is no function name: 1 to 64 letters, digits, `-` and `_`",
                    function.name
                ));
            }
            if !names.insert(&function.name) {
                return refuse(format!("two functions are called `{}`", function.name));
            }
            if function.command.is_empty() {
                return refuse(format!("function `{}` has no command", function.name));
            }
            if let Some(destination) = function.on_failure.as_ref().filter(|one| !known.contains(one)) {
                return refuse(format!("the destination of `{}`, `{destination}`, is no function here", function.name));
            }
            if function.concurrency == 0 {
                return refuse(format!("function `{}` may have no sandbox; `concurrency` starts at 1", function.name));
            }
        }
        Ok(())
    }
}

fn is_function_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
