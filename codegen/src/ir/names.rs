//! Words of a contract as identifiers, before any language has its say.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::contract::fold;

/// `UpperCamelCase` of ASCII letters and digits; empty when the text has none of these, and possibly
/// beginning with a digit.
pub fn camel(text: &str) -> String {
    words(text).iter().map(|word| capitalised(word)).collect()
}

/// `snake_case` of ASCII letters and digits; empty when the text has none of these, and possibly
/// beginning with a digit.
pub fn snake(text: &str) -> String {
    words(text).iter().map(|word| word.to_ascii_lowercase()).collect::<Vec<_>>().join("_")
}

/// `fooBar`, `foo_bar`, `foo-bar` and `FOO_BAR` are two words each; `HTMLPage` is `HTML` and `Page`.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).map(|index| chars[index]);
        if c.is_ascii_uppercase() && before.is_some_and(|before| begins_word(before, chars.get(index + 1))) {
            words.push(String::new());
        }
        words.last_mut().expect("the list begins with one word").push(c);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether an uppercase letter after `before` and in front of `after` begins a word.
fn begins_word(before: char, after: Option<&char>) -> bool {
    let ends_acronym = before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase);
    before.is_ascii_lowercase() || before.is_ascii_digit() || ends_acronym
}

fn capitalised(word: &str) -> String {
    let is_shout = word.len() > 1 && word.chars().all(|c| !c.is_ascii_lowercase());
    let rest = if is_shout { word[1..].to_ascii_lowercase() } else { word[1..].to_owned() };
    format!("{}{rest}", word[..1].to_ascii_uppercase())
}

/// Gives each source text an identifier that differs from all others after folding.
///
/// `wished` holds the source text and the identifier it would like. Where two want the same, the one
/// that is written like it already gets it, then the first in order; the others get 2, 3, …
/// `reserved` names are not given to anyone.
pub fn distinct(wished: &[(String, String)], reserved: &BTreeSet<String>, separator: &str) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut given = BTreeMap::new();
    // Where to go on counting: whoever wants a name that many want does not try all of their numbers.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let (exact, others): (Vec<_>, Vec<_>) = (0..wished.len()).partition(|index| wished[*index].0 == wished[*index].1);
    for index in exact.into_iter().chain(others) {
        let wish = &wished[index].1;
        let next = numbers.entry(fold(wish)).or_insert(2);
        let mut name = wish.clone();
        while taken.contains(&fold(&name)) || reserved.contains(&name) {
            name = format!("{wish}{separator}{next}");
            *next += 1;
        }
        taken.insert(fold(&name));
        given.insert(index, name);
    }
    given.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_the_writer_likes() {
        for text in ["fooBar", "foo_bar", "foo-bar", "FooBar", "FOO_BAR", "foo bar"] {
            assert_eq!((snake(text), camel(text)), ("foo_bar".to_owned(), "FooBar".to_owned()), "{text}");
        }
        assert_eq!(snake("HTMLPage2Go"), "html_page2_go");
        assert_eq!(camel("größe"), "GrE");
        assert_eq!((snake("*/"), camel("日本")), (String::new(), String::new()));
    }

    #[test]
    fn who_is_written_like_the_name_keeps_it() {
        let wished = ["fooBar", "foo_bar", "foo__bar"].map(|text| (text.to_owned(), snake(text)));
        assert_eq!(distinct(&wished, &BTreeSet::new(), "_"), ["foo_bar_2", "foo_bar", "foo_bar_3"]);
    }
}
