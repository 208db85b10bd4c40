//! What lengths, formats and patterns say of each other.

use regex_syntax::Parser;
use regex_syntax::hir::{Hir, HirKind, Look};

use super::cases::Case;
use crate::schema::translate_pattern;

/// A length up to which a limit of characters is worth a pattern.
const MOST_COUNTED: f64 = 256.0;

/// The fewest and the most characters of the texts that a pattern matches.
pub(super) fn lengths(pattern: &str) -> Option<(f64, f64)> {
    let hir = Parser::new().parse(&translate_pattern(pattern).ok()?).ok()?;
    let (least, most) = characters(&hir);
    let looks = hir.properties();
    let is_whole = looks.look_set_prefix().contains(Look::Start) && looks.look_set_suffix().contains(Look::End);
    Some((least, if is_whole { most } else { f64::INFINITY }))
}

/// The parser lets patterns nest no deeper than its limit.
fn characters(hir: &Hir) -> (f64, f64) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0.0, 0.0),
        HirKind::Literal(literal) => {
            let count = std::str::from_utf8(&literal.0).map_or(0, |text| text.chars().count()) as f64;
            (count, count)
        }
        HirKind::Class(_) => (1.0, 1.0),
        HirKind::Repetition(repetition) => {
            let (least, most) = characters(&repetition.sub);
            let times = repetition.max.map_or(f64::INFINITY, f64::from);
            (least * f64::from(repetition.min), if most == 0.0 { 0.0 } else { most * times })
        }
        HirKind::Capture(capture) => characters(&capture.sub),
        HirKind::Concat(parts) => {
            parts.iter().map(characters).fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
        }
        HirKind::Alternation(parts) => parts
            .iter()
            .map(characters)
            .fold((f64::INFINITY, 0.0), |all, part| (all.0.min(part.0), f64::max(all.1, part.1))),
    }
}

/// Patterns that all texts of the case match, besides those it names: what its formats and lengths say.
pub(super) fn patterns(case: &Case<'_>) -> Vec<String> {
    let formats = case.all("format").filter_map(|format| around(format.as_str()?)).map(str::to_owned);
    let least = case.numbers("minLength").fold(0.0, f64::max);
    let most = case.numbers("maxLength").fold(f64::INFINITY, f64::min);
    let least = least.min(MOST_COUNTED);
    let counted =
        if most <= MOST_COUNTED { format!("^[\\s\\S]{{{least},{most}}}$") } else { format!("^[\\s\\S]{{{least},}}$") };
    formats.chain([counted]).collect()
}

/// A pattern that every text of the format matches.
fn around(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "int64" => "^-?[0-9]{1,19}$",
        "ipv4" => "^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}$",
        "uuid" => "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_a_pattern_are_counted() {
        for (pattern, expected) in [
            ("^[a-z]{2,5}-\\d+$", (4.0, f64::INFINITY)),
            ("^(?:ab|größe)?x$", (1.0, 6.0)),
            ("^\\p{L}{3}$", (3.0, 3.0)),
            ("abc", (3.0, f64::INFINITY)),
            ("^a$|^bcd$", (1.0, 3.0)),
            ("^a|b$", (1.0, f64::INFINITY)),
            ("^$", (0.0, 0.0)),
        ] {
            assert_eq!(lengths(pattern), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn every_text_of_a_format_matches_the_pattern_around_it() {
        let texts = [
            ("date", vec!["2026-01-01", "0000-12-31"]),
            ("int64", vec!["0", "-9223372036854775808", "9223372036854775807"]),
            ("ipv4", vec!["192.0.2.1", "0.0.0.0", "255.255.255.255"]),
            ("uuid", vec!["00000000-0000-4000-8000-00000000000F"]),
        ];
        for (format, texts) in texts {
            let pattern = crate::schema::Matcher::new(around(format).unwrap());
            assert!(texts.iter().all(|text| pattern.matches(text.as_bytes())), "{format}");
        }
    }
}
