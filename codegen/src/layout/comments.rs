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

/// The lines of a text: a text may be one long line, so nobody searches for its start twice.
pub(super) struct Rows<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Where the first thing stands that is no blank.
    first: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let first = text.len() - text.trim_start().len();
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), first }
    }

    /// Bytes between the start of its line and a place.
    fn column(&self, at: usize) -> usize {
        at - self.starts[self.row(at)]
    }

    fn row(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    /// Whether a place opens its line, the line above is empty, and that one is not at the top of the text.
    pub(super) fn has_gap_above(&self, at: usize) -> bool {
        let row = self.row(at);
        let (line, Some(above)) = (self.starts[row], row.checked_sub(1)) else { return false };
        let is_blank = |from: usize, to: usize| self.text[from..to].trim().is_empty();
        is_blank(line, at) && is_blank(self.starts[above], line) && self.first < line
    }
}

/// Gives each comment to a part; what is about the whole file is returned.
pub(super) fn attach(rows: &Rows<'_>, drafts: &mut [Draft], tokens: &[Token], comments: Vec<Comment>) -> Vec<Line> {
    let mut head = Vec::new();
    let first = drafts.iter().find(|draft| draft.parent.is_some()).map_or(usize::MAX, |draft| draft.start);
    let header_end = end_of_head(rows.text, &comments, first);
    for comment in comments {
        let line = Line { text: comment.text, gap: rows.has_gap_above(comment.at) };
        if comment.at < header_end {
            head.push(line);
        } else if comment.is_alone {
            alone(rows, drafts, comment.at, line);
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
    let Some(first) = draft.beside.replace(line.text) else { return };
    // Two for one line: they stay in their order, the second one behind what stands between them.
    match last_child(drafts, part, at) {
        Some(child) => {
            let second = drafts[part].beside.replace(first).unwrap_or_default();
            drafts[child].below.push(Line { text: second, gap: false });
        }
        None => drafts[part].above.push(Line { text: first, gap: false }),
    }
}

/// The last of the parts directly within one that begin before a place.
fn last_child(drafts: &[Draft], part: usize, at: usize) -> Option<usize> {
    let last = drafts.partition_point(|draft| draft.start < at).checked_sub(1)?;
    std::iter::successors(Some(last), |index| drafts[*index].parent).find(|index| drafts[*index].parent == Some(part))
}

fn alone(rows: &Rows<'_>, drafts: &mut [Draft], at: usize, line: Line) {
    let next = drafts.partition_point(|draft| draft.start <= at);
    let next = (next..drafts.len()).find(|index| drafts[*index].parent.is_some());
    let previous = drafts[..next.unwrap_or(drafts.len())].iter().rposition(|draft| draft.parent.is_some());
    let column = rows.column(at);
    let brackets = previous.and_then(|previous| around(drafts, previous, at));
    match (next, previous) {
        (Some(next), _) if brackets.is_some() && drafts[next].within == brackets => drafts[next].above.push(line),
        (_, Some(previous)) if brackets.is_some() => drafts[previous].below.push(line),
        (Some(next), None) => drafts[next].above.push(line),
        (Some(next), Some(_)) if rows.column(drafts[next].start) >= column => drafts[next].above.push(line),
        // At the margin below all members: about the file, wherever its last member goes.
        (None, Some(_)) if column == 0 => drafts[0].below.push(line),
        (_, Some(previous)) => {
            let part = enclosing(rows, drafts, previous, column);
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
fn enclosing(rows: &Rows<'_>, drafts: &[Draft], part: usize, at_column: usize) -> usize {
    let chain = std::iter::successors(Some(part), |index| drafts[*index].parent);
    let mut chain = chain.filter(|index| drafts[*index].parent.is_some() && drafts[*index].within.is_none());
    chain.find(|index| rows.column(drafts[*index].start) <= at_column).unwrap_or(0)
}
