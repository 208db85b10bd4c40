//! `peerc lint`: what is right, and still likely to hurt somebody.

use std::path::{Path, PathBuf};

use peer_contract_core::suggest::did_you_mean;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;

use super::open::{Opened, open};
use super::{Console, Exit, Format};
use crate::lint::{Level, RULES, Rule, Settings, lint, page, section};
use crate::project::Project;
use crate::report::Report;

/// Arguments of `peerc lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc lint
  peerc lint research.contract.yaml --fail-on info
  peerc lint --explain untagged-union
  peerc lint --rules

Levels are set in `[lint]` of peerc.toml. Beside what a rule is about, `x-lint: { rule-id: the reason }` suppresses it.
Exit codes: 0 clean, 1 something was found at the level to fail on, or above, 2 something could not be read.")]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
    /// Say what a rule finds, why, and what to write instead; `all` prints every rule.
    #[arg(long, value_name = "RULE", conflicts_with = "rules")]
    explain: Option<String>,
    /// List the rules with their levels.
    #[arg(long)]
    rules: bool,
    /// The level from which on findings fail.
    #[arg(long, value_enum, default_value_t = Level::Warn, value_name = "LEVEL")]
    fail_on: Level,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        if let Some(rule) = &self.explain {
            return explain(rule, console);
        }
        if self.rules {
            return list(console);
        }
        let opened = match open(self.contract.clone(), console) {
            Ok(opened) => opened,
            Err(exit) => return exit,
        };
        let settings = match settings(&opened, self.contract.as_deref(), console) {
            Ok(settings) => settings,
            Err(exit) => return exit,
        };
        let findings = lint(&opened.contract, &settings);
        let least = self.fail_on.severity();
        let fails = findings.iter().any(|finding| least.is_some_and(|least| finding.severity >= least));
        console.report(&Report::of_findings(&opened.source, findings));
        if fails { Exit::Findings } else { Exit::Clean }
    }
}

/// What `peerc.toml` sets; also where the contract was named and is the one of the project it lies in.
fn settings(opened: &Opened, named: Option<&Path>, console: &Console) -> Result<Settings, Exit> {
    let found = match (&opened.project, named) {
        (None, Some(named)) => Project::find().ok().filter(|project| is_same(&project.contract, named)),
        _ => None,
    };
    let Some(project) = opened.project.as_ref().or(found.as_ref()) else { return Ok(Settings::default()) };
    let Ok(value) = project.source.value() else { return Ok(Settings::default()) };
    Settings::read(value).map_err(|problems| {
        console.report(&Report::of(&project.source, &problems));
        Exit::Unreadable
    })
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

fn explain(id: &str, console: &Console) -> Exit {
    match Rule::named(id) {
        _ if id == "all" => console.print(page()),
        Some(rule) => console.print(section(rule)),
        None => {
            let help = did_you_mean(id, RULES.iter().map(|rule| rule.id));
            let help = if help.is_empty() { "`peerc lint --rules` lists them".to_owned() } else { help };
            let message = format!("there is no rule `{id}`");
            let problem = Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message);
            return console.fail(&problem.with_help(help));
        }
    }
    Exit::Clean
}

fn list(console: &Console) -> Exit {
    match console.format {
        Format::Text => {
            RULES
                .iter()
                .for_each(|rule| console.say(format!("{:<22} {:<6} {}", rule.id, rule.level.as_str(), rule.about)));
        }
        Format::Json => {
            let rule = |rule: &Rule| json!({ "id": rule.id, "level": rule.level.as_str(), "about": rule.about });
            console.json(&RULES.iter().map(rule).collect());
        }
    }
    Exit::Clean
}
