//! The canonical layout of a contract file: same value, same comments, one way to write it.
//!
//! ```text
//! text ─read→ Tree ─comments→ Tree ─order→ Tree ─write→ text ─prove→ the same value, the same comments
//! ```
//!
//! Whoever wrote a mapping on one line keeps it on one line, as long as it fits; all else is decided here. What a tree
//! cannot hold is refused with its place, and a text that does not read back as what it was is never given out.

mod comments;
mod difference;
mod fit;
pub(crate) mod order;
mod read_json;
mod read_yaml;
mod scalars;
mod tree;
mod write_json;
mod write_yaml;

use peer_contract_core::{ErrorCode, Limits, Pointer, Problem};

use crate::source::{Notation, Source};

pub use difference::difference;

/// Characters of a line, beyond which a mapping or list is written one member a line.
const WIDTH: usize = 120;

/// A layout, or why there is none: a place in the text and a sentence.
#[derive(Debug)]
pub struct Refusal {
    /// Byte of the text that is in the way.
    pub byte: usize,
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

/// Why a file cannot be laid out.
#[derive(Debug)]
pub enum Unwritten {
    /// It cannot be read.
    Unread(Problem),
    /// It says something in a way that would be lost.
    Refused(Refusal),
}

/// Times that a text is laid out again until it stays as it is.
const ROUNDS: usize = 4;

/// The text in its canonical layout: laid out again, it is the same.
///
/// # Errors
/// The text cannot be read, or has something that the layout has no place for.
pub fn lay_out(source: &Source, notation: Notation) -> Result<String, Unwritten> {
    let mut text = once(source, notation)?;
    // A comment that had to move may be seen as one about something else.
    for _ in 0..ROUNDS {
        let again = Source::of(source.name.clone(), text.as_bytes(), notation, &Limits::default());
        let next = once(&again, notation)?;
        if next == text {
            return Ok(text);
        }
        text = next;
    }
    let message = "the layout finds no place where the comments stay".to_owned();
    Err(Unwritten::Refused(Refusal { byte: 0, message, help: "move comments to lines of their own" }))
}

fn once(source: &Source, notation: Notation) -> Result<String, Unwritten> {
    source.value().map_err(|problem| Unwritten::Unread(problem.clone()))?;
    let mut tree = match notation {
        Notation::Json => read_json::read(source),
        Notation::Yaml => read_yaml::read(&source.text).map_err(Unwritten::Refused)?,
    };
    fit::settle(&mut tree);
    order::arrange(&mut tree);
    let text = match notation {
        Notation::Json => write_json::write(&tree),
        Notation::Yaml => write_yaml::write(&tree),
    };
    prove(source, &text, notation)?;
    Ok(text)
}

/// The new text must read as the same value, hence have the same hash, and have the same comments.
fn prove(source: &Source, text: &str, notation: Notation) -> Result<(), Unwritten> {
    let again = Source::of(source.name.clone(), text.as_bytes(), notation, &Limits::default());
    let same_value = match (source.value(), again.value()) {
        (Ok(before), Ok(after)) => before == after,
        _ => false,
    };
    let same_value = same_value
        && match (source.contract(), again.contract()) {
            (Ok(before), Ok(after)) => before.hash() == after.hash(),
            // What breaks rules has no hash; it has the same value.
            _ => true,
        };
    let same_comments = notation == Notation::Json || read_yaml::comments(&source.text) == read_yaml::comments(text);
    if same_value && same_comments {
        return Ok(());
    }
    let lost = if same_value { "a comment" } else { "its meaning" };
    let message = format!("`{}` would lose {lost} in the layout, so it stays as it is", source.name);
    let problem = Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message);
    Err(Unwritten::Unread(problem.with_help("this is a mistake of peerc; please report it with the file")))
}

#[cfg(test)]
mod tests;
