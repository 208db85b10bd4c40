//! Patterns: the simple ones as steps over bytes, the rest by an automaton.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::automaton::Automaton;
use super::fixed::Fixed;

/// A pattern, in the syntax of the `regex` crate.
#[derive(Debug)]
pub(crate) struct Matcher {
    pattern: String,
    fixed: Option<Fixed>,
    steps: Option<Steps>,
    automaton: OnceLock<Option<Box<Automaton>>>,
}

/// A text that comes first, and what comes behind it.
#[derive(Debug)]
struct Steps {
    prefix: Box<[u8]>,
    rest: Box<[Step]>,
}

/// A run of bytes of one set.
#[derive(Debug)]
struct Step {
    set: Set,
    min: u32,
    max: u32,
    /// The set as two runs of neighbours, for steps so long that it pays to look at many bytes at once.
    runs: Option<[Run; 2]>,
}

/// Neighbouring bytes: the first, and how many come behind it.
#[derive(Debug, Clone, Copy)]
struct Run(u8, u8);

impl Run {
    #[inline(always)]
    fn has(self, byte: u8) -> bool {
        byte.wrapping_sub(self.0) <= self.1
    }
}

/// Least bytes of a step that are looked at together.
const MANY: u32 = 16;

impl Steps {
    fn of(steps: Vec<Step>) -> Self {
        let prefix: Box<[u8]> = steps.iter().map_while(Step::only).collect();
        let rest = steps.into_iter().skip(prefix.len()).map(Step::settled).collect();
        Self { prefix, rest }
    }
}

impl Step {
    fn new(set: Set, min: u32, max: u32) -> Self {
        Self { set, min, max, runs: None }
    }

    /// When nothing is added any more.
    fn settled(self) -> Self {
        let runs = if self.min >= MANY { self.set.two_runs() } else { None };
        Self { runs, ..self }
    }

    /// The only byte that it can be.
    fn only(&self) -> Option<u8> {
        let run = self.set.run().filter(|run| run.start() == run.end() && (self.min, self.max) == (1, 1));
        run.map(|run| *run.start())
    }

    /// Whether all bytes are of the set. Looking at all is quicker than asking after each whether to go on.
    #[inline(always)]
    fn has_all(&self, bytes: &[u8]) -> bool {
        match self.runs {
            Some([a, b]) => bytes.iter().fold(true, |all, byte| all & (a.has(*byte) | b.has(*byte))),
            None => bytes.iter().fold(true, |all, byte| all & self.set.has(*byte)),
        }
    }
}

/// For each byte whether it belongs.
#[derive(Clone, PartialEq, Eq)]
struct Set(Box<[bool; 256]>);

impl Set {
    fn new() -> Self {
        Self(Box::new([false; 256]))
    }

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte)] = true;
    }

    #[inline(always)]
    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// The set as a run of neighbours.
    fn run(&self) -> Option<RangeInclusive<u8>> {
        let mut bytes = (0..=u8::MAX).filter(|byte| self.has(*byte));
        let first = bytes.next()?;
        let last = bytes.next_back().unwrap_or(first);
        (first..=last).all(|byte| self.has(byte)).then_some(first..=last)
    }

    /// The set as two runs of neighbours, twice the same where it is one.
    fn two_runs(&self) -> Option<[Run; 2]> {
        let mut runs: Vec<Run> = Vec::new();
        for byte in (0..=u8::MAX).filter(|byte| self.has(*byte)) {
            match runs.last_mut() {
                Some(Run(first, more)) if byte - *first == *more + 1 => *more += 1,
                _ => runs.push(Run(byte, 0)),
            }
        }
        match *runs {
            [one] => Some([one, one]),
            [one, two] => Some([one, two]),
            _ => None,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&*other.0).any(|(a, b)| *a && *b)
    }
}

impl std::fmt::Debug for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = (0..=u8::MAX).filter(|byte| self.has(*byte)).map(char::from);
        write!(f, "{:?}", bytes.collect::<String>())
    }
}

