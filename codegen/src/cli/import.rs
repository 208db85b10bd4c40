//! `peerc import`: JSON Schema as it stands, as types of a contract.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use peer_contract_core::contract::{is_contract_name, is_name};
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use serde_json::{Value, json};

use super::{Console, Exit, Format, file};
use crate::import::contract::{self, Fate, Written};
use crate::import::files::Files;
use crate::import::{Draft, Formats, Imported, Options, Refusable, Refused, import};
use crate::report::{Finding, Report};
use crate::source::{Notation, Source};

/// Arguments of `peerc import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc import order.schema.json                                 print a contract that begins with it
  peerc import order.schema.json -o shop.contract.yaml
  peerc import order.schema.json --into shop.contract.yaml       comments and layout stay
  peerc import order.schema.json --into shop.contract.yaml --replace --check
  python -c 'import json, shop; print(json.dumps(shop.Order.model_json_schema()))' | peerc import - --name Order

Drafts 4, 6, 7, 2019-09, 2020-12 and OpenAPI 3 are read, of a whole description what stands under components/schemas. References to other files are followed below
the folder of the schema, or of --root; nothing is fetched. The types take exactly what the schema took: what a
contract cannot say is refused with its place, what says nothing is kept as `x-…` and noted. See docs/import.md.
Exit codes: 0 done, 1 something is refused (or stale, with --check), 2 something could not be read or written.")]
pub struct Args {
    /// The schemas, JSON or YAML; `-` reads one from stdin.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// Add the types to this contract.
    #[arg(long, value_name = "CONTRACT")]
    into: Option<PathBuf>,
    /// Write the contract to this file, `.yaml` or `.json`.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace types of the same names that differ; with --output, replace the file.
    #[arg(long)]
    replace: bool,
    /// Write nothing; exit with 1 if the contract does not have the types yet, or has others.
    #[arg(long, requires = "into", conflicts_with = "output")]
    check: bool,
    /// The name of the type that the schema is as a whole; without it, its title or the name of its file.
    #[arg(long, value_name = "TYPE")]
    name: Option<String>,
    /// Begin the name of each type with this.
    #[arg(long, value_name = "TEXT", default_value = "")]
    prefix: String,
    /// The name of a new contract; without it, the name of the first file.
    #[arg(long, value_name = "NAME", conflicts_with = "into")]
    contract: Option<String>,
    /// Read the schemas by this draft, whatever they say.
    #[arg(long, value_parser = draft, value_name = "DRAFT")]
    draft: Option<Draft>,
    /// Whether formats such as `date-time` are checked from now on, or stay notes.
    #[arg(long, value_enum, default_value_t = FormatsAre::Check, value_name = "HOW")]
    formats: FormatsAre,
    /// Follow references to files below this folder; may be given several times.
    #[arg(long, value_name = "DIR")]
    root: Vec<PathBuf>,
    /// A schema that references may name by its `$id`; only what is needed of it is taken.
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Addresses that begin with PREFIX are files below DIR.
    #[arg(long, value_parser = mapping, value_name = "PREFIX=DIR")]
    map: Vec<(String, PathBuf)>,
    /// Leave out what a contract cannot say, and take more than the schema did.
    #[arg(long, value_enum, value_name = "WHAT")]
    leave_out: Vec<LeaveOut>,
}

/// What becomes of formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FormatsAre {
    /// Checked, where contracts know them.
    Check,
    /// Kept as `x-format`.
    Note,
}

/// What may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LeaveOut {
    /// Patterns with look-around or back-references.
    Pattern,
}

fn draft(text: &str) -> Result<Draft, String> {
    let bare = text.strip_prefix("draft").unwrap_or(text).trim_start_matches(['-', '0']);
    let found = Draft::ALL.into_iter().find(|draft| draft.name() == bare);
    let known = || Draft::ALL.map(Draft::name).join(", ");
    found.ok_or_else(|| match bare {
        "3" => "draft 3 and older are not read: their `required` and `extends` mean something else".to_owned(),
        _ => format!("there are {}", known()),
    })
}

