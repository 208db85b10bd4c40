//! Findings for people: a picture of the text each is about.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeStyles,
};
use peer_contract_core::json::Span;

use super::{Finding, Region, Report, Severity};
use crate::source::{Lines, Source};

/// Bytes of a line that are shown on each side of what a finding is about, and most of that: contracts of machines are one
/// line, and the pencil counts columns in sixteen bits.
const MOST_BESIDE: usize = 400;
const MOST_MARKED: usize = 1000;

/// Whether escape codes colour the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// With escape codes.
    Colored,
    /// Without.
    Plain,
}

impl Report<'_> {
    /// One picture per finding, a line for what is only worth knowing, and a line that counts them.
    pub fn to_text(&self, look: Look) -> String {
        let mut text = String::new();
        for (finding, region) in self.placed() {
            match (finding.severity, self.source, region) {
                (Severity::Info, Some(source), Some(region)) => text.push_str(&line(finding, source, region)),
                _ => text.push_str(&picture(finding, self.source, look)),
            }
        }
        if let Some(source) = self.source {
            text.push_str(&counted(&self.findings, &source.name));
        }
        text
    }
}

/// `1 error, 2 warnings in a.yaml`
fn counted(findings: &[Finding], name: &str) -> String {
    let count = |severity: Severity, one: &str, more: &str| {
        let number = findings.iter().filter(|finding| finding.severity == severity).count();
        (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { more }))
    };
    let counts = [
        count(Severity::Error, "error", "errors"),
        count(Severity::Warning, "warning", "warnings"),
        count(Severity::Info, "note", "notes"),
    ];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    if counts.is_empty() { String::new() } else { format!("{} in {name}\n", counts.join(", ")) }
}

/// `info[rule] a.yaml:2:15 message (at `/two/three`)`
fn line(finding: &Finding, source: &Source, region: Region) -> String {
    let Finding { rule, message, at, .. } = finding;
    format!("info[{rule}] {}:{}:{} {message} (at `{at}`)\n", source.name, region.start.line, region.start.column)
}

fn picture(finding: &Finding, source: Option<&Source>, look: Look) -> String {
    let span = source.and_then(|source| source.span(&finding.at, finding.mark));
    let drawn = Drawn { finding, excerpt: source.zip(span).map(|(source, span)| Excerpt::of(source, span)) };
    let mut text = String::new();
    pencil(finding, look).render_report(&mut text, &drawn).expect("writing to a string does not fail");
    // The pencil indents the first line, which begins with the severity.
    let text = text.trim_start_matches([' ', '\n']).trim_end();
    format!("{text}\n\n")
}

fn pencil(finding: &Finding, look: Look) -> GraphicalReportHandler {
    let mut theme = GraphicalTheme::unicode_nocolor();
    theme.styles = if look == Look::Colored { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let label = format!("{}[{}]:", finding.severity.as_str(), finding.rule);
    theme.characters.error.clone_from(&label);
    theme.characters.warning.clone_from(&label);
    theme.characters.advice = label;
    GraphicalReportHandler::new_themed(theme)
        .with_context_lines(1)
        .with_wrap_lines(false)
        .with_width(1000)
        .without_syntax_highlighting()
}

/// A finding beside its text, in the form the pencil draws.
struct Drawn<'a> {
    finding: &'a Finding,
    excerpt: Option<Excerpt<'a>>,
}

/// The whole lines around a span, as far as they are not too long, and nothing before or after.
struct Excerpt<'a> {
    source: &'a Source,
    span: Span,
}

impl<'a> Excerpt<'a> {
    fn of(source: &'a Source, span: Span) -> Self {
        let most = boundary(&source.text, span.start + MOST_MARKED);
        Self { source, span: Span { end: span.end.min(most), ..span } }
    }

    /// The bytes that are shown.
    fn window(&self) -> Range<usize> {
        let Span { start, end } = self.span;
        let (before, behind) = (&self.source.text[..start], &self.source.text[end..]);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = behind.find('\n').map_or(self.source.text.len(), |at| end + at);
        let nearest = boundary(&self.source.text, start.saturating_sub(MOST_BESIDE));
        line.max(nearest)..line_end.min(boundary(&self.source.text, end + MOST_BESIDE))
    }
}

/// The first end of a character from here on.
fn boundary(text: &str, from: usize) -> usize {
    (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
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
        let Range { start, end } = self.window();
        let breaks = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let (line, lines) = (breaks(&self.source.text[..start]), breaks(&self.source.text[start..end]));
        let column = if context == 0 { Lines::of(&self.source.text).position(self.span.start).column - 1 } else { 0 };
        let whole = SourceSpan::from((start, end - start));
        let name = self.source.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            &self.source.text.as_bytes()[start..end],
            whole,
            line,
            column,
            lines,
        )))
    }
}

impl Drawn<'_> {
    /// The place, for what has no text to show it in.
    fn place(&self) -> String {
        let at = self.finding.at.as_str();
        if at.is_empty() || self.excerpt.is_some() { String::new() } else { format!(" (at `{at}`)") }
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.finding.message, self.place())
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        (!self.finding.help.is_empty()).then(|| Box::new(&self.finding.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.excerpt.as_ref()?.span;
        let at = self.finding.at.as_str();
        let label = (!at.is_empty()).then(|| at.to_owned());
        Some(Box::new(std::iter::once(LabeledSpan::new(label, span.start, span.end - span.start))))
    }
}

#[cfg(test)]
mod tests {
    use peer_contract_core::{ErrorCode, Limits};

    use super::super::tests::{problem, source};
    use super::*;
    use crate::source::Notation;

    #[test]
    fn the_picture_shows_code_place_and_help() {
        let problems = [problem("/two/three", ErrorCode::PhaseUnknown)];
        let text = Report::of(&source(), &problems).to_text(Look::Plain);
        let expected = "error[phase_unknown]: wrong\n   ╭─[a.yaml:2:15]\n 2 │ two: { three: wörd, four: 4 }\n   ·               ──┬─\n   ·                 ╰── /two/three\n   ╰────\n  help: put it right\n\n1 error in a.yaml\n";
        assert_eq!(text, expected, "{text}");
    }

    #[test]
    fn a_line_of_any_length_is_shown_where_the_finding_is() {
        let text = format!(
            "{{\"one\":[{}],\"two\":{{\"three\":\"{}\"}},\"ö\":[{}]}}",
            "\"ä\",".repeat(40_000) + "1",
            "ö".repeat(40_000),
            "1,".repeat(40_000) + "1"
        );
        let source = Source::of("a.json", text.as_bytes(), Notation::Json, &Limits::default());
        let report = Report::of(&source, &[problem("/two/three", ErrorCode::PhaseUnknown)]);
        let told = report.to_text(Look::Plain);
        assert!(told.contains("─[a.json:1:160027]") && told.contains("╰── /two/three"), "{told}");
        assert!(told.len() < 10_000, "{}", told.len());
    }

    #[test]
    fn what_is_only_worth_knowing_takes_one_line() {
        let mut finding = Finding::from(&problem("/two/three", ErrorCode::PhaseUnknown));
        finding.severity = Severity::Info;
        let text = Report::of_findings(&source(), vec![finding]).to_text(Look::Plain);
        assert_eq!(text, "info[phase_unknown] a.yaml:2:15 wrong (at `/two/three`)\n1 note in a.yaml\n");
    }
}