impl Matcher {
    pub(crate) fn new(pattern: &str) -> Self {
        let steps = steps(pattern);
        let fixed = steps.as_deref().and_then(fixed);
        let steps = steps.map(Steps::of);
        Self { pattern: pattern.to_owned(), fixed, steps, automaton: OnceLock::new() }
    }

    /// The matcher of a pattern as contracts write it, which was checked before; one that was not matches nothing.
    pub(crate) fn of_written(pattern: &str) -> Self {
        Self::new(&super::translate(pattern).unwrap_or_else(|_| pattern.to_owned()))
    }

    /// Whether the text matches. A pattern that cannot be compiled, which the check of contracts refuses,
    /// matches nothing.
    #[inline]
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        match (&self.fixed, &self.steps) {
            (Some(fixed), _) => fixed.matches(text),
            (None, Some(steps)) => walk(steps, text),
            (None, None) => self.run(text),
        }
    }

    fn run(&self, text: &[u8]) -> bool {
        let automaton = self.automaton.get_or_init(|| Automaton::new(&self.pattern).map(Box::new));
        automaton.as_ref().is_some_and(|automaton| std::str::from_utf8(text).is_ok_and(|text| automaton.matches(text)))
    }
}

#[inline]
fn walk(steps: &Steps, text: &[u8]) -> bool {
    let Some(mut rest) = text.strip_prefix(&*steps.prefix) else { return false };
    for step in &steps.rest {
        let (min, max) = (step.min as usize, step.max as usize);
        let Some((must, may)) = rest.split_at_checked(min) else { return false };
        if !step.has_all(must) {
            return false;
        }
        rest = may;
        if max > min {
            let most = may.len().min(max - min);
            let run = may[..most].iter().position(|byte| !step.set.has(*byte)).unwrap_or(most);
            rest = &may[run..];
        }
    }
    rest.is_empty()
}

/// Steps that leave no choice of length, where each takes a run of neighbours.
fn fixed(steps: &[Step]) -> Option<Fixed> {
    let mut places = Vec::new();
    for step in steps {
        // Longer ones are none of these; this ends before memory does.
        if step.min != step.max || step.max > 16 {
            return None;
        }
        let run = step.set.run()?;
        places.extend((0..step.min).map(|_| run.clone()));
    }
    Fixed::new(&places)
}

/// The steps of `^…$` over ASCII, where taking as much as there is at each step is always right.
fn steps(pattern: &str) -> Option<Vec<Step>> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let HirKind::Concat(parts) = hir.kind() else { return None };
    let [first, middle @ .., last] = parts.as_slice() else { return None };
    if !matches!(first.kind(), HirKind::Look(Look::Start)) || !matches!(last.kind(), HirKind::Look(Look::End)) {
        return None;
    }
    let mut steps = Vec::new();
    for part in middle {
        push(part, &mut steps)?;
    }
    is_deterministic(&steps).then_some(steps)
}

fn push(part: &Hir, steps: &mut Vec<Step>) -> Option<()> {
    match part.kind() {
        HirKind::Literal(literal) => {
            for byte in &*literal.0 {
                let mut set = Set::new();
                set.add(byte.is_ascii().then_some(*byte)?);
                add(steps, Step::new(set, 1, 1));
            }
        }
        HirKind::Class(class) => add(steps, Step::new(set_of(class)?, 1, 1)),
        HirKind::Repetition(repetition) if repetition.greedy => {
            let mut once = Vec::new();
            push(&repetition.sub, &mut once)?;
            let [Step { set, min: 1, max: 1, .. }] = once.as_slice() else { return None };
            steps.push(Step::new(set.clone(), repetition.min, repetition.max.unwrap_or(u32::MAX)));
        }
        _ => return None,
    }
    Some(())
}

