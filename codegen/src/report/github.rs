//! Findings as workflow commands, which GitHub shows beside the lines of a change.
//!
//! The form: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use super::{Report, Severity};

impl Report<'_> {
    /// A line for each finding.
    pub fn to_github(&self) -> String {
        let mut text = String::new();
        for (finding, region) in self.placed() {
            let mut properties = Vec::new();
            if let (Some(source), Some(region)) = (self.source, region) {
                properties.push(format!("file={}", property(&source.name)));
                properties.push(format!("line={},endLine={}", region.start.line, region.end.line));
                // Columns count only within one line.
                if region.start.line == region.end.line {
                    properties.push(format!("col={},endColumn={}", region.start.column, region.end.column));
                }
            }
            properties.push(format!("title={}", property(&finding.rule)));
            let mut message = finding.message.clone();
            if !finding.at.as_str().is_empty() {
                message.push_str(&format!(" (at `{}`)", finding.at));
            }
            if !finding.help.is_empty() {
                message.push_str(&format!("\n{}", finding.help));
            }
            text.push_str(&format!("::{} {}::{}\n", command(finding.severity), properties.join(","), data(&message)));
        }
        text
    }
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// What may stand after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What may stand as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use peer_contract_core::ErrorCode;

    use super::super::tests::{problem, source};
    use super::*;

    #[test]
    fn a_command_is_one_line_whatever_it_says() {
        let mut problem = problem("/two/four", ErrorCode::TargetUnknown);
        problem.message = "100 %\r\n::error::x".to_owned();
        let mut source = source();
        source.name = "a:b,c.yaml".to_owned();
        let text = Report::of(&source, &[problem]).to_github();
        let expected = "::error file=a%3Ab%2Cc.yaml,line=2,endLine=2,col=21,endColumn=25,title=target_unknown::\
                        100 %25%0D%0A::error::x (at `/two/four`)%0Aput it right\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_has_no_text_has_no_file() {
        let text = Report::without_source(&[problem("", ErrorCode::ConfigurationInvalid)]).to_github();
        assert_eq!(text, "::error title=configuration_invalid::wrong%0Aput it right\n");
    }
}
