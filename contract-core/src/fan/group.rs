//! A group: the join message that waits for its input, and the messages that are made of it.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::progress::Progress;
use super::results::{self, ChildEnd, ChildResult};
use super::{SLOT, child_id};
use crate::contract::{Complete, Operation};
use crate::envelope::{Envelope, Header, Outgoing, Recipient, Reference, Travel, Unpacked};
use crate::inbox::{Replies, inline_within, refusing_reply};
use crate::json::{Draft, Json};
use crate::{Contract, ErrorCode, Limits, Pointer, Problem};

/// A join message that waits for its input.
pub struct Group {
    contract: Contract,
    header: Header,
    sent: Sent,
    /// The contract of the agent that fanned out, as it came.
    inline: Option<Arc<str>>,
    /// The contract that goes along with every child, made for the first one.
    own: OnceLock<Option<Arc<str>>>,
}

/// `data.fanOut`.
#[derive(Debug, Deserialize)]
struct Sent {
    children: Vec<SentChild>,
    complete: Complete,
    concurrency: u32,
}

#[derive(Debug, Deserialize)]
struct SentChild {
    operation: String,
    input: Value,
}

/// A child's message, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Child {
    /// Which child it is, from 0.
    pub ordinal: u32,
    /// The agent to invoke.
    pub agent: String,
    /// How often in all it may be tried.
    pub attempts: u32,
    /// The message.
    pub outgoing: Outgoing,
}

/// `data.fanOut` of children whose inputs are valid.
pub(crate) fn text_of(children: &[(String, Json)], complete: Complete, concurrency: u32) -> Json {
    let mut text = b"{\"children\":[".to_vec();
    for (position, (operation, input)) in children.iter().enumerate() {
        text.extend_from_slice(if position == 0 { b"{\"input\":" } else { b",{\"input\":" });
        text.extend_from_slice(input.as_bytes());
        text.extend_from_slice(format!(",\"operation\":\"{operation}\"}}").as_bytes());
    }
    let complete = serde_json::to_string(&complete).expect("a rule is made of words and numbers");
    text.extend_from_slice(format!("],\"complete\":{complete},\"concurrency\":{concurrency}}}").as_bytes());
    Json::of_checked(text.into())
}

impl Group {
    /// A group that an agent sent: the header of its join, what stood in `data.fanOut`, and the contract that came along.
    /// `contract` is that of who runs the children.
    ///
    /// # Errors
    /// `peer_invalid` for what no agent of such a contract sends, `children_limit`, `json_*` codes.
    pub fn new(
        contract: &Contract,
        header: Header,
        fan_out: impl Into<Draft>,
        inline: Option<String>,
    ) -> Result<Self, Problem> {
        let limits = Limits::default();
        let at = Pointer::root().key("data").key("fanOut");
        let invalid = |at: Pointer, message: &str| Problem::new(ErrorCode::PeerInvalid, at, message);
        let fan_out = Json::read(fan_out.into().into_bytes(), &limits).map_err(|problem| problem.under(&at))?;
        let sent: Sent = serde_json::from_slice(fan_out.as_bytes())
            .map_err(|_| invalid(at.clone(), "the children, their bound and the rule of a fan-out belong here"))?;
        if sent.children.len() > limits.children {
            return Err(too_many(sent.children.len(), &limits).under(&at));
        }
        let known = |target: &str| contract.operation(target).is_some_and(Operation::is_callable);
        if let Some(index) = sent.children.iter().position(|child| !known(&child.operation)) {
            let at = at.key("children").index(index).key("operation");
            return Err(invalid(at, "a child is a callable operation of the contract"));
        }
        if header.causation.is_none() || contract.operation(&header.target).is_none() {
            return Err(invalid(at, "the group has no parent, or its join is no operation of the contract"));
        }
        Ok(Self { contract: contract.clone(), header, sent, inline: inline.map(Into::into), own: OnceLock::new() })
    }

    /// The same from an envelope whose parts all stand in it.
    ///
    /// # Errors
    /// As [`Group::new`], and those of reading an envelope.
    pub fn unpack(contract: &Contract, message: impl Into<Bytes>) -> Result<(Self, Envelope), Problem> {
        let limits = Limits::default();
        let Unpacked::Envelope(mut envelope) = Envelope::unpack(message, &limits)? else { return Err(no_group()) };
        let fan_out = envelope.fan_out.take().ok_or_else(no_group)?.open(None, &limits)?;
        let group = Self::new(contract, envelope.header.clone(), fan_out, envelope.contract.clone())?;
        Ok((group, *envelope))
    }

    /// The header of the join.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The group before any child has ended.
    pub fn progress(&self) -> Progress {
        Progress::new(self.sent.children.len() as u32, self.sent.concurrency, self.sent.complete)
    }

    /// The operation that a child is, `agent.operation`; nothing beyond the last child.
    pub fn operation_of(&self, ordinal: u32) -> Option<&str> {
        self.sent.children.get(ordinal as usize).map(|child| child.operation.as_str())
    }

