//! References as most are: no user, no address in brackets, nothing encoded.

use crate::formats::automaton::{Automaton, On, State};
use crate::formats::bytes::Set;

/// Whether a reference has a scheme; `None` for what has to be read in full.
#[inline]
pub(super) fn has_scheme(text: &[u8]) -> Option<bool> {
    let is_relative = matches!(text, [] | [b'/' | b'?' | b'#', ..]);
    let from = if is_relative { REST } else { START };
    (REFERENCE.run(from, text) >= REST).then_some(!is_relative)
}

const START: State = State::new(1);
const SCHEME: State = State::new(2);
/// Behind the scheme, or where a reference without one begins. From here on a text may end.
const REST: State = State::new(3);
const SLASH: State = State::new(4);
const HOST: State = State::new(5);
const PORT: State = State::new(6);
const PATH: State = State::new(7);
const QUERY: State = State::new(8);
const FRAGMENT: State = State::new(9);

static REFERENCE: Automaton = Automaton::new(&[
    (START, On::Alphabetic, SCHEME),
    (SCHEME, On::In(Set::SCHEME), SCHEME),
    (SCHEME, On::Byte(b':'), REST),
    (REST, On::In(Set::PATH), PATH),
    (REST, On::Byte(b'/'), SLASH),
    (REST, On::Byte(b'?'), QUERY),
    (REST, On::Byte(b'#'), FRAGMENT),
    (SLASH, On::In(Set::PATH), PATH),
    (SLASH, On::Byte(b'/'), HOST),
    (SLASH, On::Byte(b'?'), QUERY),
    (SLASH, On::Byte(b'#'), FRAGMENT),
    (HOST, On::In(Set::NAME), HOST),
    (HOST, On::Byte(b':'), PORT),
    (HOST, On::Byte(b'/'), PATH),
    (HOST, On::Byte(b'?'), QUERY),
    (HOST, On::Byte(b'#'), FRAGMENT),
    (PORT, On::Digit, PORT),
    (PORT, On::Byte(b'/'), PATH),
    (PORT, On::Byte(b'?'), QUERY),
    (PORT, On::Byte(b'#'), FRAGMENT),
    (PATH, On::In(Set::PATH), PATH),
    (PATH, On::Byte(b'?'), QUERY),
    (PATH, On::Byte(b'#'), FRAGMENT),
    (QUERY, On::In(Set::QUERY), QUERY),
    (QUERY, On::Byte(b'#'), FRAGMENT),
    (FRAGMENT, On::In(Set::QUERY), FRAGMENT),
]);
