//! Classes in brackets.

use super::escape::{Escape, character};
use super::translate::Translator;
use super::{Refusal, invalid};

const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";
const EVERYTHING: &str = r"[\x{0}-\x{10FFFF}]";

/// Reads a class behind its `[` and writes it for the engine.
pub(super) fn translate(from: &mut Translator<'_>) -> Result<String, Refusal> {
    let negated = from.eat("^");
    let mut items = String::new();
    while !from.eat("]") {
        let first = atom(from)?;
        if !from.eat("-") {
            items.push_str(&first.written());
            continue;
        }
        if from.peek() == Some(']') {
            items.push_str(&first.written());
            items.push_str(&character('-'));
            continue;
        }
        items.push_str(&range(&first, &atom(from)?)?);
    }
    Ok(match (items.is_empty(), negated) {
        (true, true) => EVERYTHING.into(),
        (true, false) => NOTHING.into(),
        (false, true) => format!("[^{items}]"),
        (false, false) => format!("[{items}]"),
    })
}

enum Atom {
    Char(char),
    Class(String),
}

impl Atom {
    fn written(&self) -> String {
        match self {
            Self::Char(char) => character(*char),
            Self::Class(class) => class.clone(),
        }
    }
}

fn atom(from: &mut Translator<'_>) -> Result<Atom, Refusal> {
    match from.bump() {
        None => Err(invalid("found `[` without its `]`")),
        Some('\\') => match Escape::read_in_class(from)? {
            Escape::Char(char) => Ok(Atom::Char(char)),
            Escape::Class(class) => Ok(Atom::Class(class)),
            Escape::Boundary { .. } => Err(invalid("found a word boundary in brackets")),
        },
        Some(plain) => Ok(Atom::Char(plain)),
    }
}

fn range(first: &Atom, last: &Atom) -> Result<String, Refusal> {
    match (first, last) {
        (Atom::Char(first), Atom::Char(last)) if first <= last => {
            Ok(format!("{}-{}", character(*first), character(*last)))
        }
        (Atom::Char(_), Atom::Char(_)) => Err(invalid("found a range in brackets that goes down")),
        _ => Err(invalid("found a range that begins or ends with a class; write `\\-` for the character")),
    }
}
