//! Problems as people and programs read them: with file, line, column, and the text they are about.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeStyles,
};
use peer_contract_core::json::Span;
use peer_contract_core::{ErrorCode, Problem};
use serde_json::{Value, json};

use crate::cli::Exit;
use crate::source::{Lines, Source};

/// Whether escape codes colour the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// With escape codes.
    Colored,
    /// Without.
    Plain,
}

/// Problems of one text.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    source: Option<&'a Source>,
    problems: &'a [Problem],
}

impl<'a> Report<'a> {
    /// Problems with places in a text.
    pub fn of(source: &'a Source, problems: &'a [Problem]) -> Self {
        Self { source: Some(source), problems }
    }

    /// Problems that belong to no text we hold.
    pub fn without_source(problems: &'a [Problem]) -> Self {
        Self { source: None, problems }
    }

    /// Which exit code these problems call for.
    pub fn exit(&self) -> Exit {
        let unreadable = self.problems.iter().any(|problem| is_unreadable(problem.code));
        match (self.problems, unreadable) {
            ([], _) => Exit::Clean,
            (_, true) => Exit::Unreadable,
            _ => Exit::Findings,
        }
    }

    /// A list of `{code, message, help, at, file, line, column, endLine, endColumn}`; the last five are
    /// `null` where a problem belongs to no text.
    pub fn to_json(&self) -> Value {
        let lines = self.source.map(|source| Lines::of(&source.text));
        let one = |problem: &Problem| {
            let place = self.source.and_then(|source| source.span_of(problem)).zip(lines.as_ref());
            let start = place.map(|(span, lines)| lines.position(span.start));
            let end = place.map(|(span, lines)| lines.position(span.end));
            json!({
                "code": problem.code.as_str(),
                "message": problem.message,
                "help": problem.help,
                "at": problem.at.as_str(),
                "file": self.source.map(|source| &source.name),
                "line": start.map(|position| position.line),
                "column": start.map(|position| position.column),
                "endLine": end.map(|position| position.line),
                "endColumn": end.map(|position| position.column),
            })
        };
        Value::Array(self.problems.iter().map(one).collect())
    }

    /// One picture per problem, and a line that counts them.
    pub fn to_text(&self, look: Look) -> String {
        let mut text = String::new();
        for problem in self.problems {
            text.push_str(&picture(problem, self.source, look));
        }
        if let Some(source) = self.source {
            text.push_str(&counted(self.problems.len(), &source.name));
        }
        text
    }
}

/// Reading failed, as against: it was read, and rules are broken.
fn is_unreadable(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::ConfigurationInvalid | ErrorCode::YamlSyntax) || code.as_str().starts_with("json_")
}

fn counted(number: usize, name: &str) -> String {
    format!("{number} error{} in {name}\n", if number == 1 { "" } else { "s" })
}

fn picture(problem: &Problem, source: Option<&Source>, look: Look) -> String {
    let span = source.and_then(|source| source.span_of(problem));
    let drawn = Drawn { problem, excerpt: source.zip(span).map(|(source, span)| Excerpt { source, span }) };
    let mut text = String::new();
    pencil(problem.code, look).render_report(&mut text, &drawn).expect("writing to a string does not fail");
    // The pencil indents the first line, which begins with the word "error".
    let text = text.trim_start_matches([' ', '\n']).trim_end();
    format!("{text}\n\n")
}

fn pencil(code: ErrorCode, look: Look) -> GraphicalReportHandler {
    let mut theme = GraphicalTheme::unicode_nocolor();
    theme.styles = if look == Look::Colored { ThemeStyles::ansi() } else { ThemeStyles::none() };
    theme.characters.error = format!("error[{code}]:");
    GraphicalReportHandler::new_themed(theme)
        .with_context_lines(1)
        .with_wrap_lines(false)
        .with_width(1000)
        .without_syntax_highlighting()
}

/// A problem beside its text, in the form the pencil draws.
struct Drawn<'a> {
    problem: &'a Problem,
    excerpt: Option<Excerpt<'a>>,
}

/// The whole lines around a span, and nothing before or after.
struct Excerpt<'a> {
    source: &'a Source,
    span: Span,
}

impl SourceCode for Excerpt<'_> {
    /// The pencil asks for no lines around the span where it wants to know line and column, and for
    /// some where it draws.
    fn read_span<'b>(
        &'b self,
        _: &SourceSpan,
        context: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let bytes = self.source.text.as_bytes();
        let is_break = |byte: &u8| *byte == b'\n';
        let start = bytes[..self.span.start].iter().rposition(is_break).map_or(0, |at| at + 1);
        let end = bytes[self.span.end..].iter().position(is_break).map_or(bytes.len(), |at| self.span.end + at);
        let line = bytes[..start].iter().filter(|byte| is_break(byte)).count();
        let lines = bytes[start..end].iter().filter(|byte| is_break(byte)).count();
        let column = if context == 0 { Lines::of(&self.source.text).position(self.span.start).column - 1 } else { 0 };
        let whole = SourceSpan::from((start, end - start));
        let name = self.source.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, &bytes[start..end], whole, line, column, lines)))
    }
}

impl Drawn<'_> {
    /// The place, for what has no text to show it in.
    fn place(&self) -> String {
        let at = self.problem.at.as_str();
        if at.is_empty() || self.excerpt.is_some() { String::new() } else { format!(" (at `{at}`)") }
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.problem.message, self.place())
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        (!self.problem.help.is_empty()).then(|| Box::new(&self.problem.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.excerpt.as_ref()?.span;
        let at = self.problem.at.as_str();
        let label = (!at.is_empty()).then(|| at.to_owned());
        Some(Box::new(std::iter::once(LabeledSpan::new(label, span.start, span.end - span.start))))
    }
}

#[cfg(test)]
mod tests {
    use peer_contract_core::{Limits, Pointer};

    use super::*;
    use crate::source::Notation;

    fn source() -> Source {
        Source::of("a.yaml", "one: 1\ntwo: { three: wörd, four: 4 }\n".as_bytes(), Notation::Yaml, &Limits::default())
    }

    fn problem(at: &str, code: ErrorCode) -> Problem {
        Problem::new(code, at.parse::<Pointer>().unwrap(), "wrong").with_help("put it right")
    }

    #[test]
    fn the_picture_shows_code_place_and_help() {
        let problems = [problem("/two/three", ErrorCode::PhaseUnknown)];
        let text = Report::of(&source(), &problems).to_text(Look::Plain);
        let expected = "error[phase_unknown]: wrong\n   ╭─[a.yaml:2:15]\n 2 │ two: { three: wörd, four: 4 }\n   ·               ──┬─\n   ·                 ╰── /two/three\n   ╰────\n  help: put it right\n\n1 error in a.yaml\n";
        assert_eq!(text, expected, "{text}");
    }

    #[test]
    fn the_list_has_places_that_editors_know() {
        let problems = [problem("/two/four", ErrorCode::TargetUnknown)];
        let list = Report::of(&source(), &problems).to_json();
        let places = ["line", "column", "endLine", "endColumn"].map(|key| list[0][key].as_u64().unwrap());
        assert_eq!(places, [2, 21, 2, 25]);
        assert_eq!((list[0]["code"].as_str(), list[0]["file"].as_str()), (Some("target_unknown"), Some("a.yaml")));
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
}
