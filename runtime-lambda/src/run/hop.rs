//! What an observer learns about each hop.

use std::time::Duration;

use peer_contract_core::ErrorCode;
use peer_contract_core::envelope::Header;
use peer_contract_core::fan::ChildEnd;

/// One try of one message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hop {
    /// The work.
    pub work: String,
    /// The message.
    pub message: String,
    /// Its number in the work, from 1.
    pub hop: u32,
    /// The agent that got it.
    pub agent: String,
    /// `agent.operation`.
    pub target: String,
    /// The phase before.
    pub from: Option<String>,
    /// The phase after; none while the hop is under way, and when it failed.
    pub to: Option<String>,
    /// Which try of the message this was, from 1.
    pub attempt: u32,
    /// From sending to answer.
    pub took: Duration,
    /// Bytes of the envelope that was sent; 0 where it was not seen.
    pub sent_bytes: usize,
    /// Bytes of the answer.
    pub answer_bytes: usize,
    /// Bytes of the state after, as JSON; before, where the hop has not ended.
    pub state_bytes: usize,
    /// Whether a sandbox had to be started, where it is known.
    pub cold: Option<bool>,
    /// How it ended.
    pub end: HopEnd,
}

/// How a hop ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum HopEnd {
    /// Not yet, when the client stopped waiting.
    UnderWay,
    /// The work goes on with this operation.
    Handoff(String),
    /// The work is finished.
    Reply,
    /// An error of the contract, by name.
    Declared(String),
    /// Anything else, coded.
    Failed(ErrorCode),
}

impl From<&ChildEnd> for HopEnd {
    fn from(end: &ChildEnd) -> Self {
        match end {
            ChildEnd::Output(_) => Self::Reply,
            ChildEnd::Declared(raised) => Self::Declared(raised.code.clone()),
            ChildEnd::Failed(problem) => Self::Failed(problem.code),
        }
    }
}

impl Hop {
    /// A hop that begins with this message.
    pub(super) fn of(header: &Header, sent_bytes: usize, state_bytes: usize) -> Self {
        let agent = header.target.split('.').next().unwrap_or_default();
        Self {
            work: header.work.clone(),
            message: header.id.clone(),
            hop: header.hop,
            agent: agent.to_owned(),
            target: header.target.clone(),
            from: header.phase.clone(),
            to: None,
            attempt: 1,
            took: Duration::ZERO,
            sent_bytes,
            answer_bytes: 0,
            state_bytes,
            cold: None,
            end: HopEnd::UnderWay,
        }
    }
}

/// A fan-out whose join is about to run, or that failed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gathered {
    /// The work.
    pub work: String,
    /// The message that fanned out.
    pub parent: String,
    /// The operation that goes on, `agent.operation`.
    pub join: String,
    /// Children in all.
    pub children: u32,
    /// Those that gave an output that counts.
    pub outputs: usize,
    /// Those that failed before the group was complete.
    pub failures: usize,
    /// From the first child to the last one that counts; by `event`, to when that was seen.
    pub took: Duration,
    /// Those that count, by their place in the list.
    pub ends: Vec<ChildHop>,
}

/// A child of a fan-out that has ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChildHop {
    /// Which child it was, from 0.
    pub index: u32,
    /// Its message.
    pub message: String,
    /// `agent.operation`.
    pub target: String,
    /// Tries in all, and the time from the first one to the end; nothing by `event`, where agents send children.
    pub sent: Option<(u32, Duration)>,
    /// How it ended: a reply, an error of the contract, or a failure.
    pub end: HopEnd,
}

/// Hears of a work while it runs. All methods may be left out.
pub trait Observer: Send + Sync {
    /// The work has an id.
    fn started(&self, work: &str) {
        let _ = work;
    }

    /// A try of a message has ended.
    fn hop(&self, hop: &Hop) {
        let _ = hop;
    }

    /// The children of a fan-out have ended, as far as they are waited for.
    fn gathered(&self, gathered: &Gathered) {
        let _ = gathered;
    }
}

/// Nobody watches.
impl Observer for () {}
