//! An operation applied to its input, as a value: return it, and it is a handoff; give it to
//! [`Work::call`](super::Work::call), and it is a call.

use std::fmt;

use peer_contract_core::json::Json;

use super::Error;
use super::codec::{Decode, Encode, Misfit, Reader};

/// An operation of the contract with its input.
pub trait Operation: Send {
    /// `agent.operation`.
    const TARGET: &'static str;
    /// What it accepts.
    type Input: Encode;
    /// What it replies; [`Never`] when it only hands over.
    type Output: Decode;
    /// The errors it declares; [`Never`] when there are none.
    type Error: Declared;

    /// The input it was applied to.
    fn input(&self) -> &Self::Input;
}

/// An operation without phase and handoff: other agents may call it.
pub trait Callable: Operation {}

/// The declared errors of an operation, as its callers see them.
pub trait Declared: fmt::Debug + Send + Sized {
    /// Reads the error `code` with its data; `None` when the operation declares no such error.
    ///
    /// # Errors
    /// When the data does not fit.
    fn read(code: &str, data: Option<&Json>) -> Result<Option<Self>, Error>;
}

/// What never happens: the output of an operation without reply, the errors of one that declares none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {}

impl Decode for Never {
    fn decode(_: &mut Reader<'_>) -> Result<Self, Misfit> {
        Err(Misfit::new("is there, where nothing can be"))
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Declared for Never {
    fn read(_: &str, _: Option<&Json>) -> Result<Option<Self>, Error> {
        Ok(None)
    }
}
