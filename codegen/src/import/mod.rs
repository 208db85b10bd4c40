//! JSON Schema of other drafts, in other files, as types of a contract.
//!
//! ```text
//! texts ─library→ documents by address ─reach→ what is needed ─upgrade→ 2020-12 ─convert→ types ─names, settle→ types of a contract
//! ```
//!
//! The types take exactly what the schema took. What a contract cannot say is refused, with its place in the
//! schema; what constrains nothing is kept as `x-…`, with a note. Nothing here reads a file: what other documents
//! there are, a [`Loader`] knows.

mod bounds;
pub mod contract;
mod convert;
mod draft;
pub mod files;
mod keyword;
mod library;
mod meta;
mod names;
mod notes;
mod openapi;
mod reach;
mod settle;
pub mod text;
mod upgrade;
mod uri;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use peer_contract_core::{Pointer, Problem};
use serde_json::Value;

use crate::source::Source;
pub use draft::Draft;
pub use library::Place;
pub use notes::{Note, Rule};

/// Finds documents that references name.
pub trait Loader {
    /// The document at an absolute address, which has no fragment.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    fn load(&mut self, address: &str) -> Result<Source, String>;
}

/// Knows no other documents.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

impl Loader for Alone {
    fn load(&mut self, address: &str) -> Result<Source, String> {
        Err(format!("`{address}` is not here, and nothing is fetched"))
    }
}

/// What becomes of `format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formats {
    /// Formats that contracts know are checked.
    #[default]
    Check,
    /// No format is checked; all are kept as `x-format`.
    Note,
}

/// What may be left out of a schema where a contract cannot say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusable {
    /// Patterns that are not linear.
    Pattern,
}

/// How schemas are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The draft of the named documents, whatever they say.
    pub draft: Option<Draft>,
    /// What becomes of `format`.
    pub formats: Formats,
    /// The name of the type that the first document is.
    pub name: Option<String>,
    /// What each name begins with.
    pub prefix: String,
    /// What is left out where it cannot be said.
    pub leave_out: BTreeSet<Refusable>,
}

/// A problem in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Number of the document.
    pub document: usize,
    /// The problem, with its place in that document.
    pub problem: Problem,
}

impl Located {
    fn with_help(mut self, help: &str) -> Self {
        self.problem.help = help.to_owned();
        self
    }
}

/// Types that were made of schemas.
#[derive(Debug)]
pub struct Imported {
    /// The types by name, in draft 2020-12, as they may stand under `$defs` of a contract.
    pub types: BTreeMap<String, Value>,
    /// The type that each document is as a whole; none for one that only holds definitions.
    pub roots: Vec<Option<String>>,
    /// What to know about it.
    pub notes: Vec<Note>,
    /// The documents, those that were named first.
    pub sources: Vec<Rc<Source>>,
    /// Where each schema of a type came from.
    pub places: BTreeMap<String, BTreeMap<Pointer, Place>>,
}

/// Why nothing was imported.
#[derive(Debug)]
pub struct Refused {
    /// All that is wrong.
    pub problems: Vec<Located>,
    /// The documents that were read.
    pub sources: Vec<Rc<Source>>,
}

/// Makes types of schemas. Each comes with the address that it is known by before it says another.
///
/// # Errors
/// Everything that cannot be read, resolved or carried over, with its place.
pub fn import(named: Vec<(String, Source)>, loader: &mut dyn Loader, options: &Options) -> Result<Imported, Refused> {
    let mut library = library::Library::new(loader, options);
    match made(&mut library, named, options) {
        Ok((types, roots, mut notes)) => {
            notes.append(&mut library.notes);
            let sources = library.into_sources();
            let settle::Types { schemas, places } = types;
            Ok(Imported { types: schemas, roots, notes: notes::gathered(notes), sources, places })
        }
        Err(mut problems) => {
            problems.sort_by(|one, other| (one.document, &one.problem.at).cmp(&(other.document, &other.problem.at)));
            problems.dedup();
            Err(Refused { problems, sources: library.into_sources() })
        }
    }
}

type Made = (settle::Types, Vec<Option<String>>, Vec<Note>);

fn made(
    library: &mut library::Library<'_>,
    named: Vec<(String, Source)>,
    options: &Options,
) -> Result<Made, Vec<Located>> {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for (address, source) in named {
        match library.add_named(&address, source) {
            Ok(document) => documents.push(document),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut reach = reach::reach(library, &documents);
    if !reach.problems.is_empty() {
        return Err(reach.problems);
    }
    let mut notes = reach.notes();
    let converted = convert::convert(library, &reach, &documents, options.name.is_some()).map_err(|one| vec![one])?;
    let names = names::names(library, &converted, options);
    let roots = converted.roots.iter().map(|root| root.map(|number| names[number].clone())).collect();
    let mut types = converted.named(&names);
    settle::settle(&mut types, options, &mut notes)?;
    Ok((types, roots, notes))
}

/// Makes types of one schema that refers to no other document.
///
/// # Errors
/// As [`import`].
pub fn import_one(source: Source, options: &Options) -> Result<Imported, Refused> {
    import(vec![("file:///schema".to_owned(), source)], &mut Alone, options)
}
