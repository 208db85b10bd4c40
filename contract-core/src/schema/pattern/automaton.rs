//! Patterns that are more than one run of steps: a lazy automaton.
//!
//! It is linear and knows all that translated patterns say, so the other engines of the `regex` crate, and
//! what chooses among them, need not be in every agent.

use std::sync::{Mutex, PoisonError};

use regex_automata::Input;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};

/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 10 << 20;

/// A compiled pattern. The states that were met are kept from text to text.
#[derive(Debug)]
pub(super) struct Automaton {
    dfa: DFA,
    idle: Mutex<Vec<Cache>>,
}

impl Automaton {
    /// The automaton of a pattern in the syntax of the `regex` crate, unless it would be too large.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let states = thompson::Config::new().nfa_size_limit(Some(PATTERN_BYTES)).which_captures(WhichCaptures::None);
        // States that do not fit are thrown away and made again; no text is too long for that.
        let kept = DFA::config().skip_cache_capacity_check(true);
        let dfa = DFA::builder().thompson(states).configure(kept).build(pattern).ok()?;
        Some(Self { dfa, idle: Mutex::default() })
    }

    /// Whether the pattern matches somewhere in the text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut cache = self.idle().pop().unwrap_or_else(|| self.dfa.create_cache());
        let found = self.dfa.try_search_fwd(&mut cache, &Input::new(text).earliest(true));
        self.idle().push(cache);
        found.is_ok_and(|end| end.is_some())
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Cache>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Automaton;
    use crate::schema::translate_pattern;

    #[test]
    fn the_automaton_and_the_regex_crate_agree() {
        let patterns = [
            "",
            "a",
            "^a|b$",
            "^(a|bc)*$",
            r"\bab\b",
            r"\Ba",
            r"\B",
            "^[^a]+$",
            r"^\p{L}+$",
            r"^\P{Lu}\p{Script=Greek}?",
            r"^\p{Alphabetic}\p{White_Space}*$",
            "(a+)+b",
            "^.{2}$",
            "a{0,3}b",
            r"^\w\W\d?\s?$",
            "é$",
            "^é{1,2}a?$",
        ];
        let letters = ["", "a", "b", "c", "A", " ", "é", "λ", "𝄞", "_", "7", "\n"];
        for pattern in patterns {
            let pattern = translate_pattern(pattern).unwrap();
            let automaton = Automaton::new(&pattern).unwrap();
            let regex = regex::Regex::new(&pattern).unwrap();
            for a in letters {
                for b in letters {
                    for c in letters {
                        let text = format!("{a}{b}{c}");
                        assert_eq!(automaton.matches(&text), regex.is_match(&text), "{pattern} on {text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_pattern_beyond_the_limit_is_refused_and_one_below_it_runs() {
        assert!(Automaton::new(r"\p{L}{1000}").is_none());
        let automaton = Automaton::new(r"^(?:[^\x{0}-\x{1F}]{0,1000})$").unwrap();
        assert!(automaton.matches(&"ä".repeat(1000)) && !automaton.matches(&"ä".repeat(1001)));
    }
}
