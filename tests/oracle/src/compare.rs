//! The law: whatever the one pass says of a text, the plain way says too.
//!
//! The plain way is a tree from the strict reader, our own walk over the tree and the `jsonschema` crate, and
//! `serde_json_canonicalizer` for the canonical bytes.

use peer_contract_core::schema::{Schema, Unbuilt};
use peer_contract_core::{ErrorCode, Limits, Problems, Value, json};
use serde_json::Number;
use sha2::{Digest, Sha256};

use crate::held::Held;
use crate::random::Random;
use crate::sink::{Made, Tree};
use crate::source::Objects;

/// The reasons for a no take a hundred times longer than the no (and more the first time), so they are compared once in so many.
const EXPLAINED: usize = 40;

/// The crate's list of errors is slow to make, too.
const LISTED: usize = 8;

/// How the two ways agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The text fits the schema.
    Fits,
    /// It is JSON and does not fit.
    Misfits,
    /// It is no JSON by the strict rules.
    NotJson,
}

/// Where the two ways differ, in a sentence.
pub type Difference = String;

/// Holds every way into the pass to the plain way, for one text.
///
/// # Errors
/// The first difference.
pub fn schema(held: &Held, text: &[u8], limits: &Limits, random: &mut Random) -> Result<Verdict, Difference> {
    let schema = &held.schema;
    let read = json::parse(text, limits);
    let fits = read.as_ref().is_ok_and(|tree| held.fits(tree));
    same("`fits` says", &schema.fits(text, limits), &fits)?;
    if let Ok(tree) = &read {
        same("`is_valid` says", &schema.is_valid(tree), &fits)?;
        if random.once_in(LISTED) {
            held.same_list(tree)?;
        }
    }
    if fits || random.once_in(EXPLAINED) {
        let expected = match &read {
            Ok(tree) => schema.validate(tree).map(|()| tree),
            Err(problem) => Err(problem.clone().into()),
        };
        every_way(schema, text, limits, expected.as_ref().copied(), random)?;
    }
    Ok(match (read.is_ok(), fits) {
        (false, _) => Verdict::NotJson,
        (true, false) => Verdict::Misfits,
        (true, true) => Verdict::Fits,
    })
}

fn every_way(
    schema: &Schema,
    text: &[u8],
    limits: &Limits,
    expected: Expected<'_>,
    random: &mut Random,
) -> Result<(), Difference> {
    checks(schema, text, limits, expected)?;
    // Each way explains a no by the same slow walk, so one more of them is enough for it.
    let ways: &[usize] = if expected.is_ok() { &[0, 1, 2, 3] } else { &[random.below(4)] };
    ways.iter().try_for_each(|way| match way {
        0 => builds(schema, text, limits, expected, random),
        1 => canonical(schema, text, limits, expected),
        2 => digests(schema, text, limits, expected),
        _ => writes(schema, text, limits, random),
    })
}

type Expected<'a> = Result<&'a Value, &'a Problems>;

fn checks(schema: &Schema, text: &[u8], limits: &Limits, expected: Expected<'_>) -> Result<(), Difference> {
    match (schema.check(text, limits), expected) {
        (Ok(checked), Ok(tree)) => {
            let canonical = reference(tree) == text;
            same("`check` says of canonical", &checked.canonical, &canonical)
        }
        (Err(found), Err(expected)) => same("`check` refuses with", &found, expected),
        (found, expected) => Err(apart("`check`", found.err(), expected.err())),
    }
}

fn builds(
    schema: &Schema,
    text: &[u8],
    limits: &Limits,
    expected: Expected<'_>,
    random: &mut Random,
) -> Result<(), Difference> {
    let mut sink = Tree::new(text, schema.words(), random.below(4) as u32);
    let root = sink.root();
    let built = schema.build(text, limits, &mut sink, root);
    match (built, expected) {
        (Ok(made), Ok(tree)) => same_tree("`build`", sink.finish(made), tree)?,
        (Err(Unbuilt::Problems(found)), Err(expected)) => {
            same("`build` refuses with", &found, expected)?;
            same("`build` keeps its promises", sink.faults(), &[])?;
        }
        (Err(Unbuilt::Halted), _) => return Err("`build` halted without a reason".to_owned()),
        (found, expected) => return Err(apart("`build`", problems_of(found), expected.err())),
    }
    halts(schema, text, limits, random)
}

/// A sink that cannot go on ends the pass, and nothing else does.
fn halts(schema: &Schema, text: &[u8], limits: &Limits, random: &mut Random) -> Result<(), Difference> {
    let mut sink = Tree::new(text, schema.words(), random.below(3) as u32).with_patience(random.below(12) as u64);
    let root = sink.root();
    let _ = schema.build(text, limits, &mut sink, root);
    same("a halting `build` keeps its promises", sink.faults(), &[])
}

fn canonical(schema: &Schema, text: &[u8], limits: &Limits, expected: Expected<'_>) -> Result<(), Difference> {
    match (schema.canonical(text, limits), expected) {
        (Ok(found), Ok(tree)) => same_bytes("`canonical`", &found, &reference(tree)),
        (Err(found), Err(expected)) => same("`canonical` refuses with", &found, expected),
        (found, expected) => Err(apart("`canonical`", found.err(), expected.err())),
    }
}

fn digests(schema: &Schema, text: &[u8], limits: &Limits, expected: Expected<'_>) -> Result<(), Difference> {
    match (schema.digest(text, limits), expected) {
        (Ok(found), Ok(tree)) => same("`digest`", &found, &Sha256::digest(reference(tree)).into()),
        (Err(found), Err(expected)) => same("`digest` refuses with", &found, expected),
        (found, expected) => Err(apart("`digest`", found.err(), expected.err())),
    }
}

