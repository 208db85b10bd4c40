//! A manual as one HTML page: nothing is fetched, no script runs, and its policy says so.

use super::markdown::paragraphs;
use super::page::{Block, Chapter, Inline, Page};
use crate::chart::{escape, to_mermaid, to_svg};

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The text of the page.
pub fn to_html(page: &Page) -> String {
    let title = escape(&page.title);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    contents(&mut text, page);
    text.push_str(&format!("<main>\n<h1 id=\"top\">{title}</h1>\n"));
    blocks(&mut text, &page.opening);
    text.push_str("<div class=\"picture\">\n");
    match to_svg(&page.chart) {
        Ok(svg) => text.push_str(&svg),
        // Too large for a picture: its text at least.
        Err(_) => text.push_str(&format!("<pre>{}</pre>\n", escape(&to_mermaid(&page.chart)))),
    }
    text.push_str("</div>\n");
    for chapter in &page.chapters {
        section(&mut text, chapter);
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

/// The table of contents.
fn contents(text: &mut String, page: &Page) {
    text.push_str(&format!("<nav>\n<a class=\"home\" href=\"#top\">{}</a>\n<ul>\n", escape(&page.title)));
    for chapter in &page.chapters {
        let class = if chapter.level == 2 { "chapter" } else { "part" };
        // `agent.operation` stands below its agent.
        let title =
            chapter.title.split_once('.').filter(|_| class == "part").map_or(chapter.title.as_str(), |(_, own)| own);
        text.push_str(&format!("<li class=\"{class}\"><a href=\"#{}\">{}</a></li>\n", chapter.id, escape(title)));
    }
    text.push_str("</ul>\n</nav>\n");
}

fn section(text: &mut String, chapter: &Chapter) {
    let Chapter { level, id, title, mark, .. } = chapter;
    let mark = if mark.is_empty() { String::new() } else { format!(" <small>{mark}</small>") };
    text.push_str(&format!("<section>\n<h{level} id=\"{id}\">{}{mark}</h{level}>\n", escape(title)));
    blocks(text, &chapter.blocks);
    text.push_str("</section>\n");
}

fn blocks(text: &mut String, blocks: &[Block]) {
    for block in blocks {
        match block {
            Block::Text(about) => {
                paragraphs(about).for_each(|about| text.push_str(&format!("<p>{}</p>\n", escape(about))))
            }
            Block::Line(line) => text.push_str(&format!("<p>{}</p>\n", inline(line))),
            Block::Heading(title) => text.push_str(&format!("<h4>{}</h4>\n", escape(title))),
            Block::Table { heads, rows } => table(text, heads, rows),
            Block::Example(json) => text.push_str(&format!(
                "<details><summary>Example</summary><pre><code>{}</code></pre></details>\n",
                escape(json)
            )),
        }
    }
}

fn table(text: &mut String, heads: &[&str], rows: &[Vec<Vec<Inline>>]) {
    let is_headed = heads.iter().any(|head| !head.is_empty());
    let class = if is_headed { "wide" } else { "wide facts" };
    text.push_str(&format!("<div class=\"{class}\"><table>\n"));
    if is_headed {
        let cells: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
        text.push_str(&format!("<thead><tr>{cells}</tr></thead>\n"));
    }
    text.push_str("<tbody>\n");
    for row in rows {
        let cells = row.iter().enumerate().map(|(index, cell)| match index == 0 && !is_headed {
            true => format!("<th scope=\"row\">{}</th>", inline(cell)),
            false => format!("<td>{}</td>", inline(cell)),
        });
        text.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    text.push_str("</tbody>\n</table></div>\n");
}

fn inline(pieces: &[Inline]) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Text(text) => escape(text),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Link { text, id } => format!("<a href=\"#{id}\"><code>{}</code></a>", escape(text)),
    };
    pieces.iter().map(piece).collect()
}
