//! What Rust takes for a literal or a comment.

use super::reader::{quoted, to_line_end, word};

/// The length of the literal or comment at the front; 0 where code begins.
///
/// # Errors
/// It does not end, or is of a kind that is not generated.
pub fn opaque(text: &str) -> Result<usize, &'static str> {
    match text.as_bytes() {
        [b'/', b'/', ..] => Ok(to_line_end(text)),
        [b'/', b'*', ..] => Err("a comment that no template holds"),
        [b'"', ..] => quoted(text, 1, "\"").ok_or("a string without end"),
        [b'\'', ..] => lifetime(text),
        [first, ..] if first.is_ascii_alphabetic() => prefixed(text, word(text)),
        _ => Ok(0),
    }
}

/// Only lifetimes are generated; they are code.
fn lifetime(text: &str) -> Result<usize, &'static str> {
    let name = word(&text[1..]);
    let is_closed = text[1 + name.len()..].starts_with('\'');
    if name.is_empty() || is_closed { Err("a character that no template holds") } else { Ok(0) }
}

fn prefixed(text: &str, prefix: &str) -> Result<usize, &'static str> {
    let rest = &text[prefix.len()..];
    let fence = &rest[..rest.len() - rest.trim_start_matches('#').len()];
    match rest[fence.len()..].starts_with('"') {
        false => Ok(0),
        true if prefix == "r" => {
            let begin = prefix.len() + fence.len() + 1;
            let end = text[begin..].find(&format!("\"{fence}")).ok_or("a string without end")?;
            Ok(begin + end + 1 + fence.len())
        }
        true => Err("a string of a kind that no template holds"),
    }
}
