//! Names of types: the same for the same schema, whatever stands beside it.
//!
//! A definition keeps its name where that is one. Else words are made of what there is: the title, the name of the
//! file, the way from the type around it.

use std::collections::BTreeSet;

use peer_contract_core::Pointer;
use peer_contract_core::contract::{fold, is_name};
use serde_json::Value;

use super::Options;
use super::convert::Converted;
use super::library::{Library, Place};

/// Letters of the longest name.
const LONGEST: usize = 64;
/// Words of a title that still is a name.
const TITLE_WORDS: usize = 4;

/// A name for each type, by its number.
pub(super) fn names(library: &Library<'_>, converted: &Converted, options: &Options) -> Vec<String> {
    let mut order: Vec<usize> = (0..converted.keys.len()).collect();
    let rank = |number: usize| {
        let place = &converted.keys[number];
        let is_root = converted.roots.contains(&Some(number));
        let keeps = definition(place).is_some_and(|name| is_name(&name));
        let named = library.is_named(place.document);
        (!is_root, !(keeps && named), !keeps, place.clone(), number)
    };
    order.sort_by_cached_key(|number| rank(*number));
    let mut names = vec![String::new(); order.len()];
    let mut taken = Taken::default();
    for number in order {
        let place = &converted.keys[number];
        let asked = options.name.as_ref().filter(|_| converted.roots.first() == Some(&Some(number)));
        let keeps = asked.is_some() || definition(place).is_some_and(|name| is_name(&name));
        let wanted = asked.cloned().unwrap_or_else(|| wanted(library, place));
        let wanted = limited(&format!("{}{wanted}", options.prefix));
        let file = || words(stem(&library.source(place.document).name));
        names[number] = taken.take(&wanted, keeps, file);
    }
    names
}

/// Names that are given.
#[derive(Default)]
struct Taken {
    exact: BTreeSet<String>,
    folded: BTreeSet<String>,
}

impl Taken {
    /// The name, or one like it when it is taken. Names that were made here stay apart in generated code, too.
    fn take(&mut self, wanted: &str, keeps: bool, file: impl Fn() -> String) -> String {
        let is_free =
            |name: &str, taken: &Self| !taken.exact.contains(name) && (keeps || !taken.folded.contains(&fold(name)));
        let numbered = (2..).map(|number| limited_to(wanted, &number.to_string()));
        let with_file = limited(&format!("{}{wanted}", file()));
        let mut all = std::iter::once(wanted.to_owned()).chain([with_file]).chain(numbered);
        let name = all.find(|name| is_free(name, self)).expect("numbers do not end");
        self.exact.insert(name.clone());
        self.folded.insert(fold(&name));
        name
    }
}

/// The name of a definition: what stands under `definitions` or `$defs`.
fn definition(place: &Place) -> Option<String> {
    let (parent, name) = place.at.parent()?;
    let (_, keyword) = parent.parent()?;
    (keyword == "definitions" || keyword == "$defs" || parent.as_str() == "/components/schemas").then_some(name)
}

fn wanted(library: &Library<'_>, place: &Place) -> String {
    if let Some(name) = definition(place) {
        return if is_name(&name) { name } else { words(&name) };
    }
    let source = library.source(place.document);
    let root = source.value().unwrap_or(&Value::Null);
    if place.at == Pointer::root() {
        let title = root.get("title").and_then(Value::as_str).filter(|title| is_short(title));
        return title.map_or_else(|| words(stem(&source.name)), words);
    }
    if let Some(id) = library.own_address(place) {
        return words(stem(id.split('#').next().unwrap_or_default()));
    }
    // The nearest type around it, and the way from there.
    let mut steps = Vec::new();
    let mut around = place.clone();
    while let Some((parent, step)) = around.at.parent() {
        steps.push(step);
        around.at = parent;
        if definition(&around).is_some() {
            break;
        }
    }
    let mut name = wanted(library, &around);
    for step in steps.iter().rev().filter(|step| !is_container(step)) {
        name.push_str(&words(step));
    }
    name
}

/// Steps that only lead to what has a name.
fn is_container(step: &str) -> bool {
    matches!(step, "properties" | "definitions" | "$defs" | "patternProperties" | "dependentSchemas")
}

fn is_short(title: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '_' || c == '-';
    (1..=TITLE_WORDS).contains(&title.split_whitespace().count())
        && title.chars().all(is_plain)
        && title.len() <= LONGEST
}

/// The name of a file without its folder and endings.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.split('.').next().unwrap_or(name);
    if name.is_empty() || name == "-" || name == "<stdin>" { "Root" } else { name }
}

/// A name made of all that is a letter or digit, each word with a capital: `foo-bar` is `FooBar`.
fn words(text: &str) -> String {
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    match name.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("T{name}"),
        Some(_) => name,
    }
}

/// A name of legal length: a long one ends in a number that is made of all of it.
fn limited(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    limited_to(name, &format!("_{:08x}", hash >> 32))
}

fn limited_to(name: &str, end: &str) -> String {
    let kept = name.len().min(LONGEST - end.len());
    format!("{}{end}", &name[..kept])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_text_is_it_makes_a_name() {
        for (text, name) in [
            ("foo-bar", "FooBar"),
            ("Vec<Item>", "VecItem"),
            ("3d", "T3d"),
            ("été", "T"),
            ("", "Type"),
            ("../..", "Type"),
        ] {
            let made = words(text);
            assert!(is_name(&made), "{text}");
            if !text.starts_with('é') {
                assert_eq!(made, name);
            }
        }
        let long = limited(&"a".repeat(1000));
        assert!(is_name(&long) && long != limited(&"a".repeat(1001)));
    }

    #[test]
    fn files_are_called_by_their_first_part() {
        assert_eq!(stem("a/b/order.schema.json"), "order");
        assert_eq!(stem("-"), "Root");
    }
}
