//! What a command knows about whoever reads its output.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use peer_contract_core::Problem;
use serde_json::Value;

use super::log_line::Shown;
use crate::report::{Look, Report};

/// How findings are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reporting {
    /// For people.
    Text,
    /// For programs: one JSON value on stdout.
    Json,
    /// SARIF 2.1.0, for code scanners: of `check`, `lint` and `diff`.
    Sarif,
    /// Workflow commands of GitHub, which mark lines: of `check`, `lint` and `diff`.
    Github,
    /// Mermaid, of `graph`.
    #[value(hide = true)]
    Mermaid,
    /// A picture, of `graph`.
    #[value(hide = true)]
    Svg,
    /// Graphviz, of `graph`.
    #[value(hide = true)]
    Dot,
    /// Markdown, of `docs`.
    #[value(hide = true)]
    Md,
    /// One page, of `docs`.
    #[value(hide = true)]
    Html,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a command ended; the worse, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing to report: 0.
    Clean,
    /// Problems were found: 1.
    Findings,
    /// Something could not be read or written, or the arguments are wrong: 2.
    Unreadable,
    /// Somebody stopped it, as with Ctrl-C: 130.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Unreadable => Self::from(2),
            Exit::Interrupted => Self::from(130),
        }
    }
}

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    /// Text or JSON.
    pub format: Format,
    /// The same for findings, which have more forms.
    pub reporting: Reporting,
    color: Color,
}

impl Console {
    /// A console of this format; colour is decided for each stream.
    pub fn new(reporting: Reporting, color: Color) -> Self {
        let format = match reporting {
            Reporting::Json | Reporting::Sarif => Format::Json,
            _ => Format::Text,
        };
        Self { format, reporting, color }
    }

    /// Whether stdout is coloured.
    pub fn colors_stdout(&self) -> bool {
        self.colors(std::io::stdout().is_terminal())
    }

    /// Whether stderr is coloured.
    pub fn colors_stderr(&self) -> bool {
        self.colors(std::io::stderr().is_terminal())
    }

    /// How lines of agents are shown on stdout.
    pub fn shown_on_stdout(&self) -> Shown {
        Shown::on(self.format == Format::Text && std::io::stdout().is_terminal())
    }

    /// The same on stderr.
    pub fn shown_on_stderr(&self) -> Shown {
        Shown::on(self.format == Format::Text && std::io::stderr().is_terminal())
    }

    fn colors(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// A line on stdout. A reader that went away is no failure of ours.
    pub fn say(&self, line: impl AsRef<str>) {
        let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
    }

    /// Text on stdout, as it is.
    pub fn print(&self, text: impl AsRef<str>) {
        let _ = write!(std::io::stdout(), "{}", text.as_ref());
    }

    /// A line on stderr.
    pub fn note(&self, line: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr(), "{}", line.as_ref());
    }

    /// A JSON value on stdout.
    pub fn json(&self, value: &Value) {
        self.say(serde_json::to_string_pretty(value).expect("a `Value` always prints"));
    }

    /// Reports findings with their places: pictures on stderr, or one of the other forms on stdout.
    pub fn report(&self, report: &Report<'_>) -> Exit {
        match self.reporting {
            Reporting::Json => self.json(&report.to_json()),
            Reporting::Sarif => self.json(&report.to_sarif()),
            Reporting::Github => self.print(report.to_github()),
            _ => {
                let look = if self.colors_stderr() { Look::Colored } else { Look::Plain };
                let _ = write!(std::io::stderr(), "{}", report.to_text(look));
            }
        }
        report.exit()
    }

    /// Reports one problem that belongs to no text.
    pub fn fail(&self, problem: &Problem) -> Exit {
        self.report(&Report::without_source(std::slice::from_ref(problem)));
        Exit::Unreadable
    }
}
