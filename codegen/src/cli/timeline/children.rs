//! The children of a fan-out, a line each, or a line for each operation where there are many.

use std::collections::BTreeMap;
use std::time::Duration;

use peer_contract::run::{ChildHop, Gathered, HopEnd};
use peer_contract_core::contract::agent_of;
use serde_json::{Value, json};

use super::{Timeline, Timing};
use crate::cli::paint::{Paint, duration};

/// Children that have a line each; more of them share a line for each operation.
const MOST_LINES: usize = 12;

/// Kinds of failures that one line counts.
const MOST_KINDS: usize = 4;

/// What the children of one operation came to.
#[derive(Default)]
struct Tally<'a> {
    children: usize,
    outputs: usize,
    failures: BTreeMap<&'a str, usize>,
    ms: f64,
    timed: usize,
}

impl Timeline {
    /// The children that count, and how the group ended.
    pub fn lines_of_children(&mut self, gathered: &Gathered, paint: Paint) -> Vec<String> {
        self.drain();
        let mut lines = match gathered.ends.len() {
            ..=MOST_LINES => self.each(gathered, paint),
            _ => self.folded(gathered, paint),
        };
        lines.push(paint.dim("       └ ") + &summary(gathered));
        lines
    }

    /// The same for programs: every child that counts.
    pub fn object_of_children(&mut self, gathered: &Gathered) -> Value {
        self.drain();
        let child = |child: &ChildHop| {
            let (timing, agent) = (self.timing_of(child), agent_of(&child.target));
            let (end, error) = match &child.end {
                HopEnd::Reply => ("reply", None),
                HopEnd::Declared(code) => ("error", Some(code.clone())),
                HopEnd::Failed(code) => ("failed", Some(code.to_string())),
                _ => ("underWay", None),
            };
            json!({
                "index": child.index, "message": child.message, "target": child.target, "agent": agent,
                "language": self.languages.get(agent), "end": end, "error": error,
                "attempts": child.sent.map(|(attempts, _)| attempts),
                "tookMs": child.sent.map(|(_, took)| took.as_secs_f64() * 1e3),
                "agentMs": timing.map(|timing| timing.ms), "startMs": timing.and_then(|timing| timing.cold_ms),
            })
        };
        json!({
            "type": "children", "work": gathered.work, "parent": gathered.parent, "join": gathered.join,
            "children": gathered.children, "outputs": gathered.outputs, "failures": gathered.failures,
            "tookMs": gathered.took.as_secs_f64() * 1e3, "ends": gathered.ends.iter().map(child).collect::<Vec<_>>(),
        })
    }

    fn each(&self, gathered: &Gathered, paint: Paint) -> Vec<String> {
        let target_width = self.widths.0;
        let line = |child: &ChildHop| {
            let language = self.languages.get(agent_of(&child.target)).map_or("", String::as_str);
            let end = format!("{:16}", end(&child.end));
            let end = if child.end == HopEnd::Reply { end } else { paint.bad(&end) };
            let ms = self.ms_of(child).map(duration).unwrap_or_default();
            let tries = child.sent.map_or(1, |(attempts, _)| attempts);
            let tries = if tries > 1 { paint.dim(&format!("   {tries} tries")) } else { String::new() };
            let line =
                format!("{:<3} {:target_width$}  {language:6}  {end}  {ms:>8}{tries}", child.index, child.target);
            paint.dim("       ├ ") + line.trim_end()
        };
        gathered.ends.iter().map(line).collect()
    }

    fn folded(&self, gathered: &Gathered, paint: Paint) -> Vec<String> {
        let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
        for child in &gathered.ends {
            let tally = tallies.entry(&child.target).or_default();
            tally.children += 1;
            match code(&child.end) {
                None => tally.outputs += 1,
                Some(code) => *tally.failures.entry(code).or_default() += 1,
            }
            if let Some(ms) = self.ms_of(child) {
                tally.ms += ms;
                tally.timed += 1;
            }
        }
        let line = |(target, tally): (&str, Tally<'_>)| {
            let language = self.languages.get(agent_of(target)).map_or("", String::as_str);
            let mut line = format!("{:>4} × {target:width$}  {language:6}  ", tally.children, width = self.widths.0);
            line.push_str(&counted(tally.outputs, "output"));
            for (code, count) in tally.failures.iter().take(MOST_KINDS) {
                line.push_str(&paint.bad(&format!(", {count} {code}")));
            }
            if tally.timed > 0 {
                line.push_str(&paint.dim(&format!(", {} each", duration(tally.ms / tally.timed as f64))));
            }
            paint.dim("       ├ ") + &line
        };
        tallies.into_iter().map(line).collect()
    }

    /// The agent's own measure, or how long the child was waited for.
    fn ms_of(&self, child: &ChildHop) -> Option<f64> {
        let timing = self.timing_of(child).map(|timing| timing.ms + timing.cold_ms.unwrap_or(0.0));
        timing.or_else(|| child.sent.map(|(_, took)| took.as_secs_f64() * 1e3))
    }

    fn timing_of(&self, child: &ChildHop) -> Option<Timing> {
        self.told.get(&child.message)?.answers.last().copied()
    }
}

fn code(end: &HopEnd) -> Option<&str> {
    match end {
        HopEnd::Reply => None,
        HopEnd::Declared(code) => Some(code),
        HopEnd::Failed(code) => Some(code.as_str()),
        _ => Some("unknown"),
    }
}

fn end(end: &HopEnd) -> String {
    code(end).map_or_else(|| "output".to_owned(), |code| format!("✗ {code}"))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `30 children, 29 outputs, 1 failure, in 120 ms`
fn summary(Gathered { children, outputs, failures, took, .. }: &Gathered) -> String {
    let children = if *children == 1 { "1 child".to_owned() } else { format!("{children} children") };
    let failures = if *failures > 0 { format!(", {}", counted(*failures, "failure")) } else { String::new() };
    let took = duration(Duration::as_secs_f64(took) * 1e3);
    format!("{children}, {}{failures}, in {took}", counted(*outputs, "output"))
}
