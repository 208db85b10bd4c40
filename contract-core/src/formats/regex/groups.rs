//! Groups: which are open, how many capture, and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use super::Term;
use super::escape::code_point;
use super::reader::Reader;

/// Groups in groups. Those who run patterns stop somewhere near, too, and memory must not follow a hostile text.
const DEEPEST: usize = 1000;

/// The groups of a pattern, and what refers to them.
#[derive(Default)]
pub(super) struct Groups {
    open: Vec<Open>,
    /// The last alternative outside of all groups.
    alternative: usize,
    capturing: u64,
    /// For each name where it was given last.
    names: BTreeMap<String, usize>,
    largest_reference: u64,
    references: BTreeSet<String>,
}

/// A group that is not closed yet.
struct Open {
    at: usize,
    /// Where its last alternative begins.
    alternative: usize,
    is_assertion: bool,
}

impl Groups {
    /// Reads what follows a `(`, up to the first term.
    pub(super) fn open(&mut self, from: &mut Reader<'_>) -> Option<()> {
        if self.open.len() == DEEPEST {
            return None;
        }
        let at = from.at();
        let mut is_assertion = false;
        if !from.eat("?") {
            self.capturing += 1;
        } else if ["=", "!", "<=", "<!"].into_iter().any(|sign| from.eat(sign)) {
            is_assertion = true;
        } else if from.eat("<") {
            self.capturing += 1;
            let name = name(from)?;
            self.declare(name, at)?;
        } else {
            modifiers(from)?;
        }
        self.open.push(Open { at, alternative: at, is_assertion });
        Some(())
    }

    pub(super) fn close(&mut self) -> Option<Term> {
        let closed = self.open.pop()?;
        Some(if closed.is_assertion { Term::Assertion } else { Term::Atom })
    }

    /// A `|` that ends at `at`.
    pub(super) fn alternative(&mut self, at: usize) {
        match self.open.last_mut() {
            Some(open) => open.alternative = at,
            None => self.alternative = at,
        }
    }

    /// A name may be given again where no match can hold both groups.
    fn declare(&mut self, name: String, at: usize) -> Option<()> {
        let Some(before) = self.names.insert(name, at) else { return Some(()) };
        // The innermost group around both. A `|` of it between them, and there can be none in groups further out,
        // makes them alternatives; had an earlier group of that name none to this one, the one before had none either.
        let around = self.open.partition_point(|open| open.at < before);
        let alternative = around.checked_sub(1).map_or(self.alternative, |index| self.open[index].alternative);
        (alternative > before).then_some(())
    }

    pub(super) fn refer_by_number(&mut self, digits: &str) {
        let number = digits.parse().unwrap_or(u64::MAX);
        self.largest_reference = self.largest_reference.max(number);
    }

    /// Reads what follows `\k`.
    pub(super) fn refer_by_name(&mut self, from: &mut Reader<'_>) -> Option<()> {
        let name = if from.eat("<") { name(from)? } else { return None };
        self.references.insert(name);
        Some(())
    }

    /// Whether all groups are closed, and all references lead to one.
    pub(super) fn end(&self) -> Option<()> {
        let found = self.references.iter().all(|name| self.names.contains_key(name));
        (self.open.is_empty() && found && self.largest_reference <= self.capturing).then_some(())
    }
}

/// A name and its `>`. Letters are told by Unicode's own properties, which ECMAScript widens by a few signs.
fn name(from: &mut Reader<'_>) -> Option<String> {
    let mut name = String::new();
    loop {
        let next = match from.bump()? {
            '>' => return (!name.is_empty()).then_some(name),
            '\\' if from.eat("u") => char::from_u32(code_point(from)?)?,
            plain => plain,
        };
        let legal = match name.is_empty() {
            true => next.is_alphabetic() || matches!(next, '_' | '$'),
            false => next.is_alphanumeric() || matches!(next, '_' | '$' | '\u{200c}' | '\u{200d}'),
        };
        if !legal {
            return None;
        }
        name.push(next);
    }
}

/// `:`, or flags to set and to unset before it, each once.
fn modifiers(from: &mut Reader<'_>) -> Option<()> {
    let is_flag = |byte: &u8| matches!(byte, b'i' | b'm' | b's');
    let set = from.run(is_flag);
    let unset = if from.eat("-") { Some(from.run(is_flag)) } else { None };
    let flags = || set.chars().chain(unset.unwrap_or_default().chars());
    let once = ['i', 'm', 's'].into_iter().all(|flag| flags().filter(|other| *other == flag).count() <= 1);
    let says_something = unset.is_none() || flags().next().is_some();
    (once && says_something && from.eat(":")).then_some(())
}
