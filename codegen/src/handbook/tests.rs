use peer_contract_core::{Contract, Limits};
use serde_json::{Value, json};

use super::*;
use crate::source::{Notation, Source};

fn demo() -> Contract {
    let text = include_str!("../../../examples/research-brief/research-brief.contract.yaml");
    Source::of("a", text.as_bytes(), Notation::Yaml, &Limits::default()).contract().unwrap()
}

#[test]
fn a_manual_has_every_agent_operation_type_and_the_hash() {
    let contract = demo();
    let page = page(&contract, 0);
    for text in [to_markdown(&page), to_html(&page)] {
        let names = contract.agents().keys().chain(contract.document().defs.keys());
        assert!(names.into_iter().all(|name| text.contains(name)));
        assert!(contract.operations().all(|operation| text.contains(&operation.target)));
        assert!(text.contains(&contract.hash().to_string()));
        for words in ["3 to 500 characters", "1 to 40 items", "above 0 to 1", "no other members", "list of "] {
            assert!(text.contains(words), "{words}");
        }
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let html = to_html(&page(&demo(), 0));
    let links: Vec<&str> = html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.len() > 20);
    for link in links {
        assert_eq!(html.matches(&format!(" id=\"{link}\"")).count(), 1, "{link}");
    }
}

#[test]
fn a_page_asks_for_nothing_from_outside() {
    let html = to_html(&page(&demo(), 0));
    assert!(html.contains("default-src 'none'"));
    for word in ["<script", "src=", "@import", "url(http", "href=\"http", "<link", "<iframe"] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn examples_are_json_that_fits() {
    let contract = demo();
    let text = to_markdown(&page(&contract, 3));
    let examples: Vec<&str> = text.split("```json\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(examples.len() >= 9, "{}", examples.len());
    let schemas: Vec<_> = contract.operations().map(|operation| contract.schema(&operation.input).unwrap()).collect();
    let values: Vec<Value> = examples.iter().map(|example| serde_json::from_str(example).unwrap()).collect();
    for schema in schemas {
        assert!(values.iter().any(|value| schema.is_valid(value)));
    }
}

#[test]
fn texts_of_a_contract_stay_texts() {
    let hostile =
        "</p><script>alert(1)</script> <img src=x onerror=y> [a](javascript:b) `c` | d\n# e\n- f ![g](h) --> ``` \u{0}";
    let mut document = demo().value().clone();
    document["description"] = json!(hostile);
    document["agents"]["ranker"]["description"] = json!(hostile);
    document["agents"]["ranker"]["operations"]["rank"]["description"] = json!(hostile);
    document["$defs"]["Question"]["properties"]["text"]["description"] = json!(hostile);
    document["$defs"]["Question"]["properties"]["a|b`c<i>"] = json!({ "enum": [hostile, "`|`"], "default": hostile });
    document["agents"]["reasoner"]["operations"]["plan"]["errors"]["unanswerable"]["description"] = json!(hostile);
    let page = page(&Contract::from_value(document).unwrap_or_else(|problems| panic!("{problems}")), 0);
    let html = to_html(&page);
    for word in ["<script", "<img", "<i>", "\u{0}"] {
        assert!(!html.contains(word), "{word}");
    }
    let markdown = to_markdown(&page);
    let outside = without_code(&markdown);
    for word in ["<script", "<img", "](javascript", "\n# e", "\n- f", "![g]", "\u{0}"] {
        assert!(!outside.contains(word), "{word}");
    }
    let rows = markdown.lines().filter(|line| line.contains("a\\|b"));
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 6, "{row}");
    }
}

/// Markdown without what is escaped and without its code: blocks between fences, and spans between runs of as many backticks.
fn without_code(markdown: &str) -> String {
    let mut outside = String::new();
    for block in markdown.split("\n```").step_by(2) {
        let mut rest = block;
        while let Some(at) = rest.find(['`', '\\']) {
            outside.push_str(&rest[..at]);
            if rest[at..].starts_with('\\') {
                let end = at + 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
                rest = &rest[end..];
                continue;
            }
            let run = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
            let inside = &rest[at + run..];
            let closes = |start: usize| {
                let length = inside[start..].bytes().take_while(|byte| *byte == b'`').count();
                length == run && (start == 0 || inside.as_bytes()[start - 1] != b'`')
            };
            let end = (0..inside.len()).filter(|start| inside.is_char_boundary(*start)).find(|start| closes(*start));
            rest = &inside[end.expect("a span that opens closes") + run..];
        }
        outside.push_str(rest);
    }
    outside
}
