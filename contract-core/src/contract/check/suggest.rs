//! "Did you mean …?"

/// A hint that names the nearest of `known`, or nothing when none is near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let reach = (word.chars().count() / 3).max(1);
    let near = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    let best = near.filter(|(distance, _)| *distance <= reach).min();
    best.map(|(_, candidate)| format!("did you mean `{candidate}`?")).unwrap_or_default()
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
/// A letter in another case is not counted.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.to_lowercase().chars().collect();
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut rows = vec![(0..=to.len()).collect::<Vec<_>>()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut cost = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b;
            if swapped {
                cost = cost.min(rows[i - 1][j - 1] + 1);
            }
            row.push(cost);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named() {
        assert_eq!(nearest("ranekd", ["planned", "ranked"]), "did you mean `ranked`?");
        assert_eq!(nearest("hansTo", ["from", "handsTo", "calls"]), "did you mean `handsTo`?");
        assert_eq!(nearest("Input", ["input"]), "did you mean `input`?");
    }

    #[test]
    fn a_far_word_is_not_named() {
        assert_eq!(nearest("archived", ["planned", "ranked"]), "");
    }
}
