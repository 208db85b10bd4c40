//! Milliseconds since 1970 and RFC 3339 text.

/// `2026-11-21T01:02:03.004Z`.
pub fn to_rfc3339(ms: u64) -> String {
    let _ = ms;
    todo!()
}

/// Milliseconds since 1970 of an RFC 3339 text; `None` when it is not one.
pub fn from_rfc3339(text: &str) -> Option<u64> {
    let _ = text;
    todo!()
}
