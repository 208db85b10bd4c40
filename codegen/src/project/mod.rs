//! `peerc.toml`: where the contract is, and how each agent is built and started on this machine.
//!
//! ```toml
//! contract = "research.contract.yaml"
//!
//! [generate]
//! python = "agents/research"
//!
//! [agents.reasoner]
//! language = "python"
//! handler = "agents/reasoner.handler"
//! config = "reasoner.config.yaml"
//!
//! [agents.ranker]
//! language = "rust"
//! build = "cargo build --package ranker"
//! run = ["target/debug/ranker"]
//! ```

mod agents;
mod build;
mod configs;
mod deployed;
mod functions;
mod nearest;
mod reader;
mod runtimes;
mod sources;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use peer_contract::config::Config;
use peer_contract_core::contract::Kind;
use peer_contract_core::replies::{is_target, takers};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};

use crate::source::Source;
use reader::{Notes, Table};

pub use agents::{Agent, Language, Start};
pub use build::{BuildFailure, Purpose, build, builds};
pub use deployed::{Sources, UrlAccess};
pub use functions::{Allowance, function_name};
pub use nearest::suggestion;
pub use runtimes::{node_package_of, python_of};

/// Name of the file.
pub const FILE: &str = "peerc.toml";
/// Folder beside it for everything that runs leave behind.
pub const WORK_FOLDER: &str = ".peerc";

/// A project that can be run.
#[derive(Debug)]
pub struct Project {
    /// The folder of `peerc.toml`.
    pub root: PathBuf,
    /// The file itself, for reports.
    pub source: Source,
    /// Path of the contract, from the working folder.
    pub contract: PathBuf,
    /// How the agents start, by name.
    pub agents: BTreeMap<String, Agent>,
    /// Entries and addresses that replies of works may go to on AWS, beside those that every contract allows.
    pub reply_to: Vec<String>,
    /// The configurations of those that name a file with one, once [`Project::configure`] has read them.
    pub configs: BTreeMap<String, Config>,
}

