//! One pass over JSON of which no schema is known.

use std::borrow::Cow;

use crate::plan::{self, Nothing, Sink, Source, Stop, Unwritten};
use crate::schema::Unbuilt;
use crate::{Limits, Problem};

/// Reads strict JSON and builds what the sink makes of it, in one pass.
///
/// # Errors
/// One of the `json_*` codes, or that the sink halted.
pub fn build<S: Sink>(text: &[u8], limits: &Limits, sink: &mut S, shape: S::Shape) -> Result<S::Value, Unbuilt> {
    let (any, engine) = plan::any();
    plan::run(any, engine, text, limits, sink, shape).map(|(value, _)| value).map_err(|stop| match stop {
        Stop::Halted => Unbuilt::Halted,
        Stop::No => Unbuilt::Problems(refusal(text, limits).into()),
    })
}

/// The same where nobody asks why it cannot be.
pub(crate) fn attempt<S: Sink>(text: &[u8], limits: &Limits, sink: &mut S, shape: S::Shape) -> Option<S::Value> {
    let (any, engine) = plan::any();
    plan::run(any, engine, text, limits, sink, shape).ok().map(|(value, _)| value)
}

/// Holds a text to the strict rules, in one pass.
pub(super) fn check(text: &[u8], limits: &Limits) -> Result<(), Problem> {
    let (any, engine) = plan::any();
    match plan::run(any, engine, text, limits, &mut Nothing, ()) {
        Ok(_) => Ok(()),
        Err(_) => Err(refusal(text, limits)),
    }
}

/// Why the one pass refused a text of which no schema is known: what the reader says, which stops at its first mistake.
#[cold]
pub(crate) fn refusal(text: &[u8], limits: &Limits) -> Problem {
    super::parse(text, limits).err().unwrap_or_else(plan::mistake)
}

/// Strict JSON in the form of RFC 8785; the text itself where it is in that form already.
///
/// # Errors
/// One of the `json_*` codes.
pub fn canonicalize<'a>(text: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Problem> {
    plan::canonicalize(text, limits)
}

/// Writes a host value in the form of RFC 8785.
///
/// # Errors
/// What has no JSON form, with its place; a `json_*` code for a limit.
pub fn write<'t, S: Source<'t>>(source: &mut S, value: S::Value, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let (any, engine) = plan::any();
    plan::write(any, engine, source, value, limits).map_err(|stop| match stop {
        Unwritten::Problem(problem) => *problem,
        Unwritten::No => plan::mistake(),
    })
}
