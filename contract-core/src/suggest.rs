//! "Did you mean …?": the known word that a mistyped one is closest to.

/// Characters of the longest word that is looked at; a longer one is no slip of a name.
const LONGEST: usize = 128;

/// The closest of `known`, when it is close enough to be meant: a third of its letters may differ.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = letters(word)?;
    let reach = (letters.len() / 3).max(1);
    let near = known.into_iter().filter_map(|candidate| Some((distance(&letters, candidate, reach)?, candidate)));
    near.min().map(|(_, candidate)| candidate)
}

/// A hint that names the nearest of `known`, or nothing when none is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default()
}

/// The letters that count, without their case; `None` for a text that is too long to be a name.
fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other; `None` when
/// these are more than `reach`.
fn distance(from: &[char], to: &str, reach: usize) -> Option<usize> {
    let to = letters(to).filter(|to| to.len().abs_diff(from.len()) <= reach)?;
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
    Some(rows[from.len()][to.len()]).filter(|distance| *distance <= reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named() {
        assert_eq!(did_you_mean("ranekd", ["planned", "ranked"]), "did you mean `ranked`?");
        assert_eq!(did_you_mean("hansTo", ["from", "handsTo", "calls"]), "did you mean `handsTo`?");
        assert_eq!(nearest("Input", ["input"]), Some("input"));
        assert_eq!(nearest("rnu", ["language", "handler", "run", "build"]), Some("run"));
    }

    #[test]
    fn a_far_word_is_not_named() {
        assert_eq!(did_you_mean("archived", ["planned", "ranked"]), "");
        assert_eq!(nearest("timeout", ["language", "handler", "run", "build"]), None);
    }

    #[test]
    fn a_word_of_a_megabyte_is_no_slip() {
        assert_eq!(nearest(&"a".repeat(1 << 20), ["a"]), None);
    }
}
