//! Lines of a handler's log: one JSON object each, as Lambda's own JSON logs are, with what says where they belong.
//!
//! `AWS_LAMBDA_LOG_LEVEL` says from which level on there are lines (`INFO`), `AWS_LAMBDA_LOG_FORMAT=Text` makes them plain. Names of
//! traces are those that OpenTelemetry gives them in logs of others' formats.

use std::io::Write;
use std::sync::OnceLock;

use peer_contract_core::envelope::to_rfc3339;
use serde_json::{Map, Value, json};

use crate::clock::now_ms;

/// How much a line matters, by Lambda's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

const LEVELS: [(Level, &str); 6] = [
    (Level::Trace, "TRACE"),
    (Level::Debug, "DEBUG"),
    (Level::Info, "INFO"),
    (Level::Warn, "WARN"),
    (Level::Error, "ERROR"),
    (Level::Fatal, "FATAL"),
];

/// A line that is being made: `work.log().with("hits", 3).info("ranked")`.
#[must_use = "a line is written by `info` and its like"]
pub struct Log {
    members: Map<String, Value>,
    fields: Map<String, Value>,
}

impl Log {
    /// A line about a message.
    pub(super) fn about(facts: Value) -> Self {
        let members = if let Value::Object(members) = facts { members } else { Map::new() };
        Self { members, fields: Map::new() }
    }

    /// The line with one more member. A name that means something else here gets a `_` behind it.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// What is of use only to whoever looks for a mistake, step by step.
    pub fn trace(self, message: &str) {
        self.write(Level::Trace, message);
    }

    /// What is of use only to whoever looks for a mistake.
    pub fn debug(self, message: &str) {
        self.write(Level::Debug, message);
    }

    /// What happens.
    pub fn info(self, message: &str) {
        self.write(Level::Info, message);
    }

    /// What should not happen.
    pub fn warn(self, message: &str) {
        self.write(Level::Warn, message);
    }

    /// What went wrong.
    pub fn error(self, message: &str) {
        self.write(Level::Error, message);
    }

    fn write(self, level: Level, message: &str) {
        let settings = settings();
        if level < settings.least {
            return;
        }
        let line = if settings.is_plain { self.plain(level, message) } else { self.line(level, message, now_ms()) };
        // One write for a line, so that lines of several threads stay whole. A log that nobody reads is no reason to fail.
        drop(std::io::stdout().lock().write_all(format!("{line}\n").as_bytes()));
    }

    fn line(mut self, level: Level, message: &str, time_ms: u64) -> String {
        self.members.extend([
            ("timestamp".to_owned(), json!(to_rfc3339(time_ms))),
            ("level".to_owned(), json!(word(level))),
            ("message".to_owned(), json!(message)),
        ]);
        for (name, value) in self.fields {
            let name = if self.members.contains_key(&name) { format!("{name}_") } else { name };
            self.members.insert(name, value);
        }
        Value::Object(self.members).to_string()
    }

    fn plain(&self, level: Level, message: &str) -> String {
        let of = |name: &str| self.members.get(name).map(Value::to_string).unwrap_or_default().replace('"', "");
        let fields = if self.fields.is_empty() { String::new() } else { format!(" {}", json!(self.fields)) };
        let (work, hop, operation) = (of("work"), of("hop"), of("operation"));
        format!("{} {operation} (work {work}, hop {hop}) {message}{fields}", word(level))
    }
}

struct Settings {
    least: Level,
    is_plain: bool,
}

fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let text = |name| std::env::var(name).unwrap_or_default();
        let (level, format) = (text("AWS_LAMBDA_LOG_LEVEL"), text("AWS_LAMBDA_LOG_FORMAT"));
        let known = LEVELS.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(&level));
        Settings { least: known.map_or(Level::Info, |(level, _)| level), is_plain: format.eq_ignore_ascii_case("text") }
    })
}

fn word(level: Level) -> &'static str {
    LEVELS[level as usize].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_other_languages() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/vectors/log");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let vector: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
            let mut log = Log::about(vector["facts"].clone());
            for (name, value) in vector["fields"].as_object().unwrap() {
                log = log.with(name, value.clone());
            }
            let (level, _) = LEVELS.into_iter().find(|(_, name)| *name == vector["level"]).unwrap();
            let message = vector["message"].as_str().unwrap();
            assert_eq!(log.plain(level, message), vector["plain"].as_str().unwrap(), "{}", vector["about"]);
            let line = log.line(level, message, vector["time_ms"].as_u64().unwrap());
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), vector["line"], "{}", vector["about"]);
            seen += 1;
        }
        assert!(seen > 0, "no vectors in {folder}");
    }
}
