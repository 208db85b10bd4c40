//! Words of a text, and the stem under which a word is searched.

use std::ops::Range;

/// Where the words of `text` stand, in order.
///
/// A word is a run of letters and digits; an apostrophe inside it belongs to it (`women's`), a hyphen does not.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = next_start(text, from)?;
        from = word_end(text, start);
        Some(start..from)
    })
}

fn next_start(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match letter(text, at) {
            Some(_) => return Some(at),
            None => at += width(bytes[at]),
        }
    }
    None
}

fn word_end(text: &str, mut at: usize) -> usize {
    loop {
        while let Some(width) = letter(text, at) {
            at += width;
        }
        match apostrophe(text, at) {
            Some(width) if letter(text, at + width).is_some() => at += width,
            _ => return at,
        }
    }
}

/// The width in bytes of the letter or digit at `at`.
fn letter(text: &str, at: usize) -> Option<usize> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return byte.is_ascii_alphanumeric().then_some(1);
    }
    let letter = text[at..].chars().next().filter(|letter| letter.is_alphanumeric())?;
    Some(letter.len_utf8())
}

fn apostrophe(text: &str, at: usize) -> Option<usize> {
    match text.as_bytes().get(at..)? {
        [b'\'', ..] => Some(1),
        rest if rest.starts_with("’".as_bytes()) => Some("’".len()),
        _ => None,
    }
}

fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// The form under which a word is searched: lower case, without a possessive, in the singular.
///
/// Endings other than the plural stay, so that `police` and `policy`, or `universe` and `university`, remain apart.
pub fn stem(word: &str) -> String {
    let lower = word.to_lowercase().replace('’', "'");
    let base = lower.split('\'').next().unwrap_or_default();
    match IRREGULAR.binary_search_by_key(&base, |(plural, _)| plural) {
        Ok(found) => IRREGULAR[found].1.to_owned(),
        Err(_) => singular(base),
    }
}

const IRREGULAR: [(&str, &str); 8] = [
    ("children", "child"),
    ("feet", "foot"),
    ("indices", "index"),
    ("lives", "life"),
    ("men", "man"),
    ("news", "news"),
    ("wives", "wife"),
    ("women", "woman"),
];

fn singular(word: &str) -> String {
    let keep = |count: usize| word[..word.len() - count].to_owned();
    if word.len() < 4 || ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        word.to_owned()
    } else if word.ends_with("ies") && word.len() > 4 {
        keep(3) + "y"
    } else if ["sses", "shes", "ches", "xes"].iter().any(|ending| word.ends_with(ending)) {
        keep(2)
    } else if word.ends_with('s') {
        keep(1)
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|place| &text[place]).collect()
    }

    #[test]
    fn dashes_and_marks_part_words_and_apostrophes_do_not() {
        assert_eq!(
            split("peace-realizing that — “women’s” rights' day."),
            ["peace", "realizing", "that", "women’s", "rights", "day"]
        );
    }

    #[test]
    fn letters_beyond_ascii_are_letters() {
        assert_eq!(split("naïve 20°C café"), ["naïve", "20", "C", "café"]);
    }

    #[test]
    fn a_plural_and_a_possessive_have_the_stem_of_the_singular() {
        for (word, expected) in [
            ("Canals", "canal"),
            ("women's", "woman"),
            ("subsidies", "subsidy"),
            ("taxes", "tax"),
            ("prices", "price"),
            ("Churches", "church"),
            ("railway", "railway"),
        ] {
            assert_eq!(stem(word), expected);
        }
    }

    #[test]
    fn an_ending_that_is_no_plural_stays() {
        for word in ["progress", "crisis", "status", "gas", "news"] {
            assert_eq!(stem(word), word);
        }
    }

    #[test]
    fn irregular_plurals_are_sorted_for_the_search() {
        assert!(IRREGULAR.is_sorted());
    }
}
