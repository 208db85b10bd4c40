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

/// What wants a name, and what alone says which one it is.
pub struct Wish {
    /// The identifier it would like.
    pub name: String,
    /// Whether the contract itself writes it so.
    pub is_exact: bool,
    /// Its place, or its text.
    pub identity: String,
}

/// Gives each an identifier that differs from all others after folding.
///
/// Where several want the same, the one that is written like it gets it, or else the first in order. The others get a
/// digest of their own identity behind it: whoever comes later changes nothing for them. `reserved` names are not given
/// to anyone.
pub fn distinct(wishes: &[Wish], reserved: &BTreeSet<String>, separator: &str) -> Vec<String> {
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for exact in [true, false] {
        let asking = wishes.iter().enumerate().filter(|(_, wish)| wish.is_exact == exact);
        for (index, wish) in asking.filter(|(_, wish)| !reserved.contains(&wish.name)) {
            holders.entry(fold(&wish.name)).or_insert(index);
        }
    }
    let mut taken: BTreeSet<String> = holders.keys().cloned().collect();
    let give = |(index, wish): (usize, &Wish)| {
        if holders.get(&fold(&wish.name)) == Some(&index) && !reserved.contains(&wish.name) {
            return wish.name.clone();
        }
        let wanted = format!("{}{separator}", wish.name);
        // A second try is one in thousands, and then for a digest that somebody has.
        let mut name = with_digest(&wanted, &wish.identity);
        let mut again = wish.identity.clone();
        while !taken.insert(fold(&name)) {
            again.push('+');
            name = with_digest(&wanted, &again);
        }
        name
    };
    wishes.iter().enumerate().map(give).collect()
}

/// The identifiers of a list to which people append: the first that wants a name gets it, the others get 2, 3, …
pub fn in_order(wished: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    // Where to go on counting: whoever wants a name that many want does not try all of their numbers.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let give = |wish: String| {
        let next = numbers.entry(fold(&wish)).or_insert(2);
        let mut name = wish.clone();
        while !taken.insert(fold(&name)) {
            name = format!("{wish}{next}");
            *next += 1;
        }
        name
    };
    wished.into_iter().map(give).collect()
}

/// A name with four letters behind it that come from the identity alone.
pub fn with_digest(name: &str, identity: &str) -> String {
    // FNV-1a. Who makes two digests equal has two names that are told apart by a second try.
    let hash = identity
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{name}{:04x}", (hash ^ (hash >> 32)) & 0xffff)
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

    fn given(texts: &[&str]) -> Vec<String> {
        let wish =
            |text: &&str| Wish { name: snake(text), is_exact: snake(text) == **text, identity: (*text).to_owned() };
        distinct(&texts.iter().map(wish).collect::<Vec<_>>(), &BTreeSet::new(), "_")
    }

    #[test]
    fn who_is_written_like_the_name_keeps_it() {
        let names = given(&["fooBar", "foo_bar", "foo__bar"]);
        assert_eq!(names[1], "foo_bar");
        assert!(names[0].starts_with("foo_bar_") && names[2].starts_with("foo_bar_") && names[0] != names[2]);
    }

    #[test]
    fn who_comes_later_changes_no_digest() {
        let names = given(&["foo_bar", "fooBar"]);
        assert_eq!(given(&["foo_bar", "FooBar", "foo-bar", "fooBar"])[3], names[1]);
        assert_eq!(given(&["foo_bar", "fooBar", "FooBar"])[..2], names);
    }

    #[test]
    fn a_name_that_looks_like_a_digest_is_kept() {
        let digest = given(&["foo_bar", "fooBar"])[1].clone();
        let names = given(&["foo_bar", "fooBar", &digest]);
        assert_eq!(names[2], digest);
        assert_ne!(names[1], digest);
    }

    #[test]
    fn what_is_appended_changes_no_name_before_it() {
        let texts = ["Foo", "FOO", "Foo2", "foo", "Foo2"].map(str::to_owned);
        let all = in_order(texts.clone());
        assert_eq!(all, ["Foo", "FOO2", "Foo22", "foo3", "Foo23"]);
        (0..texts.len()).for_each(|end| assert_eq!(in_order(texts[..end].to_vec()), all[..end]));
    }
}
