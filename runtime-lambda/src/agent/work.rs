//! The work in a handler's hands.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use peer_contract_core::envelope::{TraceContext, draw};
use peer_contract_core::inbox::Raised;
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Limits, Problem};
use serde_json::{Value, json};

use super::codec::{draft_of, from_checked};
use super::log::Log;
use super::{CallError, Callable, Declared, Error};
use crate::clock::{ms_of, until};
use crate::host::{CallFailure, Turn};
use peer_contract_core::hex::hex;

/// One run of an operation: the state, facts about the work, and the way to peers.
///
/// Time, ids and randomness come from here, so that a repeated delivery sees the same ones.
pub struct Work<S> {
    /// The state; what is in it when the handler returns travels on.
    pub state: S,
    facts: Facts,
    peers: Peers,
    draws: AtomicU64,
}

#[derive(Debug, Clone)]
struct Facts {
    work: String,
    message: String,
    key: String,
    hop: u32,
    phase: Option<String>,
    time_ms: u64,
    deadline_ms: u64,
    carries_state: bool,
}

type Answers = dyn Fn(&str, &Value) -> Option<Value> + Send + Sync;

enum Peers {
    Turn(Turn),
    /// In a test: what each target answers.
    Answers(Box<Answers>),
}

impl<S> Work<S> {
    /// A work for a test of a handler: hop 1, an hour of time, ids that are always the same. Calls are
    /// answered by [`Work::answering`].
    pub fn new(state: S) -> Self {
        let now_ms = ms_of(SystemTime::now());
        let id = "00000000-0000-7000-8000-000000000000";
        let facts = Facts {
            work: id.into(),
            message: id.into(),
            key: id.into(),
            hop: 1,
            phase: None,
            time_ms: now_ms,
            deadline_ms: now_ms + 3_600_000,
            carries_state: true,
        };
        Self { state, facts, peers: Peers::Answers(Box::new(|_, _| None)), draws: AtomicU64::new(0) }
    }

    /// The same with answers to its calls, by target (`ranker.score`) and input.
    #[must_use]
    pub fn answering(mut self, answers: impl Fn(&str, &Value) -> Option<Value> + Send + Sync + 'static) -> Self {
        self.peers = Peers::Answers(Box::new(answers));
        self
    }

    pub(super) fn of_turn(turn: Turn, state: S) -> Self {
        let info = turn.info();
        let facts = Facts {
            work: info.work.clone(),
            message: info.message.clone(),
            key: info.key.clone(),
            hop: info.hop,
            phase: info.phase.clone(),
            time_ms: info.time_ms,
            deadline_ms: info.deadline_ms,
            carries_state: turn.state().is_some(),
        };
        Self { state, facts, peers: Peers::Turn(turn), draws: AtomicU64::new(0) }
    }

    pub(super) fn carries_state(&self) -> bool {
        self.facts.carries_state
    }

    /// The id of the work, a UUIDv7.
    pub fn id(&self) -> &str {
        &self.facts.work
    }

    /// The id of the message being handled.
    pub fn message_id(&self) -> &str {
        &self.facts.message
    }

    /// A stable key for effects on the outside: the same for every delivery of this message.
    pub fn key(&self) -> &str {
        &self.facts.key
    }

    /// Which message of the work this is, from 1.
    pub fn hop(&self) -> u32 {
        self.facts.hop
    }

    /// The phase the work is in; none for a callable operation.
    pub fn phase(&self) -> Option<&str> {
        self.facts.phase.as_deref()
    }

