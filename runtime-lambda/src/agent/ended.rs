//! How a handler's typed outcome becomes the core's.

use peer_contract_core::inbox::Outcome;
use peer_contract_core::json::Draft;

use super::codec::{Encode, draft_of};
use super::{Error, FanOut, Operation, Work};

/// An outcome and the state it leaves behind, as JSON.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// The state; none for a callable operation.
    pub state: Option<Draft>,
}

impl Ended {
    /// A reply.
    ///
    /// # Errors
    /// `output_invalid` for what has no JSON form; so do all functions here.
    pub fn reply<S: Encode>(work: &Work<S>, output: &impl Encode) -> Result<Self, Error> {
        Self::with(work, Outcome::Reply(draft_of(output)?))
    }

    /// A handoff.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn handoff<S: Encode, O: Operation>(work: &Work<S>, to: &O) -> Result<Self, Error> {
        Self::with(work, Outcome::Handoff { target: O::TARGET.into(), input: draft_of(to.input())? })
    }

    /// A fan-out.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn fan_out<S: Encode, P>(work: &Work<S>, children: FanOut<P>) -> Result<Self, Error> {
        Self::with(work, Outcome::FanOut { children: children.into_children()? })
    }

    /// A declared error without data.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn declared<S: Encode>(work: &Work<S>, code: &str, message: &str) -> Result<Self, Error> {
        Self::with(work, Outcome::Error { code: code.into(), message: message.into(), data: None })
    }

    /// A declared error with data.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn declared_with<S: Encode>(
        work: &Work<S>,
        code: &str,
        message: &str,
        data: &impl Encode,
    ) -> Result<Self, Error> {
        let data = Some(draft_of(data)?);
        Self::with(work, Outcome::Error { code: code.into(), message: message.into(), data })
    }

    fn with<S: Encode>(work: &Work<S>, outcome: Outcome) -> Result<Self, Error> {
        let state = work.carries_state().then(|| draft_of(&work.state)).transpose()?;
        Ok(Self { outcome, state })
    }
}
