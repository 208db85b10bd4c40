//! `peerc generate`: everything is rendered and compared before the first file is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use peer_contract_core::{Contract, ErrorCode, Pointer, Problem, Problems};
use serde_json::{Value, json};

use super::open::{Opened, open_all};
use super::{Console, Exit, Format, watch};
use crate::ir::{Graph, lower};
use crate::output::{self, Change, Plan};
use crate::parallel;
use crate::project::Project;
use crate::report::Report;
use crate::seal;
use crate::target::Language;

/// Arguments of `peerc generate`.
///
/// The folders are those of the generated modules themselves; without any, `peerc.toml` names them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc generate
  peerc generate --watch
  peerc generate research.contract.yaml --python agents/research --javascript web/research
  peerc generate contracts/ --rust src/contracts --javascript web/contracts
  peerc generate --check                    # in CI

What an earlier run wrote there for this contract, or for it under another name, and what is not made any more, is removed.
Of several contracts each has a folder of its own, named after it, below those that are named here.
Exit codes: 0 clean, 1 a contract has problems, or something is stale (`--check`), 2 something cannot be read or written.")]
pub struct Args {
    /// Contracts, or folders with contracts; without any, the one that `peerc.toml` names.
    #[arg(value_name = "CONTRACT")]
    contracts: Vec<PathBuf>,
    /// Folder of the Rust module, such as `src/research`.
    #[arg(long, value_name = "DIR")]
    rust: Option<PathBuf>,
    /// Folder of the Python package.
    #[arg(long, value_name = "DIR")]
    python: Option<PathBuf>,
    /// Folder of the JavaScript modules.
    #[arg(long, value_name = "DIR")]
    javascript: Option<PathBuf>,
    /// Write nothing; list what is missing or stale, and exit with 1 if there is anything.
    #[arg(long)]
    check: bool,
    /// Stay, and generate again whenever the contract or `peerc.toml` changes, until Ctrl-C.
    #[arg(long, conflicts_with = "check")]
    watch: bool,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        if self.watch && self.contracts.iter().any(|path| path.as_os_str() == "-") {
            let message = "`--watch` waits for a file to change, and standard input has been read once it ends";
            let problem = Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message);
            return console.fail(&problem.with_help("name the file of the contract, or leave `--watch` out"));
        }
        if self.watch {
            return watch::stay(&self.contracts, console, || self.once(console));
        }
        self.once(console)
    }

    fn once(&self, console: &Console) -> Exit {
        let opened = match open_all(&self.contracts, console) {
            Ok(opened) => opened,
            Err(exit) => return exit,
        };
        let folders = match self.folders(&opened[0], console) {
            Ok(folders) => folders,
            Err(exit) => return exit,
        };
        let contracts: Vec<&Contract> = opened.iter().map(|opened| &opened.contract).collect();
        let planned = match contracts.as_slice() {
            [only] => plan(only, &folders),
            several => plan_several(several, &folders),
        };
        let exit = match planned {
            Err(problem) => return console.fail(&problem),
            Ok(plans) if self.check => list(&plans, console),
            Ok(plans) => match write(&plans) {
                Ok(()) => summarise(&plans, console),
                Err(problem) => return console.fail(&problem),
            },
        };
        if let ([_, _, ..], Format::Text) = (contracts.as_slice(), console.format) {
            tell_of_others(&contracts, &folders, console);
        }
        exit
    }

    fn folders(&self, opened: &Opened, console: &Console) -> Result<BTreeMap<Language, PathBuf>, Exit> {
        let named =
            [(Language::Rust, &self.rust), (Language::Python, &self.python), (Language::JavaScript, &self.javascript)];
        let named: BTreeMap<_, _> =
            named.into_iter().filter_map(|(language, folder)| Some((language, folder.clone()?))).collect();
        match &opened.project {
            _ if !named.is_empty() => Ok(named),
            Some(project) => folders_of(project)
                .map_err(|problems| console.report(&Report::of(&project.source, problems.as_slice()))),
            None => Err(console.fail(&no_language())),
        }
    }
}

