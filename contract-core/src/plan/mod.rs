//! A schema as a compact program, run in one pass over the bytes of a text.
//!
//! ```text
//! schema ─compile→ Plan ─┬ pass over a text  ─→ verdict, canonical or not, and what a Sink makes of it
//!                        └ walk over objects ─→ verdict, and canonical bytes (a Source says what the objects are)
//! ```
//!
//! The pass checks grammar and schema at once and builds no tree. It says yes or no; for a no, the
//! slower walk of [`crate::schema`] says why. What is not compiled is decided over a tree of the value
//! it concerns.

mod brackets;
mod canonical;
mod characters;
mod compile;
mod escape;
mod find;
mod keys;
mod literal;
mod node;
mod number;
mod order;
mod pass;
mod rules;
mod rulings;
mod sink;
mod source;
mod special;
mod token;
mod whole;
mod write;
mod writer;

use std::sync::OnceLock;

use node::{ArrayRules, Id, Node, ObjectRules};

use pass::{Pass, Trial, Verdicts};

use crate::schema::Engine;
use crate::{ErrorCode, Limits, Pointer, Problem};

pub use characters::{Character, Extent};
pub use find::{member, value_span};
pub use rulings::{Decider, Ruling};
pub use sink::{Built, Halt, Key, Nothing, Sink, Text, Word};
pub use source::{Kind, Member, Number, Source};

pub(crate) use canonical::{canonical, canonicalize};
pub(crate) use compile::compile;
pub(crate) use escape::escape;
pub(crate) use find::{items, members, string};
pub(crate) use order::keys as key_order;
pub(crate) use pass::Stop;
pub(crate) use special::next_special;
pub(crate) use write::{Unwritten, write, write_over};

/// A compiled schema.
pub(crate) struct Plan {
    nodes: Vec<Node>,
    root: Id,
    /// The strings that the schema spells out: names of properties, constants, members of enumerations.
    words: Vec<String>,
    rulings: Vec<Ruling>,
    /// For objects of which nothing is asked.
    any_object: ObjectRules,
    any_array: ArrayRules,
    /// How long the texts are that are written with it.
    written: write::Guess,
}

impl Plan {
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    pub(crate) fn rulings(&self) -> &[Ruling] {
        &self.rulings
    }
}

/// Bytes that no setting goes beyond, so that places are 32 bits, also in a canonical form that is longer.
const LONGEST: usize = 512 << 20;

/// Runs a text through a plan. With what the sink made comes whether the text is canonical.
pub(crate) fn run<S: Sink>(
    plan: &Plan,
    engine: &Engine,
    text: &[u8],
    limits: &Limits,
    sink: &mut S,
    shape: S::Shape,
) -> Result<(S::Value, bool), Stop> {
    let too_long = text.len() > limits.json_bytes.min(LONGEST);
    if too_long || simdutf8::basic::from_utf8(text).is_err() {
        return Err(Stop::No);
    }
    let verdicts = Verdicts::default();
    let mut pass = Pass::new(Trial::new(plan, engine, &verdicts), text, limits, sink);
    let value = pass.document(plan.root, shape)?;
    Ok((value, pass.tokens.odd == 0))
}

/// The plan that takes any JSON, and an engine that it never asks.
pub(crate) fn any() -> (&'static Plan, &'static Engine) {
    static ANY: OnceLock<(Plan, Engine)> = OnceLock::new();
    let (plan, engine) = ANY.get_or_init(|| (Plan::any(), Engine::new(serde_json::Value::Null.into())));
    (plan, engine)
}

/// The slower walk found nothing wrong with what the pass refused: a mistake of ours, and the pass decides.
#[cold]
pub(crate) fn mistake() -> Problem {
    Problem::new(ErrorCode::NotAllowed, Pointer::root(), "the value does not fit its schema")
}
