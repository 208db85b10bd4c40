//! `peerc fmt`: contract files in their canonical layout, with their comments and their meaning.

use std::path::{Path, PathBuf};

use peer_contract_core::json::Span;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Value, json};

use super::file::replace;
use super::open::locate_contract;
use super::{Console, Exit, Format};
use crate::layout::{Refusal, Unwritten, difference, lay_out};
use crate::report::Report;
use crate::source::{Notation, Source, is_stdin};

/// Arguments of `peerc fmt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc fmt
  peerc fmt --check
  peerc fmt --diff research.contract.yaml other.contract.json
  peerc fmt - < research.contract.yaml            for editors: from standard input to standard output

Members are put in the order of the manual, names keep theirs. What stands on one line stays there up to 120 characters. Comments,
values and the hash of the contract stay the same, which is proved before a file is written; what cannot be kept is refused.
Exit codes: 0 done, or nothing to do; 1 with --check or --diff: something would change; 2 something could not be read or kept.")]
pub struct Args {
    /// The files, `-` for standard input; without any, the contract that `peerc.toml` names.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; list the files that would change.
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change.
    #[arg(long)]
    diff: bool,
}

/// What became of a file.
struct Done {
    name: String,
    changed: bool,
    /// What is printed in place of a file that is written.
    text: Option<String>,
    diff: String,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let files = match self.files.is_empty() {
            false => self.files.clone(),
            true => match locate_contract(None, console) {
                Ok(file) => vec![file],
                Err(exit) => return exit,
            },
        };
        let mut all = Vec::new();
        let mut failed = false;
        for file in &files {
            match self.file(file, console) {
                Ok(done) => all.push(done),
                Err(_) => failed = true,
            }
        }
        self.tell(&all, console);
        let would_change = (self.check || self.diff) && all.iter().any(|done| done.changed);
        match (failed, would_change) {
            (true, _) => Exit::Unreadable,
            (false, true) => Exit::Findings,
            (false, false) => Exit::Clean,
        }
    }

    fn file(&self, path: &Path, console: &Console) -> Result<Done, Exit> {
        let source = Source::read(path).map_err(|problem| console.fail(&problem))?;
        let notation = Notation::of(path).unwrap_or_else(|| Notation::guessed(source.text.as_bytes()));
        let text = match lay_out(&source, notation) {
            Ok(text) => text,
            Err(unwritten) => return Err(refuse(source, unwritten, console)),
        };
        let changed = text != source.text;
        let is_written = !self.check && !self.diff;
        if changed && is_written && !is_stdin(path) {
            replace(path, &text).map_err(|problem| console.fail(&problem))?;
        }
        let diff = if self.diff { difference(&source.name, &source.text, &text) } else { String::new() };
        let text = Some(text).filter(|_| is_written && is_stdin(path));
        Ok(Done { name: source.name, changed, text, diff })
    }

    fn tell(&self, all: &[Done], console: &Console) {
        if console.format == Format::Json {
            let files: Vec<Value> = all
                .iter()
                .map(|done| {
                    let mut file = json!({ "file": done.name, "changed": done.changed });
                    if self.diff {
                        file["diff"] = json!(done.diff);
                    }
                    if let Some(text) = &done.text {
                        file["text"] = json!(text);
                    }
                    file
                })
                .collect();
            console.json(&json!({ "files": files, "written": !self.check && !self.diff }));
            return;
        }
        for done in all {
            match (&done.text, self.diff, done.changed) {
                (Some(text), ..) => console.print(text),
                (None, true, _) => console.print(&done.diff),
                (None, false, true) if self.check => console.say(format!("would change  {}", done.name)),
                (None, false, true) => console.say(format!("changed  {}", done.name)),
                (None, false, false) => {}
            }
        }
    }
}

/// Reports why a file stays as it is.
fn refuse(source: Source, unwritten: Unwritten, console: &Console) -> Exit {
    match unwritten {
        Unwritten::Unread(problem) => console.report(&Report::of(&source, std::slice::from_ref(&problem))),
        Unwritten::Refused(Refusal { byte, message, help }) => {
            let source = source.pointing_at(Span { start: byte, end: byte + 1 });
            let problem = Problem::new(ErrorCode::YamlSyntax, Pointer::root(), message).with_help(help);
            console.report(&Report::of(&source, std::slice::from_ref(&problem)))
        }
    }
}
