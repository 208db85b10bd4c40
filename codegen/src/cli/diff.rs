//! `peerc diff`: two versions of a contract, and what breaks between them.

use std::path::{Path, PathBuf};

use peer_contract_core::compat::{Difference, Version};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

use super::open::locate_contract;
use super::paint::Paint;
use super::{Console, Exit, Reporting};
use crate::diff::{Committed, Judged, Require, fate, shown};
use crate::report::Report;
use crate::source::{Lines, Mark, Source};

/// Arguments of `peerc diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc diff old.contract.yaml new.contract.yaml
  peerc diff --against git:main
  peerc diff --against git:v1.2.0 research.contract.yaml --require full
  peerc diff --against git:origin/main --format github

Backward: agents of the new version understand peers of the old one. Forward: the other way round.
Exit codes: 0 what is required holds, 1 it does not or the version is wrong, 2 something could not be read.")]
pub struct Args {
    /// The old and the new contract; with `--against`, only the new one, or none for that of `peerc.toml`.
    #[arg(value_name = "OLD NEW", num_args = 0..=2)]
    contracts: Vec<PathBuf>,
    /// The old contract: `git:REF`, `git:REF:PATH`, or a file.
    #[arg(long, value_name = "OLD")]
    against: Option<String>,
    /// What must hold.
    #[arg(long, value_enum, default_value_t = Require::Backward, value_name = "WHAT")]
    require: Require,
}

/// A contract and its text.
struct Side {
    source: Source,
    contract: Contract,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let (old, new) = match self.sides(console) {
            Ok(sides) => sides,
            Err(exit) => return exit,
        };
        let judged = Judged::of(&old.contract, &new.contract, self.require);
        match console.reporting {
            Reporting::Json => console.json(&to_json(&judged, &old, &new)),
            Reporting::Sarif | Reporting::Github => {
                console.report(&Report::of_findings(&new.source, judged.findings()));
            }
            _ => console.print(text(&judged, &old, &new, Paint::new(console.colors_stdout()))),
        }
        if judged.is_clean() { Exit::Clean } else { Exit::Findings }
    }

    fn sides(&self, console: &Console) -> Result<(Side, Side), Exit> {
        let fail = |problem: Problem| console.fail(&problem);
        let (old, new) = match (&self.against, self.contracts.as_slice()) {
            (None, [old, new]) => (Source::read(old).map_err(fail)?, new.clone()),
            (None, _) => return Err(fail(refuse("name two contracts, or one with `--against`"))),
            (Some(_), [_, _, ..]) => return Err(fail(refuse("with `--against`, name the new contract only"))),
            (Some(against), named) => {
                let new = locate_contract(named.first().cloned(), console)?;
                (read_old(against, &new).map_err(fail)?, new)
            }
        };
        let new = Source::read(&new).map_err(fail)?;
        Ok((side(old, console)?, side(new, console)?))
    }
}

fn read_old(against: &str, new: &Path) -> Result<Source, Problem> {
    match against.strip_prefix("git:") {
        Some(committed) => Committed::of(committed)?.read(new),
        None => Source::read(Path::new(against)),
    }
}

/// A contract that breaks rules cannot be compared.
fn side(source: Source, console: &Console) -> Result<Side, Exit> {
    match source.contract() {
        Ok(contract) => Ok(Side { source, contract }),
        Err(problems) => {
            console.report(&Report::of(&source, problems.as_slice()));
            Err(Exit::Unreadable)
        }
    }
}

fn refuse(message: &str) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
        .with_help("`peerc diff OLD NEW`, or `peerc diff --against git:main`")
}

/// The side that a version is.
fn of<'a>(version: Version, old: &'a Side, new: &'a Side) -> &'a Side {
    if version == Version::Old { old } else { new }
}

