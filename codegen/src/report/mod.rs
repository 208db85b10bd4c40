//! Findings as people and programs read them: with rule, file, line, column, and the text they are about.
//!
//! ```text
//! Problem | lint | diff ─→ Finding ─→ Report ─→ picture | list | SARIF | workflow commands
//! ```

mod github;
mod list;
mod picture;
mod sarif;

use peer_contract_core::{ErrorCode, Pointer, Problem};

use crate::cli::Exit;
use crate::source::{Lines, Mark, Position, Source};
pub use picture::Look;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing fails for it.
    Info,
    /// Likely a mistake.
    Warning,
    /// A mistake.
    Error,
}

impl Severity {
    /// `info`, `warning`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The word for programs: an error code, or the id of a rule.
    pub rule: String,
    /// What the rule is about, in a sentence; empty where it is not said.
    pub about: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found and what would be right.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// Where in the text.
    pub at: Pointer,
    /// What to show of that place.
    pub mark: Mark,
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        Self {
            rule: problem.code.as_str().to_owned(),
            about: problem.code.about(),
            severity: Severity::Error,
            message: problem.message.clone(),
            help: problem.help.clone(),
            at: problem.at.clone(),
            mark: Mark::of(problem.code),
        }
    }
}

/// Findings in one text, or in none.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    source: Option<&'a Source>,
    findings: Vec<Finding>,
    unreadable: bool,
}

/// Where a finding begins and ends.
#[derive(Debug, Clone, Copy)]
struct Region {
    start: Position,
    end: Position,
}

impl<'a> Report<'a> {
    /// Problems with places in a text.
    pub fn of(source: &'a Source, problems: &[Problem]) -> Self {
        Self { source: Some(source), ..Self::without_source(problems) }
    }

    /// Problems that belong to no text we hold.
    pub fn without_source(problems: &[Problem]) -> Self {
        let unreadable = problems.iter().any(|problem| is_unreadable(problem.code));
        Self { source: None, findings: problems.iter().map(Finding::from).collect(), unreadable }
    }

    /// Findings with places in a text, in the order of these.
    pub fn of_findings(source: &'a Source, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| source.span(&finding.at, finding.mark).map(|span| span.start));
        Self { source: Some(source), findings, unreadable: false }
    }

    /// What was found.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Which exit code these call for.
    pub fn exit(&self) -> Exit {
        let failing = self.findings.iter().any(|finding| finding.severity > Severity::Info);
        match (failing, self.unreadable) {
            (false, _) => Exit::Clean,
            (true, true) => Exit::Unreadable,
            (true, false) => Exit::Findings,
        }
    }

    /// Each finding with its place in the text, if it has one.
    fn placed(&self) -> Vec<(&Finding, Option<Region>)> {
        let lines = self.source.map(|source| Lines::of(&source.text));
        let region = |finding: &Finding| {
            let (span, lines) = self.source?.span(&finding.at, finding.mark).zip(lines.as_ref())?;
            Some(Region { start: lines.position(span.start), end: lines.position(span.end) })
        };
        self.findings.iter().map(|finding| (finding, region(finding))).collect()
    }
}

/// Reading failed, as against: it was read, and rules are broken.
fn is_unreadable(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::ConfigurationInvalid | ErrorCode::YamlSyntax) || code.is_of_json()
}

#[cfg(test)]
mod tests {
    use peer_contract_core::Limits;

    use super::*;
    use crate::source::Notation;

    pub(super) fn source() -> Source {
        Source::of("a.yaml", "one: 1\ntwo: { three: wörd, four: 4 }\n".as_bytes(), Notation::Yaml, &Limits::default())
    }

    pub(super) fn problem(at: &str, code: ErrorCode) -> Problem {
        Problem::new(code, at.parse::<Pointer>().unwrap(), "wrong").with_help("put it right")
    }

    #[test]
    fn text_that_cannot_be_read_and_rules_that_are_broken_exit_differently() {
        let source = source();
        let exit = |code| Report::of(&source, &[problem("", code)]).exit();
        assert_eq!(exit(ErrorCode::YamlSyntax), Exit::Unreadable);
        assert_eq!(exit(ErrorCode::JsonDepth), Exit::Unreadable);
        assert_eq!(exit(ErrorCode::PhaseUnknown), Exit::Findings);
        assert_eq!(Report::of(&source, &[]).exit(), Exit::Clean);
    }

    #[test]
    fn what_is_only_worth_knowing_fails_nothing() {
        let source = source();
        let mut finding = Finding::from(&problem("/two", ErrorCode::PhaseUnknown));
        finding.severity = Severity::Info;
        assert_eq!(Report::of_findings(&source, vec![finding]).exit(), Exit::Clean);
    }
}
