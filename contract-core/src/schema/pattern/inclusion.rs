//! Whether all texts that one pattern matches are matched by another: both automata walk side by side.

use std::collections::{BTreeMap, VecDeque};

use regex_automata::Input;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};

use super::translate;

/// Pairs of states that are looked at.
const MOST_PAIRS: usize = 1_000;
/// Bytes that one automaton and its states may take.
const MOST_BYTES: usize = 1 << 20;

/// How the texts of one pattern lie to those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inclusion {
    /// Each text of the one is a text of the other.
    Within,
    /// This text is one of the first only; it is as short as any.
    Outside(String),
    /// The patterns are too large for an answer.
    Unknown,
}

/// Whether all texts that match `given` match `read`.
pub(crate) fn inclusion(given: &str, read: &str) -> Inclusion {
    let sides = Side::of(given).zip(Side::of(read));
    sides.and_then(|(given, read)| Walk::new(given, read)?.run()).unwrap_or(Inclusion::Unknown)
}

/// An automaton that gives up instead of forgetting states.
struct Side {
    dfa: DFA,
    cache: Cache,
}

impl Side {
    fn of(pattern: &str) -> Option<Self> {
        let pattern = translate(pattern).ok()?;
        let states = thompson::Config::new().nfa_size_limit(Some(MOST_BYTES)).which_captures(WhichCaptures::None);
        let kept = DFA::config().cache_capacity(MOST_BYTES).minimum_cache_clear_count(Some(0));
        let dfa = DFA::builder().thompson(states).configure(kept).build(&pattern).ok()?;
        let cache = dfa.create_cache();
        Some(Self { dfa, cache })
    }

    fn start(&mut self) -> Option<LazyStateID> {
        self.dfa.start_state_forward(&mut self.cache, &Input::new("")).ok()
    }

    fn next(&mut self, state: LazyStateID, byte: u8) -> Option<LazyStateID> {
        self.dfa.next_state(&mut self.cache, state, byte).ok().filter(|state| !state.is_quit())
    }

    /// Whether the text that led to the state matches when it ends there.
    fn ends(&mut self, state: LazyStateID) -> Option<bool> {
        Some(self.dfa.next_eoi_state(&mut self.cache, state).ok()?.is_match())
    }
}

/// Where both are after the same bytes; a side that has matched, matches whatever follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    /// `None` once it has matched.
    given: Option<LazyStateID>,
    read: LazyStateID,
    text: Utf8,
}

struct Walk {
    given: Side,
    read: Side,
    /// Bytes of which the automata cannot tell the others apart.
    bytes: Vec<u8>,
    /// By which pair and byte each pair was reached first.
    known: BTreeMap<Pair, Option<(Pair, u8)>>,
    open: VecDeque<Pair>,
}

impl Walk {
    fn new(given: Side, read: Side) -> Option<Self> {
        let mut classes = BTreeMap::new();
        for byte in 0..=255_u8 {
            let class = (given.dfa.byte_classes().get(byte), read.dfa.byte_classes().get(byte), Utf8::class(byte));
            classes.entry(class).or_insert(byte);
        }
        let bytes = classes.into_values().collect();
        Some(Self { given, read, bytes, known: BTreeMap::new(), open: VecDeque::new() })
    }

    fn run(mut self) -> Option<Inclusion> {
        let (given, read) = (Some(self.given.start()?), self.read.start()?);
        self.meet(Pair { given, read, text: Utf8::Whole }, None);
        while let Some(pair) = self.open.pop_front() {
            if pair.text == Utf8::Whole && self.is_outside(pair)? {
                return Some(self.text_to(pair).map_or(Inclusion::Unknown, Inclusion::Outside));
            }
            for byte in self.bytes.clone() {
                if let Some(next) = self.step(pair, byte)? {
                    self.meet(next, Some((pair, byte)));
                }
            }
            if self.known.len() > MOST_PAIRS {
                return None;
            }
        }
        Some(Inclusion::Within)
    }

    fn meet(&mut self, pair: Pair, from: Option<(Pair, u8)>) {
        if let std::collections::btree_map::Entry::Vacant(fresh) = self.known.entry(pair) {
            fresh.insert(from);
            self.open.push_back(pair);
        }
    }

