//! How a work ended, and what to show for it.

use std::path::Path;
use std::time::Duration;

use peer_contract::run::{End, Finished, HopEnd, Stopped};
use peer_contract_core::contract::agent_of;
use peer_contract_core::inbox::Raised;
use peer_contract_core::json::Json;
use peer_contract_core::{ErrorCode, Pointer, Problem, Value};
use serde_json::json;

use super::paint::{Paint, duration};
use super::prepare::Prepared;
use super::timeline::{GivenUp, Timeline, Totals};
use super::{Console, Exit, Format, output};
use crate::report::Report;

/// Lines of an agent's log that explain a failure.
const EXPLAINING_LINES: usize = 20;

/// Where the timeline goes: to stdout, or to stderr when the output itself goes to stdout.
#[derive(Debug, Clone, Copy)]
pub struct Sink<'a> {
    console: &'a Console,
    to_stderr: bool,
    /// Colours of that stream.
    pub paint: Paint,
}

impl<'a> Sink<'a> {
    /// For a command whose output goes to `output`.
    pub fn new(console: &'a Console, output: Option<&Path>) -> Self {
        let to_stderr = output == Some(Path::new("-"));
        let colors = if to_stderr { console.colors_stderr() } else { console.colors_stdout() };
        Self { console, to_stderr, paint: Paint::new(colors && console.format == Format::Text) }
    }

    /// Text or JSON.
    pub fn format(&self) -> Format {
        self.console.format
    }

    /// A line.
    pub fn say(&self, line: &str) {
        if self.to_stderr { self.console.note(line) } else { self.console.say(line) }
    }

    /// An object on one line.
    pub fn object(&self, object: &Value) {
        self.say(&object.to_string());
    }

    /// Tells a line of an agent while the work runs.
    pub fn logged(&self, agent: &str, line: &str) {
        let shown = if self.to_stderr { self.console.shown_on_stderr() } else { self.console.shown_on_stdout() };
        self.beside(agent, &shown.lines(line, self.paint)).iter().for_each(|line| self.say(line));
    }

    fn beside(&self, agent: &str, lines: &[String]) -> Vec<String> {
        let agent = self.paint.dim(&format!("{agent} │"));
        lines.iter().map(|line| format!("     {agent} {line}")).collect()
    }
}

/// What is needed to show an end.
pub struct Ending<'a> {
    /// The project and its contract.
    pub prepared: &'a Prepared,
    /// Where it is told.
    pub sink: Sink<'a>,
    /// From the order to the end.
    pub took: Duration,
    /// Where the output goes, if that was said.
    pub output: Option<&'a Path>,
}