    /// The message of a child; nothing beyond the last one. The same whoever makes it.
    ///
    /// # Errors
    /// The problems of its input, at its place in the group.
    pub fn child(&self, ordinal: u32) -> Result<Option<Child>, Problem> {
        let Some(operation) = self.operation(ordinal) else { return Ok(None) };
        let input = &self.sent.children[ordinal as usize].input;
        let input = self.contract.schema(&operation.input)?.accept(Json::of_strict(input), &Limits::default());
        let at = || Pointer::root().key("data").key("fanOut").key("children").index(ordinal as usize).key("input");
        let input = input.map_err(|problems| problems.first().clone().under(&at()))?;
        let header = self.child_header(operation, ordinal);
        let mut outgoing = Outgoing::new(header, Recipient::Agent(operation.agent.clone()));
        outgoing.input = Some(input);
        // Nobody can ask back on an event, and a child may run another version than who fanned out.
        outgoing.contract = self.own.get_or_init(|| inline_within(&self.contract, &Limits::default())).clone();
        Ok(Some(Child { ordinal, agent: operation.agent.clone(), attempts: operation.constraints.attempts, outgoing }))
    }

    fn operation(&self, ordinal: u32) -> Option<&Operation> {
        let target = self.operation_of(ordinal)?;
        Some(self.contract.operation(target).expect("children were found when the group was made"))
    }

    fn child_header(&self, operation: &Operation, ordinal: u32) -> Header {
        let id = child_id(&self.header.id, ordinal);
        Header {
            target: operation.target.clone(),
            contract: self.contract.hash(),
            operation: operation.hash(),
            phase: None,
            // Nobody is sure to tell of sending it; the fan-out itself was told of.
            trace: self.header.trace.clone(),
            reply_to: (self.header.travel == Travel::Event).then(|| format!("{SLOT}{ordinal}")),
            id,
            ..self.header.clone()
        }
    }

    /// The end that a reply to a child tells of; its parts stand in it.
    ///
    /// # Errors
    /// `peer_invalid` at the place in the answer, `json_*` codes, and those of references.
    pub fn read_answer(&self, ordinal: u32, answer: impl Into<Bytes>) -> Result<ChildEnd, Problem> {
        let limits = Limits::default();
        let replies = Replies { contract: &self.contract, limits: &limits };
        let operation = self.operation(ordinal).ok_or_else(no_group)?;
        let answer = replies.read_call(&self.child_header(operation, ordinal), answer)?;
        Ok(ChildEnd::of(answer, || {
            let message = "the child asks for a contract that is too long to travel, and finds it in no store";
            Problem::new(ErrorCode::ContractRequired, Pointer::root(), message)
        }))
    }

    /// The message of the join, with what the children gave. `form` is the reference behind which the state came.
    ///
    /// # Errors
    /// `fan_out_failed` where the join does not accept the results after all.
    pub fn join(
        &self,
        results: &[ChildResult],
        state: Option<Json>,
        form: Option<Reference>,
    ) -> Result<Outgoing, Problem> {
        let operation = self.contract.operation(&self.header.target).expect("found when the group was made");
        let input = self.contract.schema(&operation.input)?.accept(results::text_of(results), &Limits::default());
        let input = input.map_err(|problems| {
            let Problem { code, at, message, .. } = problems.first();
            let message = format!("`{}` does not accept the results: {message} ({code})", operation.target);
            Problem::new(ErrorCode::FanOutFailed, Pointer::root().key("data").key("input").join(at), message)
        })?;
        let mut outgoing = Outgoing::new(self.header.clone(), Recipient::Agent(operation.agent.clone()));
        (outgoing.input, outgoing.state, outgoing.state_form) = (Some(input), state, form);
        outgoing.contract.clone_from(&self.inline);
        Ok(outgoing)
    }

    /// Why the group failed, once it has.
    pub fn failure(&self, progress: &Progress, first: Option<&ChildEnd>) -> Problem {
        let (failed, children) = (progress.failures().count(), progress.children());
        let index = progress.failures().next().unwrap_or_default();
        let code = match first {
            Some(ChildEnd::Declared(raised)) => format!(" with `{}`", raised.code),
            Some(ChildEnd::Failed(problem)) => format!(" with `{}`", problem.code),
            _ => String::new(),
        };
        let operation = self.operation_of(index).unwrap_or_default();
        let message = format!(
            "{failed} of {children} children failed, more than the fan-out tolerates; the first was `{operation}`{code}"
        );
        let at = Pointer::root().key("data").key("fanOut").key("children").index(index as usize);
        Problem::new(ErrorCode::FanOutFailed, at, message)
    }

    /// The reply that stands for that of a child which cannot be reached.
    pub fn refuse_child(&self, ordinal: u32, problem: &Problem) -> Option<Outgoing> {
        let operation = self.operation(ordinal)?;
        Some(refusing_reply(&self.contract, &self.child_header(operation, ordinal), problem))
    }

    /// The reply that ends the work, because the join cannot run.
    pub fn refuse(&self, problem: &Problem) -> Outgoing {
        refusing_reply(&self.contract, &self.header, problem)
    }
}

fn no_group() -> Problem {
    Problem::new(ErrorCode::EnvelopeInvalid, Pointer::root().key("data"), "this is no fan-out")
}

/// More children than one fan-out may have.
pub(crate) fn too_many(children: usize, limits: &Limits) -> Problem {
    let message = format!("the fan-out has {children} children, {} may be", limits.children);
    Problem::new(ErrorCode::ChildrenLimit, Pointer::root().key("children"), message)
        .with_help("let a child work on several items, or fan out again in the join")
}
