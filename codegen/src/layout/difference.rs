//! What changed between two texts, as the usual unified diff.

/// Lines around a change that are shown.
const AROUND: usize = 3;
/// Pairs of lines that are compared; beyond that, a changed block is shown as replaced whole.
const MOST_PAIRS: usize = 4_000_000;

/// A line that stays, goes or comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit<'a> {
    Keep(&'a str),
    Drop(&'a str),
    Add(&'a str),
}

/// A unified diff; empty when the texts are the same.
pub fn difference(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let edits = edits(&lines(before), &lines(after));
    let mut text = format!("--- {name}\n+++ {name}\n");
    for range in hunks(&edits) {
        hunk(&mut text, &edits, range);
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn edits<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Edit<'a>> {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[start..before.len() - end], &after[start..after.len() - end]);
    let kept = |lines: &[&'a str]| lines.iter().map(|line| Edit::Keep(line)).collect::<Vec<_>>();
    let middle = if old.len().saturating_mul(new.len()) > MOST_PAIRS { replaced(old, new) } else { aligned(old, new) };
    [kept(&before[..start]), middle, kept(&before[before.len() - end..])].concat()
}

fn replaced<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    old.iter().map(|line| Edit::Drop(line)).chain(new.iter().map(|line| Edit::Add(line))).collect()
}

/// By the longest common subsequence.
fn aligned<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = match old[i] == new[j] {
                true => common[(i + 1) * width + j + 1] + 1,
                false => common[(i + 1) * width + j].max(common[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j, mut edits) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            edits.push(Edit::Keep(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
            edits.push(Edit::Drop(old[i]));
            i += 1;
        } else {
            edits.push(Edit::Add(new[j]));
            j += 1;
        }
    }
    edits.extend(replaced(&old[i..], &new[j..]));
    edits
}

/// Changes with the lines around them, those that touch as one.
fn hunks(edits: &[Edit<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut hunks: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, _) in edits.iter().enumerate().filter(|(_, edit)| !matches!(edit, Edit::Keep(_))) {
        let (start, end) = (index.saturating_sub(AROUND), (index + AROUND + 1).min(edits.len()));
        match hunks.last_mut().filter(|last| last.end >= start) {
            Some(last) => last.end = end,
            None => hunks.push(start..end),
        }
    }
    hunks
}

fn hunk(text: &mut String, edits: &[Edit<'_>], range: std::ops::Range<usize>) {
    let old = |edits: &[Edit<'_>]| edits.iter().filter(|edit| !matches!(edit, Edit::Add(_))).count();
    let new = |edits: &[Edit<'_>]| edits.iter().filter(|edit| !matches!(edit, Edit::Drop(_))).count();
    let (before, inside) = (&edits[..range.start], &edits[range]);
    let place = |start: usize, length: usize| format!("{},{length}", start + usize::from(length > 0));
    let (from, to) = (place(old(before), old(inside)), place(new(before), new(inside)));
    text.push_str(&format!("@@ -{from} +{to} @@\n"));
    for edit in inside {
        let (sign, line) = match edit {
            Edit::Keep(line) => (' ', line),
            Edit::Drop(line) => ('-', line),
            Edit::Add(line) => ('+', line),
        };
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_one_that_patch_understands() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\ni\n";
        let after = "a\nb\nc\nd\nE\nf\ng\nh\ni\nj\n";
        let expected = "--- x\n+++ x\n@@ -2,8 +2,9 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n i\n+j\n";
        assert_eq!(difference("x", before, after), expected);
        assert_eq!(difference("x", before, before), "");
    }

    #[test]
    fn a_missing_last_break_is_told() {
        assert_eq!(
            difference("x", "a", "a\n"),
            "--- x\n+++ x\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"
        );
    }
}
