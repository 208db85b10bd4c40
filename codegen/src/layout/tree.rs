//! A contract file as written: scalars in their own words, comments beside what they are about.

/// One comment on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From `#` to the end of the line.
    pub(super) text: String,
    /// Whether an empty line stands above it.
    pub(super) gap: bool,
}

/// A member of a mapping, an item of a sequence, or the whole document.
#[derive(Debug)]
pub(super) struct Part {
    /// The key as written and what it says; none for items.
    pub(super) key: Option<(String, String)>,
    pub(super) value: Value,
    /// Comments on the lines above.
    pub(super) above: Vec<Line>,
    /// The comment at the end of its first line.
    pub(super) beside: Option<String>,
    /// Comments below that belong to no part that follows.
    pub(super) below: Vec<Line>,
    /// Whether an empty line stands above it, below its comments.
    pub(super) gap: bool,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum Value {
    /// On one line, as written.
    Plain(String),
    /// A scalar over several lines, which are folded.
    Lines(Vec<String>),
    /// A block scalar: its header, such as `|-`, and its lines without their indentation.
    Block { header: String, lines: Vec<String> },
    /// Items.
    Sequence(Vec<Part>, Style),
    /// Members.
    Mapping(Vec<Part>, Style),
}

/// How a mapping or sequence was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// On one line; it stays there if it fits.
    OneLine,
    /// One member a line.
    Block,
}

impl Part {
    pub(super) fn new(key: Option<(String, String)>, value: Value) -> Self {
        Self { key, value, above: Vec::new(), beside: None, below: Vec::new(), gap: false }
    }

    /// Whether a comment belongs to it or to anything in it.
    pub(super) fn has_comments(&self) -> bool {
        let own = !self.above.is_empty() || self.beside.is_some() || !self.below.is_empty();
        own || self.value.parts().iter().any(Self::has_comments)
    }
}

impl Value {
    /// Members or items.
    pub(super) fn parts(&self) -> &[Part] {
        match self {
            Self::Sequence(parts, _) | Self::Mapping(parts, _) => parts,
            _ => &[],
        }
    }
}

/// The whole file.
#[derive(Debug)]
pub(super) struct Tree {
    /// Comments that are about the file and stay at its top.
    pub(super) head: Vec<Line>,
    /// Whether `---` opens the document.
    pub(super) marked: bool,
    pub(super) root: Part,
}
