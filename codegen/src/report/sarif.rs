//! Findings as SARIF 2.1.0, which code scanners and editors read.
//!
//! The form: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Finding, Region, Report, Severity};
use crate::cli::Exit;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Report<'_> {
    /// One log with one run.
    pub fn to_sarif(&self) -> Value {
        let abouts: BTreeMap<&str, &str> =
            self.findings.iter().map(|finding| (finding.rule.as_str(), finding.about)).collect();
        let index: BTreeMap<&str, usize> = abouts.keys().enumerate().map(|(index, rule)| (*rule, index)).collect();
        let rules: Vec<_> = abouts.iter().map(|(id, about)| rule(id, about)).collect();
        let results: Vec<_> = self
            .placed()
            .into_iter()
            .map(|(finding, region)| {
                let mut result = json!({
                    "ruleId": finding.rule,
                    "ruleIndex": index[finding.rule.as_str()],
                    "level": level(finding.severity),
                    "message": { "text": message(finding) },
                });
                result["locations"] = json!([self.location(finding, region)]);
                result
            })
            .collect();
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "peerc", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{ "executionSuccessful": self.exit() != Exit::Unreadable }],
                "results": results,
            }],
        })
    }

    fn location(&self, finding: &Finding, region: Option<Region>) -> Value {
        let mut location = json!({
            "logicalLocations": [{ "fullyQualifiedName": format!("#{}", finding.at), "kind": "member" }],
        });
        if let Some(source) = self.source {
            location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri(&source.name) } });
            if let Some(Region { start, end }) = region {
                location["physicalLocation"]["region"] = json!({
                    "startLine": start.line, "startColumn": start.column,
                    "endLine": end.line, "endColumn": end.column,
                });
            }
        }
        location
    }
}

fn rule(id: &str, about: &str) -> Value {
    let mut rule = json!({ "id": id });
    if !about.is_empty() {
        rule["shortDescription"] = json!({ "text": about });
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn message(finding: &Finding) -> String {
    if finding.help.is_empty() { finding.message.clone() } else { format!("{}\n{}", finding.message, finding.help) }
}

/// A path as a reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use peer_contract_core::ErrorCode;

    use super::super::tests::{problem, source};
    use super::*;

    #[test]
    fn a_log_has_what_readers_ask_for() {
        let problems = [problem("/two/four", ErrorCode::TargetUnknown), problem("/one", ErrorCode::PhaseUnknown)];
        let log = Report::of(&source(), &problems).to_sarif();
        assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1));
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["name"], "peerc");
        let result = &run["results"][0];
        assert_eq!(result["ruleId"], "target_unknown");
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "target_unknown");
        assert_eq!((&result["level"], &result["message"]["text"]), (&json!("error"), &json!("wrong\nput it right")));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a.yaml");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 21, "endLine": 2, "endColumn": 25 }));
    }

    #[test]
    fn a_clean_run_is_a_log_without_results() {
        let log = Report::of(&source(), &[]).to_sarif();
        assert_eq!(log["runs"][0]["results"], json!([]));
        assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    }

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("my files/ä#1.yaml"), "my%20files/%C3%A4%231.yaml");
    }
}