/// A file that is not as it should be: all its problems, and the text they are about.
#[derive(Debug)]
pub struct Flawed {
    /// The file; none when it could not even be read.
    pub source: Option<Source>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Project {
    /// Reads the `peerc.toml` of this folder, or of the nearest one above that has it.
    ///
    /// # Errors
    /// `configuration_invalid`, each at its place.
    pub fn find() -> Result<Self, Box<Flawed>> {
        let root = root_above(Path::new("")).ok_or_else(|| {
            let message = format!("there is no `{FILE}` here or in a folder above");
            lone(message, "`peerc init NAME` makes a project that runs")
        })?;
        Self::read(root)
    }

    /// Reads `peerc.toml` in `root`.
    ///
    /// # Errors
    /// As [`Project::find`].
    pub fn read(root: PathBuf) -> Result<Self, Box<Flawed>> {
        let path = root.join(FILE);
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(&path).map_err(|error| lone(format!("`{name}` cannot be read: {error}"), ""))?;
        let source = Source::of_toml(name, text);
        match parts(&source) {
            Ok(Parts { contract, agents, reply_to }) => {
                Ok(Self { contract: root.join(contract), root, agents, reply_to, source, configs: BTreeMap::new() })
            }
            Err(problems) => Err(Box::new(Flawed { source: Some(source), problems })),
        }
    }

    /// The folder of `peerc.toml`, absolute.
    pub fn folder(&self) -> PathBuf {
        let here = std::env::current_dir().unwrap_or_default();
        here.join(&self.root)
    }

    /// Compares with the contract: every agent must have a start, and every start an agent.
    ///
    /// # Errors
    /// `configuration_invalid`, each at its place.
    pub fn check_against(&self, contract: &Contract) -> Result<(), Vec<Problem>> {
        let notes = Notes::default();
        let agents = Pointer::root().key("agents");
        let known = || contract.agents().keys().map(String::as_str).collect::<Vec<_>>();
        for name in self.agents.keys().filter(|name| !contract.agents().contains_key(*name)) {
            let message = format!("the contract `{}` has no agent `{name}`", contract.name());
            notes.add(agents.key(name), message, suggestion(name, known()));
        }
        for name in contract.agents().keys().filter(|name| !self.agents.contains_key(*name)) {
            let help = format!("add `[agents.{name}]` with `language` and `handler`, or with `run`");
            notes.add(agents.clone(), format!("nothing says how the agent `{name}` starts"), help);
        }
        for agent in self.agents.values() {
            let Some(other) = agent.on_failure.as_ref().filter(|other| !contract.agents().contains_key(*other)) else {
                continue;
            };
            let message = format!("the contract `{}` has no agent `{other}`", contract.name());
            notes.add(agents.key(&agent.name).key("onFailure"), message, suggestion(other, known()));
        }
        for (agent, known) in self.agents.values().filter_map(|one| Some((one, contract.agents().get(&one.name)?))) {
            let maps_objects = known.operations.values().any(|operation| operation.objects.is_some());
            if !agent.events.buckets.is_empty() && !maps_objects {
                let message = format!("no operation of `{}` says what input an object makes", agent.name);
                let at = agents.key(&agent.name).key("events").key("buckets");
                notes.add(at, message, "add `events: { s3: { input: … } }` to an entry of the contract");
            }
        }
        self.check_replies(contract, &notes);
        match notes.into_vec() {
            problems if problems.is_empty() => Ok(()),
            problems => Err(problems),
        }
    }

    /// Who is listed for replies must be able to take some.
    fn check_replies(&self, contract: &Contract, notes: &Notes) {
        let at = || Pointer::root().key("replyTo");
        let ends: Vec<_> = contract.operations().filter(|operation| !operation.is_callable()).collect();
        for listed in &self.reply_to {
            if contract.agents().contains_key(listed) {
                let message = format!("`{listed}` is an agent of the contract, and could be a function");
                notes.add(
                    at(),
                    message,
                    "name one of its entries, `agent.operation`, or write the ARN of the function",
                );
            }
            let takes = || ends.iter().any(|end| takers(contract, end).iter().any(|entry| entry.target == *listed));
            if is_target(listed) && !takes() {
                let entries = contract.operations().filter(|operation| operation.kind == Kind::Entry);
                let known: Vec<_> = entries.map(|entry| entry.target.as_str()).collect();
                let (message, help) = if known.contains(&listed.as_str()) {
                    (format!("no work ends with a reply that `{listed}` accepts"), REPLIES.to_owned())
                } else {
                    let message = format!("`{listed}` is no entry of the contract `{}`", contract.name());
                    (message, suggestion(listed, known))
                };
                notes.add(at(), message, help);
            }
        }
    }
}

const REPLIES: &str = "its input must accept an object with `work`, `operation`, `phase` and `output` or `error`";

/// What the file says.
#[derive(Debug)]
struct Parts {
    contract: String,
    agents: BTreeMap<String, Agent>,
    reply_to: Vec<String>,
}

fn parts(source: &Source) -> Result<Parts, Vec<Problem>> {
    let root = Pointer::root();
    let notes = Notes::default();
    let value = source.value().map_err(|problem| vec![problem.clone()])?;
    let table = Table::of(value, &root, &notes);
    let contract = table.and_then(|table| {
        table.allow(&["contract", "generate", "agents", "lint", "replyTo"]);
        if table.get("contract").is_none() {
            notes.add(root.clone(), "`contract` is missing", "add `contract = \"<name>.contract.yaml\"`");
        }
        table.text("contract")
    });
    let agents = table.and_then(|table| table.get("agents")).map(|value| agents::read(value, &notes));
    let reply_to = table.map(|table| deployed::reply_to(&table, &notes)).unwrap_or_default();
    match (notes.into_vec(), contract) {
        (problems, Some(contract)) if problems.is_empty() => {
            Ok(Parts { contract, agents: agents.unwrap_or_default(), reply_to })
        }
        (problems, _) => Err(problems),
    }
}

/// The nearest folder from `start` upward that has a `peerc.toml`.
pub(crate) fn root_above(start: &Path) -> Option<PathBuf> {
    let mut folder = start.to_path_buf();
    // Sixty-four folders up is further than any root.
    (0..64).find_map(|_| {
        let here = folder.clone();
        folder.push("..");
        here.join(FILE).is_file().then_some(here)
    })
}

fn lone(message: String, help: &str) -> Box<Flawed> {
    let problem = Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message).with_help(help);
    Box::new(Flawed { source: None, problems: vec![problem] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str) -> Vec<(String, String, String)> {
        let source = Source::of_toml(FILE, text.to_owned());
        let problems = parts(&source).unwrap_err();
        let place = |problem: &Problem| {
            let span = source.span_of(problem).expect("every problem has a place");
            source.text[span.start..span.end].lines().next().unwrap_or_default().to_owned()
        };
        problems.iter().map(|one| (one.message.clone(), one.help.clone(), place(one))).collect()
    }

    #[test]
    fn an_unknown_setting_is_shown_with_what_was_meant() {
        let text = "contract = \"a.contract.yaml\"\n[agents.one]\nlangauge = \"python\"\nhandler = \"one.handler\"\n";
        let problems = problems_of(text);
        let (message, help, place) = &problems[0];
        assert_eq!(message, "`langauge` is no setting here");
        assert_eq!(help, "did you mean `language`?");
        assert!(place.starts_with("langauge") || place == "\"python\"", "{place}");
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let text = "contrat = 1\n[agents.one]\nlanguage = \"perl\"\n[agents.two]\nrun = []\nconcurrency = 0\n";
        assert!(problems_of(text).len() >= 5, "{:#?}", problems_of(text));
    }

    #[test]
    fn text_that_is_not_toml_has_a_place() {
        let problems = problems_of("contract = \n");
        assert!(problems[0].0.starts_with("this is not TOML"), "{problems:?}");
    }

    #[test]
    fn a_project_reads_back_what_it_says() {
        let text = "contract = \"a.contract.yaml\"\n[generate]\npython = \"agents\"\n\
                    [agents.one]\nlanguage = \"python\"\nhandler = \"agents/one.handler\"\npython = \"py\"\n\
                    env = { MODE = \"test\" }\nconcurrency = 3\n\
                    [agents.two]\nlanguage = \"rust\"\nbuild = \"make two\"\nrun = [\"./two\", \"-v\"]\n";
        let Parts { contract, agents, .. } = parts(&Source::of_toml(FILE, text.to_owned())).unwrap();
        assert_eq!(contract, "a.contract.yaml");
        let one = &agents["one"];
        assert_eq!((one.language, one.concurrency), (Some(Language::Python), Some(3)));
        assert_eq!(one.env["MODE"], "test");
        let two = &agents["two"];
        assert_eq!(
            (two.build.as_deref(), &two.start),
            (Some("make two"), &Start::Run(vec!["./two".into(), "-v".into()]))
        );
    }
}
