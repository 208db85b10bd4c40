//! YAML as a person would write it: blocks, short things on one line, quotes where they are needed.

use serde_json::Value;

use super::Node;
use crate::source::plain_scalar;

/// Columns of a line.
const WIDTH: usize = 110;
/// Members of the longest object on one line.
const FLOWING: usize = 4;

/// The members of an object as lines, each indented by `indent`; a scalar or list as what follows a `:`.
pub fn yaml(node: &Node, indent: usize, step: usize) -> String {
    let mut writer = Writer { step, text: String::new() };
    match node {
        Node::Map(members) if !members.is_empty() => writer.members(members, indent),
        other => writer.text.push_str(&flow(other)),
    }
    writer.text
}

struct Writer {
    step: usize,
    text: String,
}

impl Writer {
    fn members(&mut self, members: &[(String, Node)], indent: usize) {
        for (key, member) in members {
            self.begin(indent);
            self.text.push_str(&self::key(key));
            self.text.push(':');
            self.value(member, indent, key.len() + 1);
        }
    }

    /// What follows `key:` or `-`, to the end of its last line.
    fn value(&mut self, node: &Node, indent: usize, before: usize) {
        match node {
            Node::Scalar(Value::String(text)) if is_block(text) => self.block(text, indent + self.step),
            Node::Map(members) if !self.flows(node, indent + before) => {
                self.text.push('\n');
                self.members(members, indent + self.step);
            }
            Node::List(items) if !self.flows(node, indent + before) => {
                self.text.push('\n');
                self.items(items, indent + self.step);
            }
            _ => self.text.push_str(&format!(" {}\n", flow(node))),
        }
    }

    fn items(&mut self, items: &[Node], indent: usize) {
        for item in items {
            self.begin(indent);
            self.text.push('-');
            match item {
                // The first member stands on the line of the dash.
                Node::Map(members) if !self.flows(item, indent + 1) => {
                    let start = self.text.len();
                    self.members(members, indent + 2);
                    let lead = start..start + indent + 2;
                    self.text.replace_range(lead, " ");
                }
                _ => self.value(item, indent, 1),
            }
        }
    }

    /// Text of several lines as it is.
    fn block(&mut self, text: &str, indent: usize) {
        self.text.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
        for line in text.trim_end_matches('\n').split('\n') {
            if !line.is_empty() {
                self.begin(indent);
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    fn begin(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// Whether it stands on one line.
    fn flows(&self, node: &Node, column: usize) -> bool {
        let short = |node: &Node| match node {
            Node::Scalar(_) => true,
            Node::List(items) => items.iter().all(|item| matches!(item, Node::Scalar(_))),
            Node::Map(members) => members.is_empty() || is_reference(members),
        };
        let fits = match node {
            Node::Scalar(_) => true,
            Node::List(items) => items.iter().all(short),
            Node::Map(members) => members.len() <= FLOWING && members.iter().all(|(_, member)| short(member)),
        };
        fits && (node.is_empty() || column + flow(node).len() < WIDTH)
    }
}

fn is_reference(members: &[(String, Node)]) -> bool {
    matches!(members, [(key, Node::Scalar(_))] if key == "$ref")
}

/// Anything on one line.
fn flow(node: &Node) -> String {
    match node {
        Node::Scalar(Value::String(text)) => string(text),
        Node::Scalar(value) => value.to_string(),
        Node::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Node::Map(members) if members.is_empty() => "{}".to_owned(),
        Node::Map(members) => {
            let members = members.iter().map(|(key, member)| format!("{}: {}", self::key(key), flow(member)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn key(text: &str) -> String {
    if text.len() < 100 && text != "<<" { string(text) } else { quoted(text) }
}

fn string(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Words that readers of YAML 1.1, of which there are many, take for truth values.
const TRUTHS_ELSEWHERE: [&str; 6] = ["n", "no", "off", "on", "y", "yes"];

/// Whether a text means itself without quotes, also within brackets, and to all readers.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$' || c == '/');
    let version = text.split('.').count() > 2 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    // `::` within a name, such as `AWS::Region`, ends no key.
    let inside = |c: char| c.is_ascii_alphanumeric() || " _$/.;()+*'<>=~^-".contains(c);
    (begins || version)
        && text.split("::").all(|part| !part.is_empty() && part.chars().all(inside))
        && !text.ends_with(' ')
        && !text.contains(":: ")
        && !TRUTHS_ELSEWHERE.contains(&text.to_ascii_lowercase().as_str())
        && plain_scalar(text).is_ok_and(|value| value == text)
}

/// The escapes of JSON, and those for what YAML does not print.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    let is_hidden =
        |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    json.chars().fold(String::new(), |mut text, c| {
        if is_hidden(c) {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
        text
    })
}

/// Whether a text of several lines can stand as it is: nothing hidden, nothing at the edges that YAML would change.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let printed = |c: char| c == '\n' || (!c.is_control() && c != '\u{feff}' && c != '\u{2028}' && c != '\u{2029}');
    let clean = |line: &str| !line.ends_with(char::is_whitespace) || line.is_empty();
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.chars().all(printed)
        && body.split('\n').all(clean)
}

#[cfg(test)]
mod tests {
    use peer_contract_core::Limits;
    use serde_json::json;

    use super::*;
    use crate::source::{Notation, Source};

    fn read(text: &str) -> Value {
        let source = Source::of("a.yaml", text.as_bytes(), Notation::Yaml, &Limits::default());
        source.value().unwrap_or_else(|problem| panic!("{problem}\n{text}")).clone()
    }

    #[test]
    fn whatever_is_written_reads_back() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "-",
            "?",
            "a\nb",
            "a\nb\n",
            "a\n\nb",
            "a \nb",
            " a\nb",
            "\n",
            "true",
            "null",
            "~",
            "1",
            "1.0",
            "0x1F",
            "2026-01-01",
            "*a",
            "&a",
            "!a",
            "'a'",
            "\"a\"",
            "{a}",
            "[a]",
            "a,b",
            "<<",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "a\tb",
            "\u{7f}\u{85}\u{feff}",
            "é €",
            "\\",
            "a: ",
            "---",
            "...",
            "on",
            "yes",
            "a::b",
            "::",
            "a::",
            "\r\n",
        ];
        let mut all = json!({ "list": texts.as_slice(), "empty": {}, "none": [], "deep": [[1, [2]], { "a": [{ "b": {} , "c": [ {"$ref": "#/x"} ]}] }] });
        for text in texts {
            all[text] =
                json!({ text: [text, { text: text }], "more": { "a": 1, "b": text, "c": null, "d": 1.5, "e": true } });
        }
        for step in [2, 4] {
            assert_eq!(read(&yaml(&Node::of(&all), 0, step)), all);
        }
    }

    #[test]
    fn words_that_some_take_for_truths_have_quotes() {
        let node = Node::map([
            ("on", Node::text("NO")),
            ("Fn::Sub", Node::text("AWS::Region")),
            ("x", Node::text("2012-10-17")),
        ]);
        assert_eq!(yaml(&node, 0, 2), "\"on\": \"NO\"\nFn::Sub: AWS::Region\nx: \"2012-10-17\"\n");
    }

    #[test]
    fn short_things_share_a_line() {
        let node = Node::of(
            &json!({ "a": { "type": "string", "minLength": 1 }, "b": ["x", "y z"], "c": { "d": { "e": 1 } } }),
        );
        assert_eq!(yaml(&node, 0, 2), "a: { minLength: 1, type: string }\nb: [x, y z]\nc:\n  d: { e: 1 }\n");
    }
}