/// Adds one byte more to a fixed run of the same set.
fn add(steps: &mut Vec<Step>, step: Step) {
    match steps.last_mut() {
        Some(last) if last.set == step.set && last.min == last.max && last.max < u32::MAX => {
            last.min += 1;
            last.max += 1;
        }
        _ => steps.push(step),
    }
}

fn set_of(class: &Class) -> Option<Set> {
    let mut set = Set::new();
    match class {
        Class::Unicode(class) => {
            for range in class.iter() {
                let (start, end) = (u8::try_from(range.start()).ok()?, u8::try_from(range.end()).ok()?);
                (end.is_ascii()).then(|| (start..=end).for_each(|byte| set.add(byte)))?;
            }
        }
        Class::Bytes(_) => return None,
    }
    Some(set)
}

/// A run of varying length must end where the next byte cannot belong to it.
fn is_deterministic(steps: &[Step]) -> bool {
    steps.iter().enumerate().filter(|(_, step)| step.min != step.max).all(|(index, step)| {
        let after = &steps[index + 1..];
        let until = after.iter().position(|step| step.min > 0).map_or(after.len(), |found| found + 1);
        after[..until].iter().all(|next| !next.set.meets(&step.set))
    })
}

#[cfg(test)]
mod tests {
    use super::Matcher;

    #[test]
    fn steps_and_the_regex_crate_agree() {
        let patterns = [
            "^rec-[0-9]{6}$",
            "^[a-z][a-z0-9-]{0,3}$",
            "^a*b+c?$",
            "^a{2,3}a$",
            "^[ab]*b$",
            "^x?y?z?$",
            "^$",
            "^aa{2}$",
        ];
        let letters = ["", "a", "b", "c", "x", "y", "z", "-", "1", "é"];
        for pattern in patterns {
            let matcher = Matcher::new(pattern);
            let regex = regex::Regex::new(pattern).unwrap();
            let mut texts: Vec<String> = vec!["rec-123456".into(), "rec-12345".into(), "rec-1234567".into()];
            for a in letters {
                for b in letters {
                    for c in letters {
                        texts.extend(letters.iter().map(|d| format!("{a}{b}{c}{d}")));
                    }
                }
            }
            for text in texts {
                assert_eq!(matcher.matches(text.as_bytes()), regex.is_match(&text), "{pattern} on {text:?}");
            }
        }
    }

    #[test]
    fn long_runs_are_told_as_short_ones_are() {
        type Has = fn(u8) -> bool;
        let sets: [(&str, Has); 4] = [
            ("[0-9a-f]", |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
            ("[A-Z]", |byte| byte.is_ascii_uppercase()),
            ("[a-c0-2x]", |byte| matches!(byte, b'a'..=b'c' | b'0'..=b'2' | b'x')),
            ("[\\x00-\\x7f]", |byte| byte.is_ascii()),
        ];
        for (set, has) in sets {
            let inside = (0..=u8::MAX).find(|byte| has(*byte)).unwrap();
            for length in [15, 16, 33] {
                let matcher = Matcher::new(&format!("^{set}{{{length}}}$"));
                assert!(matcher.matches(&vec![inside; length]) && !matcher.matches(&vec![inside; length + 1]));
                for at in 0..length {
                    for byte in 0..=u8::MAX {
                        let mut text = vec![inside; length];
                        text[at] = byte;
                        assert_eq!(matcher.matches(&text), has(byte), "{set} at {at} of {length}: {byte}");
                    }
                }
            }
        }
    }

    #[test]
    fn common_patterns_need_no_automaton() {
        for pattern in ["^sha256:[0-9a-f]{64}$", "^[A-Z]{6}[A-Z0-9]{2}$", "^[a-z][a-z0-9-]{0,63}$"] {
            assert!(Matcher::new(pattern).steps.is_some(), "{pattern}");
        }
        for pattern in ["^[ab]*b$", "a", "^(a|b)c$", "^\\w+$", "(?i)^a$"] {
            assert!(Matcher::new(pattern).steps.is_none() || pattern == "(?i)^a$", "{pattern}");
        }
    }
}
