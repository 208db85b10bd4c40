//! A manual as Markdown, as forges read it.

use super::page::{Block, Chapter, Inline, Page};
use crate::chart::to_mermaid;

/// The text of the manual.
pub fn to_markdown(page: &Page) -> String {
    let mut text = format!("# {}\n\n", plain(&page.title));
    blocks(&mut text, &page.opening);
    text.push_str(&format!("```mermaid\n{}```\n\n", to_mermaid(&page.chart)));
    for chapter in page.chapters.iter().filter(|chapter| chapter.level == 2) {
        text.push_str(&format!("- [{}](#{})\n", plain(&chapter.title), chapter.id));
    }
    text.push('\n');
    for chapter in &page.chapters {
        section(&mut text, chapter);
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
    text
}

fn section(text: &mut String, chapter: &Chapter) {
    let signs = "#".repeat(usize::from(chapter.level));
    let mark = if chapter.mark.is_empty() { String::new() } else { format!(" ({})", chapter.mark) };
    // Anchors of forges follow the heading's text, which is not ours; these stay.
    text.push_str(&format!("<a id=\"{}\"></a>\n\n{signs} {}{mark}\n\n", chapter.id, plain(&chapter.title)));
    blocks(text, &chapter.blocks);
}

fn blocks(text: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Text(about) => paragraphs(about).for_each(|about| text.push_str(&format!("{}\n\n", plain(about)))),
            Block::Line(line) => text.push_str(&format!("{}\n\n", inline(line, Spot::Line))),
            Block::Heading(title) => text.push_str(&format!("**{}**\n\n", plain(title))),
            Block::Table { heads, rows } => table(text, heads, rows),
            Block::Example(json) => text.push_str(&format!("```json\n{json}\n```\n\n")),
        }
    }
}

/// Texts between empty lines.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|text| !text.is_empty())
}

fn table(text: &mut String, heads: &[&str], rows: &[Vec<Vec<Inline>>]) {
    text.push_str(&format!("| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len())));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| inline(cell, Spot::Cell)).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text.push('\n');
}

/// Where a piece of text stands: a bar ends a cell of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    Line,
    Cell,
}

fn inline(pieces: &[Inline], spot: Spot) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Text(text) => plain(text),
        Inline::Code(text) => code(text, spot),
        Inline::Link { text, id } => format!("[{}](#{id})", code(text, spot)),
    };
    pieces.iter().map(piece).collect()
}

/// Text that is only text: no markup, no HTML, no line of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let text_only = text.trim();
    for (at, c) in text_only.char_indices() {
        match c {
            // Forges make links of addresses, and tell people that they were mentioned.
            '@' => plain.push_str("\\@"),
            ':' if text_only[at..].starts_with("://") || is_mail(&text_only[..at]) => plain.push_str("\\:"),
            '.' if is_www(&text_only[..at]) => plain.push_str("\\."),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '=' => {
                plain.push('\\');
                plain.push(c);
            }
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    let restored = if text.starts_with(' ') { format!(" {plain}") } else { plain };
    let restored = if text.len() > 1 && text.ends_with(' ') { format!("{restored} ") } else { restored };
    // What would open a list at the start of a line.
    match restored.strip_prefix(['-', '+']) {
        Some(_) => format!("\\{restored}"),
        None => number_escaped(restored),
    }
}

fn is_mail(before: &str) -> bool {
    ["mailto", "xmpp"].iter().any(|scheme| ends_with_word(before, scheme))
}

fn is_www(before: &str) -> bool {
    ends_with_word(before, "www")
}

/// Whether a text ends with a word in either case.
fn ends_with_word(text: &str, word: &str) -> bool {
    let end = text.len().checked_sub(word.len()).and_then(|start| text.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// `1. x` would open a numbered list.
fn number_escaped(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text,
    }
}

/// Code between as many backticks as it needs.
fn code(text: &str, spot: Spot) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // Readers differ on what a backslash before a bar is in a span of code within a table.
    if spot == Spot::Cell && text.contains('|') {
        return format!("<code>{}</code>", plain(&text));
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{room}{text}{room}{fence}")
}
