//! Descriptions, made safe to stand in any file.

use serde_json::Value;

/// The lines of a schema's `description`, or of its `title` when it has none.
pub fn of(schema: &Value) -> Vec<String> {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    lines(text("description").or_else(|| text("title")))
}

/// Lines without empty ones at either end, trailing space, tabs, or characters that hide or reorder
/// text: those are written as `U+202E`. What closes a comment is for each language to escape.
pub fn lines(text: Option<&str>) -> Vec<String> {
    let text = text.unwrap_or_default();
    let broken = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'], "\n");
    let mut lines: Vec<String> = broken.split('\n').map(visible).skip_while(String::is_empty).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn visible(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.trim_end().chars() {
        match c {
            '\t' => text.push_str("    "),
            c if is_hidden(c) => text.push_str(&format!("U+{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

/// Whether a character hides or reorders text: controls, bidirectional marks, line breaks that only some readers see,
/// characters that are none, and those that Unicode lets programs ignore (`Default_Ignorable_Code_Point`), but for the
/// variation selectors of emoji. No generated file holds one as it is.
#[inline]
pub fn is_hidden(c: char) -> bool {
    !matches!(c, ' '..='~') && is_hidden_among_rare(c)
}

fn is_hidden_among_rare(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}')
        || matches!(c, '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}' | '\u{fdd0}'..='\u{fdef}')
        // The last two of each plane are no characters.
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(lines(Some("\n a \r\nb\rc\u{2028}d\n\n")), [" a", "b", "c", "d"]);
        assert!(lines(Some(" \n")).is_empty() && lines(None).is_empty());
    }

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(lines(Some("a\u{202e}b\u{0}c\td")), ["aU+202EbU+0000c    d"]);
        assert_eq!(lines(Some("\u{fe01}\u{e0100}\u{3164}\u{ffff}\u{10fffe}")), ["U+FE01U+E0100U+3164U+FFFFU+10FFFE"]);
        assert_eq!(lines(Some("\u{2764}\u{fe0f} größer")), ["\u{2764}\u{fe0f} größer"]);
    }
}
