//! The one log of all agents.

use std::collections::BTreeMap;

use peer_contract_core::Contract;
use serde_json::json;

use crate::cli::log_line::Shown;
use crate::cli::paint::{Paint, duration, short_hash, short_work, size};
use crate::cli::prepare::Prepared;
use crate::cli::{Console, Format};
use crate::project::function_name;
use crate::running::{DevFile, Entry, Message};

/// Prints what happens, a line each.
pub struct Log<'a> {
    console: &'a Console,
    paint: Paint,
    shown: Shown,
    numbers: BTreeMap<String, usize>,
    width: usize,
}

impl<'a> Log<'a> {
    pub fn new(prepared: &Prepared, console: &'a Console) -> Self {
        let names = prepared.project.agents.keys();
        let width = names.clone().map(|name| name.chars().count()).max().unwrap_or(0);
        let numbers = names.enumerate().map(|(number, name)| (name.clone(), number)).collect();
        let (paint, shown) = (Paint::new(console.colors_stdout()), console.shown_on_stdout());
        Self { console, paint, shown, numbers, width }
    }

    pub fn greet(&self, contract: &Contract, dev: &DevFile) {
        if self.console.format == Format::Json {
            let functions: BTreeMap<_, _> =
                self.numbers.keys().map(|agent| (agent.clone(), function_name(contract, agent))).collect();
            let hello = json!({
                "type": "ready", "endpoint": dev.endpoint, "contract": contract.name(), "hash": dev.contract,
                "functions": functions, "store": dev.store,
            });
            self.console.say(hello.to_string());
            return;
        }
        let hash = self.paint.dim(&short_hash(&dev.contract));
        self.console.say(format!("{} {}  {hash}", self.paint.bold(contract.name()), contract.version()));
        self.console.say(format!("AWS_ENDPOINT_URL_LAMBDA={}", dev.endpoint));
        let functions = self.numbers.keys().map(|agent| function_name(contract, agent)).collect::<Vec<_>>();
        self.console.say(format!("functions: {}", functions.join(", ")));
        self.console.say(self.paint.dim("`peerc run` in another terminal uses these agents; Ctrl-C ends them"));
    }

    pub fn print(&self, entry: &Entry) {
        if self.console.format == Format::Json {
            if let Ok(line) = serde_json::to_string(entry) {
                self.console.say(line);
            }
            return;
        }
        if let Some((agent, about, texts)) = self.words(entry) {
            let (label, place) = (self.label(agent), self.place(about));
            texts.iter().for_each(|text| self.console.say(format!("{label}  {place}  {text}")));
        }
    }

    /// Agent, what it worked on, and what is told of it, a line or several.
    fn words<'b>(&self, entry: &'b Entry) -> Option<(&'b str, Option<&'b Message>, Vec<String>)> {
        if let Entry::Log { agent, about, line, .. } = entry {
            return Some((agent, about.as_ref(), self.shown.lines(line, self.paint)));
        }
        self.happened(entry).map(|(agent, about, text)| (agent, about, vec![text]))
    }

    /// The same of what is no line of an agent.
    fn happened<'b>(&self, entry: &'b Entry) -> Option<(&'b str, Option<&'b Message>, String)> {
        let paint = self.paint;
        Some(match entry {
            Entry::Hello | Entry::Log { .. } => return None,
            Entry::Started { agent, pid, ms, .. } => {
                (agent, None, paint.dim(&format!("started in {}, process {pid}", duration(*ms))))
            }
            Entry::Invoked { agent, about, bytes, .. } => {
                let what = about.as_ref().map_or("no envelope", |about| about.target.as_str());
                (agent, about.as_ref(), paint.dim(&format!("→ {what}, {}", size(*bytes))))
            }
            Entry::Answered { agent, about, ms, cold_ms, bytes, fault, .. } => {
                let cold = cold_ms.map(|cold| format!(", after a start of {}", duration(cold))).unwrap_or_default();
                let times = format!("{}{cold}", duration(*ms));
                let text = match fault {
                    Some(fault) => paint.bad(&format!("✗ {fault} after {times}")),
                    None => paint.dim(&format!("← {} in {times}", size(*bytes))),
                };
                (agent, about.as_ref(), text)
            }
            Entry::Stopped { reason: None, .. } => return None,
            Entry::Stopped { agent, reason: Some(reason), .. } => {
                (agent, None, paint.bad(&format!("process ended: {reason}")))
            }
            Entry::Retrying { agent, about, retry, ms } => {
                (agent, about.as_ref(), format!("retry {retry} in {}", duration(*ms)))
            }
            Entry::Undelivered { agent, destination, reason } => {
                (agent, None, paint.bad(&format!("`{destination}` did not hear of it: {reason}")))
            }
            Entry::Dropped { agent, about, attempts, condition, .. } => {
                (agent, about.as_ref(), paint.bad(&format!("given up after {attempts} tries: {condition}")))
            }
        })
    }

    fn label(&self, agent: &str) -> String {
        let number = self.numbers.get(agent).copied().unwrap_or(0);
        self.paint.label(number, &format!("{agent:width$}", width = self.width))
    }

    fn place(&self, about: Option<&Message>) -> String {
        let text = about.map(|about| format!("{} {:>2}", short_work(&about.work), about.hop)).unwrap_or_default();
        self.paint.dim(&format!("{text:9}"))
    }
}
