//! RFC 5892, appendix A: code points that are allowed beside certain others only.

use super::traits::{Joining, Point, Script, VIRAMA};

/// Whether the code point at `at`, whose rule depends on its context, may stand there.
pub(super) fn allows(points: &[Point], at: usize) -> bool {
    let (before, after) = (&points[..at], &points[at + 1..]);
    let has = |char: std::ops::RangeInclusive<char>| points.iter().any(|point| char.contains(&point.char));
    match points[at].char {
        '\u{200c}' => is_behind_virama(before) || is_between_joining(before, after),
        '\u{200d}' => is_behind_virama(before),
        '·' => {
            before.last().is_some_and(|point| point.char == 'l') && after.first().is_some_and(|point| point.char == 'l')
        }
        '\u{375}' => is_script(after.first(), Script::Greek),
        '\u{5f3}' | '\u{5f4}' => is_script(before.last(), Script::Hebrew),
        '\u{30fb}' => points.iter().any(|point| is_script(Some(point), Script::Japanese)),
        '\u{660}'..='\u{669}' => !has('\u{6f0}'..='\u{6f9}'),
        '\u{6f0}'..='\u{6f9}' => !has('\u{660}'..='\u{669}'),
        _ => false,
    }
}

fn is_script(point: Option<&Point>, script: Script) -> bool {
    point.is_some_and(|point| point.traits.script == script)
}

fn is_behind_virama(before: &[Point]) -> bool {
    before.last().is_some_and(|point| point.traits.class == VIRAMA)
}

/// Whether the letters on both sides join towards each other, marks left aside.
fn is_between_joining(before: &[Point], after: &[Point]) -> bool {
    let joins = |point: &&Point| point.traits.joining != Joining::Transparent;
    let (left, right) = (before.iter().rev().find(joins), after.iter().find(joins));
    left.is_some_and(|point| matches!(point.traits.joining, Joining::Left | Joining::Both))
        && right.is_some_and(|point| matches!(point.traits.joining, Joining::Right | Joining::Both))
}
