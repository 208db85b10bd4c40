//! Writes `contract-core/src/schema/pattern/properties/tables.rs` from the Unicode data of ICU: the properties that
//! patterns can name, in a tenth of what the tables of a pattern engine take.

use std::fmt::Write;

use icu_properties::props::{
    Alphabetic, BinaryProperty, GeneralCategory, Lowercase, NamedEnumeratedProperty, Script, Uppercase, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const HEAD: &str = "\
//! Which characters have the properties that patterns can name.
//!
//! Written by `cargo run -p peer-contract-oracle --example write_property_tables`; a test there compares.
//! A run is the first character of one kind, and the kind in the lowest byte; 0 is none of them.
";

/// Bits of the kinds of the last table, in their order.
const BINARY: [fn(char) -> bool; 4] = [has::<Alphabetic>, has::<Lowercase>, has::<Uppercase>, has::<WhiteSpace>];

/// The text of the file.
pub fn tables() -> String {
    let mut out = String::from(HEAD);
    let categories = CodePointMapData::<GeneralCategory>::new();
    // Private use, surrogates and what is not assigned have no name in patterns.
    let named = |category: &GeneralCategory| {
        !matches!(category, GeneralCategory::PrivateUse | GeneralCategory::Surrogate | GeneralCategory::Unassigned)
    };
    named_table(&mut out, "general categories", "CATEGORIES", |char| Some(categories.get(char)).filter(named));
    let scripts = CodePointMapData::<Script>::new();
    named_table(&mut out, "scripts", "SCRIPTS", |char| Some(scripts.get(char)));
    let bits = |char| BINARY.iter().enumerate().map(|(bit, has)| u32::from(has(char)) << bit).sum();
    runs(&mut out, "Alphabetic (1), Lowercase (2), Uppercase (4) and White_Space (8).", "BINARY", bits);
    out
}

fn has<P: BinaryProperty>(char: char) -> bool {
    CodePointSetData::new::<P>().contains(char)
}

/// The short and the long name of each value, and the runs.
fn named_table<P: NamedEnumeratedProperty + PartialEq>(
    out: &mut String,
    what: &str,
    name: &str,
    of: impl Fn(char) -> Option<P>,
) {
    let mut values: Vec<P> = Vec::new();
    for value in ('\0'..=char::MAX).filter_map(&of) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    assert!(values.len() < 256, "{what} do not fit a byte");
    let lines: Vec<String> =
        values.iter().map(|value| format!("{} {}", value.short_name(), value.long_name())).collect();
    writeln!(out, "\n/// Short and long names of {what}, each in the line of its kind.").unwrap();
    writeln!(out, "#[rustfmt::skip]\npub(super) static {name}: &str = \"\\\n{}\";", lines.join("\n")).unwrap();
    let kind =
        |char| of(char).and_then(|value| values.iter().position(|one| *one == value)).map_or(0, |at| at as u32 + 1);
    runs(out, &format!("The runs of {what}."), &format!("{name}_RUNS"), kind);
}

fn runs(out: &mut String, about: &str, name: &str, kind: impl Fn(char) -> u32) {
    let mut runs: Vec<u32> = Vec::new();
    for char in '\0'..=char::MAX {
        let kind = kind(char);
        if runs.last().is_none_or(|last| last & 0xff != kind) {
            runs.push(u32::from(char) << 8 | kind);
        }
    }
    writeln!(out, "\n/// {about}\n#[rustfmt::skip]\npub(super) static {name}: [u32; {}] = [", runs.len()).unwrap();
    for line in runs.chunks(11) {
        let line: Vec<String> = line.iter().map(|run| format!("0x{run:x},")).collect();
        writeln!(out, "    {}", line.join(" ")).unwrap();
    }
    out.push_str("];\n");
}
