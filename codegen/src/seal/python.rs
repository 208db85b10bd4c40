//! What Python takes for a literal or a comment, and how it takes indents.

use super::reader::{quoted, quoted_line, to_line_end, word};

/// The length of the literal or comment at the front; 0 where code begins.
///
/// # Errors
/// It does not end, or is of a kind that is not generated: formatted and raw strings.
pub fn opaque(text: &str) -> Result<usize, &'static str> {
    let prefix = word(text);
    match text.as_bytes() {
        [b'#', ..] => return Ok(to_line_end(text)),
        [b'"' | b'\'', ..] => {}
        [first, ..] if first.is_ascii_alphabetic() && text[prefix.len()..].starts_with(['"', '\'']) => {
            if prefix != "b" {
                return Err("a string of a kind that no template holds");
            }
        }
        _ => return Ok(0),
    }
    let quote = &text[prefix.len()..=prefix.len()];
    let thrice = quote.repeat(3);
    let length = match text[prefix.len()..].starts_with(&thrice) {
        true => quoted(text, prefix.len() + 3, &thrice),
        false => quoted_line(text, prefix.len() + 1, quote),
    };
    length.ok_or("a string without end")
}

/// The indents of the blocks that are open.
#[derive(Debug, Default)]
pub struct Indents(Vec<usize>);

impl Indents {
    /// Takes in the line that begins with `text`, outside of brackets and strings.
    ///
    /// # Errors
    /// It is not indented as the lines before it ask for.
    pub fn begin(&mut self, text: &str, opens_block: bool) -> Result<(), &'static str> {
        let width = text.len() - text.trim_start_matches(' ').len();
        if matches!(text.as_bytes().get(width), None | Some(b'\n' | b'#')) {
            return Ok(());
        }
        let outer = self.0.last().copied().unwrap_or(0);
        if opens_block && width > outer {
            self.0.push(width);
            return Ok(());
        }
        while self.0.last().is_some_and(|open| *open > width) {
            self.0.pop();
        }
        let fits = !opens_block && self.0.last().copied().unwrap_or(0) == width;
        if fits { Ok(()) } else { Err("indented as no block is") }
    }
}
