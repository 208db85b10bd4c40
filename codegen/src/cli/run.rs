//! `peerc run`: one work from input to output, with a line per hop.

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use peer_contract::run::{Hop, Observer, Order, Runner};
use peer_contract::store::{FileStore, Scope};
use peer_contract_core::envelope::Travel;
use peer_contract_core::{ErrorCode, Problem};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::ending::{Ending, Sink};
use super::input::{Input, InputArgs};
use super::interrupt::{asked_to_end, runtime};
use super::paint::short_hash;
use super::prepare::Prepared;
use super::timeline::Timeline;
use super::{Console, Exit, Format};
use crate::running::Agents;

/// Arguments of `peerc run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Where the work begins: `agent.operation`, or the agent. Needed when the contract has several entries.
    #[arg(long, default_value = "", hide_default_value = true)]
    entry: String,
    /// How handoffs travel.
    #[arg(long, value_enum, default_value_t = Delivery::Return)]
    delivery: Delivery,
    /// Folder of the shared store; `.peerc/store` by default.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Write the output here: its main text, or JSON when the name ends in `.json`; `-` is standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show what the agents write.
    #[arg(long)]
    logs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Delivery {
    /// Each agent returns the work, and this command forwards it.
    Return,
    /// Each agent invokes the next one.
    Event,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let prepared = match Prepared::open(console) {
            Ok(prepared) => prepared,
            Err(exit) => return exit,
        };
        let input = match self.input.read(console) {
            Ok(input) => input,
            Err(exit) => return exit,
        };
        runtime().block_on(self.on_agents(&prepared, &input, console))
    }

    async fn on_agents(&self, prepared: &Prepared, input: &Input, console: &Console) -> Exit {
        let Prepared { project, contract } = prepared;
        let mut agents = match prepared.agents(self.store.as_deref(), console).await {
            Ok(agents) => agents,
            Err(exit) => return exit,
        };
        let entries = agents.take_entries();
        let exit = tokio::select! {
            exit = self.work(prepared, input, &agents, Timeline::new(project, contract, entries), console) => exit,
            () = asked_to_end() => Exit::Interrupted,
        };
        agents.end().await;
        exit
    }

    async fn work(
        &self,
        prepared: &Prepared,
        input: &Input,
        agents: &Agents,
        mut timeline: Timeline,
        console: &Console,
    ) -> Exit {
        let peers = match agents.client(&prepared.contract) {
            Ok(peers) => peers,
            Err(problem) => return console.fail(&problem),
        };
        let store = FileStore::new(&agents.store, Scope::Shared);
        let travel = if self.delivery == Delivery::Event { Travel::Event } else { Travel::Return };
        let order = Order::new(&self.entry, input.value.clone()).travelling(travel);
        let sink = Sink::new(console, self.output.as_deref());
        let began = Instant::now();
        let (sender, notices) = unbounded_channel();
        let running = async {
            let watch = Watch(sender);
            Runner::new(&prepared.contract, &peers, Some(&store)).observed_by(&watch).run(order).await
        };
        let telling = tell(notices, prepared, agents, &mut timeline, &sink, self.logs);
        let (ended, ()) = tokio::join!(running, telling);
        let ending = Ending { prepared, sink, took: began.elapsed(), output: self.output.as_deref() };
        match ended {
            Ok(finished) => ending.finished(&finished, timeline.totals),
            Err(stopped) if stopped.work.is_none() && is_of_input(&stopped.problem) => {
                input.report(&stopped.problem, console)
            }
            Err(stopped) => ending.stopped(&stopped, &mut timeline).await,
        }
    }
}

/// Problems of the input have its places; the others are about the order as a whole.
fn is_of_input(problem: &Problem) -> bool {
    use ErrorCode::{ConfigurationInvalid, EntryAmbiguous, OperationUnknown, PhaseRefused, StoreRequired};
    !matches!(problem.code, ConfigurationInvalid | EntryAmbiguous | OperationUnknown | PhaseRefused | StoreRequired)
}

/// Passes on what the runner says, so that nobody prints while it waits.
struct Watch(UnboundedSender<Notice>);

enum Notice {
    Started(String),
    Hop(Box<Hop>),
}

impl Observer for Watch {
    fn started(&self, work: &str) {
        let _ = self.0.send(Notice::Started(work.to_owned()));
    }

    fn hop(&self, hop: &Hop) {
        let _ = self.0.send(Notice::Hop(Box::new(hop.clone())));
    }
}

async fn tell(
    mut notices: UnboundedReceiver<Notice>,
    prepared: &Prepared,
    agents: &Agents,
    timeline: &mut Timeline,
    sink: &Sink<'_>,
    logs: bool,
) {
    while let Some(notice) = notices.recv().await {
        match (notice, sink.format()) {
            (Notice::Started(work), Format::Text) => sink.say(&headline(prepared, agents, &work, sink)),
            (Notice::Started(work), Format::Json) => {
                let contract = &prepared.contract;
                sink.object(&json!({
                    "type": "work", "work": work, "contract": contract.name(), "version": contract.version(),
                    "hash": contract.hash().to_string(), "endpoint": agents.endpoint, "dev": agents.are_next_door(),
                }));
            }
            (Notice::Hop(hop), Format::Text) => {
                let lines = timeline.lines(&hop, sink.paint).await;
                if logs {
                    timeline.fresh_log().iter().for_each(|(agent, line)| sink.say(&sink.logged(agent, line)));
                }
                lines.iter().for_each(|line| sink.say(line));
            }
            (Notice::Hop(hop), Format::Json) => {
                let object = timeline.object(&hop).await;
                if logs {
                    let log = timeline.fresh_log();
                    log.iter()
                        .for_each(|(agent, line)| sink.object(&json!({"type": "log", "agent": agent, "line": line})));
                }
                sink.object(&object);
            }
        }
    }
}

/// `work 019a3b…  research 1.0.0  sha256:41c0…9be2`
fn headline(prepared: &Prepared, agents: &Agents, work: &str, sink: &Sink<'_>) -> String {
    let contract = &prepared.contract;
    let dev = if agents.are_next_door() { "  agents of `peerc dev`" } else { "" };
    let hash = short_hash(&contract.hash().to_string());
    let rest = sink.paint.dim(&format!("{hash}{dev}"));
    format!("work {}  {} {}  {rest}", sink.paint.bold(work), contract.name(), contract.version())
}
