//! RFC 5893: labels that stay readable where text runs from right to left.

use super::traits::{Direction, Point};

/// Whether the label holds text that runs from right to left.
pub(super) fn is_right_to_left(points: &[Point]) -> bool {
    points.iter().any(|point| matches!(point.traits.direction, Direction::Right | Direction::ArabicNumber))
}

/// Whether the label may stand in a name with such text: the six conditions of section 2.
pub(super) fn is_ordered(points: &[Point]) -> bool {
    let has = |direction| points.iter().any(|point| point.traits.direction == direction);
    let others = [Direction::Other, opposite(points)];
    let last = points.iter().rev().map(|point| point.traits.direction).find(|direction| *direction != Direction::Mark);
    let (starts, ends) = match points.first().map(|point| point.traits.direction) {
        Some(Direction::Left) => {
            (!has(Direction::ArabicNumber), matches!(last, Some(Direction::Left | Direction::Number)))
        }
        Some(Direction::Right) => (
            !(has(Direction::Number) && has(Direction::ArabicNumber)),
            matches!(last, Some(Direction::Right | Direction::Number | Direction::ArabicNumber)),
        ),
        _ => (false, false),
    };
    starts && ends && !others.into_iter().any(has)
}

/// The letters that do not belong beside the first one.
fn opposite(points: &[Point]) -> Direction {
    match points.first().map(|point| point.traits.direction) {
        Some(Direction::Left) => Direction::Right,
        _ => Direction::Left,
    }
}
