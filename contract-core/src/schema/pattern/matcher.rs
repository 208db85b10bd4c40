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
    steps: Option<Box<[Step]>>,
    automaton: OnceLock<Option<Box<Automaton>>>,
}

/// A run of bytes of one set.
#[derive(Debug)]
struct Step {
    set: Set,
    min: u32,
    max: u32,
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
        Self { pattern: pattern.to_owned(), fixed, steps, automaton: OnceLock::new() }
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
fn walk(steps: &[Step], text: &[u8]) -> bool {
    let mut rest = text;
    for step in steps {
        let (min, max) = (step.min as usize, step.max as usize);
        let Some((must, may)) = rest.split_at_checked(min) else { return false };
        // Looking at all bytes is quicker than asking after each whether to go on.
        if !must.iter().fold(true, |all, byte| all & step.set.has(*byte)) {
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
fn steps(pattern: &str) -> Option<Box<[Step]>> {
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
    is_deterministic(&steps).then(|| steps.into())
}

fn push(part: &Hir, steps: &mut Vec<Step>) -> Option<()> {
    match part.kind() {
        HirKind::Literal(literal) => {
            for byte in &*literal.0 {
                let mut set = Set::new();
                set.add(byte.is_ascii().then_some(*byte)?);
                add(steps, Step { set, min: 1, max: 1 });
            }
        }
        HirKind::Class(class) => add(steps, Step { set: set_of(class)?, min: 1, max: 1 }),
        HirKind::Repetition(repetition) if repetition.greedy => {
            let mut once = Vec::new();
            push(&repetition.sub, &mut once)?;
            let [Step { set, min: 1, max: 1 }] = once.as_slice() else { return None };
            steps.push(Step { set: set.clone(), min: repetition.min, max: repetition.max.unwrap_or(u32::MAX) });
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
    fn common_patterns_need_no_automaton() {
        for pattern in ["^sha256:[0-9a-f]{64}$", "^[A-Z]{6}[A-Z0-9]{2}$", "^[a-z][a-z0-9-]{0,63}$"] {
            assert!(Matcher::new(pattern).steps.is_some(), "{pattern}");
        }
        for pattern in ["^[ab]*b$", "a", "^(a|b)c$", "^\\w+$", "(?i)^a$"] {
            assert!(Matcher::new(pattern).steps.is_none() || pattern == "(?i)^a$", "{pattern}");
        }
    }
}
