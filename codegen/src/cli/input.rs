//! The JSON that a command is given: a file, standard input, and single values on top.

use std::path::{Path, PathBuf};

use peer_contract_core::{ErrorCode, Limits, Pointer, Problem, Value};

use super::{Console, Exit};
use crate::report::Report;
use crate::source::{Notation, Source};

/// Where an input comes from.
#[derive(Debug, Clone, clap::Args)]
pub struct InputArgs {
    /// File with the input, JSON or YAML; `-` reads JSON from standard input. A text that begins with `{` or `[` is
    /// the input itself.
    input: Option<PathBuf>,
    /// Set a member of the input: `--set text="…"`, `--set plan.limit=5`. The value is JSON, or else text.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
}

/// An input, and its text for reports.
#[derive(Debug)]
pub struct Input {
    /// The value.
    pub value: Value,
    source: Option<Source>,
}

impl InputArgs {
    /// A file alone.
    pub fn of_file(path: PathBuf) -> Self {
        Self { input: Some(path), set: Vec::new() }
    }

    /// Reads it; problems are reported here.
    ///
    /// # Errors
    /// The exit code to end with.
    pub fn read(&self, console: &Console) -> Result<Input, Exit> {
        let source = self.input.as_deref().map(read).transpose().map_err(|problem| console.fail(&problem))?;
        let mut value = match &source {
            None if self.set.is_empty() => {
                let problem = refuse("there is no input".to_owned());
                return Err(console.fail(&problem.with_help("name a file, `-` for standard input, or use `--set`")));
            }
            None => Value::Object(serde_json::Map::new()),
            Some(source) => match source.value() {
                Ok(value) => value.clone(),
                Err(problem) => {
                    console.report(&Report::of(source, std::slice::from_ref(problem)));
                    return Err(Exit::Unreadable);
                }
            },
        };
        for setting in &self.set {
            set(&mut value, setting).map_err(|problem| console.fail(&problem))?;
        }
        // What was set by hand has no place in the file.
        Ok(Input { value, source: source.filter(|_| self.set.is_empty()) })
    }
}

impl Input {
    /// Reports a problem of the input at its place in the text.
    pub fn report(&self, problem: &Problem, console: &Console) -> Exit {
        self.report_all(std::slice::from_ref(problem), console)
    }

    /// The same for several.
    pub fn report_all(&self, problems: &[Problem], console: &Console) -> Exit {
        match &self.source {
            Some(source) => console.report(&Report::of(source, problems)),
            None => console.report(&Report::without_source(problems)),
        };
        Exit::Unreadable
    }
}

fn read(path: &Path) -> Result<Source, Problem> {
    match inline(path) {
        Some(text) => Ok(Source::of("<argument>", text.as_bytes(), Notation::Json, &Limits::default())),
        None => Source::read_document(path),
    }
}

/// An input that was written where a file could be named; no file of ours begins so.
fn inline(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| text.starts_with(['{', '[']))
}

fn set(value: &mut Value, setting: &str) -> Result<(), Problem> {
    let (path, text) = setting
        .split_once('=')
        .ok_or_else(|| refuse(format!("`--set {setting}` must be `<path>=<value>`, such as `--set text=canals`")))?;
    let mut at = value;
    for step in path.split('.') {
        at = match at {
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get_mut(index)),
            Value::Object(members) => Some(members.entry(step).or_insert(Value::Null)),
            Value::Null => {
                *at = serde_json::json!({});
                at.as_object_mut().map(|members| members.entry(step).or_insert(Value::Null))
            }
            _ => None,
        }
        .ok_or_else(|| refuse(format!("`--set {path}`: there is no `{step}` in the input, nor can it be made")))?;
    }
    *at = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    Ok(())
}

fn refuse(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_in_place_of_a_file_is_the_input() {
        let source = read(Path::new(r#"{"text":"a"}"#)).unwrap();
        assert_eq!(source.value().unwrap(), &json!({ "text": "a" }));
        assert!(read(Path::new("nothing-of-this-name.json")).is_err());
    }

    #[test]
    fn members_are_set_as_json_or_else_as_text() {
        let mut value = json!({"terms": ["a", "b"]});
        for setting in ["text=what was said", "plan.limit=5", "terms.1=\"c\"", "deep.er.still=true"] {
            set(&mut value, setting).unwrap();
        }
        let expected = json!({
            "text": "what was said", "plan": {"limit": 5}, "terms": ["a", "c"], "deep": {"er": {"still": true}},
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        for setting in ["text", "terms.7=1", "text.a=1"] {
            assert!(set(&mut json!({"terms": [], "text": "x"}), setting).is_err(), "{setting}");
        }
    }
}
