//! Why a text became no value.

use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::super::Error;

/// Type and text do not fit: they are of two versions of the contract. Small, because every step of reading may give it.
#[derive(Debug)]
pub struct Misfit(Box<Error>);

impl Misfit {
    /// A misfit; `what` says it of the value. No payload belongs into it.
    #[cold]
    pub fn new(what: &str) -> Self {
        let message = format!("the value does not fit the generated type: it {what}");
        let problem = Problem::new(ErrorCode::TypeMismatch, Pointer::root(), message);
        Self(Box::new(problem.with_help("run `peerc generate` again").into()))
    }

    /// A property that the type needs is not there.
    #[cold]
    pub fn missing(property: &str) -> Self {
        Self::new(&format!("has no property `{property}`"))
    }

    /// None of the variants of a union.
    #[cold]
    pub fn no_variant(union: &str) -> Self {
        Self::new(&format!("is none of the variants of `{union}`"))
    }
}

impl From<Misfit> for Error {
    fn from(misfit: Misfit) -> Self {
        *misfit.0
    }
}

impl From<Error> for Misfit {
    fn from(error: Error) -> Self {
        Self(Box::new(error))
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
