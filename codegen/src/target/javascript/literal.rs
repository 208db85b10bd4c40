//! Text of a contract as text of JavaScript: nothing in it can end a string or a comment early.

use serde_json::Value;

use crate::ir::is_hidden;

/// A string literal, in the quotes that need fewer escapes. It may stand in a page's `<script>`, too: `</` and `<!--`
/// get a backslash that changes no text.
pub fn string(text: &str) -> String {
    let quote = if text.matches('\'').count() > text.matches('"').count() { '"' } else { '\'' };
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    for c in text.chars() {
        match c {
            '/' | '!' if literal.ends_with('<') => literal.extend(['\\', c]),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c == quote => literal.extend(['\\', c]),
            c if is_hidden(c) => literal.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push(quote);
    literal
}

/// A string, number, boolean or null as a literal type.
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// A description as the lines of a JSDoc comment; none when there is nothing to say.
pub fn docs(lines: &[String], deprecated: bool) -> Vec<String> {
    let mut lines: Vec<String> = lines.iter().map(|line| doc_line(line)).collect();
    if deprecated {
        lines.push("@deprecated".to_owned());
    }
    match lines.as_slice() {
        [] => Vec::new(),
        [line] => vec![format!("/** {line} */")],
        lines => {
            let middle = lines.iter().map(|line| format!(" * {line}").trim_end().to_owned());
            std::iter::once("/**".to_owned()).chain(middle).chain(std::iter::once(" */".to_owned())).collect()
        }
    }
}

/// Takes each description for an attempt to close the comment or to forge a tag.
fn doc_line(line: &str) -> String {
    let line: String = line.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    line.replace("*/", "*\\/").replace("</", "<\\/").replace("<!--", "<\\!--").replace('@', "\\@").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_cannot_end_early() {
        assert_eq!(string("it's"), "\"it's\"");
        assert_eq!(string("'\"\\"), "'\\'\"\\\\'");
        assert_eq!(string("a\nb\u{2028}c"), "'a\\nb\\u{2028}c'");
        assert_eq!(string("</script><!--a/b!"), "'<\\/script><\\!--a/b!'");
    }

    #[test]
    fn a_description_cannot_close_its_comment_or_forge_a_tag() {
        let lines = ["*/ evil() /*".to_owned(), "@returns {never}".to_owned()];
        assert_eq!(docs(&lines, true), ["/**", " * *\\/ evil() /*", " * \\@returns {never}", " * @deprecated", " */"]);
        assert_eq!(docs(&["*".to_owned(), "/".to_owned()], false), ["/**", " * *", " * /", " */"]);
    }

    #[test]
    fn nothing_to_say_is_no_comment() {
        assert!(docs(&[], false).is_empty());
        assert_eq!(docs(&["One line.".to_owned()], false), ["/** One line. */"]);
    }
}
