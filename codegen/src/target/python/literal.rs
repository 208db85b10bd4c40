//! Text of a contract as Python source. Every description is taken for an attempt to close our string.

use serde_json::Value;

const WIDTH: usize = 120;

/// A string literal in ASCII, quoted as formatters like it.
pub(super) fn string(text: &str) -> String {
    quoted(text.chars().map(escaped_char).collect())
}

/// Source without its string literals, which [`string`] wrote.
pub(super) fn without_strings(source: &str) -> String {
    let mut code = String::new();
    let (mut quote, mut escaped) = (None, false);
    for c in source.chars() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => code.push(c),
        }
    }
    code
}

/// A string literal around Python source that is ASCII already.
pub(super) fn quoted_source(source: &str) -> String {
    quoted(source.replace('\\', "\\\\"))
}

/// Quotes text in which all but the quotes is escaped.
fn quoted(text: String) -> String {
    let (single, double) = (text.matches('\'').count(), text.matches('"').count());
    if double > single {
        format!("'{}'", text.replace('\'', "\\'"))
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}

fn escaped_char(c: char) -> String {
    match c {
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        ' '..='~' => c.into(),
        c if u32::from(c) < 0x100 => format!("\\x{:02x}", u32::from(c)),
        c if u32::from(c) < 0x10000 => format!("\\u{:04x}", u32::from(c)),
        c => format!("\\U{:08x}", u32::from(c)),
    }
}

/// A scalar of JSON.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// Text as bytes literals of one line each, for a parenthesis.
pub(super) fn bytes_lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut piece = String::new();
    for byte in text.bytes() {
        piece.clear();
        match byte {
            b'\\' => piece.push_str("\\\\"),
            b' '..=b'~' => piece.push(char::from(byte)),
            byte => piece.push_str(&format!("\\x{byte:02x}")),
        }
        let line = lines.last_mut().expect("the list begins with one line");
        if line.len() + piece.len() > width { lines.push(piece.clone()) } else { line.push_str(&piece) }
    }
    lines.into_iter().map(|line| format!("b{}", quoted(line))).collect()
}

/// The lines of a docstring at this indent, quotes included.
///
/// Only what ends or bends a string is escaped; the text stays readable.
pub(super) fn docstring(lines: &[String], indent: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = lines.iter().flat_map(|line| wrap(&doc_text(line), WIDTH - indent - 6)).collect();
    let Some(last) = wrapped.last_mut() else { return Vec::new() };
    if ends_in_quote(last) {
        // The closing quotes would run into this one.
        last.insert(last.len() - 1, '\\');
    }
    let many = wrapped.len() > 1;
    wrapped[0].insert_str(0, "\"\"\"");
    if many {
        wrapped.push("\"\"\"".into());
    } else {
        wrapped[0].push_str("\"\"\"");
    }
    wrapped
}

/// Whether the last character is a quote that no backslash escapes yet.
fn ends_in_quote(text: &str) -> bool {
    let before = text.strip_suffix('"').map(|before| before.len() - before.trim_end_matches('\\').len());
    before.is_some_and(|backslashes| backslashes % 2 == 0)
}

fn doc_text(line: &str) -> String {
    let text: String = line.trim().chars().map(escaped_char).collect();
    text.replace("\"\"\"", "\\\"\\\"\\\"")
}

fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let current = lines.last_mut().expect("the list begins with one line");
        if !current.is_empty() && current.len() + 1 + word.len() > width {
            lines.push(word.to_owned());
        } else if current.is_empty() {
            current.push_str(word);
        } else {
            current.push(' ');
            current.push_str(word);
        }
    }
    lines
}

/// A display of Python: tuples, lists and dicts, as a formatter would break them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Display {
    /// Finished source.
    Atom(String),
    /// `(a, b)`.
    Tuple(Vec<Display>),
    /// `[a]`.
    List(Vec<Display>),
    /// `{key: a}`, keys being finished source.
    Dict(Vec<(String, Display)>),
}

