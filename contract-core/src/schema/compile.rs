//! The schemas of one contract, compiled once and used often.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::engine::Engine;
use super::{explain, standalone};
use crate::contract::reference;
use crate::json::Proof;
use crate::plan::{self, Halt, Nothing, Plan, Ruling, Sink, Source, Stop, Unwritten};
use crate::{ErrorCode, Limits, Pointer, Problem, Problems};

/// The schemas of a contract by place. The contract is their one resource: each `$ref` resolves in
/// it, and nowhere else; nothing is ever fetched.
pub(crate) struct Schemas(Arc<Engine>, Mutex<BTreeMap<Pointer, Arc<Schema>>>);

impl Schemas {
    /// The schemas of a contract without annotations.
    pub(crate) fn new(stripped: Arc<Value>) -> Self {
        Self(Arc::new(Engine::new(stripped)), Mutex::default())
    }

    /// The schema at `at`, compiled on first use. One that is nothing but a reference is the schema it leads to: what
    /// one operation has received and checked, another one of the same type need not check again.
    ///
    /// # Errors
    /// `ref_unresolved` when no schema stands there.
    pub(crate) fn get(&self, at: &Pointer) -> Result<Arc<Schema>, Problem> {
        let mut known = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = known.get(at) {
            return Ok(schema.clone());
        }
        let refuse = |message: &str| Problem::new(ErrorCode::RefUnresolved, at.clone(), message);
        self.0.schema(at).ok_or_else(|| refuse("the contract has no schema at this place"))?;
        let end = self.end_of(at);
        let schema = known.entry(end).or_insert_with_key(|at| self.compile(at)).clone();
        known.insert(at.clone(), schema.clone());
        Ok(schema)
    }

    fn compile(&self, at: &Pointer) -> Arc<Schema> {
        let plan = plan::compile(&self.0, at);
        Arc::new(Schema { engine: self.0.clone(), at: at.clone(), plan, proof: Proof::new() })
    }

    /// Where a chain of schemas that are nothing but references ends; `at` itself where it leads nowhere or is long.
    fn end_of(&self, at: &Pointer) -> Pointer {
        let next = |at: &Pointer| {
            let members = self.0.schema(at)?.as_object().filter(|members| members.len() == 1)?;
            members.get("$ref")?.as_str().and_then(reference::target_of)
        };
        let mut ends = std::iter::successors(Some(at.clone()), next).take(LONGEST_CHAIN + 1);
        let end = ends.by_ref().take(LONGEST_CHAIN).last();
        end.filter(|end| ends.next().is_none() && self.0.schema(end).is_some()).unwrap_or_else(|| at.clone())
    }
}

/// References that are followed in a row. Contracts are checked for circles; texts of other origin are not.
const LONGEST_CHAIN: usize = 16;

/// A compiled schema.
///
/// Texts run through a plan in one pass; only a text that is refused is parsed into a tree, to say why.
pub struct Schema {
    engine: Arc<Engine>,
    at: Pointer,
    plan: Plan,
    proof: Proof,
}

/// What the one pass found out about a text that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Whether the text is in the form of RFC 8785 already.
    pub canonical: bool,
}

/// Why nothing was built.
#[derive(Debug, Clone, PartialEq)]
pub enum Unbuilt {
    /// The text does not fit.
    Problems(Problems),
    /// The sink could not go on.
    Halted,
}

