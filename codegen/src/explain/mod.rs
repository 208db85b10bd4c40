//! What becomes of each keyword of a contract: nothing is dropped in silence.
//!
//! ```text
//! Source ─read→ contract + what was refused ─tell→ Told: keyword by keyword ─→ text | JSON
//! ```
//!
//! The plan says what it runs, the graph says what types came of a place, and a keyword is *in* a type if without it
//! the type would be another one. That is tried, not listed, so it cannot be wrong about a keyword.

mod notes;
mod places;
mod refused;
mod typed;

use std::collections::BTreeMap;

use peer_contract_core::plan::Decider;
use peer_contract_core::{Contract, Pointer, Problem, Problems, Value, contract};

use crate::ir::{Graph, lower};
use crate::source::Source;
use crate::target::{Language, Speller};
pub use places::Asked;
use refused::Readable;
use typed::Typed;

/// A schema, and what became of it.
#[derive(Debug)]
pub struct Schema {
    /// Where it stands.
    pub at: Pointer,
    /// How each language writes its type; nothing where no type is made of it alone.
    pub types: Vec<(Language, String)>,
    /// Its keywords, by name.
    pub keywords: Vec<Keyword>,
}

/// A keyword, and what became of it.
#[derive(Debug)]
pub struct Keyword {
    /// As written.
    pub name: String,
    /// What holds values to it.
    pub by: By,
    /// Whether the types would be others without it.
    pub in_type: bool,
    /// Whether it shows in the documentation of generated code.
    pub in_docs: bool,
    /// Why it is so, or what it leads to; empty where nothing needs to be said.
    pub reason: String,
}

/// What holds values to a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The one pass over the bytes.
    Plan,
    /// A walk over a tree of the value.
    Fallback,
    /// Nothing: it says something to people, or asks for nothing.
    Annotation,
    /// Nothing, because no schema leads to where it stands.
    Unused,
    /// Nothing: the contract is refused for it.
    Refused,
}

impl By {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Fallback => "fallback",
            Self::Annotation => "annotation",
            Self::Unused => "unused",
            Self::Refused => "refused",
        }
    }
}

/// Tells what became of each keyword that was asked for.
///
/// # Errors
/// Why the text is no contract, for other reasons than keywords that are refused.
pub fn explain(source: &Source, asked: &Asked) -> Result<Vec<Schema>, Problems> {
    let readable = Readable::of(source)?;
    let graph = lower(&readable.contract);
    let mut teller = Teller {
        rulings: rulings(&readable.contract),
        typed: Typed::of(&readable.contract, &graph),
        spellers: Language::ALL.map(|language| (language, language.speller(&graph))),
        graph: &graph,
        readable: &readable,
    };
    let written = source.value().map_err(|problem| problem.clone())?;
    let schemas = contract::schemas(written).into_iter().map(|(at, schema)| teller.schema(at, schema, asked));
    Ok(schemas.filter(|schema| !schema.keywords.is_empty()).collect())
}

type Rulings = BTreeMap<Pointer, BTreeMap<String, Decider>>;

/// What decides each keyword, over all schemas. What an earlier one led to is compiled already.
fn rulings(contract: &Contract) -> Rulings {
    let mut rulings = Rulings::new();
    for at in places::whole_schemas(contract) {
        if rulings.contains_key(&at) {
            continue;
        }
        let compiled = contract.schema(&at).expect("a schema stands at each of these places");
        for ruling in compiled.rulings() {
            rulings.entry(ruling.at.clone()).or_default().insert(ruling.keyword.clone(), ruling.by);
        }
    }
    rulings
}

struct Teller<'a> {
    rulings: Rulings,
    typed: Typed<'a>,
    spellers: [(Language, Speller<'a>); 3],
    graph: &'a Graph,
    readable: &'a Readable,
}

impl Teller<'_> {
    fn schema(&mut self, at: Pointer, schema: &Value, asked: &Asked) -> Schema {
        let members = schema.as_object().into_iter().flatten();
        let members = members.filter(|(keyword, _)| asked.holds(&at, keyword));
        let keywords: Vec<Keyword> =
            members.map(|(keyword, value)| self.keyword(&at, schema, keyword, value)).collect();
        let ty = self.graph.places.get(at.as_str());
        let spell = |ty| self.spellers.iter().map(|(language, speller)| (*language, speller(&at, ty))).collect();
        Schema { types: ty.map(spell).unwrap_or_default(), keywords, at }
    }

    fn keyword(&mut self, at: &Pointer, schema: &Value, name: &str, value: &Value) -> Keyword {
        let (by, reason) = self.decided(at, name, value);
        let in_type = by != By::Refused && self.typed.is_in_type(at, name);
        let in_docs = notes::is_of_docs(name, schema) && self.typed.is_documented(at);
        Keyword { name: name.to_owned(), by, in_type, in_docs, reason }
    }

    fn decided(&self, at: &Pointer, name: &str, value: &Value) -> (By, String) {
        if let Some(problems) = self.readable.refused.get(&at.key(name)) {
            return (By::Refused, problems.iter().map(sentence).collect::<Vec<_>>().join("; "));
        }
        let ruled = self.rulings.get(at).map(|of_schema| of_schema.get(name));
        match ruled {
            Some(Some(Decider::Plan)) => (By::Plan, notes::target(name, value)),
            Some(Some(Decider::Fallback)) => (By::Fallback, notes::BY_TREE.to_owned()),
            Some(Some(Decider::Annotation) | None) => (By::Annotation, notes::annotation(name).to_owned()),
            None if notes::is_annotation(name) => (By::Annotation, notes::annotation(name).to_owned()),
            None => (By::Unused, notes::UNUSED.to_owned()),
        }
    }
}

/// `keyword_unsupported: the keyword … is not carried over (use `$ref`)`
fn sentence(problem: &Problem) -> String {
    let help = if problem.help.is_empty() { String::new() } else { format!(" ({})", problem.help) };
    format!("{}: {}{help}", problem.code.as_str(), problem.message)
}
