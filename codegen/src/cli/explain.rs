//! `peerc explain`: what became of each keyword of a contract's schemas: part of the types, of the check, or refused.

use std::path::{Path, PathBuf};

use peer_contract_core::Pointer;
use serde_json::{Value, json};

use super::explain_text::text;
use super::open::locate_contract;
use super::paint::Paint;
use super::{Console, Exit, Format};
use crate::explain::{Asked, By, Keyword, Schema, explain};
use crate::report::Report;
use crate::source::{Lines, Mark, Position, Source};

/// Arguments of `peerc explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc explain
  peerc explain /$defs/Plan
  peerc explain research.contract.yaml /agents/ranker/operations/rank/input --format json

Each keyword is in the type (with what each language made of it), in the check, in the documentation, an annotation, or
refused. Exit codes: 0 clean, 1 a keyword is refused, 2 something could not be read, or there is no such place.")]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    #[arg(value_name = "CONTRACT")]
    contract: Option<String>,
    /// Explain only what stands at or below this place, such as `/$defs/Plan` or `/agents/ranker`.
    #[arg(value_name = "POINTER")]
    pointer: Option<String>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let (contract, pointer) = self.split();
        let path = match locate_contract(contract, console) {
            Ok(path) => path,
            Err(exit) => return exit,
        };
        let source = match Source::read(&path) {
            Ok(source) => source,
            Err(problem) => return console.fail(&problem),
        };
        match asked(&source, pointer.as_deref(), console) {
            Ok(asked) => tell(&source, &asked, console),
            Err(exit) => exit,
        }
    }

    /// A pointer alone is no contract: it begins with `/` or `#/`, and no file is called so.
    fn split(self) -> (Option<PathBuf>, Option<String>) {
        let looks_so = |text: &str| text.starts_with('/') || text.starts_with('#');
        match (self.contract, self.pointer) {
            (Some(only), None) if looks_so(&only) && !Path::new(&only).exists() => (None, Some(only)),
            (contract, pointer) => (contract.map(PathBuf::from), pointer),
        }
    }
}

fn asked(source: &Source, pointer: Option<&str>, console: &Console) -> Result<Asked, Exit> {
    let written =
        source.value().map_err(|problem| console.report(&Report::of(source, std::slice::from_ref(problem))))?;
    let asked = pointer.map_or_else(|| Ok(Asked::everything()), |pointer| Asked::at(pointer, written));
    asked.map_err(|problem| console.fail(&problem))
}

fn tell(source: &Source, asked: &Asked, console: &Console) -> Exit {
    let schemas = match explain(source, asked) {
        Ok(schemas) => schemas,
        Err(problems) => return console.report(&Report::of(source, problems.as_slice())),
    };
    let placed = Placed { source, lines: Lines::of(&source.text) };
    match console.format {
        Format::Text => console.print(text(&schemas, &placed, Paint::new(console.colors_stdout()))),
        Format::Json => console.json(&to_json(&schemas, &placed)),
    }
    if count(&schemas, By::Refused) == 0 { Exit::Clean } else { Exit::Findings }
}

/// The text of the contract, with its lines.
pub struct Placed<'a> {
    source: &'a Source,
    lines: Lines<'a>,
}

impl Placed<'_> {
    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Where the name of what stands at a place begins.
    pub fn position(&self, at: &Pointer) -> Option<Position> {
        self.source.span(at, Mark::Key).map(|span| self.lines.position(span.start))
    }
}

/// How many keywords one thing decides.
pub fn count(schemas: &[Schema], by: By) -> usize {
    schemas.iter().flat_map(|schema| &schema.keywords).filter(|keyword| keyword.by == by).count()
}

fn to_json(schemas: &[Schema], placed: &Placed<'_>) -> Value {
    let schema = |schema: &Schema| {
        let types = schema.types.iter().map(|(language, text)| (language.name().to_owned(), json!(text)));
        let keywords: Vec<Value> =
            schema.keywords.iter().map(|keyword| keyword_json(keyword, &schema.at, placed)).collect();
        let mut told =
            json!({ "at": schema.at.as_str(), "types": Value::Object(types.collect()), "keywords": keywords });
        add_position(&mut told, placed.position(&schema.at));
        told
    };
    json!({
        "file": placed.name(),
        "schemas": schemas.iter().map(schema).collect::<Vec<_>>(),
        "plan": count(schemas, By::Plan),
        "fallback": count(schemas, By::Fallback),
        "annotation": count(schemas, By::Annotation),
        "unused": count(schemas, By::Unused),
        "refused": count(schemas, By::Refused),
    })
}

fn keyword_json(keyword: &Keyword, schema: &Pointer, placed: &Placed<'_>) -> Value {
    let mut told = json!({
        "keyword": keyword.name, "by": keyword.by.as_str(), "inType": keyword.in_type, "inDocs": keyword.in_docs,
    });
    if !keyword.reason.is_empty() {
        told["reason"] = json!(keyword.reason);
    }
    add_position(&mut told, placed.position(&schema.key(&keyword.name)));
    told
}

fn add_position(told: &mut Value, position: Option<Position>) {
    if let Some(Position { line, column }) = position {
        told["line"] = json!(line);
        told["column"] = json!(column);
    }
}