impl Schema {
    /// Whether the value fits; the fast answer.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.engine.program(&self.at).fits(value)
    }

    /// The ways in which the value does not fit: all of them, or the first few hundred.
    ///
    /// Where a value fits none of several alternatives, the one it was meant for is told by its
    /// tag (a property with a `const` of its own) or by its type, and only what is wrong with that
    /// one is listed.
    ///
    /// # Errors
    /// Problems at the places in the value, sorted by place, with the codes of validation.
    pub fn validate(&self, value: &Value) -> Result<(), Problems> {
        let program = self.engine.program(&self.at);
        if program.fits(value) {
            return Ok(());
        }
        Problems::result_of(explain::problems(&self.engine, &program, &self.at, value))
    }

    /// The keywords that the value breaks, each with its place in the value: every one that can be named without
    /// choosing among alternatives. [`Schema::validate`] does choose, and says what would be right.
    pub fn broken(&self, value: &Value) -> Vec<(Pointer, &'static str)> {
        let program = self.engine.program(&self.at);
        program.findings(value).into_iter().map(|finding| (finding.at, finding.kind.keyword())).collect()
    }

    /// The schema with all that it leads to, as one document of JSON Schema 2020-12 for another engine: patterns in
    /// the syntax of the `regex` crate, integers within ±(2^53-1).
    pub fn document(&self) -> Value {
        standalone::document(&self.engine, &self.at)
    }

    /// Reads strict JSON and validates it.
    ///
    /// # Errors
    /// A `json_*` code, or the problems of [`Schema::validate`].
    pub fn read(&self, text: &[u8], limits: &Limits) -> Result<Value, Problems> {
        let value = crate::json::parse(text, limits)?;
        self.validate(&value)?;
        Ok(value)
    }

    /// Whether the text is strict JSON and fits; the fast answer, without reasons.
    pub fn fits(&self, text: &[u8], limits: &Limits) -> bool {
        plan::run(&self.plan, &self.engine, text, limits, &mut Nothing, ()).is_ok()
    }

    /// Checks a text in one pass: strict JSON, and the schema.
    ///
    /// # Errors
    /// As [`Schema::read`].
    pub fn check(&self, text: &[u8], limits: &Limits) -> Result<Checked, Problems> {
        match plan::run(&self.plan, &self.engine, text, limits, &mut Nothing, ()) {
            Ok(((), canonical)) => Ok(Checked { canonical }),
            Err(_) => Err(self.problems(text, limits)),
        }
    }

    /// Checks a text and builds what the sink makes of it, in one pass.
    ///
    /// # Errors
    /// As [`Schema::read`], or that the sink halted.
    pub fn build<S: Sink>(
        &self,
        text: &[u8],
        limits: &Limits,
        sink: &mut S,
        shape: S::Shape,
    ) -> Result<S::Value, Unbuilt> {
        match self.attempt(text, limits, sink, shape) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(Unbuilt::Problems(self.problems(text, limits))),
            Err(Halt) => Err(Unbuilt::Halted),
        }
    }

    /// As [`Schema::build`] without the reasons: nothing when the text does not fit. [`Schema::check`] has
    /// the reasons, for hosts that want to ask for them elsewhere than where they build.
    ///
    /// # Errors
    /// The sink halted.
    pub fn attempt<S: Sink>(
        &self,
        text: &[u8],
        limits: &Limits,
        sink: &mut S,
        shape: S::Shape,
    ) -> Result<Option<S::Value>, Halt> {
        match plan::run(&self.plan, &self.engine, text, limits, sink, shape) {
            Ok((value, _)) => Ok(Some(value)),
            Err(Stop::Halted) => Err(Halt),
            Err(Stop::No) => Ok(None),
        }
    }

    /// Checks a text; gives it in the form of RFC 8785, which costs nothing when it is there already.
    ///
    /// # Errors
    /// As [`Schema::read`].
    pub fn canonical<'a>(&self, text: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Problems> {
        plan::canonical(&self.plan, &self.engine, text, limits).map_err(|_| self.problems(text, limits))
    }

    /// Checks a text; gives the SHA-256 of its form of RFC 8785.
    ///
    /// # Errors
    /// As [`Schema::read`].
    pub fn digest(&self, text: &[u8], limits: &Limits) -> Result<[u8; 32], Problems> {
        // Senders write canonical bytes, and a pass that only looks is the quickest way to see that they are.
        let hash = match self.check(text, limits)?.canonical {
            true => Sha256::digest(text),
            false => Sha256::digest(crate::json::canonicalize(text, limits)?),
        };
        Ok(hash.into())
    }

    /// Checks a host value and writes it in the form of RFC 8785, in one walk.
    ///
    /// # Errors
    /// What has no JSON form, with its place; a `json_*` code for a limit; else as [`Schema::read`].
    pub fn write<'t, S: Source<'t>>(
        &self,
        source: &mut S,
        value: S::Value,
        limits: &Limits,
    ) -> Result<Vec<u8>, Problems> {
        let written = plan::write(&self.plan, &self.engine, source, value, limits);
        written.map_err(|unwritten| self.unwritten(unwritten, source, value, limits))
    }

    /// The same over what a buffer holds, which saves making one: for many texts that are copied elsewhere.
    ///
    /// # Errors
    /// As [`Schema::write`].
    pub fn write_over<'b, 't, S: Source<'t>>(
        &self,
        source: &mut S,
        value: S::Value,
        limits: &Limits,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], Problems> {
        match plan::write_over(&self.plan, &self.engine, source, value, limits, buffer) {
            Ok(length) => Ok(&buffer[..length]),
            Err(unwritten) => Err(self.unwritten(unwritten, source, value, limits)),
        }
    }

    /// Why a host value was not written.
    #[cold]
    fn unwritten<'t, S: Source<'t>>(
        &self,
        unwritten: Unwritten,
        source: &mut S,
        value: S::Value,
        limits: &Limits,
    ) -> Problems {
        match unwritten {
            Unwritten::Problem(problem) => (*problem).into(),
            Unwritten::No => match crate::json::write(source, value, limits) {
                Ok(text) => self.problems(&text, limits),
                Err(problem) => problem.into(),
            },
        }
    }

    /// The strings that the schema spells out; a [`crate::plan::Word`] is an index into these.
    pub fn words(&self) -> &[String] {
        self.plan.words()
    }

    /// Which keywords the one pass decides, of this schema and of those it leads to; sorted by place.
    pub fn rulings(&self) -> &[Ruling] {
        self.plan.rulings()
    }

    /// What marks the texts that this schema has checked.
    pub(super) fn proof(&self) -> Proof {
        self.proof
    }

    /// Why a text was refused.
    #[cold]
    fn problems(&self, text: &[u8], limits: &Limits) -> Problems {
        match self.read(text, limits) {
            Err(problems) => problems,
            // The pass decides. The two agree as far as tests go, so this is a mistake of ours.
            Ok(_) => plan::mistake().into(),
        }
    }
}
