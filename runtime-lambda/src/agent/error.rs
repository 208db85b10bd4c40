//! Errors as Rust code meets them.

use std::fmt;

use peer_contract_core::{ErrorCode, Pointer, Problem, Problems};

use super::BoxError;

/// A coded error: a word for programs, a place, a sentence for people.
///
/// Prints as the sentence with its place, also with `{:?}`, so that a `main` that returns it reads well.
pub struct Error {
    problem: Problem,
    source: Option<BoxError>,
}

impl Error {
    /// An error with a code of `schemas/errors.json`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Problem::new(code, Pointer::root(), message).into()
    }

    /// What a handler raised: `handler_failed`, and the whole chain of causes in one sentence.
    pub fn thrown(error: impl Into<BoxError>) -> Self {
        let source = error.into();
        let problem = Problem::new(ErrorCode::HandlerFailed, Pointer::root(), chain(&*source));
        Self { problem, source: Some(source) }
    }

    /// The word to branch on.
    pub fn code(&self) -> ErrorCode {
        self.problem.code
    }

    /// Where, as a JSON Pointer; empty for the whole.
    pub fn at(&self) -> &str {
        self.problem.at.as_str()
    }

    /// The sentence; free to improve.
    pub fn message(&self) -> &str {
        &self.problem.message
    }

    /// As a platform takes it.
    #[cfg(feature = "lambda")]
    pub(crate) fn to_fault(&self) -> crate::host::Fault {
        self.problem.clone().into()
    }

    /// The same as the core's problem.
    pub fn into_problem(self) -> Problem {
        self.problem
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let sentence = error.to_string();
        if !text.contains(&sentence) {
            text = format!("{text}: {sentence}");
        }
        cause = error.source();
    }
    text
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)?;
        if self.at().is_empty() { Ok(()) } else { write!(f, " (at `{}`)", self.at()) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.problem.code)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { problem, source: None }
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        let mut problem = problems.first().clone();
        let more = problems.as_slice().len() - 1;
        if more > 0 {
            problem.message = format!("{} and {more} more", problem.message);
        }
        problem.into()
    }
}

/// What opening an index or a file in `main` raises, before there is any work.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self { problem: configuration(&error), source: Some(error.into()) }
    }
}

impl From<BoxError> for Error {
    fn from(error: BoxError) -> Self {
        Self { problem: configuration(&*error), source: Some(error) }
    }
}

fn configuration(error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), chain(error))
}

/// Why a call gave no output.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError<E> {
    /// An error that the called operation declares.
    Declared {
        /// Which, with what it carries.
        error: E,
        /// For people.
        message: String,
        /// Whether the same call may be tried again; the contract's attempts are used up already.
        retryable: bool,
    },
    /// Anything else: refused, not reached, out of time.
    Failed(Error),
}

impl<E: fmt::Debug> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declared { message, .. } => f.write_str(message),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Declared { .. } => None,
            Self::Failed(error) => Some(error),
        }
    }
}
