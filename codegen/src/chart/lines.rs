//! Texts in a picture: how wide they are, how they are shortened, and how XML writes them.

/// Characters of a name; a longer one is shortened in its middle.
const LONGEST: usize = 32;

/// The text, short enough to be drawn.
pub(super) fn short(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let (head, tail) = (LONGEST * 3 / 5, LONGEST * 2 / 5 - 1);
    text.chars().take(head).chain(['…']).chain(text.chars().skip(length - tail)).collect()
}

/// How much wider bold letters are.
pub(super) const BOLD: f64 = 1.14;

/// The width of a text in a font without serifs, a little more rather than less.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ' ' | '\'' => 0.38,
        'm' | 'w' | 'M' | 'W' | '→' | '…' => 1.0,
        'A'..='Z' => 0.72,
        c if (c as u32) < 0x1100 => 0.59,
        _ => 1.0,
    };
    size * text.chars().map(width).sum::<f64>()
}

/// The text as XML writes it. Characters that XML cannot hold become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
