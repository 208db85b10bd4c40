//! What a label asks of one code point.

use super::tables::{KINDS, RUNS};

/// The derived property of RFC 5892; what is not assigned is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Refused,
    Allowed,
    /// Depends on what stands around it.
    InContext,
}

/// The bidirectional class, as far as RFC 5893 tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Left,
    /// Hebrew, Arabic and their like.
    Right,
    Number,
    ArabicNumber,
    Mark,
    Neutral,
    Other,
}

/// To which of its neighbours in the text a letter joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    None,
    Left,
    Right,
    Both,
    /// Joins nothing and does not stand between those who join.
    Transparent,
}

/// The scripts that the rules of contexts name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Greek,
    Hebrew,
    /// Hiragana, Katakana and Han.
    Japanese,
    Other,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Traits {
    pub(super) rule: Rule,
    pub(super) direction: Direction,
    pub(super) joining: Joining,
    pub(super) script: Script,
    pub(super) is_mark: bool,
    /// The canonical combining class.
    pub(super) class: u8,
}

/// The canonical combining class of signs that join two consonants.
pub(super) const VIRAMA: u8 = 9;

impl Traits {
    pub(super) const fn new(
        rule: Rule,
        direction: Direction,
        joining: Joining,
        script: Script,
        is_mark: bool,
        class: u8,
    ) -> Self {
        Self { rule, direction, joining, script, is_mark, class }
    }

    pub(super) fn of(char: char) -> &'static Self {
        let code = u32::from(char);
        let after = RUNS.partition_point(|run| run >> 8 <= code);
        &KINDS[(RUNS[after - 1] & 0xff) as usize]
    }
}

/// A code point of a label.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) char: char,
    pub(super) traits: &'static Traits,
}

impl Point {
    pub(super) fn new(char: char) -> Self {
        Self { char, traits: Traits::of(char) }
    }
}
