//! Classes in brackets.

use super::escape::{self, Escaped};
use super::reader::Reader;

/// Reads a class behind its `[`.
pub(super) fn read(from: &mut Reader<'_>) -> Option<()> {
    from.eat("^");
    while !from.eat("]") {
        let first = atom(from)?;
        let mut ahead = from.clone();
        if !ahead.eat("-") || ahead.peek() == Some(']') {
            continue;
        }
        *from = ahead;
        match (first, atom(from)?) {
            (Escaped::Code(first), Escaped::Code(last)) if first <= last => {}
            _ => return None,
        }
    }
    Some(())
}

fn atom(from: &mut Reader<'_>) -> Option<Escaped> {
    match from.bump()? {
        '\\' if from.eat("b") => Some(Escaped::Code(8)),
        '\\' => escape::read(from),
        plain => Some(Escaped::Code(plain.into())),
    }
}
