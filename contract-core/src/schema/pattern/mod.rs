//! Patterns: read as ECMAScript reads them with the `u` flag, run by one linear engine.
//!
//! A pattern is parsed by the grammar of ECMAScript and written again for the engine, so that it
//! means there what ECMAScript means: `\d` and `\w` are ASCII, `\b` is the boundary of ASCII words,
//! `\s` is white space and line ends of ECMAScript, `.` stops at all four line ends. Groups do not
//! capture. Refused as `pattern_not_linear`: look-around, back-references, and what other dialects
//! add or read otherwise (flags, `(?P<…>`, `\A`, `\z`, atomic groups, …). One widening: a
//! backslash may stand before any punctuation, as patterns without `u` allow.

mod automaton;
mod class;
mod escape;
mod examples;
mod fixed;
mod inclusion;
mod matcher;
mod properties;
mod translate;
mod weight;

use crate::ErrorCode;

pub(crate) use examples::{example, examples};
pub(crate) use inclusion::{Inclusion, inclusion};
pub(crate) use matcher::Matcher;

/// Bytes of one pattern. Those of schemas in use reach 5,200, mostly long lists of words.
const LONGEST: usize = 8192;

/// Why a pattern was refused.
pub(crate) type Refusal = (ErrorCode, String);

/// The pattern as the engine takes it.
///
/// # Errors
/// `pattern_not_linear` or `pattern_invalid`, with a sentence.
pub(crate) fn translate(pattern: &str) -> Result<String, Refusal> {
    if pattern.len() > LONGEST {
        let message = format!("found a pattern of {} bytes; at most {LONGEST} are allowed", pattern.len());
        return Err((ErrorCode::PatternInvalid, message));
    }
    let translated = translate::Translator::new(pattern).pattern()?;
    weight::hold(&translated)?;
    Ok(translated)
}

fn invalid(message: impl Into<String>) -> Refusal {
    (ErrorCode::PatternInvalid, message.into())
}

fn not_linear(message: impl Into<String>) -> Refusal {
    (
        ErrorCode::PatternNotLinear,
        format!("{}; a pattern must mean the same, in linear time, in all three languages", message.into()),
    )
}
