//! What a manual is made of.

use crate::chart::Chart;

/// A manual.
pub struct Page {
    /// Name of the contract.
    pub(super) title: String,
    /// What the agents do together, and facts such as the hash.
    pub(super) opening: Vec<Block>,
    /// The agents as a picture.
    pub(super) chart: Chart,
    pub(super) chapters: Vec<Chapter>,
}

/// A heading and what stands below it.
pub(super) struct Chapter {
    /// 2 for chapters, 3 for what is in them.
    pub(super) level: u8,
    /// What links lead to; unique, and made of letters, digits, `-` and `_`.
    pub(super) id: String,
    pub(super) title: String,
    /// A word on what it is: `entry`, `callable`.
    pub(super) mark: &'static str,
    pub(super) blocks: Vec<Block>,
}

pub(super) enum Block {
    /// Paragraphs of a description.
    Text(String),
    /// A line of our own.
    Line(Vec<Inline>),
    /// A small heading.
    Heading(String),
    Table {
        heads: Vec<&'static str>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A proved example as JSON.
    Example(String),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    /// Code that leads to a chapter.
    Link {
        text: String,
        id: String,
    },
}

pub(super) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

pub(super) fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}
