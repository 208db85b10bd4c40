//! The tables as a file of Rust.

use std::collections::BTreeMap;
use std::fmt::Write;

use icu_normalizer::properties::{CanonicalCompositionBorrowed, CanonicalDecompositionBorrowed, Decomposed};

use super::derived::{Rule, rule};
use super::traits;

const HEAD: &str = "\
//! What IDNA2008 asks of each code point.
//!
//! Written by `cargo run -p peer-contract-oracle --example write_idna_tables`; a test there compares.

use super::traits::{Direction, Joining, Rule, Script, Traits};
";

/// The text of `contract-core/src/formats/hostname/tables.rs`.
pub fn tables() -> String {
    let mut out = String::from(HEAD);
    write_traits(&mut out);
    write_compositions(&mut out);
    out
}

fn every_char() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// Runs of code points with the same traits; the traits themselves stand in a second table.
fn write_traits(out: &mut String) {
    let mut kinds = vec![traits::REFUSED.to_owned()];
    let mut known = BTreeMap::from([(traits::REFUSED.to_owned(), 0)]);
    let mut runs: Vec<(u32, usize)> = Vec::new();
    for char in every_char() {
        let kind = traits::of(char);
        let index = *known.entry(kind.clone()).or_insert_with(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        if runs.last().is_none_or(|(_, last)| *last != index) {
            runs.push((char.into(), index));
        }
    }
    assert!(kinds.len() <= 256, "{} kinds do not fit a byte", kinds.len());
    let kinds = kinds.iter().map(|fields| format!("Traits::new({fields})"));
    list(out, "Each kind of code point. The first is not allowed.", "KINDS", "Traits", kinds, 1);
    let runs = runs.iter().map(|(start, kind)| format!("0x{:x}", start << 8 | *kind as u32));
    list(out, "Where each run of one kind begins, and its kind in the lowest byte.", "RUNS", "u32", runs, 11);
}

/// What composes in NFC, as far as labels can hold it. Hangul is made of jamo, which no label may hold.
fn write_compositions(out: &mut String) {
    let decompose = CanonicalDecompositionBorrowed::new();
    let compose = CanonicalCompositionBorrowed::new();
    let allowed = |char: char| rule(char) != Rule::Refused;
    let mut triples: Vec<(char, char, char)> = every_char()
        .filter_map(|whole| match decompose.decompose(whole) {
            Decomposed::Expansion(first, second) if compose.compose(first, second) == Some(whole) => {
                Some((first, second, whole))
            }
            _ => None,
        })
        .filter(|(.., whole)| !('\u{ac00}'..='\u{d7a3}').contains(whole))
        .filter(|(first, second, whole)| allowed(*whole) || allowed(*first) && allowed(*second))
        .collect();
    let parts_are_allowed = triples.iter().all(|(first, second, _)| allowed(*first) && allowed(*second));
    assert!(parts_are_allowed, "the traits of what is refused are not kept, its combining class among them");
    triples.sort_unstable();
    let mut by_whole: Vec<usize> = (0..triples.len()).collect();
    by_whole.sort_unstable_by_key(|index| triples[*index].2);
    let triples = triples.iter().map(|(first, second, whole)| {
        format!(
            "('\\u{{{:x}}}', '\\u{{{:x}}}', '\\u{{{:x}}}')",
            u32::from(*first),
            u32::from(*second),
            u32::from(*whole)
        )
    });
    list(
        out,
        "Two code points, and the one that they compose to; in their order.",
        "PAIRS",
        "(char, char, char)",
        triples,
        3,
    );
    let indices = by_whole.iter().map(usize::to_string);
    list(out, "The same by what they compose to: places in `PAIRS`.", "BY_WHOLE", "u16", indices, 24);
}

fn list(out: &mut String, about: &str, name: &str, of: &str, items: impl Iterator<Item = String>, in_a_row: usize) {
    let items: Vec<String> = items.collect();
    let written =
        write!(out, "\n/// {about}\n#[rustfmt::skip]\npub(super) static {name}: [{of}; {}] = [\n", items.len());
    written.expect("a string takes all");
    for row in items.chunks(in_a_row) {
        writeln!(out, "    {},", row.join(", ")).expect("a string takes all");
    }
    out.push_str("];\n");
}