    fn is_outside(&mut self, pair: Pair) -> Option<bool> {
        let given = pair.given.map_or(Some(true), |state| self.given.ends(state))?;
        Some(given && !self.read.ends(pair.read)?)
    }

    /// The pair after one more byte; an inner `None` where nothing outside can follow.
    fn step(&mut self, pair: Pair, byte: u8) -> Option<Option<Pair>> {
        let Some(text) = pair.text.next(byte) else { return Some(None) };
        let given = match pair.given {
            None => None,
            Some(state) => {
                let next = self.given.next(state, byte)?;
                if next.is_dead() {
                    return Some(None);
                }
                (!next.is_match()).then_some(next)
            }
        };
        let read = self.read.next(pair.read, byte)?;
        Some((!read.is_match()).then_some(Pair { given, read, text }))
    }

    fn text_to(&self, mut pair: Pair) -> Option<String> {
        let mut bytes = Vec::new();
        while let Some((before, byte)) = self.known.get(&pair).copied().flatten() {
            bytes.push(byte);
            pair = before;
        }
        bytes.reverse();
        String::from_utf8(bytes).ok()
    }
}

/// How much of a character was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Utf8 {
    Whole,
    /// So many bytes from 80 to BF are to come.
    Rest(u8),
    /// One byte from this to that is to come, then so many from 80 to BF.
    First(u8, u8, u8),
}

impl Utf8 {
    fn next(self, byte: u8) -> Option<Self> {
        let rest = |count: u8| if count == 0 { Self::Whole } else { Self::Rest(count) };
        match (self, byte) {
            (Self::Rest(count), 0x80..=0xBF) => Some(rest(count - 1)),
            (Self::First(low, high, more), _) if (low..=high).contains(&byte) => Some(rest(more)),
            (Self::Whole, _) => match byte {
                0x00..=0x7F => Some(Self::Whole),
                0xC2..=0xDF => Some(Self::Rest(1)),
                0xE0 => Some(Self::First(0xA0, 0xBF, 1)),
                0xED => Some(Self::First(0x80, 0x9F, 1)),
                0xE1..=0xEF => Some(Self::Rest(2)),
                0xF0 => Some(Self::First(0x90, 0xBF, 2)),
                0xF1..=0xF3 => Some(Self::Rest(3)),
                0xF4 => Some(Self::First(0x80, 0x8F, 2)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Bytes with the same class go the same way, whatever was read.
    fn class(byte: u8) -> u8 {
        const STARTS: [u8; 14] = [0x00, 0x80, 0x90, 0xA0, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5];
        STARTS.partition_point(|start| *start <= byte) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_another_is_proven() {
        for (given, read) in [
            ("^[a-z]+$", "^[a-z0-9]+$"),
            ("^[a-z]{1,5}$", "^[a-z]{1,9}$"),
            ("^[a-z]+$", "^[a-z]*$"),
            ("^(?:a|b)c$", "^[ab]c$"),
            ("^ab$", "a"),
            ("^\\d{4}-\\d\\d$", "^[0-9-]+$"),
            ("^ä+$", "^\\p{L}+$"),
            ("x", "x|y"),
            ("^$", ""),
        ] {
            assert_eq!(inclusion(given, read), Inclusion::Within, "{given} {read}");
        }
    }

    #[test]
    fn a_text_shows_what_is_not() {
        for (given, read, text) in [
            ("^[a-z]*$", "^[a-z]+$", ""),
            ("^[a-z]{1,9}$", "^[a-z]{1,2}$", "aaa"),
            ("^\\p{L}$", "^[A-Za-z]$", "ª"),
            ("a", "^a$", "aa"),
        ] {
            let Inclusion::Outside(found) = inclusion(given, read) else { panic!("{given} {read}") };
            assert_eq!(found.chars().count(), text.chars().count(), "{given} {read}: {found:?}");
            let matches = |pattern: &str| regex::Regex::new(pattern).unwrap().is_match(&found);
            assert!(matches(given) && !matches(read), "{given} {read}: {found:?}");
        }
    }

    #[test]
    fn patterns_made_to_be_large_end_in_no_answer_or_a_right_one() {
        let seen = inclusion("^(?:[ab]*a[ab]{12}){1,3}$", "^(?:[ab]*b[ab]{12}){1,3}$");
        assert_ne!(seen, Inclusion::Within);
    }
}
