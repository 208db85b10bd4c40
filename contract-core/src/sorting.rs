//! Sorting that is compiled once.

use std::cmp::Ordering;

/// Up to this many entries, moving each to its place is the quickest way.
const FEW: usize = 16;

/// Sorts as `sort_by` of slices does: entries that are equal keep their order.
///
/// The library compiles its sorts anew for each kind of entry, 6 to 20 KB each time of what every cold start loads. Here
/// that is done for numbers alone, and a kind of entry costs some hundred bytes.
pub(crate) fn sort_by<T>(entries: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if entries.len() > FEW {
        let order = order(entries.len(), &mut |a, b| compare(&entries[a], &entries[b]));
        return arrange(entries, &order);
    }
    for end in 1..entries.len() {
        let mut at = end;
        while at > 0 && compare(&entries[at - 1], &entries[at]).is_gt() {
            entries.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Sorts by the order that the entries have themselves.
pub(crate) fn sort<T: Ord>(entries: &mut [T]) {
    sort_by(entries, T::cmp);
}

/// Which entry comes first, which second, and so on.
#[inline(never)]
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Puts entries in an order. Each swap brings one of them to its place.
fn arrange<T>(entries: &mut [T], order: &[usize]) {
    let mut places = vec![0; order.len()];
    for (place, from) in order.iter().enumerate() {
        places[*from] = place;
    }
    for index in 0..places.len() {
        while places[index] != index {
            let place = places[index];
            entries.swap(index, place);
            places.swap(index, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sort_by;

    proptest! {
        #[test]
        fn entries_come_in_the_order_of_the_library(keys in prop::collection::vec(0_u8..20, 0..100)) {
            let mut ours: Vec<(u8, usize)> = keys.into_iter().enumerate().map(|(index, key)| (key, index)).collect();
            let mut theirs = ours.clone();
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|entry| entry.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
