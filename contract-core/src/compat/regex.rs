//! Texts that a pattern matches: the shortest that is easily found, then such that differ from it in one choice.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::schema::translate_pattern;

/// Parts that are written at most: repetitions may stand inside each other.
const MOST_PARTS: usize = 4096;

/// Choices of one pattern that are varied, and repetitions that are written out.
const MOST_CHOICES: usize = 12;
const MOST_REPEATED: u32 = 300;

/// Texts that the pattern matches, unless it looks around itself.
pub(super) fn examples(pattern: &str) -> Vec<String> {
    let Ok(hir) = translate_pattern(pattern).map_or(Err(()), |text| Parser::new().parse(&text).map_err(drop)) else {
        return Vec::new();
    };
    let Some((plain, choices)) = written(&hir, None) else { return Vec::new() };
    let ways = (0..choices.min(MOST_CHOICES)).flat_map(|choice| (1..4).map(move |way| (choice, way)));
    let mut all = vec![plain];
    for text in ways.filter_map(|way| written(&hir, Some(way))).map(|(text, _)| text) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// One text, with the number of choices there were; `other` is a choice and which way it goes this time.
fn written(hir: &Hir, other: Option<(usize, usize)>) -> Option<(String, usize)> {
    let mut writer = Writer { text: String::new(), parts: 0, choices: 0, other };
    writer.write(hir)?;
    Some((writer.text, writer.choices))
}

struct Writer {
    text: String,
    parts: usize,
    choices: usize,
    other: Option<(usize, usize)>,
}

impl Writer {
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
                    _ => repetition.min.saturating_add(2).min(most),
                };
                (0..times).try_for_each(|_| self.write(&repetition.sub))
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => {
                let way = self.way();
                self.write(parts.get(way).or(parts.first())?)
            }
        }
    }

    /// Which way the next choice goes.
    fn way(&mut self) -> usize {
        let choice = self.choices;
        self.choices += 1;
        self.other.filter(|(other, _)| *other == choice).map_or(0, |(_, way)| way)
    }
}

/// A character of the class: first one that can be read, for a negated class opens in controls; then others.
fn character(class: &Class, way: usize) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let within = |c: &char| class.iter().any(|range| (range.start()..=range.end()).contains(c));
    let readable = ['a', 'A', '0', '-', '.', '_', ' '].into_iter().filter(within);
    let ends = class.iter().flat_map(|range| [range.end(), range.start()]);
    let mut all = readable.chain(ends);
    all.nth(way).or_else(|| class.iter().next().map(|range| range.start()))
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