fn text(judged: &Judged, old: &Side, new: &Side, paint: Paint) -> String {
    let mut blocks = String::new();
    for difference in &judged.comparison.differences {
        blocks.push_str(&block(difference, judged.fails(difference), (old, new), paint));
    }
    for edit in &judged.comparison.edits {
        blocks.push_str(&format!(
            "{}  {}  {}\n",
            paint.good("compatible"),
            edit.message,
            paint.dim(edit.at().as_str())
        ));
    }
    let versions = format!("{} → {}", old.contract.version(), new.contract.version());
    let verdict = format!("{}  {} {versions}", judged.verdict(), new.contract.name());
    blocks.push_str(&match judged.is_clean() {
        true => paint.good(&verdict),
        false => paint.bad(&verdict),
    });
    blocks.push('\n');
    if let Some(mistake) = &judged.mistake {
        blocks.push_str(&format!("{}\n", paint.bad(mistake)));
    }
    blocks
}

/// Some lines on one break: what, where, and the value that shows it.
fn block(difference: &Difference, fails: bool, (old, new): (&Side, &Side), paint: Paint) -> String {
    let fate = fate(difference);
    let fate = if fails { paint.bad(&fate) } else { paint.cold(&fate) };
    let parts = difference.parts.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut lines = format!("{}  {fate}  {}\n", paint.bold(&parts), difference.message);
    let place = match (&difference.new, &difference.old) {
        (Some(at), _) => Some((at, new)),
        (None, at) => at.as_ref().map(|at| (at, old)),
    };
    if let Some((at, side)) = place {
        lines.push_str(&format!("    {}  {at}\n", place_in(&side.source, at)));
    }
    if let Some(witness) = &difference.witness {
        let sender = of(difference.sender, old, new);
        let what = if difference.parts.len() > 1 { format!(" as {}", witness.part) } else { String::new() };
        let sent = format!(
            "    sent{what} by {} {}: {}\n",
            sender.contract.name(),
            sender.contract.version(),
            shown(&witness.value)
        );
        lines.push_str(&sent);
        let refuser = if difference.sender == Version::Old { new } else { old };
        let at = if witness.at.as_str().is_empty() { String::new() } else { format!(" at `{}`", witness.at) };
        lines.push_str(&format!("    refused by {}: {}{at}\n", refuser.contract.version(), witness.code));
    }
    lines
}

/// `file:line:column`
fn place_in(source: &Source, at: &Pointer) -> String {
    match source.span(at, Mark::Value) {
        Some(span) => {
            let position = Lines::of(&source.text).position(span.start);
            format!("{}:{}:{}", source.name, position.line, position.column)
        }
        None => source.name.clone(),
    }
}

fn to_json(judged: &Judged, old: &Side, new: &Side) -> Value {
    let side = |side: &Side| {
        json!({
            "file": side.source.name,
            "name": side.contract.name(),
            "version": side.contract.version(),
            "hash": side.contract.hash().to_string(),
        })
    };
    let differences = judged.comparison.differences.iter().map(|difference| {
        json!({
            "cause": difference.cause.as_str(),
            "parts": difference.parts,
            "breaks": difference.breaks.iter().map(|direction| direction.as_str()).collect::<Vec<_>>(),
            "certain": difference.certain,
            "fails": judged.fails(difference),
            "message": difference.message,
            "sender": if difference.sender == Version::Old { "old" } else { "new" },
            "old": place_json(difference.old.as_ref(), old),
            "new": place_json(difference.new.as_ref(), new),
            "witness": difference.witness.as_ref().map(|witness| json!({
                "part": witness.part, "value": witness.value, "code": witness.code.as_str(), "at": witness.at.as_str(),
            })),
        })
    });
    let changes = judged.comparison.edits.iter().map(|edit| {
        json!({
            "message": edit.message,
            "old": place_json(edit.old.as_ref(), old),
            "new": place_json(edit.new.as_ref(), new),
        })
    });
    json!({
        "old": side(old),
        "new": side(new),
        "verdict": judged.verdict(),
        "clean": judged.is_clean(),
        "bump": judged.bump.as_str(),
        "versionMistake": judged.mistake,
        "differences": differences.collect::<Vec<_>>(),
        "compatible": changes.collect::<Vec<_>>(),
    })
}

fn place_json(at: Option<&Pointer>, side: &Side) -> Value {
    let Some(at) = at else { return Value::Null };
    let span = side.source.span(at, Mark::Value);
    let start = span.map(|span| Lines::of(&side.source.text).position(span.start));
    json!({
        "at": at.as_str(),
        "line": start.map(|position| position.line),
        "column": start.map(|position| position.column),
    })
}