/// Output folder by language, as `[generate]` of `peerc.toml` says.
///
/// # Errors
/// `configuration_invalid` for unknown languages, folders outside the project, or no folder at all.
fn folders_of(project: &Project) -> Result<BTreeMap<Language, PathBuf>, Problems> {
    let at = Pointer::root().key("generate");
    let settings = project.source.value().map_err(|problem| problem.clone())?;
    let table = settings.get("generate").and_then(Value::as_object).filter(|table| !table.is_empty());
    let mut folders = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, value) in table.ok_or_else(no_language)? {
        let refuse = |message| Problem::new(ErrorCode::ConfigurationInvalid, at.key(name), message);
        let confined = folder_of(name, value).map_err(refuse).and_then(|(language, folder)| {
            let linked = |problem: Problem| refuse(problem.message);
            output::refuse_links_below(&project.root, Path::new(folder)).map_err(linked)?;
            Ok((language, project.root.join(folder)))
        });
        match confined {
            Ok((language, folder)) => drop(folders.insert(language, folder)),
            Err(problem) => problems.push(problem),
        }
    }
    Problems::result_of(problems).map(|()| folders)
}

fn folder_of<'a>(name: &str, value: &'a Value) -> Result<(Language, &'a str), String> {
    let language = Language::from_name(name)
        .ok_or_else(|| format!("`{name}` is no language; there are `rust`, `python`, `javascript`"))?;
    let folder = value.as_str().ok_or_else(|| format!("`{name}` must be the name of a folder"))?;
    if !stays_inside(Path::new(folder)) {
        return Err(format!("the folder of `{name}` leads out of the project; name one below `peerc.toml`"));
    }
    Ok((language, folder))
}

fn no_language() -> Problem {
    let message = "nothing says which languages to generate";
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
        .with_help("name a folder with `--rust`, `--python` or `--javascript`, or in `[generate]` of `peerc.toml`")
}

fn stays_inside(folder: &Path) -> bool {
    folder.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Makes what `[generate]` of `peerc.toml` asks for, if it asks for anything.
///
/// # Errors
/// Those of [`folders_of`], and whatever stops `peerc generate`.
pub fn write_asked(project: &Project, contract: &Contract) -> Result<(), Problem> {
    let asks = project.source.value().is_ok_and(|settings| settings.get("generate").is_some());
    if !asks {
        return Ok(());
    }
    let folders = folders_of(project).map_err(|problems| problems.first().clone())?;
    write(&plan(contract, &folders)?)
}

fn write(plans: &[(Language, Plan)]) -> Result<(), Problem> {
    output::write(&plans.iter().map(|(_, plan)| plan).collect::<Vec<_>>())
}

/// Renders and compares all; writes nothing.
fn plan(contract: &Contract, folders: &BTreeMap<Language, PathBuf>) -> Result<Vec<(Language, Plan)>, Problem> {
    plan_all(&[(contract, folders.clone())])
}

/// The same for several contracts, each in a folder of its own.
fn plan_several(
    contracts: &[&Contract],
    folders: &BTreeMap<Language, PathBuf>,
) -> Result<Vec<(Language, Plan)>, Problem> {
    let mut names = BTreeSet::new();
    let mut wanted = Vec::new();
    for contract in contracts {
        let name = folder_for(contract);
        let below = folders.iter().map(|(language, folder)| (*language, folder.join(&name))).collect();
        if !names.insert(name) {
            let message = format!("two of these contracts are called `{}`", contract.name());
            return Err(Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message));
        }
        wanted.push((*contract, below));
    }
    plan_all(&wanted)
}

/// The folder of one of several contracts.
fn folder_for(contract: &Contract) -> String {
    contract.name().replace('-', "_")
}

