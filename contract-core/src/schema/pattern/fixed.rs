//! Patterns of one length, told by a few operations on words of eight bytes.

use std::ops::RangeInclusive;

/// Texts of 4 to 16 bytes with a run of neighbours in ASCII at each place: `^doc-[0-9]{6}$`.
#[derive(Debug)]
pub(super) struct Fixed {
    length: usize,
    /// The least bytes and the greatest, as [`windows`] cuts them.
    least: [u64; 2],
    greatest: [u64; 2],
}

const HIGH: u64 = u64::MAX / 255 * 0x80;

impl Fixed {
    /// The pattern with these runs at its places, where it has that form.
    pub(super) fn new(places: &[RangeInclusive<u8>]) -> Option<Self> {
        let least: Vec<u8> = places.iter().map(|run| *run.start()).collect();
        let greatest: Vec<u8> = places.iter().map(|run| *run.end()).collect();
        let (least, greatest) = (windows(&least)?, windows(&greatest)?);
        let is_ascii = (greatest[0] | greatest[1]) & HIGH == 0;
        (is_ascii && places.len() <= 16).then_some(Self { length: places.len(), least, greatest })
    }

    #[inline(always)]
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        if text.len() != self.length {
            return false;
        }
        let Some([first, last]) = windows(text) else { return false };
        // With its high bit set a byte minus an ASCII byte keeps that bit where it was not the smaller one, and never
        // borrows from its neighbour.
        let within = |word: u64, least: u64, greatest: u64| {
            ((word | HIGH).wrapping_sub(least) & (greatest | HIGH).wrapping_sub(word & !HIGH) & !word) & HIGH
        };
        within(first, self.least[0], self.greatest[0]) & within(last, self.least[1], self.greatest[1]) == HIGH
    }
}

/// The first eight bytes and the last eight, which may overlap; of four to seven bytes the first four and the last four.
#[inline(always)]
fn windows(text: &[u8]) -> Option<[u64; 2]> {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return Some([u64::from_le_bytes(*first), u64::from_le_bytes(*last)]);
    }
    let first = u64::from(u32::from_le_bytes(*text.first_chunk()?));
    let both = first | u64::from(u32::from_le_bytes(*text.last_chunk()?)) << 32;
    Some([both, both])
}

#[cfg(test)]
mod tests {
    use super::Fixed;

    #[test]
    fn each_byte_at_each_place_is_held_to_its_run() {
        for length in 0..=18 {
            let runs: Vec<_> = (0..length).map(|place| b'0' + place..=b'9' + place).collect();
            let Some(fixed) = Fixed::new(&runs) else {
                assert!(!(4..=16).contains(&length), "{length}");
                continue;
            };
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text: Vec<u8> = runs.iter().map(|run| *run.start()).collect();
                    text[usize::from(place)] = byte;
                    assert_eq!(fixed.matches(&text), runs[usize::from(place)].contains(&byte), "{text:?}");
                }
            }
            let longer: Vec<u8> = (0..=length).map(|place| b'9' + place).collect();
            assert!(!fixed.matches(&longer) && !fixed.matches(&longer[..usize::from(length) - 1]));
        }
    }
}
