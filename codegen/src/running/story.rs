//! Events of the local Lambda in the words of the contract: agents, works, messages, hops.

use std::collections::HashMap;

use peer_contract::local::{Ended, LocalEvent, StopReason, Stream};
use serde::{Deserialize, Serialize};

/// What an envelope says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The work.
    pub work: String,
    /// The message.
    pub message: String,
    /// The message that caused it.
    pub cause: Option<String>,
    /// `agent.operation`.
    pub target: String,
    /// Number in the work.
    pub hop: u32,
    /// The phase the work is in; none on calls.
    pub phase: Option<String>,
}

/// One thing that happened. Times are milliseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Entry {
    /// The first line of a feed.
    Hello,
    /// An agent wrote a line.
    Log {
        /// The agent.
        agent: String,
        /// Its sandbox.
        sandbox: String,
        /// What it worked on.
        about: Option<Message>,
        /// `stdout` or `stderr`.
        stream: String,
        /// The line.
        line: String,
    },
    /// A process is ready.
    Started {
        /// The agent.
        agent: String,
        /// Its sandbox.
        sandbox: String,
        /// Process id.
        pid: u32,
        /// How long it took.
        ms: f64,
    },
    /// An agent got something to do.
    Invoked {
        /// The agent.
        agent: String,
        /// Its sandbox.
        sandbox: String,
        /// The envelope, if it was one.
        about: Option<Message>,
        /// Bytes of the payload.
        bytes: usize,
    },
    /// An agent answered.
    Answered {
        /// The agent.
        agent: String,
        /// Its sandbox.
        sandbox: String,
        /// What it worked on.
        about: Option<Message>,
        /// Time in the agent.
        ms: f64,
        /// Time that its start took, when this had to wait for one.
        cold_ms: Option<f64>,
        /// Bytes of the answer.
        bytes: usize,
        /// `errorType` of a function error.
        fault: Option<String>,
    },
    /// A process is gone.
    Stopped {
        /// The agent.
        agent: String,
        /// Its sandbox.
        sandbox: String,
        /// Why; nothing where it was asked to end.
        reason: Option<String>,
    },
    /// An event will be tried again.
    Retrying {
        /// The agent.
        agent: String,
        /// What is tried again.
        about: Option<Message>,
        /// Number of the retry.
        retry: u32,
        /// Time until then.
        ms: f64,
    },
    /// An event was given up.
    Dropped {
        /// The agent.
        agent: String,
        /// What is given up.
        about: Option<Message>,
        /// Tries in all.
        attempts: u32,
        /// `RetriesExhausted` or `EventAgeExceeded`.
        condition: String,
        /// What the last try ended with: type and message; empty when it never ran.
        error: String,
    },
    /// The record of an event that was given up did not reach its destination.
    Undelivered {
        /// The agent that failed.
        agent: String,
        /// The agent that should have heard of it.
        destination: String,
        /// Why it did not.
        reason: String,
    },
}

/// Turns events into entries; remembers what each sandbox works on.
#[derive(Debug)]
pub struct Teller {
    prefix: String,
    at_work: HashMap<String, Message>,
    queued: HashMap<String, Message>,
}

impl Teller {
    /// For the agents of this contract.
    pub fn new(contract: &str) -> Self {
        Self { prefix: format!("{contract}-"), at_work: HashMap::new(), queued: HashMap::new() }
    }

    /// The entry of an event; `None` for kinds of events that have no words yet.
    pub fn tell(&mut self, event: LocalEvent) -> Option<Entry> {
        Some(match event {
            LocalEvent::Log { function, sandbox, stream, line, .. } => {
                let stream = if stream == Stream::Stdout { "stdout" } else { "stderr" }.to_owned();
                Entry::Log { agent: self.agent(&function), about: self.about(&sandbox), sandbox, stream, line }
            }
            LocalEvent::Started { function, sandbox, pid, cold } => {
                Entry::Started { agent: self.agent(&function), sandbox, pid, ms: ms(cold) }
            }
            LocalEvent::Invoked { request_id, function, sandbox, payload, .. } => {
                let about = message_of(&payload);
                self.begins(&request_id, &sandbox, about.clone());
                Entry::Invoked { agent: self.agent(&function), sandbox, about, bytes: payload.len() }
            }
            LocalEvent::Answered { function, sandbox, duration, cold, ended, payload, .. } => {
                let fault = (ended == Ended::FunctionError).then(|| error_type(&payload));
                let (agent, about) = (self.agent(&function), self.about(&sandbox));
                let (ms, cold_ms) = (ms(duration), cold.map(ms));
                Entry::Answered { agent, about, sandbox, ms, cold_ms, bytes: payload.len(), fault }
            }
            LocalEvent::Stopped { function, sandbox, reason } => {
                self.at_work.remove(&sandbox);
                Entry::Stopped { agent: self.agent(&function), sandbox, reason: reason_of(reason) }
            }
            LocalEvent::Retrying { request_id, function, retry, after } => {
                let about = self.queued.get(&request_id).cloned();
                Entry::Retrying { agent: self.agent(&function), about, retry, ms: ms(after) }
            }
            LocalEvent::Dropped { function, attempts, condition, payload, error, .. } => {
                let (agent, about) = (self.agent(&function), message_of(&payload));
                Entry::Dropped { agent, about, attempts, condition: condition.to_owned(), error: words_of(&error) }
            }
            LocalEvent::Undelivered { function, destination, refusal, .. } => Entry::Undelivered {
                agent: self.agent(&function),
                destination: self.agent(&destination),
                reason: refusal.to_string(),
            },
            _ => return None,
        })
    }

