//! Strict JSON in, RFC 8785 bytes out.

mod admit;
mod build;
mod canonical;
mod cursor;
mod number;
mod parse;
mod path;
mod spans;
mod text;

pub use admit::admit;
use build::check;
pub(crate) use build::{attempt, refusal};
pub use build::{build, canonicalize, write};
pub use canonical::{CanonicalBytes, canonical};
pub use parse::{parse, parse_spanned};
pub use spans::{Span, Spans};
pub(crate) use text::Proof;
pub use text::{Draft, Json};
