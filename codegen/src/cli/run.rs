//! `peerc run`: one work from input to output, with a line per hop.

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use peer_contract::host::Settings;
use peer_contract::run::{Order, Runner};
use peer_contract::store::Location;
use peer_contract_core::envelope::Travel;
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Problem};
use tokio::sync::{mpsc::unbounded_channel, oneshot};

use super::ending::{Ending, Sink};
use super::input::{Input, InputArgs};
use super::interrupt::{asked_to_end, runtime};
use super::prepare::Prepared;
use super::telling::{Telling, Watch};
use super::timeline::Timeline;
use super::{Console, Exit};
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
    /// Who else gets the reply: an entry, `agent.operation`, or an address that the agents list under `reply-to` in
    /// `PEER_CONTRACT_PEERS`. The work travels by `event` then.
    #[arg(long, value_name = "TO")]
    reply_to: Option<String>,
    /// The shared store: a folder, or `s3://bucket/prefix?table=name`; `.peerc/store` by default.
    #[arg(long, value_name = "STORE", value_parser = super::store::location)]
    store: Option<Location>,
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
        let mut agents = match prepared.agents(self.store.as_ref(), console).await {
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
        let store = match agents.open_store() {
            Ok(store) => store,
            Err(problem) => return console.fail(&problem),
        };
        let travel = if self.delivery == Delivery::Event { Travel::Event } else { Travel::Return };
        let input_text = match Json::of_value(&input.value) {
            Ok(text) => text,
            Err(problem) => return input.report(&problem, console),
        };
        let mut order = Order::new(&self.entry, input_text).travelling(travel);
        // What other programs of a traced script or pipeline hand on in the same way.
        order.traceparent = std::env::var("TRACEPARENT").ok();
        let order = match &self.reply_to {
            Some(reply_to) => order.replying_to(reply_to),
            None => order,
        };
        let sink = Sink::new(console, self.output.as_deref());
        let began = Instant::now();
        let (sender, notices) = unbounded_channel();
        let (give_up, given_up) = oneshot::channel();
        let running = async {
            let watch = Watch(sender);
            let runner = Runner::new(&prepared.contract, &peers, Some(&*store)).observed_by(&watch);
            let runner = match Settings::from_env() {
                Ok(settings) => runner.traced_by(&settings),
                // What is wrong with settings of agents is told by the agents.
                Err(_) => runner,
            };
            tokio::select! {
                ended = runner.run(order) => Ok(ended),
                Ok(given_up) = given_up => Err(given_up),
            }
        };
        let telling = Telling { prepared, agents, sink, logs: self.logs };
        let (ended, ()) = tokio::join!(running, telling.all(notices, &mut timeline, give_up));
        let ending = Ending { prepared, sink, took: began.elapsed(), output: self.output.as_deref() };
        match ended {
            Err(given_up) => ending.given_up(&given_up, &mut timeline),
            Ok(Ok(finished)) => ending.finished(&finished, timeline.totals),
            Ok(Err(stopped)) if stopped.work.is_none() && is_of_input(&stopped.problem) => {
                input.report(&stopped.problem, console)
            }
            Ok(Err(mut stopped)) => {
                if stopped.problem.code == ErrorCode::EntryAmbiguous {
                    stopped.problem.help = format!("`--entry` names one; {}", stopped.problem.help);
                }
                ending.stopped(&stopped, &mut timeline).await
            }
        }
    }
}

/// Problems of the input have its places; the others are about the order as a whole.
fn is_of_input(problem: &Problem) -> bool {
    use ErrorCode as Code;
    let of_order = [Code::AddressRefused, Code::ConfigurationInvalid, Code::EntryAmbiguous, Code::OperationUnknown];
    !of_order.contains(&problem.code) && !matches!(problem.code, Code::PhaseRefused | Code::StoreRequired)
}
