//! URIs.

use super::{Uri, unfit};
use crate::agent::Error;

/// The parts of a URI, as they are written: nothing is decoded or put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UriParts<'a> {
    /// `https`, in the case in which it was written.
    pub scheme: &'a str,
    /// User, host and port: what is behind `//`.
    pub authority: Option<&'a str>,
    /// May be empty.
    pub path: &'a str,
    /// What is behind `?`.
    pub query: Option<&'a str>,
    /// What is behind `#`.
    pub fragment: Option<&'a str>,
}

impl Uri {
    /// The parts of the URI. A crate for URLs takes [`Uri::as_str`].
    ///
    /// # Errors
    /// `format_mismatch` when the text has no scheme; whether it is a URI in all, the contract has checked.
    pub fn parsed(&self) -> Result<UriParts<'_>, Error> {
        parts(&self.0).ok_or_else(|| unfit("uri"))
    }
}

/// RFC 3986, appendix B.
fn parts(text: &str) -> Option<UriParts<'_>> {
    let (scheme, rest) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme))?;
    let (rest, fragment) = split(rest, '#');
    let (rest, query) = split(rest, '?');
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (Some(authority), path)
        }
        None => (None, rest),
    };
    Some(UriParts { scheme, authority, path, query, fragment })
}

fn is_scheme(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(inside)
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, behind)| (before, Some(behind)))
}
