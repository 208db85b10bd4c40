//! Texts that a pattern matches: the shortest that is easily found, then such that differ from it in one choice.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::translate;

/// Parts that are written at most: repetitions may stand inside each other.
const MOST_PARTS: usize = 4096;

/// Choices of one pattern that are varied, and repetitions that are written out.
const MOST_CHOICES: usize = 12;
const MOST_REPEATED: u32 = 300;

/// Texts that the pattern matches, unless it looks around itself.
pub(crate) fn examples(pattern: &str) -> Vec<String> {
    let Some(hir) = parsed(pattern) else { return Vec::new() };
    let mut choices = 0;
    let counted = written(&hir, &mut |_| {
        choices += 1;
        0
    });
    let Some(plain) = counted else { return Vec::new() };
    let ways = (0..choices.min(MOST_CHOICES)).flat_map(|choice| (1..4).map(move |way| (choice, way)));
    let mut all = vec![plain];
    for (other, way) in ways {
        // One choice goes another way, all others as they went.
        let text = written(&hir, &mut |choice| if choice == other { way } else { 0 });
        all.extend(text.filter(|text| !all.contains(text)));
    }
    all
}

/// A text that the pattern matches, unless it looks around itself. `way` is asked for each choice, by its number: any
/// number is an answer, 0 the plainest.
pub(crate) fn example(pattern: &str, way: &mut dyn FnMut(usize) -> usize) -> Option<String> {
    written(&parsed(pattern)?, way)
}

fn parsed(pattern: &str) -> Option<Hir> {
    Parser::new().parse(&translate(pattern).ok()?).ok()
}

fn written(hir: &Hir, way: &mut dyn FnMut(usize) -> usize) -> Option<String> {
    let mut writer = Writer { text: String::new(), parts: 0, choices: 0, way };
    writer.write(hir)?;
    Some(writer.text)
}

struct Writer<'w> {
    text: String,
    parts: usize,
    choices: usize,
    way: &'w mut dyn FnMut(usize) -> usize,
}

impl Writer<'_> {
    fn write(&mut self, hir: &Hir) -> Option<()> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return None;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Some(()),
            HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(|part| self.text.push_str(part)),
            HirKind::Class(class) => {
                let way = self.way();
                character(class, way).map(|c| self.text.push(c))
            }
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(MOST_REPEATED).min(MOST_REPEATED);
                let times = match self.way() {
                    0 => repetition.min,
                    1 => repetition.min.saturating_add(1).min(most),
                    2 => most,
                    3 => repetition.min.saturating_add(2).min(most),
                    more => repetition.min.saturating_add(more as u32 % 9).min(most),
                };
                (0..times).try_for_each(|_| self.write(&repetition.sub))
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => {
                let way = self.way();
                self.write(parts.get(way % parts.len())?)
            }
        }
    }

    /// Which way the next choice goes.
    fn way(&mut self) -> usize {
        let choice = self.choices;
        self.choices += 1;
        (self.way)(choice)
    }
}

/// A character of the class: first one that can be read, for a negated class opens in controls; then others.
fn character(class: &Class, way: usize) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let within = |c: &char| class.iter().any(|range| (range.start()..=range.end()).contains(c));
    let readable: Vec<char> =
        "aA0-._ bcdefghijklmnopqrstuvwxyz123456789BCDEFGHIJKLMNOPQRSTUVWXYZ".chars().filter(within).collect();
    let mut ends = class.iter().flat_map(|range| [range.end(), range.start()]);
    match readable.get(way) {
        Some(known) => Some(*known),
        // Beyond the first few, what can be read is better than what is at an end.
        None if way > 3 && !readable.is_empty() => Some(readable[way % readable.len()]),
        None => ends.nth(way - readable.len()).or_else(|| class.iter().next().map(|range| range.start())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_as_short_as_the_pattern_allows() {
        let shortest = |pattern: &str| examples(pattern).into_iter().next();
        assert_eq!(shortest("^[a-z]{2,5}-\\d+$").as_deref(), Some("aa-0"));
        assert_eq!(shortest("(?:ab|cd)?x*y").as_deref(), Some("y"));
        assert_eq!(shortest("^[^a]$").as_deref(), Some("A"));
        assert_eq!(shortest("("), None);
    }

    #[test]
    fn repetitions_inside_each_other_end() {
        assert_eq!(examples("(((a{99}){99}){99}){99}"), [""; 0]);
    }

    #[test]
    fn each_choice_goes_other_ways_too() {
        let all = examples("^(?:ab|cd)[a-z0-9]{1,3}$");
        for text in ["aba", "cda", "ab0", "abaaa"] {
            assert!(all.iter().any(|one| one == text), "{text} is not in {all:?}");
        }
    }
}
