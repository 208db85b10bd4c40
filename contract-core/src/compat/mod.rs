//! Does an operation of another version of the contract still fit?
//!
//! Each part is first proven to fit, keyword by keyword ([`prove`]). Where that fails, values are made
//! that the sender's schema accepts, until the receiver's refuses one ([`samples`]). Between a proof
//! and a witness lies [`Verdict::Unknown`], so neither `Fits` nor `Broken` is ever a guess.
//!
//! One assumption goes into both: in an object that declares properties and says nothing about
//! others, no others are sent. Without it, every new optional property would break every peer. It
//! costs nothing, because each message is validated by the receiver's schema all the same.

mod arrays;
mod cases;
mod formats;
mod hints;
mod keywords;
mod node;
mod objects;
mod prove;
mod regex;
mod samples;
mod scalars;

use serde_json::Value;

use crate::contract::{Kind, Operation};
use crate::{Contract, Pointer};
use node::Side;
use prove::Proof;
use samples::Samples;

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
    let ((sender, sent), (receiver, accepted)) = (sends, accepts);
    let (sender, receiver) = (Side::of(sender), Side::of(receiver));
    let mut all = Verdicts::default();
    all.add(|| phases(sent, accepted));
    all.add(|| part("input", (&sender, Some(&sent.input)), (&receiver, Some(&accepted.input))));
    match accepted.kind {
        Kind::Callable => all.add_answers((&sender, sent), (&receiver, accepted)),
        _ => all.add_states(&sender, &receiver),
    }
    all.verdict()
}

/// The first break decides; without one, whatever was not decided.
#[derive(Default)]
struct Verdicts {
    broken: Option<Break>,
    unknown: bool,
}

impl Verdicts {
    fn add(&mut self, verdict: impl FnOnce() -> Verdict) {
        if self.broken.is_none() {
            match verdict() {
                Verdict::Fits => {}
                Verdict::Unknown => self.unknown = true,
                Verdict::Broken(broken) => self.broken = Some(broken),
            }
        }
    }

    /// The state goes on with the receiver and may come back.
    fn add_states(&mut self, sender: &Side<'_>, receiver: &Side<'_>) {
        let (there, back) = (sender.state(), receiver.state());
        self.add(|| part("state", (sender, there.as_ref()), (receiver, back.as_ref())));
        self.add(|| part("state", (receiver, back.as_ref()), (sender, there.as_ref())));
    }

    /// A caller reads what its callee answers.
    fn add_answers(&mut self, caller: (&Side<'_>, &Operation), callee: (&Side<'_>, &Operation)) {
        let output = |operation: &Operation| operation.output.as_ref().map(|output| output.schema.clone());
        let (known, given) = (output(caller.1), output(callee.1));
        self.add(|| part("output", (callee.0, given.as_ref()), (caller.0, known.as_ref())));
        for name in callee.1.errors.keys() {
            self.add(|| error(name, callee, caller));
        }
    }

    fn verdict(self) -> Verdict {
        match self.broken {
            Some(broken) => Verdict::Broken(broken),
            None if self.unknown => Verdict::Unknown,
            None => Verdict::Fits,
        }
    }
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

fn error(name: &str, gives: (&Side<'_>, &Operation), reads: (&Side<'_>, &Operation)) -> Verdict {
    let label = format!("errors/{name}");
    let given = gives.1.errors.get(name).and_then(|error| error.data.as_ref());
    match reads.1.errors.get(name) {
        Some(known) => part(&label, (gives.0, given), (reads.0, known.data.as_ref())),
        None => {
            let message = "the caller does not know this error".to_owned();
            Verdict::Broken(Break { part: label, at: Pointer::root(), message, witness: None })
        }
    }
}

/// Whether all that `gives` may send fits what `reads` accepts.
fn part(label: &str, gives: (&Side<'_>, Option<&Pointer>), reads: (&Side<'_>, Option<&Pointer>)) -> Verdict {
    match (gives.1, reads.1) {
        (None, None) => Verdict::Fits,
        (Some(given), Some(read)) => schemas(label, (gives.0, given), (reads.0, read)),
        _ => Verdict::Unknown,
    }
}

fn schemas(label: &str, gives: (&Side<'_>, &Pointer), reads: (&Side<'_>, &Pointer)) -> Verdict {
    if Proof::new(gives.0, reads.0).holds(gives.1, reads.1) {
        return Verdict::Fits;
    }
    let broken = witness(gives, reads).map(|(witness, at, message)| {
        let part = label.to_owned();
        Verdict::Broken(Break { part, at, message, witness: Some(witness) })
    });
    broken.unwrap_or(Verdict::Unknown)
}

/// A value that one schema accepts and the other refuses, with the place and the reason of that.
fn witness(gives: (&Side<'_>, &Pointer), reads: (&Side<'_>, &Pointer)) -> Option<(Value, Pointer, String)> {
    let given = gives.0.contract.schema(gives.1).ok()?;
    let read = reads.0.contract.schema(reads.1).ok()?;
    let samples = Samples::new(gives.0, reads.0, reads.1).of(gives.1);
    let witness = samples.into_iter().find(|value| given.is_valid(value) && !read.is_valid(value))?;
    let problem = read.validate(&witness).err()?.first().clone();
    Some((witness, problem.at, problem.message))
}
