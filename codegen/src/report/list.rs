//! Findings for programs of ours and others: a JSON list.

use serde_json::{Value, json};

use super::Report;

impl Report<'_> {
    /// A list of `{code, severity, message, help, at, file, line, column, endLine, endColumn}`; the last five are
    /// `null` where a finding belongs to no text.
    pub fn to_json(&self) -> Value {
        let placed = self.placed().into_iter();
        let one = placed.map(|(finding, region)| {
            json!({
                "code": finding.rule,
                "severity": finding.severity.as_str(),
                "message": finding.message,
                "help": finding.help,
                "at": finding.at.as_str(),
                "file": self.source.map(|source| &source.name),
                "line": region.map(|region| region.start.line),
                "column": region.map(|region| region.start.column),
                "endLine": region.map(|region| region.end.line),
                "endColumn": region.map(|region| region.end.column),
            })
        });
        Value::Array(one.collect())
    }
}

#[cfg(test)]
mod tests {
    use peer_contract_core::ErrorCode;

    use super::super::tests::{problem, source};
    use super::*;

    #[test]
    fn the_list_has_places_that_editors_know() {
        let problems = [problem("/two/four", ErrorCode::TargetUnknown)];
        let list = Report::of(&source(), &problems).to_json();
        let places = ["line", "column", "endLine", "endColumn"].map(|key| list[0][key].as_u64().unwrap());
        assert_eq!(places, [2, 21, 2, 25]);
        assert_eq!((list[0]["code"].as_str(), list[0]["file"].as_str()), (Some("target_unknown"), Some("a.yaml")));
        assert_eq!(list[0]["severity"], "error");
    }
}
