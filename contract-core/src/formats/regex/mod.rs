//! `regex`: the grammar of ECMA-262 (2025) with the `u` flag.
//!
//! As in the patterns of contracts, a backslash may stand before any punctuation besides. Look-around and
//! back-references are part of the language, though no pattern of a contract may have them. Of `\p{…}` only the shape is
//! looked at: which names there are depends on the version of Unicode.

mod class;
mod escape;
mod groups;
mod quantifier;
mod reader;

use groups::Groups;
use reader::Reader;

/// A regular expression of ECMAScript.
pub(super) fn is_regex(text: &str) -> bool {
    Pattern { rest: Reader::new(text), groups: Groups::default() }.read().is_some()
}

/// What a term is, which decides whether it may be repeated.
enum Term {
    Atom,
    Assertion,
}

/// A pattern that is read from left to right; groups are counted, not descended into.
struct Pattern<'a> {
    rest: Reader<'a>,
    groups: Groups,
}

impl Pattern<'_> {
    fn read(mut self) -> Option<()> {
        while let Some(next) = self.rest.bump() {
            let term = match next {
                '|' => {
                    self.groups.alternative(self.rest.at());
                    continue;
                }
                '(' => {
                    self.groups.open(&mut self.rest)?;
                    continue;
                }
                ')' => self.groups.close()?,
                '^' | '$' => Term::Assertion,
                '[' => class::read(&mut self.rest).map(|()| Term::Atom)?,
                '\\' => self.escape()?,
                '*' | '+' | '?' | '{' | '}' | ']' => return None,
                _ => Term::Atom,
            };
            if matches!(term, Term::Atom) {
                quantifier::read(&mut self.rest)?;
            }
        }
        self.groups.end()
    }

    fn escape(&mut self) -> Option<Term> {
        match self.rest.peek()? {
            'b' | 'B' => {
                self.rest.bump();
                return Some(Term::Assertion);
            }
            'k' => {
                self.rest.bump();
                self.groups.refer_by_name(&mut self.rest)?;
            }
            '1'..='9' => self.groups.refer_by_number(self.rest.digits()),
            _ => {
                escape::read(&mut self.rest)?;
            }
        }
        Some(Term::Atom)
    }
}

#[cfg(test)]
mod tests {
    use super::is_regex;

    #[test]
    fn the_grammar_of_ecmascript_is_taken() {
        let right = [
            "",
            "a|b||",
            "([abc])+\\s+$",
            "^\\-?\\d+$",
            "(?=a)(?!b)(?<=c)(?<!d)",
            "(?:a)(?i:a)(?im-s:a)(?-i:a)",
            "(a)\\1",
            "\\1(a)",
            "(?<a>x)\\k<a>",
            "\\k<a>(?<a>x)",
            "(?<a>x)|(?<a>y)",
            "(?<\\u0061>x)\\k<a>",
            "(?<\\u{61}>x)\\k<a>",
            "(?<$_é>x)",
            "a*?b+?c??d{2}?e{2,}?f{2,3}?",
            "a{010,10}",
            "a{99999999999999999999,99999999999999999999}",
            "[]",
            "[^]",
            "[a-]",
            "[-a]",
            "[a-z-9]",
            "[\\d-]",
            "[\\b\\-\\]\\0\\cA\\p{L}]",
            "[{}()*|]",
            "\\cz\\0\\x41\\u0041\\u{1F600}\\uD83D\\uDE00",
            "\\uD83D",
            "[\\uD83D\\uDE00-\\u{1F64F}]",
            "\\p{Script=Greek}\\P{Lu}",
            "\\:\\ \\_\\§",
            "\n😀",
        ];
        for text in right {
            assert!(is_regex(text), "{text}");
        }
    }

    #[test]
    fn what_other_dialects_add_is_refused() {
        for text in [
            "\\a",
            "\\Z",
            "^\\S(|(.|\\n)*\\S)\\Z",
            "\\é",
            "(?P<n>a)",
            "(?#c)",
            "(?i)a",
            "(?>a)",
            "(?-:a)",
            "(?ii:a)",
            "(?i-i:a)",
            "(?u:a)",
        ] {
            assert!(!is_regex(text), "{text}");
        }
    }

    #[test]
    fn what_is_opened_is_closed() {
        for text in [
            "(", ")", "(a", "^(abc]", "[", "[a", "[\\", "]", "}", "{", "\\", "(?", "(?<", "(?<n", "(?<n>", "\\k<n",
            "\\p{L", "\\u{41", "a{2", "a{2,",
        ] {
            assert!(!is_regex(text), "{text}");
        }
    }

    #[test]
    fn only_atoms_are_repeated_and_once() {
        for text in [
            "*a", "a**", "a*??", "x{2}{3}", "a|*", "(*)", "^*", "$+", "\\b*", "(?=a)*", "(?<=a)?", "a{,5}", "a{2,1}",
            "a{x}", "a{", "a{10,9}",
        ] {
            assert!(!is_regex(text), "{text}");
        }
    }

    #[test]
    fn escapes_are_whole() {
        for text in [
            "\\00",
            "\\01",
            "\\x4",
            "\\xZZ",
            "\\u123",
            "\\u{}",
            "\\u{110000}",
            "\\c1",
            "\\c",
            "\\p",
            "\\pL",
            "\\p{}",
            "\\p{L=}",
            "\\p{a b}",
        ] {
            assert!(!is_regex(text), "{text}");
        }
        for text in ["[z-a]", "[\\w-a]", "[a-\\d]", "[\\B]", "[\\1]", "[\\k<n>]", "[\\c1]", "[\\a]"] {
            assert!(!is_regex(text), "{text}");
        }
    }

    #[test]
    fn references_and_names_agree() {
        for text in ["\\1", "\\2(a)", "(a)\\10", "(?:a)\\1", "\\k<n>", "(?<n>a)\\k", "\\99999999999999999999(a)"] {
            assert!(!is_regex(text), "{text}");
        }
        for text in [
            "(?<>x)",
            "(?<1a>x)",
            "(?<a-b>x)",
            "(?<a>x)(?<a>y)",
            "(?<a>x)|(?:(?<a>y)(?<a>z))",
            "(?<a>x)(?:y|(?<a>z))",
            "(?:(?<a>)|(?<a>))(?<a>)",
        ] {
            assert!(!is_regex(text), "{text}");
        }
        assert!(is_regex("(?<a>x)|(?:y|(?<a>z))|(?<a>)") && is_regex("(?:(?<a>)|(?<a>))|(?<a>)"));
    }

    #[test]
    fn groups_end_at_a_thousand_levels() {
        let nested = |levels| format!("{}{}", "(".repeat(levels), ")".repeat(levels));
        assert!(is_regex(&nested(1000)) && !is_regex(&nested(1001)));
    }
}
