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
    /// How much right it has to it.
    pub right: Right,
    /// Its place, or its text.
    pub identity: String,
}

/// Rights to a name, the best one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// The contract itself writes it so.
    Written,
    /// The contract gives it a name of which this one is made.
    Named,
    /// It is named by its place, or by a key in another spelling.
    Made,
}

/// Gives each an identifier that differs from all others.
///
/// What is written like its name has it. Else a name goes to the one that has the best right to it, and to nobody where
/// several have the same right: who was there before is not known here, and a name that a newcomer took would still be
/// there and mean something else. Who has no name gets its wish with a digest of its own identity behind it. `reserved`
/// names are not given to anyone.
pub fn distinct(wishes: &[Wish], reserved: &BTreeSet<String>, separator: &str) -> Vec<String> {
    let is_free = |wish: &Wish| !reserved.contains(&wish.name);
    let mut asking: BTreeMap<String, Vec<Right>> = BTreeMap::new();
    for wish in wishes.iter().filter(|wish| is_free(wish)) {
        asking.entry(fold(&wish.name)).or_default().push(wish.right);
    }
    let holds = |wish: &Wish| {
        let rivals = &asking[&fold(&wish.name)];
        wish.right == Right::Written || rivals.iter().filter(|right| **right <= wish.right).count() == 1
    };
    let mut names: Vec<Option<String>> =
        wishes.iter().map(|wish| (is_free(wish) && holds(wish)).then(|| wish.name.clone())).collect();
    let mut taken: BTreeSet<String> = names.iter().flatten().chain(reserved).map(|name| fold(name)).collect();
    for (name, wish) in names.iter_mut().zip(wishes) {
        name.get_or_insert_with(|| apart(&format!("{}{separator}", wish.name), &wish.identity, &mut taken));
    }
    names.into_iter().flatten().collect()
}

/// The name with a digest that nobody has. A second try is one in thousands, and then for a digest that somebody has.
pub fn apart(name: &str, identity: &str, taken: &mut BTreeSet<String>) -> String {
    let mut given = with_digest(name, identity);
    let mut again = identity.to_owned();
    while !taken.insert(fold(&given)) {
        again.push('+');
        given = with_digest(name, &again);
    }
    given
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
fn with_digest(name: &str, identity: &str) -> String {
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
        let wish = |text: &&str| Wish { name: snake(text), right: Right::Made, identity: (*text).to_owned() };
        distinct(&texts.iter().map(wish).collect::<Vec<_>>(), &BTreeSet::new(), "_")
    }

    #[test]
    fn of_equals_nobody_has_the_name() {
        assert_eq!(given(&["fooBar", "bar"]), ["foo_bar", "bar"]);
        let names = given(&["fooBar", "foo_bar", "bar"]);
        assert!(names[..2].iter().all(|name| name.starts_with("foo_bar_")) && names[0] != names[1], "{names:?}");
        assert_eq!(names[2], "bar");
    }

    #[test]
    fn who_comes_later_changes_no_digest() {
        let names = given(&["foo_bar", "fooBar"]);
        assert_eq!(given(&["foo_bar", "FooBar", "foo-bar", "fooBar"])[3], names[1]);
        assert_eq!(given(&["foo_bar", "fooBar", "FooBar"])[..2], names);
    }

    #[test]
    fn the_best_right_has_the_name() {
        let all = [("A", Right::Made), ("A", Right::Named), ("A", Right::Written), ("a", Right::Made)];
        let wish = |(index, (name, right)): (usize, &(&str, Right))| Wish {
            name: (*name).to_owned(),
            right: *right,
            identity: index.to_string(),
        };
        let given = |all: &[(&str, Right)]| {
            distinct(&all.iter().enumerate().map(wish).collect::<Vec<_>>(), &BTreeSet::new(), "")
        };
        let plain = |names: Vec<String>| names.iter().map(|name| name.len() == 1).collect::<Vec<_>>();
        assert_eq!(plain(given(&all)), [false, false, true, false]);
        assert_eq!(plain(given(&all[..2])), [false, true]);
        assert_eq!(plain(given(&[all[1], all[1], all[0]])), [false, false, false]);
        assert_eq!(given(&[("Ab", Right::Written), ("AB", Right::Written)]), ["Ab", "AB"]);
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
