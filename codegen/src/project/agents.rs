//! `[agents.<name>]`: one agent's language and start.

use std::collections::BTreeMap;
use std::fmt;

use peer_contract_core::Pointer;
use serde_json::Value;

use super::deployed::{self, Sources};
use super::nearest::suggestion;
use super::reader::{Notes, Table};

/// The language an agent is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript or TypeScript on Node.
    Node,
    /// Rust.
    Rust,
}

impl Language {
    const ALL: [(&str, Self); 3] = [("python", Self::Python), ("node", Self::Node), ("rust", Self::Rust)];
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.into_iter().find(|(_, language)| language == self).map_or("", |(name, _)| name);
        f.pad(name)
    }
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// `path/of/file.attribute` under our own loop for the language.
    Handler(String),
    /// A command that speaks the Runtime API itself.
    Run(Vec<String>),
}

/// How one agent is built and started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its name in the contract.
    pub name: String,
    /// What it is written in; may be left out for a command.
    pub language: Option<Language>,
    /// What is started.
    pub start: Start,
    /// A shell command that comes first.
    pub build: Option<String>,
    /// The interpreter, from the folder of `peerc.toml`.
    pub python: Option<String>,
    /// Variables for this agent.
    pub env: BTreeMap<String, String>,
    /// Most processes at the same time.
    pub concurrency: Option<usize>,
    /// Files and folders, from the folder of `peerc.toml`, whose change restarts it; what can be guessed by default.
    pub watch: Option<Vec<String>>,
    /// The agent that is invoked with the record of an event this one gave up.
    pub on_failure: Option<String>,
    /// File with its configuration, from the folder of `peerc.toml`.
    pub config: Option<String>,
    /// The program that Lambda starts, from the folder of `peerc.toml`; what `run` starts by default.
    pub bootstrap: Option<String>,
    /// A shell command that comes before packing, in place of `build`.
    pub release: Option<String>,
    /// Where its peers reach it on AWS, when not as the function of its name.
    pub address: Option<String>,
    /// What invokes it on AWS beside its peers.
    pub events: Sources,
}

const KEYS: [&str; 14] = [
    "language",
    "handler",
    "run",
    "build",
    "python",
    "env",
    "concurrency",
    "watch",
    "onFailure",
    "config",
    "bootstrap",
    "release",
    "address",
    "events",
];

/// All agents of the file; whatever is wrong is noted.
pub(super) fn read(value: &Value, notes: &Notes) -> BTreeMap<String, Agent> {
    let at = Pointer::root().key("agents");
    let Some(table) = Table::of(value, &at, notes) else { return BTreeMap::new() };
    let names = value.as_object().into_iter().flat_map(|agents| agents.keys());
    let agent = |name: &String| Some((name.clone(), one(name, table.get(name)?, &at.key(name), notes)?));
    names.filter_map(agent).collect()
}

fn one(name: &str, value: &Value, at: &Pointer, notes: &Notes) -> Option<Agent> {
    let table = Table::of(value, at, notes)?;
    table.allow(&KEYS);
    let language = language(&table, notes);
    let start = match (table.text("handler"), table.texts("run")) {
        (Some(_), Some(_)) => {
            notes.add(table.at("run"), "an agent has a `handler` or a command to `run`, not both", "");
            None
        }
        (Some(handler), None) => handler_start(&table, handler, notes),
        (None, Some(run)) => Some(Start::Run(run)),
        (None, None) => {
            if table.get("handler").or(table.get("run")).is_none() {
                let help = "python and node: `handler = \"<file>.<name>\"`; anything else: `run = [\"<program>\"]`";
                notes.add(at.clone(), format!("nothing says how `{name}` starts"), help);
            }
            None
        }
    };
    let (build, python, env) = (table.text("build"), table.text("python"), table.environment("env"));
    let (name, concurrency) = (name.to_owned(), table.count("concurrency"));
    let (watch, on_failure, config) = (table.texts("watch"), table.text("onFailure"), table.text("config"));
    let (bootstrap, release) = (table.text("bootstrap"), table.text("release"));
    let address = deployed::address(&table, notes);
    let events = deployed::sources(table.get("events"), &table.at("events"), notes);
    Some(Agent {
        name,
        language: language.flatten(),
        start: start?,
        build,
        python,
        env,
        concurrency,
        watch,
        on_failure,
        config,
        bootstrap,
        release,
        address,
        events,
    })
}

/// Outer `None`: something else than a language stands there.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn language(table: &Table<'_>, notes: &Notes) -> Option<Option<Language>> {
    let Some(word) = table.text("language") else { return Some(None) };
    let found = Language::ALL.into_iter().find(|(name, _)| *name == word);
    if found.is_none() {
        let known = Language::ALL.map(|(name, _)| name);
        notes.add(table.at("language"), format!("`{word}` is no language of agents"), suggestion(&word, known));
    }
    found.map(|(_, language)| Some(language))
}

fn handler_start(table: &Table<'_>, handler: String, notes: &Notes) -> Option<Start> {
    let has_parts = handler.rsplit_once('.').is_some_and(|(file, name)| !file.is_empty() && !name.is_empty());
    if !has_parts {
        notes.add(table.at("handler"), format!("`{handler}` must be `<file>.<name>`"), "such as `agents/one.handler`");
    }
    if table.get("language").is_none() || table.get("language").is_some_and(|language| language == "rust") {
        let help =
            "`language = \"python\"` or `language = \"node\"`; a Rust agent is a program: `run = [\"target/debug/…\"]`";
        notes.add(table.at("handler"), "a `handler` needs a language that has a loop for it", help);
        return None;
    }
    has_parts.then_some(Start::Handler(handler))
}
