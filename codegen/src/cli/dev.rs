//! `peerc dev`: all agents stay up behind one local Lambda, with one log.

use std::collections::BTreeMap;
use std::path::PathBuf;

use peer_contract_core::Contract;
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::interrupt::{asked_to_end, runtime};
use super::paint::{Paint, duration, short_hash, short_work, size};
use super::prepare::Prepared;
use super::{Console, Exit, Format};
use crate::project::function_name;
use crate::report::Report;
use crate::running::{DevFile, Entry, Feed, Host, Message};

/// Arguments of `peerc dev`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port of the Invoke API; any free one by default.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Folder of the shared store; `.peerc/store` by default.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let prepared = match Prepared::open(console) {
            Ok(prepared) => prepared,
            Err(exit) => return exit,
        };
        if let Err(exit) = prepared.build(console) {
            return exit;
        }
        runtime().block_on(self.stay(&prepared, console))
    }

    async fn stay(&self, prepared: &Prepared, console: &Console) -> Exit {
        let Prepared { project, contract } = prepared;
        let host = match Host::start(project, contract, self.store.as_deref(), self.port).await {
            Ok(host) => host,
            Err(problems) => {
                console.report(&Report::of(&project.source, &problems));
                return Exit::Unreadable;
            }
        };
        let feed = Feed::default();
        let dev = match announce(prepared, &host, &feed).await {
            Ok(dev) => dev,
            Err(error) => {
                console.note(format!("`{}` cannot be written: {error}", prepared.work_folder().display()));
                host.lambda.shutdown().await;
                return Exit::Unreadable;
            }
        };
        let log = Log::new(prepared, console);
        log.greet(contract, &dev);
        let entries = host.entries(contract);
        host.lambda.warm();
        tokio::select! {
            () = follow(entries, &feed, &log) => {}
            () = asked_to_end() => {}
        }
        dev.remove(&project.root);
        host.lambda.shutdown().await;
        Exit::Clean
    }
}

async fn announce(prepared: &Prepared, host: &Host, feed: &Feed) -> std::io::Result<DevFile> {
    let dev = DevFile {
        endpoint: host.lambda.endpoint().to_owned(),
        feed: feed.listen().await?,
        pid: std::process::id(),
        contract: prepared.contract.hash().to_string(),
        store: host.store.clone(),
    };
    dev.write(&prepared.project.root)?;
    Ok(dev)
}

async fn follow(mut entries: UnboundedReceiver<Entry>, feed: &Feed, log: &Log<'_>) {
    while let Some(entry) = entries.recv().await {
        feed.tell(&entry);
        log.print(&entry);
    }
}

/// The one log of all agents.
struct Log<'a> {
    console: &'a Console,
    paint: Paint,
    numbers: BTreeMap<String, usize>,
    width: usize,
}

impl<'a> Log<'a> {
    fn new(prepared: &Prepared, console: &'a Console) -> Self {
        let names = prepared.project.agents.keys();
        let width = names.clone().map(|name| name.chars().count()).max().unwrap_or(0);
        let numbers = names.enumerate().map(|(number, name)| (name.clone(), number)).collect();
        Self { console, paint: Paint::new(console.colors_stdout()), numbers, width }
    }

    fn greet(&self, contract: &Contract, dev: &DevFile) {
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

    fn print(&self, entry: &Entry) {
        if self.console.format == Format::Json {
            if let Ok(line) = serde_json::to_string(entry) {
                self.console.say(line);
            }
            return;
        }
        if let Some((agent, about, text)) = self.words(entry) {
            self.console.say(format!("{}  {}  {text}", self.label(agent), self.place(about)));
        }
    }

    /// Agent, what it worked on, and the text of a line.
    fn words<'b>(&self, entry: &'b Entry) -> Option<(&'b str, Option<&'b Message>, String)> {
        let paint = self.paint;
        Some(match entry {
            Entry::Hello => return None,
            Entry::Log { agent, about, line, .. } => (agent, about.as_ref(), line.clone()),
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
