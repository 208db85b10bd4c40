//! What JavaScript and TypeScript take for a literal or a comment.

use super::reader::{quoted_line, to_line_end, word};

/// The length of the literal or comment at the front; 0 where code begins.
///
/// # Errors
/// It does not end, or is of a kind that is not generated: templates, regular expressions.
pub fn opaque(text: &str) -> Result<usize, &'static str> {
    match text.as_bytes() {
        [b'/', b'/', ..] => Ok(to_line_end(text)),
        [b'/', b'*', ..] => text[2..].find("*/").map(|end| end + 4).ok_or("a comment without end"),
        [b'/', ..] => Err("an operator that no template holds"),
        [b'\'', ..] => quoted_line(text, 1, "'").ok_or("a string without end"),
        [b'"', ..] => quoted_line(text, 1, "\"").ok_or("a string without end"),
        [first, ..] if first.is_ascii_alphabetic() => {
            let is_glued = text[word(text).len()..].starts_with(['\'', '"']);
            if is_glued { Err("a string that begins inside of a word") } else { Ok(0) }
        }
        _ => Ok(0),
    }
}