    fn begins(&mut self, request_id: &str, sandbox: &str, about: Option<Message>) {
        let Some(about) = about else {
            self.at_work.remove(sandbox);
            return;
        };
        self.at_work.insert(sandbox.to_owned(), about.clone());
        // Only a retry of this moment asks for it; a long run must not remember every message.
        if self.queued.len() > 1000 {
            self.queued.clear();
        }
        self.queued.insert(request_id.to_owned(), about);
    }

    fn about(&self, sandbox: &str) -> Option<Message> {
        self.at_work.get(sandbox).cloned()
    }

    fn agent(&self, function: &str) -> String {
        function.strip_prefix(&self.prefix).unwrap_or(function).to_owned()
    }
}

fn ms(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn reason_of(reason: StopReason) -> Option<String> {
    match reason {
        StopReason::Shutdown | StopReason::Renewed | StopReason::Idle => None,
        StopReason::TimedOut => Some("took too long".to_owned()),
        StopReason::Exited(how) => Some(how),
        StopReason::InitFailed => Some("could not start".to_owned()),
        StopReason::NotStarted(why) => Some(why),
    }
}

#[derive(Deserialize)]
struct Head {
    id: String,
    subject: String,
    #[serde(rename = "type")]
    kind: String,
    hop: Option<u32>,
    phase: Option<String>,
    causationid: Option<String>,
}

/// Only what stands at the top; the agent checks the rest, and says so.
fn message_of(payload: &[u8]) -> Option<Message> {
    let head: Head = serde_json::from_slice(payload).ok()?;
    let (_contract, target) = head.kind.split_once('.')?;
    let (work, message, target) = (head.subject, head.id, target.to_owned());
    Some(Message { work, message, cause: head.causationid, target, hop: head.hop.unwrap_or(0), phase: head.phase })
}

fn error_type(payload: &[u8]) -> String {
    let object: Option<serde_json::Value> = serde_json::from_slice(payload).ok();
    let word = object.as_ref().and_then(|object| object.get("errorType")?.as_str()).unwrap_or("unknown");
    word.to_owned()
}

/// `Runtime.ExitError: RequestId: … Error: …`
fn words_of(error: &[u8]) -> String {
    let object: serde_json::Value = serde_json::from_slice(error).unwrap_or_default();
    let word = |name: &str| object.get(name).and_then(serde_json::Value::as_str);
    match (word("errorType"), word("errorMessage")) {
        (Some(kind), Some(message)) => format!("{kind}: {message}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoked(payload: &str) -> LocalEvent {
        LocalEvent::Invoked {
            request_id: "r".into(),
            function: "research-ranker".into(),
            sandbox: "research-ranker/1".into(),
            kind: Default::default(),
            payload: payload.to_owned().into(),
        }
    }

    fn log() -> LocalEvent {
        LocalEvent::Log {
            function: "research-ranker".into(),
            sandbox: "research-ranker/1".into(),
            request_id: None,
            stream: Stream::Stderr,
            line: "hm".into(),
        }
    }

    #[test]
    fn a_line_belongs_to_the_message_its_sandbox_works_on() {
        let mut teller = Teller::new("research");
        let envelope = r#"{"specversion": "1.0", "id": "m", "subject": "w", "type": "research.ranker.rank", "hop": 2, "phase": "planned", "data": {}}"#;
        teller.tell(invoked(envelope));
        let Some(Entry::Log { agent, about: Some(about), .. }) = teller.tell(log()) else { panic!() };
        assert_eq!((agent.as_str(), about.target.as_str(), about.hop), ("ranker", "ranker.rank", 2));
        teller.tell(invoked("[1]"));
        assert!(matches!(teller.tell(log()), Some(Entry::Log { about: None, .. })));
    }
}
