//! Automata of at most nine states that take one look and one shift a byte: the common texts of some formats.
//!
//! A state is six bits wide. The row of a byte holds, as far from its lowest bit as a state's own number says, the state
//! that the byte leads to. So a row shifted by a state is the next one.

use super::bytes::Set;

/// A state, by its place in the rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State(u64);

impl State {
    /// One of nine. A byte without an edge leads to another one, from which none leads out.
    pub(super) const fn new(number: u64) -> Self {
        assert!(1 <= number && number <= 9, "a row has room for nine states beside the one without edges");
        Self(WIDTH * number)
    }
}

const WIDTH: u64 = 6;
const MASK: u64 = (1 << WIDTH) - 1;

/// Which bytes an edge is for, all of them ASCII.
pub(super) enum On {
    In(Set),
    Byte(u8),
    Alphanumeric,
    Alphabetic,
    Digit,
}

/// From a state by some bytes to another one.
pub(super) type Edge = (State, On, State);

/// The rows of all bytes.
pub(super) struct Automaton([u64; 256]);

impl Automaton {
    /// Of several edges for one byte the last counts.
    pub(super) const fn new(edges: &[Edge]) -> Self {
        let mut rows = [0; 256];
        let mut byte = 0;
        while byte < rows.len() {
            let mut edge = 0;
            while edge < edges.len() {
                let (from, on, to) = &edges[edge];
                if on.has(byte as u8) {
                    rows[byte] = rows[byte] & !(MASK << from.0) | to.0 << from.0;
                }
                edge += 1;
            }
            byte += 1;
        }
        Self(rows)
    }

    /// The state that a text leads to.
    #[inline]
    pub(super) fn run(&self, from: State, text: &[u8]) -> State {
        // A shift looks at the lowest six bits alone, so what a row holds above them may stay.
        let next = |state: u64, byte: &u8| self.0[usize::from(*byte)].wrapping_shr(state as u32);
        State(text.iter().fold(from.0, next) & MASK)
    }
}

impl On {
    const fn has(&self, byte: u8) -> bool {
        match self {
            Self::In(set) => set.has_ascii(byte),
            Self::Byte(one) => *one == byte,
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Alphabetic => byte.is_ascii_alphabetic(),
            Self::Digit => byte.is_ascii_digit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Automaton, On, State};

    #[test]
    fn a_text_leads_where_its_bytes_lead() {
        let (first, last) = (State::new(1), State::new(9));
        let pairs =
            Automaton::new(&[(first, On::Digit, first), (first, On::Byte(b'1'), last), (last, On::Byte(b'0'), first)]);
        for (text, to) in [("", first), ("2", first), ("1", last), ("210", first), ("101", last)] {
            assert!(pairs.run(first, text.as_bytes()) == to, "{text}");
        }
        for text in ["11", "a", "1é", "a1", "110"] {
            assert!(![first, last].contains(&pairs.run(first, text.as_bytes())), "{text}");
        }
    }
}
