//! How differences are made of what was found.

use super::difference::{Cause, Difference, Direction, Version, Witness};
use super::gaps::Gap;
use super::parts::{Held, Part};
use super::witness::End;
use super::words::{self, Sides};
use crate::Pointer;

/// A difference that the contracts state; no value is needed to see it.
pub(super) fn stated(
    cause: Cause,
    part: &str,
    direction: Direction,
    (old, new): (Option<Pointer>, Option<Pointer>),
    message: String,
) -> Difference {
    Difference {
        cause,
        parts: [part.to_owned()].into(),
        breaks: [direction].into(),
        sender: direction.sender(),
        old,
        new,
        message,
        witness: None,
        certain: true,
    }
}

/// What only the sender of a direction has.
pub(super) fn lone(cause: Cause, part: &str, direction: Direction, at: Pointer, message: String) -> Difference {
    let places = if direction == Direction::Backward { (Some(at), None) } else { (None, Some(at)) };
    stated(cause, part, direction, places, message)
}

/// What only one of two versions has, or gives data.
pub(super) fn uneven(part: &Part, gives: &Held, reads: &Held, giver: Version) -> String {
    let what = match part {
        Part::Error(name) => format!("the error `{name}`"),
        _ => "the reply".to_owned(),
    };
    match (gives, reads, giver) {
        (_, Held::Unknown, Version::New) => format!("{what} is new, and the old version does not know it"),
        (_, Held::Unknown, Version::Old) => format!("{what} is gone, and the old version still gives it"),
        (Held::Nothing, _, Version::New) | (_, Held::Nothing, Version::Old) => {
            format!("{what} carries no data any more")
        }
        _ => format!("{what} carries data now"),
    }
}

/// A gap between two schemas as a difference between versions.
pub(super) fn of_gap(
    gap: &Gap,
    cause: Cause,
    subject: &str,
    direction: Direction,
    (gives, reads): (&End<'_>, &End<'_>),
    giver: Version,
) -> Difference {
    let keyword = gap.reads.parent().map(|(_, keyword)| keyword).unwrap_or_default();
    let beside = gap.gives.as_ref().filter(|at| at.parent().is_some_and(|(_, other)| other == keyword));
    let sides = Sides {
        reader: giver.other(),
        keyword: &keyword,
        reads: reads.side.node(&gap.reads).map(|node| node.value),
        gives: beside.and_then(|at| gives.side.node(at)).map(|node| node.value),
    };
    let message = match &gap.shown {
        Some((_, problem)) => words::refusal(&sides, problem),
        None => words::open(&sides),
    };
    let witness = gap.shown.as_ref().map(|(value, problem)| Witness {
        part: subject.to_owned(),
        value: value.clone(),
        code: problem.code,
        at: problem.at.clone(),
    });
    let (old, new) = match giver {
        Version::Old => (gap.gives.clone(), Some(gap.reads.clone())),
        Version::New => (Some(gap.reads.clone()), gap.gives.clone()),
    };
    Difference {
        cause,
        parts: [subject.to_owned()].into(),
        breaks: [direction].into(),
        sender: giver,
        old,
        new,
        message,
        certain: witness.is_some(),
        witness,
    }
}
