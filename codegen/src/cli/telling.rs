//! What is printed while a work runs.

use peer_contract::run::{Gathered, Hop, Observer};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use super::Format;
use super::ending::Sink;
use super::paint::short_hash;
use super::prepare::Prepared;
use super::timeline::{GivenUp, Timeline};
use crate::running::Agents;

/// Passes on what the runner says, so that nobody prints while it waits.
pub struct Watch(pub UnboundedSender<Notice>);

/// What the runner says.
pub enum Notice {
    /// The work has an id.
    Started(String),
    /// A try of a message has ended.
    Hop(Box<Hop>),
    /// The children of a fan-out have ended.
    Gathered(Box<Gathered>),
}

impl Observer for Watch {
    fn started(&self, work: &str) {
        let _ = self.0.send(Notice::Started(work.to_owned()));
    }

    fn hop(&self, hop: &Hop) {
        let _ = self.0.send(Notice::Hop(Box::new(hop.clone())));
    }

    fn gathered(&self, gathered: &Gathered) {
        let _ = self.0.send(Notice::Gathered(Box::new(gathered.clone())));
    }
}

/// How a work is told.
pub struct Telling<'a> {
    /// The project and its contract.
    pub prepared: &'a Prepared,
    /// Its agents.
    pub agents: &'a Agents,
    /// Where it is told.
    pub sink: Sink<'a>,
    /// Whether what the agents write is told as well.
    pub logs: bool,
}

impl Telling<'_> {
    /// Tells everything until the runner has ended; a work that is given up is passed to `give_up`.
    pub async fn all(
        &self,
        mut notices: UnboundedReceiver<Notice>,
        timeline: &mut Timeline,
        give_up: oneshot::Sender<GivenUp>,
    ) {
        let (mut work, mut give_up) = (String::new(), Some(give_up));
        loop {
            tokio::select! {
                biased;
                notice = notices.recv() => match notice {
                    Some(Notice::Started(started)) => {
                        self.started(&started);
                        work = started;
                    }
                    Some(Notice::Hop(hop)) => self.hop(&hop, timeline).await,
                    Some(Notice::Gathered(gathered)) => self.gathered(&gathered, timeline),
                    None => break,
                },
                () = timeline.hear() => {}
            }
            self.log(timeline);
            if let Some(given_up) = timeline.given_up(&work)
                && let Some(give_up) = give_up.take()
            {
                // The runner may have ended this instant by itself.
                let _ = give_up.send(given_up);
            }
        }
    }

    fn started(&self, work: &str) {
        let contract = &self.prepared.contract;
        match self.sink.format() {
            Format::Text => self.sink.say(&self.headline(work)),
            Format::Json => self.sink.object(&json!({
                "type": "work", "work": work, "contract": contract.name(), "version": contract.version(),
                "hash": contract.hash().to_string(), "endpoint": self.agents.endpoint,
                "dev": self.agents.are_next_door(),
            })),
        }
    }

    async fn hop(&self, hop: &Hop, timeline: &mut Timeline) {
        match self.sink.format() {
            Format::Text => {
                let lines = timeline.lines(hop, self.sink.paint).await;
                self.log(timeline);
                lines.iter().for_each(|line| self.sink.say(line));
            }
            Format::Json => {
                let object = timeline.object(hop).await;
                self.log(timeline);
                self.sink.object(&object);
            }
        }
    }

    fn gathered(&self, gathered: &Gathered, timeline: &mut Timeline) {
        match self.sink.format() {
            Format::Text => {
                for line in timeline.lines_of_children(gathered, self.sink.paint) {
                    self.sink.say(&line);
                }
            }
            Format::Json => self.sink.object(&timeline.object_of_children(gathered)),
        }
    }

    fn log(&self, timeline: &mut Timeline) {
        for (agent, line) in timeline.fresh_log().iter().filter(|_| self.logs) {
            match self.sink.format() {
                Format::Text => self.sink.logged(agent, line),
                Format::Json => self.sink.object(&json!({"type": "log", "agent": agent, "line": line})),
            }
        }
    }

    /// `work 019a3b…  research 1.0.0  sha256:41c0…9be2`
    fn headline(&self, work: &str) -> String {
        let contract = &self.prepared.contract;
        let dev = if self.agents.are_next_door() { "  agents of `peerc dev`" } else { "" };
        let hash = short_hash(&contract.hash().to_string());
        let (work, rest) = (self.sink.paint.bold(work), self.sink.paint.dim(&format!("{hash}{dev}")));
        format!("work {work}  {} {}  {rest}", contract.name(), contract.version())
    }
}
