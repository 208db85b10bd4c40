//! Which part each comment is about.

use super::read_yaml::{Draft, Token};
use super::tree::Line;

/// A comment as it stands in the text.
pub(super) struct Comment {
    /// Byte of its `#`.
    pub(super) at: usize,
    /// From `#` to the end of its line.
    pub(super) text: String,
    /// Whether nothing stands before it on its line.
    pub(super) is_alone: bool,
}

/// Gives each comment to a part; what is about the whole file is returned.
pub(super) fn attach(text: &str, drafts: &mut [Draft], tokens: &[Token], comments: Vec<Comment>) -> Vec<Line> {
    let mut head = Vec::new();
    let first = drafts.iter().find(|draft| draft.parent.is_some()).map_or(usize::MAX, |draft| draft.start);
    let header_end = end_of_head(text, &comments, first);
    for comment in comments {
        let line = Line { text: comment.text, gap: stands_below_empty_line(text, comment.at) };
        if comment.at < header_end {
            head.push(line);
        } else if comment.is_alone {
            alone(text, drafts, comment.at, line);
        } else {
            beside(drafts, tokens, comment.at, line);
        }
    }
    head
}

/// Comments at the top are about the file up to an empty line, and as far as they speak to editors.
fn end_of_head(text: &str, comments: &[Comment], first: usize) -> usize {
    let top = comments.iter().filter(|comment| comment.is_alone && comment.at < first);
    let is_of_file = |comment: &&Comment| {
        let below = text[comment.at..].find('\n').map_or("", |end| &text[comment.at + end + 1..]);
        let is_apart = below.lines().next().is_some_and(|line| line.trim().is_empty());
        is_apart || comment.text.contains("yaml-language-server:") || below.starts_with("---")
    };
    top.filter(is_of_file).map(|comment| comment.at + 1).max().unwrap_or(0)
}

fn beside(drafts: &mut [Draft], tokens: &[Token], at: usize, line: Line) {
    let before = tokens.partition_point(|token| token.end <= at);
    let part = before.checked_sub(1).map_or(0, |index| tokens[index].part).min(drafts.len().saturating_sub(1));
    // An item begins with its `-`, which is no token.
    let opened = drafts.partition_point(|draft| draft.start < at).checked_sub(1);
    let part =
        opened.filter(|index| drafts[*index].parent.is_some() && drafts[*index].end >= at).unwrap_or(0).max(part);
    let Some(draft) = drafts.get_mut(part) else { return };
    match draft.beside {
        None => draft.beside = Some(line.text),
        Some(_) => draft.above.push(Line { gap: false, ..line }),
    }
}

fn alone(text: &str, drafts: &mut [Draft], at: usize, line: Line) {
    let next = drafts.partition_point(|draft| draft.start <= at);
    let next = (next..drafts.len()).find(|index| drafts[*index].parent.is_some());
    let previous = drafts[..next.unwrap_or(drafts.len())].iter().rposition(|draft| draft.parent.is_some());
    let column = column(text, at);
    let brackets = previous.and_then(|previous| around(drafts, previous, at));
    match (next, previous) {
        (Some(next), _) if brackets.is_some() && drafts[next].within == brackets => drafts[next].above.push(line),
        (_, Some(previous)) if brackets.is_some() => drafts[previous].below.push(line),
        (Some(next), None) => drafts[next].above.push(line),
        (Some(next), Some(_)) if self::column(text, drafts[next].start) >= column => drafts[next].above.push(line),
        // At the margin below all members: about the file, wherever its last member goes.
        (None, Some(_)) if column == 0 => drafts[0].below.push(line),
        (_, Some(previous)) => {
            let part = enclosing(text, drafts, previous, column);
            drafts[part].below.push(line);
        }
        (None, None) => drafts[0].below.push(line),
    }
}

/// The innermost brackets around a place.
fn around(drafts: &[Draft], part: usize, at: usize) -> Option<usize> {
    let inside = |index: &usize| drafts[*index].start < at && at < drafts[*index].end;
    let chain = std::iter::successors(Some(part), |index| drafts[*index].parent);
    chain.filter(inside).find(|index| drafts.get(index + 1).is_some_and(|child| child.within == Some(*index)))
}

/// The part, or the one around it, that stands as far left as the comment, or as near to that as there is.
fn enclosing(text: &str, drafts: &[Draft], part: usize, at_column: usize) -> usize {
    let chain = std::iter::successors(Some(part), |index| drafts[*index].parent);
    let mut chain = chain.filter(|index| drafts[*index].parent.is_some() && drafts[*index].within.is_none());
    chain.find(|index| column(text, drafts[*index].start) <= at_column).unwrap_or(0)
}

fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// Whether the line above the one that `at` opens is empty, and not the first of the text.
pub(super) fn stands_below_empty_line(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let opens_line = text[line..at].trim().is_empty();
    let above = text[..line].strip_suffix('\n').map(|above| &above[above.rfind('\n').map_or(0, |line| line + 1)..]);
    opens_line && above.is_some_and(|above| above.trim().is_empty()) && !text[..line].trim().is_empty()
}