impl Ending<'_> {
    /// The work ended as its contract foresees.
    pub fn finished(&self, finished: &Finished, totals: Totals) -> Exit {
        match (&finished.end, self.sink.format()) {
            (End::Output(output), Format::Text) => {
                let output = &output.to_value();
                let phase = finished.phase.as_deref().unwrap_or("finished");
                self.sink.say(&format!("{} {}", self.sink.paint.good(phase), self.times(totals)));
                self.show(finished, output)
            }
            (End::Output(output), Format::Json) => {
                let output = &output.to_value();
                self.tell_end(finished, totals, json!({"output": output}));
                self.deliver(finished, output).unwrap_or(Exit::Clean)
            }
            (End::Declared(Raised { code, message, data, retryable }), Format::Text) => {
                let phase = finished.phase.as_deref().unwrap_or("failed");
                self.sink.say(&format!("{} {}", self.sink.paint.bad(phase), self.times(totals)));
                self.sink.say(&format!("{}: {message}", self.sink.paint.bold(code)));
                if let Some(data) = data {
                    self.sink.say(&data.to_value().to_string());
                }
                if *retryable {
                    self.sink.say("the same input may do better another time");
                }
                Exit::Findings
            }
            (End::Declared(Raised { code, message, data, retryable }), Format::Json) => {
                let error = json!({"code": code, "message": message, "data": data.as_ref().map(Json::to_value), "retryable": retryable});
                self.tell_end(finished, totals, json!({"error": error}));
                Exit::Findings
            }
        }
    }

    /// The work was given up: nobody carries it on, so nothing is to be waited for.
    pub fn given_up(&self, given_up: &GivenUp, timeline: &mut Timeline) -> Exit {
        let GivenUp { about, attempts, error } = given_up;
        let tries = if *attempts == 1 { "one try".to_owned() } else { format!("{attempts} tries") };
        let message = format!("`{}` was given up at hop {} after {tries}: {error}", about.target, about.hop);
        let problem = Problem::new(ErrorCode::PeerFailed, Pointer::root(), message);
        let log = self.log_of(&about.message, timeline);
        self.failed(Some(&about.work), &problem, Some((about.hop, &about.target)), &log);
        Exit::Findings
    }

    /// The work did not end as its contract foresees.
    pub async fn stopped(&self, stopped: &Stopped, timeline: &mut Timeline) -> Exit {
        let last = stopped.last.as_deref();
        let log = last.map(|hop| self.log_of(&hop.message, timeline)).unwrap_or_default();
        if let Some(hop) = last.filter(|hop| hop.end == HopEnd::UnderWay && self.sink.format() == Format::Text) {
            timeline.lines(hop, self.sink.paint).await.iter().for_each(|line| self.sink.say(line));
        }
        let place = last.map(|hop| (hop.hop, hop.target.as_str()));
        self.failed(stopped.work.as_deref(), &stopped.problem, place, &log);
        if stopped.work.is_some() { Exit::Findings } else { Exit::Unreadable }
    }

    fn log_of(&self, message: &str, timeline: &mut Timeline) -> Vec<String> {
        let mut log = timeline.log_of(message);
        log.split_off(log.len().saturating_sub(EXPLAINING_LINES))
    }

    fn failed(&self, work: Option<&str>, problem: &Problem, place: Option<(u32, &str)>, log: &[String]) {
        if self.sink.format() == Format::Json {
            self.sink.object(&json!({
                "type": "stopped", "work": work, "code": problem.code.as_str(), "at": problem.at.as_str(),
                "message": problem.message, "help": problem.help, "hop": place.map(|(hop, _)| hop),
                "target": place.map(|(_, target)| target), "log": log, "tookMs": ms(self.took),
            }));
            return;
        }
        self.sink.console.report(&Report::without_source(std::slice::from_ref(problem)));
        if let Some((hop, target)) = place {
            self.explain(hop, target, log);
        }
    }

    fn explain(&self, hop: u32, target: &str, log: &[String]) {
        let note = |line: String| self.sink.console.note(line);
        if log.is_empty() {
            note(format!("`{target}` wrote nothing at hop {hop}"));
            return;
        }
        note(format!("what `{target}` wrote at hop {hop}:"));
        let agent = agent_of(target);
        let shown = self.sink.console.shown_on_stderr();
        let lines: Vec<_> = log.iter().flat_map(|line| shown.lines(line, self.sink.paint)).collect();
        self.sink.beside(agent, &lines).into_iter().for_each(note);
    }

    /// `in 181 ms (agents 160 ms, starts 18 ms, transport 3 ms)`
    fn times(&self, totals: Totals) -> String {
        let took = ms(self.took);
        let Totals { agents_ms, starts_ms } = totals;
        let parts = [("agents", agents_ms), ("starts", starts_ms), ("transport", rest(took, totals))];
        let parts = parts.iter().filter(|(_, ms)| *ms > 0.0).map(|(name, ms)| format!("{name} {}", duration(*ms)));
        let parts = parts.collect::<Vec<_>>().join(", ");
        format!("in {} {}", duration(took), self.sink.paint.dim(&format!("({parts})")))
    }

    fn tell_end(&self, finished: &Finished, totals: Totals, result: Value) {
        let took = ms(self.took);
        let mut end = json!({
            "type": "end", "work": finished.work, "target": finished.target, "phase": finished.phase,
            "hops": finished.hops, "tookMs": took, "agentsMs": totals.agents_ms, "startsMs": totals.starts_ms,
            "transportMs": rest(took, totals),
        });
        if let (Some(end), Value::Object(result)) = (end.as_object_mut(), result) {
            end.extend(result);
        }
        // An object of programs is on stdout even where the output is a file.
        self.sink.object(&end);
    }

    fn show(&self, finished: &Finished, output: &Value) -> Exit {
        if let Some(exit) = self.deliver(finished, output) {
            return exit;
        }
        let contract = &self.prepared.contract;
        let folder = self.prepared.work_folder().join("out").join(&finished.work);
        match output::present(contract, contract.operation(&finished.target), output, &folder) {
            Ok(shown) => {
                shown.files.iter().for_each(|file| self.sink.say(&format!("output: {}", file.display())));
                if !shown.rest.is_empty() {
                    self.sink.say(&shown.rest);
                }
                Exit::Clean
            }
            Err(error) => self.unwritten(&folder, &error, output),
        }
    }

    /// Writes the output where the user wants it, if that was said.
    fn deliver(&self, finished: &Finished, output: &Value) -> Option<Exit> {
        let file = self.output?;
        if file == Path::new("-") {
            self.sink.console.say(serde_json::to_string_pretty(output).unwrap_or_default());
            return Some(Exit::Clean);
        }
        let contract = &self.prepared.contract;
        Some(match output::write_to(contract, contract.operation(&finished.target), output, file) {
            Ok(()) => {
                if self.sink.format() == Format::Text {
                    self.sink.say(&format!("output: {}", file.display()));
                }
                Exit::Clean
            }
            Err(error) => self.unwritten(file, &error, output),
        })
    }

    /// The work has ended, and nobody shall have to do it again: what cannot be written is shown.
    fn unwritten(&self, path: &Path, error: &std::io::Error, output: &Value) -> Exit {
        let message = format!("`{}` cannot be written: {error}", path.display());
        if self.sink.format() == Format::Json {
            // The output stands in the object before.
            let code = ErrorCode::ConfigurationInvalid.as_str();
            self.sink.object(&json!({ "type": "unwritten", "path": path, "code": code, "message": message }));
            return Exit::Unreadable;
        }
        let problem = Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message);
        self.sink.console.report(&Report::without_source(&[problem.with_help("the output goes to stdout instead")]));
        self.sink.console.say(serde_json::to_string_pretty(output).unwrap_or_default());
        Exit::Unreadable
    }
}

fn rest(took: f64, totals: Totals) -> f64 {
    (took - totals.agents_ms - totals.starts_ms).max(0.0)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
