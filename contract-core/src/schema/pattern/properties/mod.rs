//! What `\p{…}` stands for: general categories, scripts and some basic properties, as ranges of a class.
//!
//! The tables are ours, because those of the engine are nine times as large and would be in every agent.

mod tables;

use std::fmt::Write;

use tables::{BINARY, CATEGORIES, CATEGORIES_RUNS, SCRIPTS, SCRIPTS_RUNS};

/// Categories that are several, as ECMAScript names them; all but one go by their first letter.
const GROUPS: [(&str, &str, &[&str]); 7] = [
    ("L", "Letter", &["Lu", "Ll", "Lt", "Lm", "Lo"]),
    ("LC", "Cased_Letter", &["Lu", "Ll", "Lt"]),
    ("M", "Mark", &["Mn", "Mc", "Me"]),
    ("N", "Number", &["Nd", "Nl", "No"]),
    ("P", "Punctuation", &["Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"]),
    ("S", "Symbol", &["Sm", "Sc", "Sk", "So"]),
    ("Z", "Separator", &["Zs", "Zl", "Zp"]),
];

/// The characters of a general category, as items of a class.
pub(super) fn category(name: &str) -> Option<String> {
    let group = GROUPS.iter().find(|(short, long, _)| name == *short || name == *long);
    let single = [name];
    let members = group.map_or(&single[..], |(.., members)| members);
    let kinds: Vec<u32> = members.iter().map(|member| kind(CATEGORIES, member)).collect::<Option<_>>()?;
    Some(items(&CATEGORIES_RUNS, |kind| kinds.contains(&kind)))
}

/// The characters of a script, as items of a class.
pub(super) fn script(name: &str) -> Option<String> {
    let wanted = kind(SCRIPTS, name)?;
    Some(items(&SCRIPTS_RUNS, |kind| kind == wanted))
}

/// The characters that have a basic property, as items of a class.
pub(super) fn basic(name: &str) -> Option<String> {
    let bit = match name {
        "ASCII" => return Some(r"\x{0}-\x{7F}".to_owned()),
        "Any" => return Some(r"\x{0}-\x{10FFFF}".to_owned()),
        "Alphabetic" => 1,
        "Lowercase" => 2,
        "Uppercase" => 4,
        "White_Space" => 8,
        _ => return None,
    };
    Some(items(&BINARY, |kind| kind & bit != 0))
}

/// The kind that has a name: its line, counted from 1.
fn kind(names: &str, name: &str) -> Option<u32> {
    let line = names.lines().position(|line| line.split(' ').any(|one| one == name))?;
    u32::try_from(line + 1).ok()
}

/// The characters of the kinds that are wanted, as items of a class.
fn items(runs: &[u32], wanted: impl Fn(u32) -> bool) -> String {
    let mut items = String::new();
    let mut open = None;
    for (start, kind) in runs.iter().map(|run| (run >> 8, run & 0xff)).chain([(0x11_0000, 0)]) {
        match (open, wanted(kind) && start < 0x11_0000) {
            (None, true) => open = Some(start),
            (Some(first), false) => {
                write!(items, "\\x{{{first:X}}}-\\x{{{:X}}}", start - 1).expect("a string takes all that is written");
                open = None;
            }
            _ => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::{basic, category, script};

    #[test]
    fn the_properties_are_those_of_the_regex_crate() {
        let names = super::CATEGORIES.lines().chain(super::GROUPS.iter().map(|(short, ..)| *short));
        let categories = names.flat_map(|line| line.split(' ')).map(|name| (name.to_owned(), category(name).unwrap()));
        let scripts = super::SCRIPTS.lines().flat_map(|line| line.split(' '));
        let scripts = scripts.map(|name| (format!("Script={name}"), script(name).unwrap()));
        let basics = ["ASCII", "Any", "Alphabetic", "Lowercase", "Uppercase", "White_Space"];
        let basics = basics.map(|name| (name.to_owned(), basic(name).unwrap()));
        let mut compared = 0;
        for (name, items) in categories.chain(scripts).chain(basics) {
            // Our tables are of a newer Unicode: what the crate does not know yet is left out, and U+0295, which was
            // lowercase for it and has no case any more.
            let known = |items: &str| regex_syntax::parse(&format!(r"[[{items}]&&[\P{{Cn}}]--\x{{295}}]")).ok();
            let Some(theirs) = known(&format!(r"\p{{{name}}}")) else { continue };
            compared += 1;
            let ours = known(&items).unwrap();
            assert!(ours == theirs, "{name}");
        }
        assert!(compared > 350, "{compared} names");
    }

    #[test]
    fn what_has_no_such_name_has_no_characters() {
        assert_eq!((category("Cn"), category("lu"), script("greek"), basic("Age")), (None, None, None, None));
    }
}
