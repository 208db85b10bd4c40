//! `peerc config`: what agents are made from, held to the contract, in a shared store.

use std::path::PathBuf;
use std::sync::Arc;

use peer_contract::config::{Config, VARIABLE, get};
use peer_contract::store::{Location, Store, open_at};
use peer_contract_core::contract::ConfigHash;
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};
use serde_json::json;

use super::input::InputArgs;
use super::interrupt::runtime;
use super::open::{Opened, open};
use super::paint::size;
use super::store::named_or_of_project;
use super::{Console, Exit, Format};
use crate::aws;
use crate::project::{Project, suggestion};

/// Arguments of `peerc config`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc config check reasoner reasoner.config.yaml
  peerc config put reasoner reasoner.config.yaml --store 's3://bucket/prefix?table=records'
  peerc config show sha256:41c0…9be2 --store 's3://bucket/prefix?table=records'

A configuration is no place for secrets: whoever may read the store may read it.
Exit codes: 0 done; 1 the document does not fit; 2 something could not be read or written.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The contract; by default the one of `peerc.toml`, or the only one in this folder.
    #[arg(long, global = true, value_name = "FILE")]
    contract: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Store a configuration that fits, and print the variable that names it.
    Put {
        #[command(flatten)]
        document: Document,
        /// The store: a folder, or `s3://bucket/prefix?table=name`; that of the project by default.
        #[arg(long, value_name = "STORE", value_parser = super::store::location)]
        store: Option<Location>,
    },
    /// Hold a configuration to the contract, and store nothing.
    Check {
        #[command(flatten)]
        document: Document,
    },
    /// Print a configuration that is stored.
    Show {
        /// Its hash, `sha256:…`; an agent's name stands for the configuration that `peerc.toml` gives it.
        hash: String,
        /// The store, as for `put`.
        #[arg(long, value_name = "STORE", value_parser = super::store::location)]
        store: Option<Location>,
    },
}

/// A configuration of an agent.
#[derive(Debug, clap::Args)]
struct Document {
    /// The agent.
    agent: String,
    /// File with the configuration, JSON or YAML; `-` reads JSON from standard input. By default the one of `peerc.toml`.
    file: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let done = match &self.command {
            Command::Check { document } => {
                self.checked(document, console).map(|config| tell(&document.agent, &config, None, console))
            }
            Command::Put { document, store } => self.put(document, store.as_ref(), console),
            Command::Show { hash, store } => self.show(hash, store.as_ref(), console),
        };
        done.map_or_else(|exit| exit, |()| Exit::Clean)
    }

    fn put(&self, document: &Document, store: Option<&Location>, console: &Console) -> Result<(), Exit> {
        let config = self.checked(document, console)?;
        let (location, store) = opened(store, console)?;
        runtime().block_on(config.put(&*store)).map_err(|problem| console.fail(&problem))?;
        tell(&document.agent, &config, Some(&location), console);
        Ok(())
    }

    fn show(&self, hash: &str, store: Option<&Location>, console: &Console) -> Result<(), Exit> {
        let text = match hash.parse::<ConfigHash>() {
            Ok(hash) => {
                let (location, store) = opened(store, console)?;
                let found = runtime().block_on(get(&*store, &hash)).map_err(|problem| console.fail(&problem))?;
                found.ok_or_else(|| console.fail(&refuse(format!("`{location}` has no configuration `{hash}`"))))?
            }
            Err(_) => self.checked(&Document { agent: hash.to_owned(), file: None }, console)?.text().to_vec(),
        };
        let json = Json::read(text, &Limits::default()).map_err(|problem| console.fail(&problem))?;
        console.json(&json.to_value());
        Ok(())
    }

    /// The configuration, when it fits; what does not is reported at its place.
    fn checked(&self, document: &Document, console: &Console) -> Result<Config, Exit> {
        let Opened { contract, project, .. } = open(self.contract.clone(), console)?;
        let file = document.file(project.as_ref()).map_err(|problem| console.fail(&problem))?;
        let has_config = contract.agents().get(&document.agent).is_some_and(|agent| agent.config.is_some());
        if !has_config {
            let configured = contract.agents().values().filter(|agent| agent.config.is_some());
            let message =
                format!("the contract `{}` has no agent `{}` with a `config`", contract.name(), document.agent);
            let known: Vec<&str> = configured.map(|agent| agent.name.as_str()).collect();
            return Err(console.fail(&refuse(message).with_help(suggestion(&document.agent, known))));
        }
        let input = InputArgs::of_file(file).read(console)?;
        Config::check(&contract, &document.agent, &input.value).map_err(|problems| {
            input.report_all(problems.as_slice(), console);
            Exit::Findings
        })
    }
}

impl Document {
    fn file(&self, project: Option<&Project>) -> Result<PathBuf, Problem> {
        let of_project = || {
            let project = project?;
            let file = project.agents.get(&self.agent)?.config.as_ref()?;
            Some(project.root.join(file))
        };
        self.file.clone().or_else(of_project).ok_or_else(|| {
            refuse(format!("`peerc.toml` names no configuration of `{}`", self.agent))
                .with_help("name a file, or write `config = \"FILE\"` below `[agents.NAME]`")
        })
    }
}

fn opened(named: Option<&Location>, console: &Console) -> Result<(Location, Arc<dyn Store>), Exit> {
    let location = named_or_of_project(named, console)?;
    let store = aws::settings().and_then(|settings| open_at(&location, &settings));
    store.map(|store| (location, store)).map_err(|problem| console.fail(&problem))
}

fn tell(agent: &str, config: &Config, stored: Option<&Location>, console: &Console) {
    let (hash, bytes) = (config.hash().to_string(), config.text().len());
    match (console.format, stored) {
        (Format::Json, _) => {
            let store = stored.map(Location::to_string);
            console
                .json(&json!({ "agent": agent, "hash": hash, "bytes": bytes, "variable": VARIABLE, "store": store }));
        }
        (Format::Text, None) => console.say(format!("{agent}  {hash}  {}", size(bytes))),
        (Format::Text, Some(location)) => {
            console.say(format!("{VARIABLE}={hash}"));
            console.note(format!("{} in {location}", size(bytes)));
        }
    }
}

fn refuse(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}
