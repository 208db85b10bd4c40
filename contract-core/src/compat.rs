//! Does an operation of another version of the contract still fit?

use crate::contract::Operation;
use crate::{Contract, Pointer};

/// The answer for one operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Whatever one side sends, the other accepts.
    Fits,
    /// It does not.
    Broken(Break),
    /// Not decided; each message is validated by the receiver's own schema instead.
    Unknown,
}

/// Where two versions part.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// `input`, `output`, `errors/<name>`, `state`, `from`.
    pub part: String,
    /// Place in the values of that part.
    pub at: Pointer,
    /// What changed.
    pub message: String,
    /// A value that one side sends and the other refuses, when one was found.
    pub witness: Option<serde_json::Value>,
}

/// Whether a receiver that runs by `accepts` can take messages of a sender that built them by `sends`.
///
/// Input: sent ⊆ accepted. Output and errors: the other way round. State: both.
pub fn fits(sends: (&Contract, &Operation), accepts: (&Contract, &Operation)) -> Verdict {
    if sends.1.hash == accepts.1.hash { Verdict::Fits } else { Verdict::Unknown }
}
