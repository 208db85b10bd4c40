//! Text of a contract inside Rust source. Every literal and comment passes here.

use crate::ir;

/// A string literal.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if ir::is_hidden(c) => literal.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// As many `#` as the compiler allows around a raw string.
const LONGEST_FENCE: usize = 255;

/// JSON text as a raw string literal, or as a plain one where no fence is long enough. Hidden characters
/// become JSON escapes: the same value, and nothing that reorders the line on a screen.
pub fn raw_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for c in json.chars() {
        if ir::is_hidden(c) { visible.push_str(&utf16_escapes(c)) } else { visible.push(c) }
    }
    let fence = "#".repeat(longest_run(&visible) + 1);
    if fence.len() > LONGEST_FENCE { string(&visible) } else { format!("r{fence}\"{visible}\"{fence}") }
}

/// A place in the contract as code inside documentation.
pub fn place(pointer: &str) -> String {
    let plain = |c: char| if c == '`' || c.is_whitespace() || ir::is_hidden(c) { '_' } else { c };
    let text: String = pointer.trim_start_matches('/').chars().map(plain).collect();
    format!("/// `{text}`.")
}

/// The most `#` that follow a quote anywhere.
fn longest_run(text: &str) -> usize {
    text.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max().unwrap_or(0)
}

fn utf16_escapes(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Documentation lines with `sign` (`///` or `//!`) in front.
///
/// rustdoc runs code it finds in comments, fenced or indented; here nothing is either.
pub fn docs(sign: &str, lines: &[String]) -> Vec<String> {
    let plain = |line: &String| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let visible = words.join(" ").replace(ir::is_hidden, "\u{fffd}");
        visible.replace("```", "'''").replace("~~~", "'''").replace('[', "\\[").replace('<', "\\<")
    };
    lines.iter().map(plain).map(|line| format!("{sign} {line}").trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_be_left() {
        assert_eq!(string("a\"b\\\n\u{202e}é"), "\"a\\\"b\\\\\\n\\u{202e}é\"");
        assert_eq!(raw_json("{\"a\":\"b\"}"), "r#\"{\"a\":\"b\"}\"#");
        assert_eq!(raw_json("\"#\"##"), "r###\"\"#\"##\"###");
        assert!(raw_json(&format!("\"{}", "#".repeat(300))).starts_with("\"\\\"##"));
        assert_eq!(place("/$defs/a`\u{202e}\n b"), "/// `$defs/a____b`.");
        assert_eq!(raw_json("\u{202e}\u{e0001}"), "r#\"\\u202e\\udb40\\udc01\"#");
    }

    #[test]
    fn documentation_holds_no_code_that_rustdoc_would_run() {
        let lines =
            ["```".to_owned(), "    panic!()".to_owned(), "-     x".to_owned(), String::new(), "[a]<b>".to_owned()];
        assert_eq!(docs("///", &lines), ["/// '''", "/// panic!()", "/// - x", "///", "/// \\[a]\\<b>"]);
    }
}