/// The tree of the text as the objects of a host language.
fn writes(schema: &Schema, text: &[u8], limits: &Limits, random: &mut Random) -> Result<(), Difference> {
    let Ok(tree) = json::parse(text, &Limits::default()) else { return Ok(()) };
    let canonical = reference(&tree);
    let seed = random.bits();
    let written = schema.write(&mut Objects::new(schema.words(), seed), &tree, limits);
    let plainly = json::write(&mut Objects::new(&[], seed), &tree, limits);
    if let Some(code) = beyond(&tree, &canonical, limits) {
        same("`json::write` refuses with", &plainly.err().map(|problem| problem.code), &Some(code))?;
        return same("`write` refuses with", &written.err().map(|problems| problems.first().code), &Some(code));
    }
    match plainly {
        Ok(found) => same_bytes("`json::write`", &found, &canonical)?,
        Err(problem) => return Err(format!("`json::write` refuses a tree: {problem:?}")),
    }
    match (written, schema.validate(&tree)) {
        (Ok(found), Ok(())) => same_bytes("`write`", &found, &canonical),
        (Err(found), Err(expected)) => same("`write` refuses with", &found, &expected),
        (found, expected) => Err(apart("`write`", found.err(), expected.as_ref().err())),
    }
}

/// The limit that a tree breaks, if it does.
fn beyond(tree: &Value, canonical: &[u8], limits: &Limits) -> Option<ErrorCode> {
    let too_long = (canonical.len() > limits.json_bytes).then_some(ErrorCode::JsonTooLarge);
    json::admit(&mut tree.clone(), limits).err().map(|problem| problem.code).or(too_long)
}

/// Holds what reads JSON without a schema to the strict reader.
///
/// # Errors
/// The first difference.
pub fn json(text: &[u8], limits: &Limits, random: &mut Random) -> Result<(), Difference> {
    canonical_form(text, limits)?;
    grammar(text, limits, random)
}

/// Holds `json::canonicalize` to the canonical bytes of a tree.
///
/// # Errors
/// The first difference.
pub fn canonical_form(text: &[u8], limits: &Limits) -> Result<(), Difference> {
    match (json::canonicalize(text, limits), json::parse(text, limits)) {
        (Ok(found), Ok(tree)) => same_bytes("`json::canonicalize`", &found, &reference(&tree)),
        (Err(found), Err(expected)) => same("`json::canonicalize` refuses with", &found, &expected),
        (Ok(_), Err(_)) => Err("`json::canonicalize` takes what the strict reader refuses".to_owned()),
        (Err(found), Ok(_)) => Err(format!("`json::canonicalize` refuses what the strict reader takes: {found:?}")),
    }
}

/// Holds `json::build` to the tree of the strict reader.
///
/// # Errors
/// The first difference.
pub fn grammar(text: &[u8], limits: &Limits, random: &mut Random) -> Result<(), Difference> {
    let mut sink = Tree::new(text, &[], random.below(4) as u32);
    let root = sink.root();
    match (json::build(text, limits, &mut sink, root), json::parse(text, limits)) {
        (Ok(made), Ok(tree)) => same_tree("`json::build`", sink.finish(made), &tree),
        (Err(Unbuilt::Problems(found)), Err(expected)) => {
            same("`json::build` refuses with", &found, &expected.into())?;
            same("`json::build` keeps its promises", sink.faults(), &[])
        }
        _ => Err("`json::build` has another verdict than the strict reader".to_owned()),
    }
}

fn reference(tree: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(tree).expect("a tree has a canonical form")
}

fn problems_of(built: Result<Made, Unbuilt>) -> Option<Problems> {
    match built {
        Err(Unbuilt::Problems(problems)) => Some(problems),
        Err(Unbuilt::Halted) | Ok(_) => None,
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, found: &T, expected: &T) -> Result<(), Difference> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}\n    {found:?}\n  where the plain way has\n    {expected:?}"))
    }
}

fn same_bytes(what: &str, found: &[u8], expected: &[u8]) -> Result<(), Difference> {
    same(what, &String::from_utf8_lossy(found), &String::from_utf8_lossy(expected))?;
    same(what, found, expected)
}

fn same_tree(what: &str, found: Result<Value, Vec<String>>, expected: &Value) -> Result<(), Difference> {
    let found = found.map_err(|faults| format!("{what} breaks its promises: {}", faults.join("; ")))?;
    if identical(&found, expected) { Ok(()) } else { same(what, &format!("{found:?}"), &format!("{expected:?}")) }
}

/// Equal, and zero has the same sign; but for `-0`, which the strict reader keeps as the integer and a sink is given
/// as the double that it is to JavaScript.
fn identical(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let negative_zero = (None, Some((-0.0_f64).to_bits()));
            bits(one) == bits(other) || (bits(one) == negative_zero && other.as_i64() == Some(0))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| identical(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && identical(one.1, other.1))
        }
        (one, other) => one == other,
    }
}

fn bits(number: &Number) -> (Option<i64>, Option<u64>) {
    (number.as_i64(), number.as_f64().map(f64::to_bits))
}

fn apart(what: &str, found: Option<Problems>, expected: Option<&Problems>) -> Difference {
    match (found, expected) {
        (Some(found), _) => format!("{what} refuses what the plain way takes: {found:?}"),
        (None, Some(expected)) => format!("{what} takes what the plain way refuses: {expected:?}"),
        (None, None) => format!("{what} ends in a way of its own"),
    }
}
