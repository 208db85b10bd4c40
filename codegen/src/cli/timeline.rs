//! One line per hop, printed when the hop has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use peer_contract::run::{Hop, HopEnd};
use peer_contract_core::Contract;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use super::paint::{Paint, duration, size};
use crate::project::Project;
use crate::running::{Entry, Message};

mod children;

/// How long the agents' side of a hop may be late.
const PATIENCE: Duration = Duration::from_millis(300);
/// Lines of an agent that are kept for an explanation.
const KEPT_LINES: usize = 200;

/// What agents told about one message.
#[derive(Debug, Clone, Default)]
struct Told {
    answers: Vec<Timing>,
    lines: Vec<String>,
    calls: BTreeMap<String, Calls>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Timing {
    ms: f64,
    cold_ms: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Calls {
    number: u32,
    ms: f64,
}

/// An event that no agent could be brought to answer: nobody carries the work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The message.
    pub about: Message,
    /// Tries in all.
    pub attempts: u32,
    /// What the last try ended with.
    pub error: String,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// In agents, without their starts.
    pub agents_ms: f64,
    /// Waiting for processes to start.
    pub starts_ms: f64,
}

/// Brings hops and what the agents tell about them together.
pub struct Timeline {
    entries: UnboundedReceiver<Entry>,
    told: BTreeMap<String, Told>,
    widths: (usize, usize),
    languages: BTreeMap<String, String>,
    /// By operation, those that are its children and not its calls.
    children: BTreeMap<String, BTreeSet<String>>,
    fresh: Vec<(String, String)>,
    given_up: Option<GivenUp>,
    /// Where the time went so far.
    pub totals: Totals,
}

impl Timeline {
    /// A timeline for works of this contract.
    pub fn new(project: &Project, contract: &Contract, entries: UnboundedReceiver<Entry>) -> Self {
        let language = |agent: &crate::project::Agent| agent.language.map(|one| one.to_string()).unwrap_or_default();
        let languages = project.agents.values().map(|agent| (agent.name.clone(), language(agent))).collect();
        let (told, fresh, totals) = (BTreeMap::new(), Vec::new(), Totals::default());
        let children = contract.operations().filter_map(|operation| {
            let each = operation.fans_out.as_ref()?.each.iter();
            let children = each.filter(|target| !operation.calls.contains(target)).cloned().collect();
            Some((operation.target.clone(), children))
        });
        let children = children.collect();
        Self { entries, told, widths: widths(contract), languages, children, fresh, given_up: None, totals }
    }

    /// One try of a message, as lines.
    pub async fn lines(&mut self, hop: &Hop, paint: Paint) -> Vec<String> {
        let timing = self.timing(hop).await;
        let (target_width, phase_width) = self.widths;
        let language = self.languages.get(&hop.agent).map_or("", String::as_str);
        let failed = matches!(hop.end, HopEnd::Failed(_) | HopEnd::UnderWay);
        // A try that failed moved no phase; what it ended with is no phase either.
        let arrow = if failed { "✗" } else { "→" };
        let phases = format!("{} {arrow} {}", hop.from.as_deref().unwrap_or("–"), to(hop));
        let phases = format!("{phases:phase_width$}");
        let start = match timing.map(|timing| timing.cold_ms.is_some()).or(hop.cold) {
            Some(true) => paint.cold("cold"),
            Some(false) => "warm".to_owned(),
            None => "    ".to_owned(),
        };
        let ms = timing.map_or(hop.took.as_secs_f64() * 1e3, |timing| timing.ms + timing.cold_ms.unwrap_or(0.0));
        let bytes = if hop.answer_bytes == 0 { hop.sent_bytes } else { hop.answer_bytes };
        let line = format!(
            "{:>3}  {:target_width$}  {language:6}  {}  {start}  {:>8}  {:>8}   state {}",
            hop.hop,
            hop.target,
            if failed { paint.bad(&phases) } else { phases },
            duration(ms),
            size(bytes),
            size(hop.state_bytes),
        );
        let retry = if hop.attempt > 1 { paint.dim(&format!("   try {}", hop.attempt)) } else { String::new() };
        let mut lines = vec![format!("{line}{retry}").trim_end().to_owned()];
        for (target, calls) in self.calls_of(hop) {
            let times = if calls.number == 1 { "1 call".to_owned() } else { format!("{} calls", calls.number) };
            lines.push(paint.dim(&format!("       └ {times} to {target}, {} in all", duration(calls.ms))));
        }
        lines
    }