fn mapping(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((prefix, folder)) if prefix.contains(':') => Ok((prefix.to_owned(), PathBuf::from(folder))),
        _ => Err("expected an address and a folder, such as `https://example.com/schemas/=vendor`".to_owned()),
    }
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        match self.steps(console) {
            Ok(exit) | Err(exit) => exit,
        }
    }

    fn steps(&self, console: &Console) -> Result<Exit, Exit> {
        let fail = |problem: Problem| console.fail(&problem);
        self.check_into().and_then(|()| self.check_names()).map_err(fail)?;
        let mut files = Files::default();
        let named = self.read(&mut files).map_err(fail)?;
        let first = named.first().map(|(_, source)| source.name.clone()).unwrap_or_default();
        let imported =
            import(named, &mut files, &self.options()).map_err(|refused| report_refused(refused, console))?;
        if imported.types.is_empty() {
            return Err(fail(refuse("the schemas hold no type", "")));
        }
        let (written, place) = self.write(&imported, &first, console)?;
        self.finish(&imported, &written, place.as_deref(), console)
    }

    fn check_into(&self) -> Result<(), Problem> {
        if self.into.as_deref().is_some_and(|path| path.as_os_str() == "-") {
            let message = "`--into` changes the file of a contract, and `-` is none";
            return Err(refuse(message, "name its file; without `--into` the contract is printed"));
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), Problem> {
        let begins = |text: &str| is_name(&format!("{text}A"));
        if self.name.as_deref().is_some_and(|name| !is_name(name)) {
            return Err(refuse(
                "the name of a type is a letter, then up to 63 letters, digits and `_`",
                "see `--name`",
            ));
        }
        if self.name.is_some() && self.schemas.len() > 1 {
            return Err(refuse("`--name` names the type of one schema, and there are several", "use their titles"));
        }
        if !self.prefix.is_empty() && (self.prefix.len() > 32 || !begins(&self.prefix)) {
            return Err(refuse("a prefix is a letter, then up to 31 letters, digits and `_`", "see `--prefix`"));
        }
        if self.contract.as_deref().is_some_and(|name| !is_contract_name(name)) {
            let message = "the name of a contract is a lowercase letter, then up to 63 of those, digits and `-`";
            return Err(refuse(message, "see `--contract`"));
        }
        Ok(())
    }

    fn options(&self) -> Options {
        let formats = if self.formats == FormatsAre::Check { Formats::Check } else { Formats::Note };
        let leave_out: BTreeSet<Refusable> =
            self.leave_out.iter().map(|LeaveOut::Pattern| Refusable::Pattern).collect();
        Options { draft: self.draft, formats, name: self.name.clone(), prefix: self.prefix.clone(), leave_out }
    }

    /// The named schemas. References may lead to files beside them, or below `--root`.
    fn read(&self, files: &mut Files) -> Result<Vec<(String, Source)>, Problem> {
        for path in &self.with {
            files.read(path)?;
        }
        self.root.iter().try_for_each(|root| files.allow(root))?;
        self.map.iter().try_for_each(|(prefix, folder)| files.map(prefix, folder))?;
        let is_stream = |path: &Path| path.as_os_str() == "-";
        let mut named = Vec::new();
        for path in &self.schemas {
            if is_stream(path) {
                named.push(files.read_stream(std::io::stdin().lock())?);
                continue;
            }
            named.push(files.read(path)?);
            if self.root.is_empty() {
                files.allow(path.parent().unwrap_or(Path::new("")))?;
            }
        }
        Ok(named)
    }

    /// The text of the contract, and where it goes; nowhere but to stdout without a place.
    fn write(&self, imported: &Imported, first: &str, console: &Console) -> Result<(Written, Option<PathBuf>), Exit> {
        let fail = |problem: Problem| console.fail(&problem);
        let output = self.output.clone().filter(|path| path.as_os_str() != "-");
        let written = match &self.into {
            Some(path) => {
                let source = Source::read(path).map_err(fail)?;
                let report = |problems: &[Problem]| console.report(&Report::of(&source, problems));
                source.contract().map_err(|problems| report(problems.as_slice()))?;
                let notation = Notation::of(path).unwrap_or(Notation::Yaml);
                contract::join(&source, notation, imported, self.replace).map_err(|problems| report(&problems))?
            }
            None => {
                let name = self.contract.clone().unwrap_or_else(|| contract::name_of(first));
                let notation = output.as_deref().map_or(Some(Notation::Yaml), Notation::of).ok_or_else(|| {
                    fail(refuse("a contract ends in `.json`, `.yaml` or `.yml`", "name the output so"))
                })?;
                contract::begin(&name, imported, notation)
            }
        };
        let place = if self.output.is_some() { output } else { self.into.clone() };
        self.check_written(&written, place.as_deref(), console)?;
        Ok((written, place))
    }

    /// The text that is about to be written is a contract.
    fn check_written(&self, written: &Written, place: Option<&Path>, console: &Console) -> Result<(), Exit> {
        let name = place.map_or("<stdout>".to_owned(), |path| path.display().to_string());
        let by_place = place.and_then(Notation::of);
        let notation = by_place.or(self.into.as_deref().and_then(Notation::of)).unwrap_or(Notation::Yaml);
        let source = Source::of(name, written.text.as_bytes(), notation, &Limits::default());
        match source.contract() {
            Ok(_) => Ok(()),
            Err(problems) => Err(console.report(&Report::of(&source, problems.as_slice()))),
        }
    }

    fn finish(
        &self,
        imported: &Imported,
        written: &Written,
        place: Option<&Path>,
        console: &Console,
    ) -> Result<Exit, Exit> {
        let stale = written.fates.iter().any(|(_, fate)| *fate != Fate::Same);
        let is_new = self.output.is_some() && place.is_some_and(Path::exists) && !self.replace;
        if is_new {
            let message = format!("`{}` is there already", place.unwrap_or(Path::new("")).display());
            return Err(console.fail(&refuse(message, "`--replace` replaces it, `--into` adds to it")));
        }
        if let Some(path) = place.filter(|_| stale && !self.check) {
            file::put(path, &written.text).map_err(|problem| console.fail(&problem))?;
        }
        match console.format {
            Format::Json => console.json(&to_json(imported, written, place)),
            Format::Text => {
                report_notes(imported, console);
                match place {
                    None => console.print(&written.text),
                    Some(path) => console.say(summary(written, path, self.check)),
                }
            }
        }
        Ok(if self.check && stale { Exit::Findings } else { Exit::Clean })
    }
}

