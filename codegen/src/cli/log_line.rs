//! Lines that agents write, for whoever reads them: what `work.log` and Lambda write as JSON objects becomes words on a terminal. Programs
//! get every line as it was written.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::paint::Paint;

/// How lines of agents are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As they were written: somebody may read them with a program.
    AsWritten,
    /// As words, for a person at a terminal.
    ForPeople,
}

impl Shown {
    /// For a stream that is a terminal, or is none.
    pub fn on(terminal: bool) -> Self {
        if terminal { Self::ForPeople } else { Self::AsWritten }
    }

    /// A line as it is shown, in one line or several.
    pub fn lines(self, line: &str, paint: Paint) -> Vec<String> {
        let read = if self == Self::ForPeople { LogLine::read(line) } else { None };
        read.map_or_else(|| vec![line.to_owned()], |line| line.words(paint))
    }
}

/// What `work.log` writes in any language.
struct LogLine {
    time: String,
    level: String,
    message: String,
    /// Of an exception.
    trace: Vec<String>,
    fields: Map<String, Value>,
}

/// Members that say where a line belongs, which stands in front of it, and which nobody reads with their eyes.
const FACTS: [&str; 7] = ["work", "operation", "hop", "messageId", "requestId", "trace_id", "span_id"];

impl LogLine {
    /// Nothing for a line of another kind.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_start().starts_with('{').then_some(line)?;
        let Ok(Value::Object(mut fields)) = serde_json::from_str(line) else { return None };
        let is_text = |name: &str| fields.get(name).is_some_and(Value::is_string);
        if !["timestamp", "level", "message"].into_iter().all(is_text) {
            return None;
        }
        let mut text = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (timestamp, level, message) = (text("timestamp"), text("level"), text("message"));
        let exception = text("exception");
        let trace = exception.lines().map(|line| plain(line).into_owned()).collect();
        FACTS.into_iter().for_each(|name| drop(fields.remove(name)));
        Some(Self { time: time_of(&timestamp), level, message, trace, fields })
    }

    fn words(&self, paint: Paint) -> Vec<String> {
        let level = format!("{:5}", plain(&self.level));
        let level = match self.level.as_str() {
            "ERROR" | "FATAL" => paint.bad(&level),
            "WARN" => paint.odd(&level),
            "DEBUG" | "TRACE" => paint.dim(&level),
            _ => level,
        };
        let mut message = self.message.lines();
        let first = plain(message.next().unwrap_or_default());
        let fields: String =
            self.fields.iter().map(|(name, value)| format!("  {}={}", plain(name), word(value))).collect();
        let head = format!("{} {level} {first}{}", paint.dim(&self.time), paint.dim(&fields));
        let rest = message.map(|line| plain(line).into_owned()).chain(self.trace.iter().cloned());
        std::iter::once(head.trim_end().to_owned()).chain(rest.map(|line| format!("  {line}"))).collect()
    }
}

/// `01:42:02.004` of `2025-11-21T01:42:02.004Z`; anything else as it is.
fn time_of(timestamp: &str) -> String {
    let time = timestamp.split_once('T').and_then(|(_, time)| time.get(..12));
    plain(time.unwrap_or(timestamp)).into_owned()
}

/// Text that is one word stands without quotes.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() && !text.contains([' ', '"', '=']) => plain(text).into_owned(),
        value => plain(&value.to_string()).into_owned(),
    }
}

/// Text without what a terminal would obey.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        Shown::ForPeople.lines(line, Paint::new(false))
    }

    #[test]
    fn lines_of_all_languages_are_readable_and_name_no_ids() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/vectors/log");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let vector: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
            let words = words(&vector["line"].to_string());
            let message = vector["message"].as_str().unwrap();
            let level = vector["level"].as_str().unwrap();
            let first = message.lines().next().unwrap_or_default();
            assert!(words[0].starts_with(&format!("01:42:02.004 {level:5} {first}")), "{words:?}");
            assert_eq!(words.len(), message.lines().count().max(1), "{words:?}");
            for (name, _) in vector["fields"].as_object().unwrap() {
                assert!(words[0].contains(name.as_str()), "{name}: {words:?}");
            }
            assert!(!words[0].contains(vector["facts"]["messageId"].as_str().unwrap()), "{words:?}");
            seen += 1;
        }
        assert!(seen > 0, "no vectors in {folder}");
    }

    #[test]
    fn an_exception_stands_below_its_line() {
        let line = r#"{"timestamp":"2025-11-21T01:42:02.004Z","level":"ERROR","message":"no","exception":"Traceback:\n  here","n":1,"s":"a b"}"#;
        assert_eq!(words(line), ["01:42:02.004 ERROR no  n=1  s=\"a b\"", "  Traceback:", "    here"]);
    }

    #[test]
    fn a_line_of_another_kind_stays_as_it_is() {
        for line in [
            "",
            "plain",
            "{",
            "{}",
            "[1]",
            r#"{"level":"INFO","message":"x"}"#,
            r#"{"timestamp":1,"level":"a","message":"b"}"#,
        ] {
            assert_eq!(words(line), [line]);
        }
        let line = r#"{"timestamp":"t","level":"INFO","message":"x"}"#;
        assert_eq!(Shown::AsWritten.lines(line, Paint::new(false)), [line]);
    }

    #[test]
    fn nothing_in_a_line_moves_the_cursor() {
        let line = r#"{"timestamp":"\u001b[2J","level":"\u001b[2J","message":"a\u001b[2Jb\u0007\r","x\u001b":"\u001b]0;t\u0007","y":"a \u009b2J","exception":"\u001b[1A"}"#;
        assert!(words(line).iter().all(|line| !line.contains(char::is_control)), "{:?}", words(line));
    }
}
