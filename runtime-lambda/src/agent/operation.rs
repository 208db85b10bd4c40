//! An operation applied to its input, as a value: return it, and it is a handoff; give it to
//! [`Work::call`](super::Work::call), and it is a call.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::Value;

use super::Error;

/// An operation of the contract with its input.
pub trait Operation: Send {
    /// `agent.operation`.
    const TARGET: &'static str;
    /// What it accepts.
    type Input: Serialize;
    /// What it replies; [`Never`] when it only hands over.
    type Output: DeserializeOwned;
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
    fn read(code: &str, data: Option<&Value>) -> Result<Option<Self>, Error>;
}

/// What never happens: the output of an operation without reply, the errors of one that declares none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("there is no value here"))
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Declared for Never {
    fn read(_: &str, _: Option<&Value>) -> Result<Option<Self>, Error> {
        Ok(None)
    }
}
