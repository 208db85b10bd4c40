//! Many executions: contract after contract, text after text, each batch from a seed of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use peer_contract_core::{Contract, Limits, Pointer, Value};

use crate::compare::{self, Difference, Verdict};
use crate::held::Held;
use crate::random::Random;
use crate::spelling::{Style, spell};
use crate::{author, bytes, instance, shrink};

/// Types of one contract.
const TYPES: usize = 6;
/// Texts that are held to one contract.
pub const TEXTS: usize = 1000;

/// What a batch saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Texts that fit their schema.
    pub fits: usize,
    /// JSON that does not fit.
    pub misfits: usize,
    /// Texts that are no strict JSON.
    pub not_json: usize,
    /// Contracts that the checker refused.
    pub refused: usize,
}

impl Tally {
    /// Texts in all.
    pub fn executions(&self) -> usize {
        self.fits + self.misfits + self.not_json
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            fits: self.fits + other.fits,
            misfits: self.misfits + other.misfits,
            not_json: self.not_json + other.not_json,
            refused: self.refused + other.refused,
        }
    }
}

/// A difference, made small.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The batch to run again.
    pub seed: u64,
    /// The contract's types.
    pub types: Value,
    /// The type that the text is held to.
    pub name: String,
    /// The text.
    pub text: Vec<u8>,
    /// The limits that it is read with.
    pub limits: Limits,
    /// What differs.
    pub difference: Difference,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed   {}", self.seed)?;
        writeln!(f, "types  {}", self.types)?;
        writeln!(f, "held   {}", self.name)?;
        writeln!(f, "text   {}", self.text.escape_ascii())?;
        if self.limits != Limits::default() {
            writeln!(f, "limits {:?}", self.limits)?;
        }
        writeln!(f, "{}", self.difference)
    }
}

/// Runs the batch of one seed.
///
/// # Errors
/// The first difference, made as small as it gets in short time.
pub fn batch(seed: u64) -> Result<Tally, Box<Failure>> {
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    let (document, contract) = loop {
        let document = author::contract(&mut random, TYPES);
        match Contract::from_value(document.clone()) {
            Ok(contract) => break (document, contract),
            Err(_) => tally.refused += 1,
        }
    };
    let types: Vec<Type> = (0..TYPES).map(|index| Type::of(&contract, &document, index)).collect();
    for _ in 0..TEXTS {
        let one = random.pick(&types);
        let (text, limits) = text(&document, one.written, &mut random);
        let draws = random.bits();
        match hold(&one.held, &text, &limits, draws) {
            Ok(Verdict::Fits) => tally.fits += 1,
            Ok(Verdict::Misfits) => tally.misfits += 1,
            Ok(Verdict::NotJson) => tally.not_json += 1,
            Err(difference) => {
                let types = document["$defs"].clone();
                let found = Failure { seed, types, name: one.name.clone(), text, limits, difference };
                return Err(Box::new(shrink::smaller(found, draws)));
            }
        }
    }
    Ok(tally)
}

struct Type<'d> {
    name: String,
    written: &'d Value,
    held: Held,
}

impl<'d> Type<'d> {
    fn of(contract: &Contract, document: &'d Value, index: usize) -> Self {
        let name = format!("T{index}");
        let schema = contract.schema(&Pointer::root().key("$defs").key(&name)).expect("the type is there");
        Self { written: &document["$defs"][&name], name, held: Held::new(schema) }
    }
}

/// One execution. A panic is a difference too.
///
/// # Errors
/// The first difference.
pub fn hold(held: &Held, text: &[u8], limits: &Limits, draws: u64) -> Result<Verdict, Difference> {
    let one = || {
        let mut random = Random::new(draws);
        compare::json(text, limits, &mut random)?;
        compare::schema(held, text, limits, &mut random)
    };
    catch_unwind(AssertUnwindSafe(one)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(format!("panic: {}", said.unwrap_or_default()))
    })
}

fn text(document: &Value, schema: &Value, random: &mut Random) -> (Vec<u8>, Limits) {
    let mut value = instance::instance(document, schema, random);
    for _ in 0..[0, 0, 1, 1, 2][random.below(5)] {
        instance::change(&mut value, random);
    }
    let style = *random.pick(&[Style::Canonical, Style::Compact, Style::Pretty, Style::Wild, Style::Wild, Style::Wild]);
    let mut text = spell(&value, style, random);
    if random.once_in(5) {
        bytes::disturb(&mut text, random);
    }
    let limits = if random.once_in(12) { tight(&value, &text, random) } else { Limits::default() };
    (text, limits)
}

/// Limits of which one lies at what the value needs, or one beside it.
fn tight(value: &Value, text: &[u8], random: &mut Random) -> Limits {
    let mut limits = Limits::default();
    let size = Size::of(value);
    let near = |needed: usize, random: &mut Random| (needed + random.below(3)).saturating_sub(1);
    match random.below(4) {
        0 => limits.json_bytes = near(text.len(), random),
        1 => limits.json_values = near(size.values, random),
        2 => limits.json_keys = near(size.keys, random),
        _ => limits.json_depth = near(size.depth, random),
    }
    limits
}

/// What the limits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    values: usize,
    keys: usize,
    depth: usize,
}

impl Size {
    fn of(value: &Value) -> Self {
        let (nested, keys): (Vec<&Value>, usize) = match value {
            Value::Array(items) => (items.iter().collect(), 0),
            Value::Object(members) => (members.values().collect(), members.len()),
            _ => return Self { values: 1, keys: 0, depth: 0 },
        };
        nested.into_iter().map(Self::of).fold(Self { values: 1, keys, depth: 1 }, |all, one| Self {
            values: all.values + one.values,
            keys: all.keys.max(one.keys),
            depth: all.depth.max(one.depth + 1),
        })
    }
}