    /// The same for programs.
    pub async fn object(&mut self, hop: &Hop) -> Value {
        let timing = self.timing(hop).await;
        let calls = self.calls_of(hop);
        let call = |(target, calls): (String, Calls)| json!({"target": target, "number": calls.number, "ms": calls.ms});
        let (end, error) = match &hop.end {
            HopEnd::Handoff(_) => ("handoff", None),
            HopEnd::Reply => ("reply", None),
            HopEnd::Declared(code) => ("error", Some(code.clone())),
            HopEnd::Failed(code) => ("failed", Some(code.to_string())),
            _ => ("underWay", None),
        };
        json!({
            "type": "hop", "work": hop.work, "message": hop.message, "hop": hop.hop, "attempt": hop.attempt,
            "agent": hop.agent, "language": self.languages.get(&hop.agent), "target": hop.target, "from": hop.from, "to": hop.to, "end": end, "error": error,
            "tookMs": hop.took.as_secs_f64() * 1e3,
            "agentMs": timing.map(|timing| timing.ms), "startMs": timing.and_then(|timing| timing.cold_ms),
            "cold": timing.map(|timing| timing.cold_ms.is_some()).or(hop.cold),
            "sentBytes": hop.sent_bytes, "answerBytes": hop.answer_bytes, "stateBytes": hop.state_bytes,
            "calls": calls.into_iter().map(call).collect::<Vec<_>>(),
        })
    }

    fn calls_of(&self, hop: &Hop) -> BTreeMap<String, Calls> {
        let mut calls = self.told.get(&hop.message).map(|told| told.calls.clone()).unwrap_or_default();
        calls.retain(|target, _| !self.children.get(&hop.target).is_some_and(|children| children.contains(target)));
        calls
    }

    /// What the agent wrote while it worked on this message; everything that is there by now.
    pub fn log_of(&mut self, message: &str) -> Vec<String> {
        self.drain();
        self.told.get(message).map(|told| told.lines.clone()).unwrap_or_default()
    }

    /// Takes in what agents have told by now.
    fn drain(&mut self) {
        while let Ok(entry) = self.entries.try_recv() {
            self.take(entry);
        }
    }

    /// Takes in the next thing that agents tell; waits for ever once they are gone.
    pub async fn hear(&mut self) {
        match self.entries.recv().await {
            Some(entry) => self.take(entry),
            None => std::future::pending().await,
        }
    }

    /// The message at which this work was given up.
    pub fn given_up(&mut self, work: &str) -> Option<GivenUp> {
        self.given_up.take_if(|given_up| given_up.about.work == work)
    }

    /// Lines of all agents that were not asked for yet, with their agents.
    pub fn fresh_log(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.fresh)
    }

    /// The agent's own measure of this try; waits a little when it is late.
    async fn timing(&mut self, hop: &Hop) -> Option<Timing> {
        let wanted = hop.attempt as usize;
        let answered = |told: &BTreeMap<String, Told>| {
            told.get(&hop.message).and_then(|told| told.answers.get(wanted - 1).copied())
        };
        let wait = async {
            while answered(&self.told).is_none() {
                let Some(entry) = self.entries.recv().await else { break };
                self.take(entry);
            }
        };
        let _ = timeout(PATIENCE, wait).await;
        let timing = answered(&self.told)?;
        self.totals.agents_ms += timing.ms;
        self.totals.starts_ms += timing.cold_ms.unwrap_or(0.0);
        Some(timing)
    }

    fn take(&mut self, entry: Entry) {
        if let Entry::Log { agent, line, .. } = &entry {
            self.fresh.push((agent.clone(), line.clone()));
        }
        match entry {
            Entry::Log { about: Some(about), line, .. } => {
                let lines = &mut self.told.entry(about.message).or_default().lines;
                if lines.len() == KEPT_LINES {
                    lines.remove(0);
                }
                lines.push(line);
            }
            // The next try explains itself.
            Entry::Invoked { about: Some(about), .. } => self.told.entry(about.message).or_default().lines.clear(),
            Entry::Dropped { about: Some(about), attempts, error, .. } => {
                self.given_up = Some(GivenUp { about, attempts, error });
            }
            Entry::Answered { about: Some(about), ms, cold_ms, .. } => self.answered(about, Timing { ms, cold_ms }),
            _ => {}
        }
    }

    fn answered(&mut self, about: Message, timing: Timing) {
        self.told.entry(about.message).or_default().answers.push(timing);
        // A call, or a child, also belongs to the message that caused it.
        if let (None, Some(cause)) = (&about.phase, &about.cause) {
            let calls = self.told.entry(cause.clone()).or_default().calls.entry(about.target).or_default();
            calls.number += 1;
            calls.ms += timing.ms + timing.cold_ms.unwrap_or(0.0);
        }
    }
}

fn to(hop: &Hop) -> String {
    match &hop.end {
        HopEnd::Failed(code) => code.to_string(),
        HopEnd::UnderWay => "…".to_owned(),
        HopEnd::Declared(code) => hop.to.clone().unwrap_or_else(|| code.clone()),
        _ => hop.to.clone().unwrap_or_else(|| "–".to_owned()),
    }
}

/// The longest target, and the longest pair of phases that an operation can make.
fn widths(contract: &Contract) -> (usize, usize) {
    let length = |text: &String| text.chars().count();
    let target = contract.operations().map(|operation| length(&operation.target)).max().unwrap_or(0);
    let pair = contract.operations().filter_map(|operation| {
        let replies = operation.output.iter().filter_map(|output| output.to.as_ref());
        let to = operation.hands_to.values().chain(replies).map(length).max()?;
        Some(operation.from.iter().map(length).max()? + 3 + to)
    });
    (target, pair.max().unwrap_or(0))
}
