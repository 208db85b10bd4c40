//! Normalization form C of the code points that labels may hold.

use super::tables::{BY_WHOLE, PAIRS};
use super::traits::{Point, Traits};

/// Whether the text is in NFC.
pub(super) fn is_composed(points: &[Point]) -> bool {
    if points.iter().all(|point| point.traits.class == 0) {
        // Without marks to order, only neighbours can compose.
        return points.windows(2).all(|two| whole(two[0].char, two[1].char).is_none());
    }
    compose(&decompose(points)).into_iter().eq(points.iter().map(|point| point.char))
}

/// The parts of each code point, marks in their order.
fn decompose(points: &[Point]) -> Vec<(char, u8)> {
    let mut parts: Vec<(char, u8)> = Vec::with_capacity(2 * points.len());
    for point in points {
        let (mut first, start) = (point.char, parts.len());
        while let Some((head, second)) = halves(first) {
            parts.insert(start, (second, Traits::of(second).class));
            first = head;
        }
        parts.insert(start, (first, Traits::of(first).class));
    }
    let runs = parts.chunk_by_mut(|one, other| (one.1 == 0) == (other.1 == 0));
    runs.for_each(|run| crate::sorting::sort_by(run, |a, b| a.1.cmp(&b.1)));
    parts
}

fn compose(parts: &[(char, u8)]) -> Vec<char> {
    let mut text: Vec<char> = Vec::with_capacity(parts.len());
    let (mut starter, mut last) = (None, 0);
    for (char, class) in parts.iter().copied() {
        let reachable = starter.filter(|_| last == 0 || last < class);
        match reachable.and_then(|at: usize| Some((at, whole(text[at], char)?))) {
            Some((at, whole)) => text[at] = whole,
            None => {
                if class == 0 {
                    starter = Some(text.len());
                }
                last = class;
                text.push(char);
            }
        }
    }
    text
}

/// What two code points compose to.
fn whole(first: char, second: char) -> Option<char> {
    let at = PAIRS.binary_search_by_key(&(first, second), |(first, second, _)| (*first, *second)).ok()?;
    Some(PAIRS[at].2)
}

/// The two code points that compose to this one.
fn halves(whole: char) -> Option<(char, char)> {
    let at = BY_WHOLE.binary_search_by_key(&whole, |at| PAIRS[usize::from(*at)].2).ok()?;
    let (first, second, _) = PAIRS[usize::from(BY_WHOLE[at])];
    Some((first, second))
}
