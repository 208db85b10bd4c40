//! How strict the ranker is in each round, and when it asks for a wider plan.

use crate::search::Found;

/// From this round on the ranker goes on with what there is.
pub const LAST_ROUND: i64 = 3;
/// Fewer good passages than this make no report as long as a wider plan may find more.
const ENOUGH: usize = 5;

/// The share of the question that a passage must cover to be good.
pub fn bar(round: i64) -> f64 {
    match round {
        ..=1 => 0.6,
        2 => 0.45,
        _ => 0.3,
    }
}

/// Whether too little was found for a report, and another plan is still allowed.
pub fn is_thin(found: &Found, round: i64) -> bool {
    round < LAST_ROUND && found.good < ENOUGH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(good: usize) -> Found {
        Found { hits: Vec::new(), by_year: Default::default(), good }
    }

    #[test]
    fn each_round_asks_for_less() {
        assert!(bar(1) > bar(2) && bar(2) > bar(3) && bar(3) == bar(5));
    }

    #[test]
    fn the_last_round_is_never_thin() {
        assert!(is_thin(&found(0), 1) && is_thin(&found(4), 2));
        assert!(!is_thin(&found(5), 1) && !is_thin(&found(0), 3));
    }
}
