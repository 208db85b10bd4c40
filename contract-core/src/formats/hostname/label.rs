//! One label of a name, in either form.

use super::traits::{Point, Rule};
use super::{bidi, composed, context, punycode};

/// Octets of a label in its ASCII form.
pub(super) const LONGEST: usize = 63;

const PREFIX: &[u8] = b"xn--";

/// What a name asks of a label that is one.
pub(super) struct Label {
    /// In its ASCII form.
    pub(super) octets: usize,
    /// Whether it holds text from right to left.
    pub(super) right_to_left: bool,
    /// Whether it may stand in a name with text from right to left.
    pub(super) ordered: bool,
}

impl Label {
    #[inline]
    pub(super) fn of_ascii(label: &[u8]) -> Option<Self> {
        let ([first, ..], [.., last]) = (label, label) else { return None };
        let legal = label.iter().fold(true, |all, byte| all & (byte.is_ascii_alphanumeric() | (*byte == b'-')));
        if !legal || label.len() > LONGEST || *first == b'-' || *last == b'-' {
            return None;
        }
        match label.get(2..4) {
            Some(b"--") => Self::of_punycode(label),
            _ => Some(Self { octets: label.len(), right_to_left: false, ordered: first.is_ascii_alphabetic() }),
        }
    }

    /// The only labels with hyphens in these two places stand for others.
    fn of_punycode(label: &[u8]) -> Option<Self> {
        let (prefix, code) = label.split_at(PREFIX.len());
        let mut points = Points::new();
        punycode::decode(prefix.eq_ignore_ascii_case(PREFIX).then_some(code)?, &mut points)?;
        let stands_for_ascii = points.all().iter().all(|point| point.char.is_ascii());
        if stands_for_ascii { None } else { Self::of_points(points.all(), label.len()) }
    }

    pub(super) fn of_unicode(label: &str) -> Option<Self> {
        let mut points = Points::new();
        label.chars().try_for_each(|char| points.push(char))?;
        let octets = PREFIX.len() + punycode::length(points.all());
        if octets > LONGEST { None } else { Self::of_points(points.all(), octets) }
    }

    /// RFC 5891, section 4.2.
    fn of_points(points: &[Point], octets: usize) -> Option<Self> {
        let ([first, ..], [.., last]) = (points, points) else { return None };
        let hyphen = |point: &Point| point.char == '-';
        let hyphens = points.get(2..4).is_some_and(|two| two.iter().all(hyphen));
        let allowed = |at: usize| match points[at].traits.rule {
            Rule::Allowed => true,
            Rule::InContext => context::allows(points, at),
            Rule::Refused => false,
        };
        let legal = !hyphens && !hyphen(first) && !hyphen(last) && !first.traits.is_mark;
        if !legal || !(0..points.len()).all(allowed) || !composed::is_composed(points) {
            return None;
        }
        Some(Self { octets, right_to_left: bidi::is_right_to_left(points), ordered: bidi::is_ordered(points) })
    }
}

/// Code points, no more than a label can hold.
pub(super) struct Points {
    all: [Point; LONGEST],
    count: usize,
}

impl Points {
    fn new() -> Self {
        Self { all: [Point::new('a'); LONGEST], count: 0 }
    }

    pub(super) fn all(&self) -> &[Point] {
        &self.all[..self.count]
    }

    pub(super) fn push(&mut self, char: char) -> Option<()> {
        self.insert(self.count, char)
    }

    /// Puts a code point before what stands at `at`; `None` when there is no room.
    pub(super) fn insert(&mut self, at: usize, char: char) -> Option<()> {
        if self.count == LONGEST {
            return None;
        }
        self.all.copy_within(at..self.count, at + 1);
        self.all[at] = Point::new(char);
        self.count += 1;
        Some(())
    }
}
