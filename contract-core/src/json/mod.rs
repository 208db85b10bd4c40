//! Strict JSON in, RFC 8785 bytes out.

mod canonical;
mod parse;
mod spans;

pub use canonical::{CanonicalBytes, canonical};
pub use parse::{parse, parse_spanned};
pub use spans::{Span, Spans};
