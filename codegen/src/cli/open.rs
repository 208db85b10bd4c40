//! From the argument of a command to a checked contract.

use std::path::{Path, PathBuf};

use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};

use super::{Console, Exit};
use crate::diagnostics::Report;
use crate::source::{Notation, Source};

/// A contract, and the project it belongs to.
pub struct Opened {
    /// The checked contract.
    pub contract: Contract,
    /// The table of `peerc.toml`; empty without one.
    pub settings: toml::Table,
    /// Folder of `peerc.toml`, or the working folder.
    pub root: PathBuf,
}

/// Reads and checks the contract that was asked for; problems are reported here.
///
/// # Errors
/// The exit code to end with.
pub fn open(contract: Option<PathBuf>, console: &Console) -> Result<Opened, Exit> {
    let located = locate(contract).map_err(|problem| console.fail(&problem))?;
    let source = Source::read(&located.contract).map_err(|problem| console.fail(&problem))?;
    let contract = source.contract().map_err(|problems| console.report(&Report::of(&source, problems.as_slice())))?;
    Ok(Opened { contract, settings: located.settings, root: located.root })
}

struct Located {
    contract: PathBuf,
    settings: toml::Table,
    root: PathBuf,
}

/// The file that was named; else the one that `peerc.toml` names, here or in a folder above; else
/// the only contract of this folder.
fn locate(named: Option<PathBuf>) -> Result<Located, Problem> {
    if let Some(contract) = named {
        return Ok(Located { contract, settings: toml::Table::new(), root: PathBuf::from(".") });
    }
    let Some(root) = project_root() else {
        let contract = only_contract()?;
        return Ok(Located { contract, settings: toml::Table::new(), root: PathBuf::from(".") });
    };
    let settings = settings(&root.join("peerc.toml"))?;
    let contract = settings.get("contract").and_then(toml::Value::as_str);
    let contract = contract.ok_or_else(|| refuse("`peerc.toml` does not say `contract = \"<file>\"`"))?;
    Ok(Located { contract: root.join(contract), settings, root })
}

fn project_root() -> Option<PathBuf> {
    let mut folder = PathBuf::new();
    loop {
        if folder.join("peerc.toml").is_file() {
            return Some(folder);
        }
        folder.push("..");
        if !folder.is_dir() || folder.components().count() > 64 {
            return None;
        }
    }
}

fn settings(path: &Path) -> Result<toml::Table, Problem> {
    let text =
        std::fs::read_to_string(path).map_err(|error| refuse(format!("`peerc.toml` cannot be read: {error}")))?;
    text.parse().map_err(|error: toml::de::Error| refuse(format!("`peerc.toml` is not TOML: {}", error.message())))
}

fn only_contract() -> Result<PathBuf, Problem> {
    let entries = std::fs::read_dir(".").map_err(|error| refuse(format!("this folder cannot be read: {error}")))?;
    let mut found: Vec<_> =
        entries.flatten().map(|entry| PathBuf::from(entry.file_name())).filter(|p| is_contract(p)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(refuse("there is no contract here").with_help("name one, or begin with `peerc init NAME`")),
        (Some(_), false) => Err(refuse("there are several contracts here").with_help("name the one that is meant")),
    }
}

fn is_contract(path: &Path) -> bool {
    let is_named_so = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem.ends_with(".contract"));
    is_named_so && Notation::of(path).is_some()
}

fn refuse(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
