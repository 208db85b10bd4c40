//! What an agent's answer means for the work.

use bytes::Bytes;
use peer_contract_core::contract::Kind;
use peer_contract_core::envelope::{Envelope, ErrorBody, Header, Unpacked};
use peer_contract_core::inbox::Raised;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use super::hop::{Hop, HopEnd};
use super::part::state_bytes;
use super::{End, Finished, Runner};

/// An answer, read.
pub(super) enum Step {
    /// The work goes on with this message.
    Next(Box<Envelope>),
    /// The work has ended.
    End(Finished),
}

/// A problem that an answer carries, or is.
pub(super) struct Refused {
    pub(super) problem: Problem,
    /// Whether the same message may be tried again.
    pub(super) retryable: bool,
    /// A declared error that may be tried again: the end of the work when the tries are used up.
    pub(super) end: Option<Finished>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { retryable: problem.code.retryable(), problem, end: None }
    }
}

impl Runner<'_> {
    /// Reads what came back for the message with this header, and notes in `hop` what it says.
    pub(super) async fn read(&self, sent: &Header, answer: &Bytes, hop: &mut Hop) -> Result<Step, Refused> {
        hop.answer_bytes = answer.len();
        let envelope = belonging(sent, answer, self.may_be_another(sent))?;
        if envelope.state.is_some() {
            hop.state_bytes = state_bytes(&envelope);
        }
        hop.to.clone_from(&envelope.header.phase);
        if envelope.header.reply {
            return self.read_reply(sent, *envelope, hop).await.map(Step::End);
        }
        self.check_handoff(sent, &envelope.header)?;
        hop.end = HopEnd::Handoff(envelope.header.target.clone());
        Ok(Step::Next(envelope))
    }

    async fn read_reply(&self, sent: &Header, reply: Envelope, hop: &mut Hop) -> Result<Finished, Refused> {
        let end = match (&reply.output, &reply.error) {
            (Some(_), _) => {
                hop.end = HopEnd::Reply;
                self.output(sent, &reply).await?
            }
            (None, Some(error)) if error.at.is_some() => return Err(refusal(error)),
            (None, Some(error)) => {
                hop.end = HopEnd::Declared(error.code.clone());
                self.declared(sent, error).await?
            }
            (None, None) => return Err(invalid("/data", "a reply carries an output or an error").into()),
        };
        let finished = Finished {
            work: reply.header.work.clone(),
            target: sent.target.clone(),
            phase: reply.header.phase,
            hops: sent.hop,
            end,
        };
        match &finished.end {
            End::Declared(Raised { message, retryable: true, .. }) => {
                let problem = Problem::new(ErrorCode::PeerFailed, Pointer::root(), message.clone());
                Err(Refused { problem, retryable: true, end: Some(finished) })
            }
            _ => Ok(finished),
        }
    }

    async fn output(&self, sent: &Header, reply: &Envelope) -> Result<End, Problem> {
        let declared = self.contract.operation(&sent.target).and_then(|operation| operation.output.as_ref());
        let declared = declared.ok_or_else(|| invalid("/type", "the operation has no output in this contract"))?;
        let output = reply.output.as_ref().ok_or_else(|| invalid("/data", "a reply carries its output"))?;
        self.value(output, &sent.work, &declared.schema).await.map(End::Output)
    }

    async fn declared(&self, sent: &Header, error: &ErrorBody) -> Result<End, Problem> {
        let operation = self.contract.operation(&sent.target);
        let declared = operation.and_then(|operation| operation.errors.get(&error.code));
        let unknown = || invalid("/data/error/code", "the contract does not list this error");
        let data = match (&declared.ok_or_else(unknown)?.data, &error.data) {
            (Some(schema), Some(data)) => Some(self.value(data, &sent.work, schema).await?),
            (None, None) => None,
            _ => return Err(invalid("/data/error/data", "the data of the error is not as the contract says")),
        };
        Ok(End::Declared(Raised::of(error.clone(), data)))
    }

    /// An entry with an `idempotencyKey` answers a repeated request as the first one was answered, in the first one's work.
    fn may_be_another(&self, sent: &Header) -> bool {
        let entry = self.contract.operation(&sent.target).filter(|operation| operation.kind == Kind::Entry);
        entry.is_some_and(|entry| entry.idempotency_key.is_some())
    }

    /// A handoff is one that the contract lists for the operation; what an agent of another version lists is its own.
    fn check_handoff(&self, sent: &Header, next: &Header) -> Result<(), Problem> {
        let known = self.contract.operation(&next.target).is_some();
        let same_time = next.expiry_ms == sent.expiry_ms || next.work != sent.work;
        if known && next.hop == sent.hop + 1 && same_time && next.travel == sent.travel {
            return Ok(());
        }
        Err(invalid("", "the peer answered with a handoff that does not go on from the message"))
    }
}

/// An answer that belongs to the message: of the same work, and caused by it.
fn belonging(sent: &Header, answer: &Bytes, may_be_another: bool) -> Result<Box<Envelope>, Problem> {
    let unpacked = Envelope::unpack(answer.clone(), &Limits::default())
        .map_err(|problem| Problem::new(ErrorCode::PeerInvalid, problem.at, problem.message))?;
    let Unpacked::Envelope(envelope) = unpacked else {
        return Err(invalid("", "the peer answered with JSON that is no envelope"));
    };
    let header = &envelope.header;
    let another = may_be_another && header.work != sent.work;
    let same = (another || header.work == sent.work) && header.contract_name == sent.contract_name;
    let answers = !header.reply || header.target == sent.target;
    if same && answers && (another || header.causation.as_ref() == Some(&sent.id)) {
        Ok(envelope)
    } else {
        Err(invalid("/causationid", "the peer answered with an envelope that is no answer to the message"))
    }
}

fn refusal(error: &ErrorBody) -> Refused {
    let at = error.at.as_deref().and_then(|at| at.parse().ok()).unwrap_or_default();
    let code = ErrorCode::from_word(&error.code).unwrap_or(ErrorCode::PeerInvalid);
    Refused { problem: Problem::new(code, at, error.message.clone()), retryable: error.retryable, end: None }
}

fn invalid(at: &str, message: &str) -> Problem {
    Problem::new(ErrorCode::PeerInvalid, at.parse().unwrap_or_default(), message)
}