    /// The time of the message: the same for every delivery.
    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.facts.time_ms)
    }

    /// When the handler must be done.
    pub fn deadline(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.facts.deadline_ms)
    }

    /// How long until then.
    pub fn time_left(&self) -> Duration {
        until(self.facts.deadline_ms)
    }

    /// A UUIDv8 derived from the key: the n-th draw is the same for every delivery.
    pub fn uuid(&self) -> String {
        draw::uuid(&self.facts.key, self.drawn())
    }

    /// Random bits derived from the key, under the same rule. Not for secrets.
    pub fn random(&self) -> u64 {
        draw::bits(&self.facts.key, self.drawn())
    }

    /// Where in its trace the handler runs, as W3C trace context writes it: the parent of spans that it opens. Nothing in a test.
    pub fn traceparent(&self) -> Option<String> {
        self.trace().map(ToString::to_string)
    }

    /// What others put beside it.
    pub fn tracestate(&self) -> Option<&str> {
        self.trace()?.state()
    }

    /// A line for the log, with the ids of work, message and trace: `work.log().with("hits", 3).info("ranked")`.
    pub fn log(&self) -> Log {
        let Facts { work, message, hop, .. } = &self.facts;
        let mut facts = json!({ "work": work, "messageId": message, "hop": hop });
        if let Peers::Turn(turn) = &self.peers {
            let trace = &turn.info().trace;
            facts["operation"] = json!(turn.info().target);
            facts["requestId"] = json!(turn.request_id());
            facts["trace_id"] = json!(hex(&trace.trace_id()));
            facts["span_id"] = json!(hex(&trace.span_id()));
        }
        Log::about(facts)
    }

    fn trace(&self) -> Option<&TraceContext> {
        match &self.peers {
            Peers::Turn(turn) => Some(&turn.info().trace),
            Peers::Answers(_) => None,
        }
    }

    fn drawn(&self) -> u64 {
        self.draws.fetch_add(1, Ordering::Relaxed)
    }

    /// Asks a callable operation of a peer and waits. Timeouts, tries and the deadline are those of the contract.
    ///
    /// # Errors
    /// [`CallError::Declared`] for an error of the operation, [`CallError::Failed`] for all else.
    pub async fn call<O: Callable>(&self, operation: O) -> Result<O::Output, CallError<O::Error>> {
        let input = draft_of(operation.input()).map_err(CallError::Failed)?;
        let output = match &self.peers {
            Peers::Turn(turn) => turn.call(O::TARGET, input).await.map_err(call_error)?,
            Peers::Answers(answers) => {
                let input = Json::read(input.into_bytes(), &Limits::default()).map_err(of_test)?;
                let answer = answers(O::TARGET, &input.to_value()).ok_or_else(|| unanswered(O::TARGET))?;
                Json::of_value(&answer).map_err(of_test)?
            }
        };
        from_checked(&output).map_err(CallError::Failed)
    }
}

fn call_error<E: Declared>(failure: CallFailure) -> CallError<E> {
    match failure {
        CallFailure::Declared(Raised { code, message, data, retryable }) => match E::read(&code, data.as_ref()) {
            Ok(Some(error)) => CallError::Declared { error, message, retryable },
            Ok(None) => CallError::Failed(undeclared(&code)),
            Err(error) => CallError::Failed(error),
        },
        CallFailure::Problem(problem) => CallError::Failed(problem.into()),
    }
}

fn undeclared(code: &str) -> Error {
    Error::new(ErrorCode::PeerInvalid, format!("the peer ended with `{code}`, which this version does not declare"))
}

fn of_test<E>(problem: Problem) -> CallError<E> {
    CallError::Failed(problem.into())
}

fn unanswered<E>(target: &str) -> CallError<E> {
    let message = format!("this test gives no answer to `{target}`; see `Work::answering`");
    CallError::Failed(Error::new(ErrorCode::PeerUnreachable, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_from_each_other_and_repeat_with_the_key() {
        let (one, other) = (Work::new(()), Work::new(()));
        let draws = [one.uuid(), one.uuid()];
        assert_ne!(draws[0], draws[1]);
        assert_eq!(draws, [other.uuid(), other.uuid()]);
        assert_eq!(one.random(), other.random());
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        about: String,
        key: String,
        draws: Vec<Drawn>,
    }

    #[derive(serde::Deserialize)]
    struct Drawn {
        uuid: Option<String>,
        bits: Option<String>,
    }

    #[test]
    fn draws_are_those_of_the_other_languages() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/vectors/draws");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let vector: Vector = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
            let mut work = Work::new(());
            work.facts.key = vector.key;
            for Drawn { uuid, bits } in vector.draws {
                assert_eq!(uuid.as_ref().map(|_| work.uuid()), uuid, "{}", vector.about);
                assert_eq!(bits.as_ref().map(|_| work.random().to_string()), bits, "{}", vector.about);
                seen += 1;
            }
        }
        assert!(seen > 0, "no vectors in {folder}");
    }
}
