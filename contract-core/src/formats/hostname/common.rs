//! Names, and mailboxes at names, as most are: short, in ASCII, and no two hyphens in a row.

use super::label;
use crate::formats::automaton::{Automaton, On, State};
use crate::formats::bytes::Set;

/// Before the first letter of a local part, or behind a dot in it.
const WORD_START: State = State::new(1);
const WORD: State = State::new(2);
/// Before the first letter of a label.
const LABEL_START: State = State::new(3);
const LABEL: State = State::new(4);
/// Behind a hyphen, where no label ends.
const HYPHEN: State = State::new(5);

static MAILBOX: Automaton = Automaton::new(&[
    (WORD_START, On::In(Set::ATOM), WORD),
    (WORD, On::In(Set::ATOM), WORD),
    (WORD, On::Byte(b'.'), WORD_START),
    (WORD, On::Byte(b'@'), LABEL_START),
    (LABEL_START, On::Alphanumeric, LABEL),
    (LABEL, On::Alphanumeric, LABEL),
    (LABEL, On::Byte(b'-'), HYPHEN),
    (LABEL, On::Byte(b'.'), LABEL_START),
    (HYPHEN, On::Alphanumeric, LABEL),
]);

/// In a text that is no longer than a label may be, no part is too long.
const LONGEST: usize = label::LONGEST;

#[inline]
pub(super) fn is_hostname(text: &[u8]) -> bool {
    text.len() <= LONGEST && MAILBOX.run(LABEL_START, text) == LABEL
}

#[inline]
pub(in crate::formats) fn is_email(text: &[u8]) -> bool {
    text.len() <= LONGEST && MAILBOX.run(WORD_START, text) == LABEL
}

#[cfg(test)]
mod tests {
    use crate::formats::check;

    #[test]
    fn what_is_told_quickly_is_what_is_read() {
        let (email, hostname) = (check("email").unwrap(), check("hostname").unwrap());
        let good = "a.b+c@d-e.f9";
        for at in 0..good.len() {
            for byte in 0..128 {
                let mut text = good.as_bytes().to_vec();
                text[at] = byte;
                // What is longer than a label is read in full.
                let long = [text.as_slice(), format!(".{}", "x".repeat(60)).as_bytes()].concat();
                assert_eq!(email(&text), email(&long), "{}", text.escape_ascii());
                assert_eq!(hostname(&text[6..]), hostname(&long[6..]), "{}", text.escape_ascii());
            }
        }
    }
}
