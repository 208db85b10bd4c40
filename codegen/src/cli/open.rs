//! From the argument of a command to a checked contract.

use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};

use super::{Console, Exit};
use crate::parallel;
use crate::project::{Flawed, Project, root_above};
use crate::report::Report;
use crate::source::{Notation, Source};

/// A contract, and the project it belongs to.
pub struct Opened {
    /// The checked contract.
    pub contract: Contract,
    /// Its text.
    pub source: Source,
    /// The project; none when the contract was named, or lies in a folder without `peerc.toml`.
    pub project: Option<Project>,
}

/// Reads and checks the contract that was asked for; problems are reported here.
///
/// # Errors
/// The exit code to end with.
pub fn open(named: Option<PathBuf>, console: &Console) -> Result<Opened, Exit> {
    let (path, project) = locate(named).map_err(|flawed| report_flawed(&flawed, console))?;
    let source = Source::read(&path).map_err(|problem| console.fail(&problem))?;
    let contract = source.contract().map_err(|problems| console.report(&Report::of(&source, problems.as_slice())))?;
    Ok(Opened { contract, source, project })
}

/// Reads and checks several contracts, or the one that was asked for by naming none; the problems of all are reported
/// here. A folder stands for the contracts in it.
///
/// # Errors
/// The exit code to end with.
pub fn open_all(named: &[PathBuf], console: &Console) -> Result<Vec<Opened>, Exit> {
    let files = named.iter().map(|path| contracts_of(path)).collect::<Result<Vec<_>, _>>();
    let files: Vec<PathBuf> = files.map_err(|problem| console.fail(&problem))?.concat();
    if files.is_empty() {
        return open(None, console).map(|only| vec![only]);
    }
    let read = parallel::map(&files, |file| Source::read(file).map(|source| (source.contract(), source)));
    let (mut opened, mut failed) = (Vec::new(), None);
    for one in read {
        match one {
            Ok((Ok(contract), source)) => opened.push(Opened { contract, source, project: None }),
            Ok((Err(problems), source)) => {
                failed = failed.max(Some(console.report(&Report::of(&source, problems.as_slice()))));
            }
            Err(problem) => failed = failed.max(Some(console.fail(&problem))),
        }
    }
    failed.map_or(Ok(opened), Err)
}

/// The contracts in a folder by name, or the file itself.
pub(super) fn contracts_of(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = contracts_in(path)?;
    found.sort();
    if found.is_empty() {
        let name = path.display();
        let help = "contracts in a folder are called `<name>.contract.yaml` or `<name>.contract.json`";
        return Err(refuse(format!("there is no contract in `{name}`")).with_help(help));
    }
    Ok(found)
}

/// The path of the contract that was asked for.
///
/// # Errors
/// The exit code to end with.
pub fn locate_contract(named: Option<PathBuf>, console: &Console) -> Result<PathBuf, Exit> {
    locate(named).map(|(path, _)| path).map_err(|flawed| report_flawed(&flawed, console))
}

fn report_flawed(flawed: &Flawed, console: &Console) -> Exit {
    let problems = &flawed.problems;
    console
        .report(&flawed.source.as_ref().map_or(Report::without_source(problems), |source| Report::of(source, problems)))
}

/// The file that was named; else the one that `peerc.toml` names, here or in a folder above; else
/// the only contract of this folder.
fn locate(named: Option<PathBuf>) -> Result<(PathBuf, Option<Project>), Box<Flawed>> {
    if let Some(contract) = named {
        return Ok((contract, None));
    }
    match root_above(Path::new("")) {
        Some(root) => {
            let project = Project::read(root)?;
            Ok((project.contract.clone(), Some(project)))
        }
        None => match only_contract() {
            Ok(contract) => Ok((contract, None)),
            Err(problem) => Err(Box::new(Flawed { source: None, problems: vec![problem] })),
        },
    }
}

pub(super) fn only_contract() -> Result<PathBuf, Problem> {
    let mut found = contracts_in(Path::new(""))?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(refuse("there is no contract here").with_help("name one, or begin with `peerc init NAME`")),
        (Some(_), false) => Err(refuse("there are several contracts here").with_help("name the one that is meant")),
    }
}

fn contracts_in(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let name = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let refuse = |error| refuse(format!("the folder `{}` cannot be read: {error}", name.display()));
    let entries = std::fs::read_dir(name).map_err(refuse)?;
    let paths = entries.flatten().map(|entry| folder.join(entry.file_name()));
    Ok(paths.filter(|path| is_contract(path)).collect())
}

fn is_contract(path: &Path) -> bool {
    let is_named_so = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem.ends_with(".contract"));
    is_named_so && Notation::of(path).is_some()
}

fn refuse(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