impl Display {
    /// The lines of this display, the first without indent, given what stands before and after it on its line.
    fn lines(&self, indent: usize, before: usize, after: usize) -> Vec<String> {
        let flat = self.flat();
        if indent + before + flat.len() + after <= WIDTH || self.is_leaf() {
            return vec![flat];
        }
        let (open, close) = self.brackets();
        let mut lines = vec![open.to_owned()];
        for (prefix, item) in self.items() {
            let item = item.lines_between(&prefix, ",", indent + 4);
            lines.extend(item.into_iter().map(|line| format!("    {line}")));
        }
        lines.push(close.to_owned());
        lines
    }

    /// The same with text before and after.
    pub(super) fn lines_between(&self, before: &str, after: &str, indent: usize) -> Vec<String> {
        let mut lines = self.lines(indent, before.len(), after.len());
        lines[0].insert_str(0, before);
        lines.last_mut().expect("a display has a line").push_str(after);
        lines
    }

    fn flat(&self) -> String {
        if let Self::Atom(source) = self {
            return source.clone();
        }
        let (open, close) = self.brackets();
        let items: Vec<_> = self.items().map(|(prefix, item)| prefix + &item.flat()).collect();
        let comma = if matches!(self, Self::Tuple(items) if items.len() == 1) { "," } else { "" };
        format!("{open}{}{comma}{close}", items.join(", "))
    }

    fn is_leaf(&self) -> bool {
        self.items().next().is_none()
    }

    fn brackets(&self) -> (&str, &str) {
        match self {
            Self::Atom(_) => ("", ""),
            Self::Tuple(_) => ("(", ")"),
            Self::List(_) => ("[", "]"),
            Self::Dict(_) => ("{", "}"),
        }
    }

    fn items(&self) -> Box<dyn Iterator<Item = (String, &Self)> + '_> {
        match self {
            Self::Atom(_) => Box::new(std::iter::empty()),
            Self::Tuple(items) | Self::List(items) => Box::new(items.iter().map(|item| (String::new(), item))),
            Self::Dict(items) => Box::new(items.iter().map(|(key, item)| (format!("{key}: "), item))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_string() {
        assert_eq!(string("a\"b"), r#"'a"b'"#);
        assert_eq!(string("a\"'\\\n\u{e9}\u{1f600}"), r#""a\"'\\\n\xe9\U0001f600""#);
        assert_eq!(docstring(&[r#"a """ b\"#.into()], 4), [r#""""a \"\"\" b\\""""#]);
        assert_eq!(docstring(&[r#"a """"#.into()], 4), [r#""""a \"\"\"""""#]);
        assert_eq!(docstring(&["say \"x\"".into()], 4), [r#""""say "x\"""""#]);
    }

    #[test]
    fn source_without_strings_is_what_is_code() {
        assert_eq!(without_strings(r#"Literal["a\"Json", 'b"Json'] | c"#), "Literal[, ] | c");
    }

    #[test]
    fn long_text_is_broken_between_words() {
        let lines = docstring(&[["word"; 40].join(" ")], 4);
        assert!(lines.len() == 3 && lines.iter().all(|line| line.len() <= 116));
    }

    #[test]
    fn a_display_breaks_where_it_must() {
        let atom = |text: &str| Display::Atom(text.into());
        let tuple = Display::Tuple(vec![atom("1")]);
        assert_eq!(tuple.lines(0, 0, 0), ["(1,)"]);
        let dict = Display::Dict(vec![("\"a\"".into(), Display::List(vec![atom("1"), atom("2")]))]);
        assert_eq!(dict.lines(4, 0, 1), ["{\"a\": [1, 2]}"]);
        assert_eq!(dict.lines(110, 0, 1), ["{", "    \"a\": [", "        1,", "        2,", "    ],", "}"]);
    }
}
