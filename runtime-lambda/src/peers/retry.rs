//! How long to wait before another try.

use std::time::Duration;

/// Exponential backoff with full jitter: a random part of 50 ms, 100 ms, 200 ms … up to 2 s.
///
/// `failures` counts the tries that failed, from 1. Never zero, so that a loop cannot spin.
pub fn pause_after(failures: u32) -> Duration {
    let ceiling = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_MS);
    let random = u64::from(u16::from_le_bytes(crate::entropy::bytes()));
    let jitter = ceiling * random / u64::from(u16::MAX);
    Duration::from_millis(jitter.max(ceiling / 4).max(1))
}

const FIRST_MS: u64 = 50;
const LONGEST_MS: u64 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_two_seconds() {
        for failures in 1..200 {
            let pause = pause_after(failures).as_millis() as u64;
            let ceiling = (50_u64 << (failures - 1).min(16)).min(2_000);
            assert!((ceiling / 4..=ceiling).contains(&pause), "{failures}: {pause}");
        }
    }
}