/// Folders beside those of the contracts that hold code of others. A contract may have been renamed, or was generated by
/// a run of its own: only people know, so nothing is removed.
fn tell_of_others(contracts: &[&Contract], folders: &BTreeMap<Language, PathBuf>, console: &Console) {
    let ours: BTreeSet<String> = contracts.iter().map(|contract| folder_for(contract)).collect();
    for folder in folders.values() {
        for (beside, owner) in output::generated_below(folder).iter().filter(|(name, _)| !ours.contains(name)) {
            let path = folder.join(beside);
            console.note(format!("{} holds code of `{owner}`, which is none of these contracts", path.display()));
        }
    }
}

/// Each contract in each language is a piece of work of its own.
fn plan_all(wanted: &[(&Contract, BTreeMap<Language, PathBuf>)]) -> Result<Vec<(Language, Plan)>, Problem> {
    let graphs = parallel::map(wanted, |(contract, _)| lower(contract));
    let pieces: Vec<(&Graph, Language, &PathBuf)> = graphs
        .iter()
        .zip(wanted)
        .flat_map(|(graph, (_, folders))| folders.iter().map(move |(language, folder)| (graph, *language, folder)))
        .collect();
    let planned = parallel::map(&pieces, |(graph, language, folder)| {
        let files = language.generate(graph);
        seal::check(*language, graph, &files)?;
        Ok((*language, output::plan(folder, &files, &graph.contract)?))
    });
    planned.into_iter().collect()
}

fn list(plans: &[(Language, Plan)], console: &Console) -> Exit {
    let changes: Vec<_> = plans.iter().flat_map(|(_, plan)| &plan.changes).collect();
    match console.format {
        Format::Json => console.json(&changes.iter().map(|change| change_json(change)).collect()),
        Format::Text if changes.is_empty() => console.say("all generated files are up to date"),
        Format::Text => {
            changes.iter().for_each(|(path, change)| console.say(format!("{:<9} {}", word(*change), path.display())));
            console.say("run `peerc generate`");
        }
    }
    if changes.is_empty() { Exit::Clean } else { Exit::Findings }
}

fn summarise(plans: &[(Language, Plan)], console: &Console) -> Exit {
    match console.format {
        Format::Json => console.json(&plans.iter().flat_map(|(_, plan)| &plan.changes).map(change_json).collect()),
        Format::Text => {
            Language::ALL.iter().for_each(|language| {
                let of_language = plans.iter().filter(|(of, _)| of == language).map(|(_, plan)| plan);
                summarise_language(*language, &of_language.collect::<Vec<_>>(), console);
            });
            let changes = plans.iter().flat_map(|(_, plan)| &plan.changes);
            for (path, _) in changes.filter(|(_, change)| *change == Change::Remove) {
                console.say(format!("{:<10}  {}", "removed", path.display()));
            }
        }
    }
    Exit::Clean
}

fn summarise_language(language: Language, plans: &[&Plan], console: &Console) {
    let Some(first) = plans.first() else { return };
    let (files, written) =
        plans.iter().fold((0, 0), |(files, written), plan| (files + plan.files, written + plan.changes.len()));
    let changed = if written == 0 { "unchanged".to_owned() } else { format!("{written} changed") };
    let (folder, contracts) = match plans {
        [only] => (only.folder.as_path(), String::new()),
        several => (first.folder.parent().unwrap_or(&first.folder), format!("{} contracts, ", several.len())),
    };
    console.say(format!("{:<10}  {}  {contracts}{files} files, {changed}", language.name(), folder.display()));
}

fn change_json((path, change): &(PathBuf, Change)) -> Value {
    json!({ "path": path.display().to_string(), "state": word(*change) })
}

fn word(change: Change) -> &'static str {
    match change {
        Change::Create => "missing",
        Change::Update => "stale",
        Change::Remove => "left-over",
    }
}
