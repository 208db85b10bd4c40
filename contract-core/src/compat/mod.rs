//! Does an operation of another version of the contract still fit, and what has changed between two versions?
//!
//! Each part is first proven to fit, keyword by keyword ([`prove`]). Where that fails, values are made
//! that the sender's schema accepts, until the receiver's refuses one ([`samples`]). Between a proof
//! and a witness lies [`Verdict::Unknown`], so neither `Fits` nor `Broken` is ever a guess.
//!
//! [`fits`] answers for one operation when a message comes, and stops at the first break; [`compare`] goes through
//! two whole contracts in both directions and lists all of them. The proofs and the witnesses are the same.
//!
//! One assumption goes into both: in an object that declares properties and says nothing about
//! others, no others are sent. Without it, every new optional property would break every peer. It
//! costs nothing, because each message is validated by the receiver's schema all the same.

mod alike;
mod apart;
mod arrays;
mod cases;
mod compare;
mod difference;
mod edits;
mod evaluated;
pub(crate) mod formats;
mod gaps;
mod groups;
mod hints;
mod keywords;
mod locate;
mod messages;
mod node;
mod objects;
mod parts;
mod prove;
mod samples;
mod scalars;
mod texts;
mod told;
mod ways;
mod witness;
mod words;

use serde_json::Value;

use crate::contract::Operation;
use crate::{Contract, Pointer};
pub(crate) use cases::{admits, declared_types, listed};
pub use compare::compare;
pub use difference::{Cause, Comparison, Difference, Direction, Version, Witness};
pub use edits::Edit;
pub(crate) use hints::Hints;
pub(crate) use node::{Node, Side};
use parts::{Crossing, Giver, Held, Readers};
use prove::Proof;
use samples::MOST_WEIGHT_IN_ALL;
pub(crate) use witness::examples;
use witness::{End, Refusal};

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
    pub witness: Option<Value>,
}

/// Whether a receiver that runs by `accepts` can take messages of a sender that built them by `sends`.
///
/// Input: sent ⊆ accepted. Of what is called, output and errors: the other way round. Of what takes part in
/// the phases, state: both ways; who hands work over has left before an output or an error comes.
pub fn fits(sends: (&Contract, &Operation), accepts: (&Contract, &Operation)) -> Verdict {
    if sends.1.hash() == accepts.1.hash() {
        return Verdict::Fits;
    }
    let (sender, receiver) = (Side::of(sends.0), Side::of(accepts.0));
    let mut unknown = false;
    let crossings = parts::crossings(sends, accepts, Readers::Waiting);
    let verdicts = crossings.into_iter().map(|crossing| match crossing.by {
        Giver::Sender => crosses(crossing, &sender, &receiver),
        Giver::Receiver => crosses(crossing, &receiver, &sender),
    });
    for verdict in std::iter::once(phases(sends.1, accepts.1)).chain(verdicts) {
        match verdict {
            Verdict::Fits => {}
            Verdict::Unknown => unknown = true,
            Verdict::Broken(_) => return verdict,
        }
    }
    if unknown { Verdict::Unknown } else { Verdict::Fits }
}

/// Whether the schema at `reads` accepts whatever `gives` does, a schema that may refer to the contract's own.
pub(crate) fn accepts(contract: &Contract, gives: Value, reads: &Pointer) -> Verdict {
    let (contract, given) = contract.with_type(gives);
    let side = Side::of(&contract);
    schemas("input", &End { side: &side, at: given }, &End { side: &side, at: reads.clone() })
}

/// Where only some phases are gone, each message shows by its own phase whether it fits.
fn phases(sent: &Operation, accepted: &Operation) -> Verdict {
    let known = |phase: &String| accepted.from.contains(phase);
    if sent.from.is_empty() && accepted.from.is_empty() || !sent.from.is_empty() && sent.from.iter().all(known) {
        return Verdict::Fits;
    }
    if sent.from.iter().any(known) {
        return Verdict::Unknown;
    }
    let phases = |operation: &Operation| match operation.from.is_empty() {
        true => "is callable".to_owned(),
        false => format!("starts from `{}`", operation.from.join("`, `")),
    };
    let message = format!("the operation {} for the sender and {} here", phases(sent), phases(accepted));
    Verdict::Broken(Break { part: "from".to_owned(), at: Pointer::root(), message, witness: None })
}

/// Whether all that `gives` may send of a part fits what `reads` accepts.
fn crosses(crossing: Crossing, gives: &Side<'_>, reads: &Side<'_>) -> Verdict {
    let part = crossing.part.label();
    let broken = |message: &str| {
        let message = message.to_owned();
        Verdict::Broken(Break { part: part.clone(), at: Pointer::root(), message, witness: None })
    };
    match (crossing.gives, crossing.reads) {
        (Held::Schema(given), Held::Schema(read)) => {
            schemas(&part, &End { side: gives, at: given }, &End { side: reads, at: read })
        }
        (Held::Nothing, Held::Nothing) => Verdict::Fits,
        (_, Held::Unknown) => broken("the caller does not know this error"),
        (Held::Nothing, _) => broken("the caller expects data, and none comes"),
        _ => broken("the caller expects no data, and some comes"),
    }
}

fn schemas(part: &str, gives: &End<'_>, reads: &End<'_>) -> Verdict {
    if Proof::new(gives.side, reads.side).holds(&gives.at, &reads.at) {
        return Verdict::Fits;
    }
    let mut weight = MOST_WEIGHT_IN_ALL;
    let found = witness::refusals(gives, reads, &mut weight).next();
    let broken = found.and_then(|Refusal { witness, problems }| {
        let problem = problems.into_iter().next()?;
        let (part, witness) = (part.to_owned(), Some(witness));
        Some(Verdict::Broken(Break { part, at: problem.at, message: problem.message, witness }))
    });
    broken.unwrap_or(Verdict::Unknown)
}