/// `shop.contract.yaml: 3 new types, 1 replaced, 2 unchanged: Order, Item, …`
fn summary(written: &Written, path: &Path, check: bool) -> String {
    const SHOWN: usize = 8;
    let count = |wanted: Fate| written.fates.iter().filter(|(_, fate)| *fate == wanted).count();
    let (new, replaced, same) = (count(Fate::New), count(Fate::Replaced), count(Fate::Same));
    let words = [(new, "new"), (replaced, if check { "other" } else { "replaced" }), (same, "unchanged")];
    let counts: Vec<String> =
        words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let changed: Vec<&str> =
        written.fates.iter().filter(|(_, fate)| *fate != Fate::Same).map(|(name, _)| name.as_str()).collect();
    let mut names = changed.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if changed.len() > SHOWN {
        names.push_str(&format!(" and {} more", changed.len() - SHOWN));
    }
    let names = if names.is_empty() { String::new() } else { format!(": {names}") };
    format!("{}  types: {}{names}", path.display(), counts.join(", "))
}

fn to_json(imported: &Imported, written: &Written, place: Option<&Path>) -> Value {
    let types = written.fates.iter().map(|(name, fate)| json!({ "name": name, "state": fate.as_str() }));
    let mut told = json!({
        "types": types.collect::<Vec<_>>(),
        "roots": imported.roots,
        "notes": listed(&imported.sources, notes(imported)),
        "written": place.map(|path| path.display().to_string()),
    });
    if place.is_none() {
        told["contract"] = written.value.clone();
    }
    told
}

/// What is to be said about each document.
type BySource = Vec<(usize, Vec<Finding>)>;

fn notes(imported: &Imported) -> BySource {
    let all = imported.notes.iter().map(|note| (note.place.document, note.finding()));
    by_source(imported.sources.len(), all)
}

fn by_source(count: usize, findings: impl Iterator<Item = (usize, Finding)>) -> BySource {
    let mut all: BySource = (0..count).map(|document| (document, Vec::new())).collect();
    findings.for_each(|(document, finding)| all[document].1.push(finding));
    all.retain(|(_, findings)| !findings.is_empty());
    all
}

fn report_notes(imported: &Imported, console: &Console) {
    for (document, findings) in notes(imported) {
        console.report(&Report::of_findings(&imported.sources[document], findings));
    }
}

/// The findings of all documents as one list.
fn listed(sources: &[Rc<Source>], findings: BySource) -> Value {
    let lists = findings.into_iter().map(|(document, found)| Report::of_findings(&sources[document], found).to_json());
    lists.flat_map(|list| if let Value::Array(items) = list { items } else { Vec::new() }).collect()
}

fn report_refused(refused: Refused, console: &Console) -> Exit {
    let Refused { problems, sources } = refused;
    let mut exit = Exit::Findings;
    let mut all = Value::Array(Vec::new());
    for (document, source) in sources.iter().enumerate() {
        let own: Vec<Problem> =
            problems.iter().filter(|one| one.document == document).map(|one| one.problem.clone()).collect();
        if own.is_empty() {
            continue;
        }
        let report = Report::of(source, &own);
        match (console.format, report.to_json()) {
            (Format::Json, Value::Array(mut items)) => {
                all.as_array_mut().into_iter().for_each(|all| all.append(&mut items))
            }
            _ => drop(console.report(&report)),
        }
        if report.exit() == Exit::Unreadable {
            exit = Exit::Unreadable;
        }
    }
    if console.format == Format::Json {
        console.json(&all);
    }
    exit
}

fn refuse(message: impl Into<String>, help: &str) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message).with_help(help)
}
