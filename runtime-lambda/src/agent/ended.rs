//! How a handler's typed outcome becomes the core's.

use peer_contract_core::inbox::Outcome;
use peer_contract_core::json::Json;
use serde::Serialize;

use super::codec::to_text;
use super::{Error, Operation, Work};

/// An outcome and the state it leaves behind, as JSON.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// The state; none for a callable operation.
    pub state: Option<Json>,
}

impl Ended {
    /// A reply.
    ///
    /// # Errors
    /// `output_invalid` for what has no JSON form; so do all functions here.
    pub fn reply<S: Serialize>(work: &Work<S>, output: &impl Serialize) -> Result<Self, Error> {
        Self::with(work, Outcome::Reply(to_text(output)?.into()))
    }

    /// A handoff.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn handoff<S: Serialize, O: Operation>(work: &Work<S>, to: &O) -> Result<Self, Error> {
        Self::with(work, Outcome::Handoff { target: O::TARGET.into(), input: to_text(to.input())?.into() })
    }

    /// A declared error without data.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn declared<S: Serialize>(work: &Work<S>, code: &str, message: &str) -> Result<Self, Error> {
        Self::with(work, Outcome::Error { code: code.into(), message: message.into(), data: None })
    }

    /// A declared error with data.
    ///
    /// # Errors
    /// As [`Ended::reply`].
    pub fn declared_with<S: Serialize>(
        work: &Work<S>,
        code: &str,
        message: &str,
        data: &impl Serialize,
    ) -> Result<Self, Error> {
        let data = Some(to_text(data)?.into());
        Self::with(work, Outcome::Error { code: code.into(), message: message.into(), data })
    }

    fn with<S: Serialize>(work: &Work<S>, outcome: Outcome) -> Result<Self, Error> {
        let state = work.carries_state().then(|| to_text(&work.state)).transpose()?;
        Ok(Self { outcome, state })
    }
}
