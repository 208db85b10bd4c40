//! A text that a pattern matches: the shortest that is easily found.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Parts that are written at most: repetitions may stand inside each other.
const MOST_PARTS: usize = 4096;

/// A text that the pattern matches, unless it looks around itself.
pub(super) fn example(pattern: &str) -> Option<String> {
    let hir = Parser::new().parse(pattern).ok()?;
    let mut writer = Writer { text: String::new(), parts: 0 };
    writer.write(&hir)?;
    Some(writer.text)
}

struct Writer {
    text: String,
    parts: usize,
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
            HirKind::Class(class) => first_of(class).map(|c| self.text.push(c)),
            HirKind::Repetition(repetition) => (0..repetition.min).try_for_each(|_| self.write(&repetition.sub)),
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => self.write(parts.first()?),
        }
    }
}

/// A character that can be read, where the class has one: it opens in controls when it is a negated one.
fn first_of(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let within = |c: &char| class.iter().any(|range| (range.start()..=range.end()).contains(c));
    ['a', 'A', '0', '-', '.'].into_iter().find(within).or_else(|| class.iter().next().map(|range| range.start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_as_short_as_the_pattern_allows() {
        assert_eq!(example("^[a-z]{2,5}-\\d+$").as_deref(), Some("aa-0"));
        assert_eq!(example("(?:ab|cd)?x*y").as_deref(), Some("y"));
        assert_eq!(example("^[^a]$").as_deref(), Some("A"));
        assert_eq!(example("("), None);
    }

    #[test]
    fn repetitions_inside_each_other_end() {
        assert_eq!(example("(((a{99}){99}){99}){99}"), None);
    }
}
