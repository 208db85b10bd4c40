//! By how much the version of a contract must rise, and whether it did.

use std::cmp::Ordering;
use std::fmt;

use peer_contract_core::compat::{Comparison, Direction};

/// How far a version must rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing changed that peers or agents could notice.
    None,
    /// How agents run changed.
    Patch,
    /// The contract says more than before, and breaks nobody who went by the old version.
    Minor,
    /// Who went by the old version may be refused.
    Major,
}

impl Bump {
    /// What a comparison asks for.
    pub fn of(comparison: &Comparison) -> Self {
        if !comparison.holds(Direction::Backward) {
            Self::Major
        } else if !comparison.differences.is_empty() || comparison.edits.iter().any(|edit| !edit.is_operational()) {
            Self::Minor
        } else if !comparison.edits.is_empty() {
            Self::Patch
        } else {
            Self::None
        }
    }

    /// `none`, `patch`, `minor`, `major`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A semantic version, as far as order and compatibility go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    /// What stands after `-`; releases have none.
    early: Option<String>,
}

impl Version {
    /// Reads `1.2.3-rc.1+build`; numbers beyond 64 bits count as the largest. `None` for what no contract may state.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.split('+').next()?;
        let (numbers, early) = text.split_once('-').map_or((text, None), |(numbers, early)| (numbers, Some(early)));
        let read = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().unwrap_or(u64::MAX))
        };
        let parts: Vec<u64> = numbers.split('.').map(read).collect::<Option<_>>()?;
        Some(Self { numbers: parts.try_into().ok()?, early: early.map(str::to_owned) })
    }

    /// The least release that a bump leads to. Before 1.0.0 the second number says what breaks, as Cargo and npm have it.
    pub fn after(&self, bump: Bump) -> Self {
        let [major, minor, patch] = self.numbers;
        let released = |numbers| Self { numbers, early: None };
        match (bump, major) {
            (Bump::None, _) => self.clone(),
            // What is still to be released may change until then.
            _ if self.early.is_some() => released(self.numbers),
            (Bump::Major, 1..) => released([major.saturating_add(1), 0, 0]),
            (Bump::Minor, 1..) | (Bump::Major, 0) => released([major, minor.saturating_add(1), 0]),
            (Bump::Patch, _) | (Bump::Minor, 0) => released([major, minor, patch.saturating_add(1)]),
        }
    }

    /// Whether this version, or the release it leads to, is at least `least`.
    fn reaches(&self, least: &Self) -> bool {
        self.numbers >= least.numbers
    }

    /// Whether this comes before `other`; of two that lead to one release, nothing is said.
    fn is_before(&self, other: &Self) -> bool {
        match self.numbers.cmp(&other.numbers) {
            Ordering::Less => true,
            Ordering::Equal => self.early.is_some() && other.early.is_none(),
            Ordering::Greater => false,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        self.early.as_ref().map_or(Ok(()), |early| write!(f, "-{early}"))
    }
}

/// What is wrong with the version that the new contract states; nothing when it is right.
pub fn mistake(bump: Bump, old: &str, new: &str) -> Option<String> {
    let (was, is) = (Version::read(old)?, Version::read(new)?);
    if is.is_before(&was) {
        return Some(format!("the version fell from {old} to {new}"));
    }
    let least = was.after(bump);
    let unchanged_early = bump != Bump::None && was.early.is_some() && was == is;
    if is.reaches(&least) && !unchanged_early {
        return None;
    }
    let least = if unchanged_early { "another early version".to_owned() } else { least.to_string() };
    Some(format!("the version must rise to {least} (is {new}): this is a {} change", bump.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_rises_by_what_changed() {
        let cases = [
            (Bump::None, "1.1.0", "1.1.0", true),
            (Bump::Patch, "1.1.0", "1.1.0", false),
            (Bump::Patch, "1.1.0", "1.1.1", true),
            (Bump::Minor, "1.1.0", "1.1.9", false),
            (Bump::Minor, "1.1.0", "1.2.0", true),
            (Bump::Major, "1.1.0", "1.9.0", false),
            (Bump::Major, "1.1.0", "2.0.0", true),
            (Bump::Major, "1.1.0", "2.0.0-rc.1", true),
            (Bump::Major, "0.1.0", "0.2.0", true),
            (Bump::Major, "0.1.0", "0.1.1", false),
            (Bump::Minor, "0.1.0", "0.1.1", true),
            (Bump::Major, "2.0.0-rc.1", "2.0.0-rc.2", true),
            (Bump::Major, "2.0.0-rc.1", "2.0.0-rc.1", false),
            (Bump::Major, "2.0.0-rc.1", "2.0.0", true),
            (Bump::None, "1.1.0", "1.0.0", false),
            (Bump::None, "1.1.0", "1.1.0-rc.1", false),
            (Bump::Major, "99999999999999999999.0.0", "99999999999999999999.0.0", true),
        ];
        for (bump, old, new, right) in cases {
            assert_eq!(mistake(bump, old, new).is_none(), right, "{bump:?} {old} {new}: {:?}", mistake(bump, old, new));
        }
    }

    #[test]
    fn the_mistake_names_the_version_that_would_do() {
        let said = mistake(Bump::Major, "1.1.0", "1.1.0").unwrap();
        assert_eq!(said, "the version must rise to 2.0.0 (is 1.1.0): this is a major change");
    }
}
