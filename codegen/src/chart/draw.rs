//! A chart as SVG: light or dark as the reader's screen is, without scripts, fonts or anything else from outside.

use std::collections::BTreeSet;

use super::layers::{assign, ends_of};
use super::lines::{escape, short, width_of};
use super::place::{MARGIN, place};
use super::scene::{Block, Link, OPERATION_HEIGHT, OUTCOME_HEIGHT, Scene, Shape, TITLE_HEIGHT, TooLarge};
use super::{Agent, Chart, Entry, Way};

const STYLE: &str = include_str!("style.css");
/// Room of the legend below the picture.
const LEGEND: f64 = 40.0;
/// How far a link goes straight before it bends, at most.
const REACH: f64 = 90.0;

/// The picture.
///
/// # Errors
/// There is more to draw than anyone can read.
pub fn to_svg(chart: &Chart) -> Result<String, TooLarge> {
    let mut scene = Scene::of(chart)?;
    let layers = assign(&mut scene)?;
    let (width, height) = place(&mut scene, &layers);
    let ways: BTreeSet<Way> = scene.links.iter().map(|link| link.way).collect();
    let legend = if ways.is_empty() { 0.0 } else { LEGEND };
    let width = width.max(MARGIN * 2.0 + ways.iter().map(|way| legend_width(*way)).sum::<f64>());
    let (wide, high) = (width.ceil(), (height + legend).ceil());
    let title = escape(&format!("{} {}", chart.name, chart.version));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"peerc-graph\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n<defs>\n"
    );
    for way in [Way::Handoff, Way::Reply, Way::Error, Way::Call] {
        let word = way.word();
        text.push_str(&format!("<marker id=\"peerc-{word}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip {word}\" d=\"M0 0.5 8 4 0 7.5z\"/></marker>\n"));
    }
    text.push_str(&format!("</defs>\n<rect class=\"paper\" width=\"{wide}\" height=\"{high}\" rx=\"8\"/>\n"));
    for (index, link) in scene.links.iter().enumerate() {
        text.push_str(&link_path(link, index, &scene.blocks));
    }
    for block in &scene.blocks {
        text.push_str(&match &block.shape {
            Shape::Agent(index) => agent_box(&chart.agents[*index], block),
            Shape::Start(phase) => pill(phase, block, "start"),
            Shape::End(phase) => pill(phase, block, "end"),
            Shape::Passage => String::new(),
        });
    }
    text.push_str(&legend_row(&ways, height));
    text.push_str("</svg>\n");
    Ok(text)
}

/// A smooth line: out of the side that faces the goal, through its passages, into the goal's facing side.
fn link_path(link: &Link, index: usize, blocks: &[Block]) -> String {
    let (from, to) = (&blocks[link.from], &blocks[link.to]);
    let (start_y, end_y) = (from.y + link.from_y, to.y + link.to_y);
    let word = link.way.word();
    let path = if from.layer == to.layer {
        // Both on the right: around the corner, each link a little further out.
        let (start_x, end_x) = (from.x + from.width, to.x + to.width + 1.0);
        let out = start_x.max(end_x) + 26.0 + (index % 4) as f64 * 6.0;
        format!("M{start_x} {start_y}C{out} {start_y} {out} {end_y} {end_x} {end_y}")
    } else {
        let leads_right = from.layer < to.layer;
        let start_x = if leads_right { from.x + from.width } else { from.x };
        let end_x = if leads_right { to.x - 1.0 } else { to.x + to.width + 1.0 };
        let (low, _) = ends_of(link, blocks);
        let in_order: Vec<usize> = match low == link.from {
            true => link.passages.clone(),
            false => link.passages.iter().rev().copied().collect(),
        };
        let mut path = format!("M{start_x} {start_y}");
        let (mut x, mut y) = (start_x, start_y);
        for passage in in_order.iter().map(|passage| &blocks[*passage]) {
            let middle = passage.y + passage.height / 2.0;
            let (near, far) = match leads_right {
                true => (passage.x, passage.x + passage.width),
                false => (passage.x + passage.width, passage.x),
            };
            path.push_str(&curve(x, y, near, middle));
            path.push_str(&format!("L{far} {middle}"));
            (x, y) = (far, middle);
        }
        path.push_str(&curve(x, y, end_x, end_y));
        path
    };
    format!("<path class=\"link {word}\" d=\"{path}\" marker-end=\"url(#peerc-{word})\"/>\n")
}

fn curve(x: f64, y: f64, to_x: f64, to_y: f64) -> String {
    let reach = ((to_x - x).abs() * 0.55).min(REACH) * (to_x - x).signum();
    let (near, far) = (x + reach, to_x - reach);
    format!("C{near:.1} {y} {far:.1} {to_y} {to_x} {to_y}")
}

fn agent_box(agent: &Agent, block: &Block) -> String {
    let Block { x, y, width, height, .. } = block;
    let mut text = format!(
        "<g class=\"agent\" transform=\"translate({x} {y})\">\n{}<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"9\"/>\n<path class=\"head\" d=\"M0 {TITLE_HEIGHT}V9a9 9 0 0 1 9-9H{}a9 9 0 0 1 9 9V{TITLE_HEIGHT}z\"/>\n<text class=\"name\" x=\"14\" y=\"{}\">{}</text>\n",
        tooltip(&agent.name, &agent.description),
        width - 9.0,
        TITLE_HEIGHT / 2.0 + 5.0,
        escape(&short(&agent.name)),
    );
    let mut top = TITLE_HEIGHT;
    for (index, entry) in agent.operations.iter().enumerate() {
        if index > 0 {
            text.push_str(&format!("<path class=\"rule\" d=\"M0 {0}H{width}\"/>\n", top + 1.0));
        }
        text.push_str(&operation(entry, top, *width));
        top += super::scene::height_of(entry);
    }
    text.push_str("</g>\n");
    text
}

fn operation(entry: &Entry, top: f64, width: f64) -> String {
    let mut text = format!(
        "<g>{}<text class=\"operation\" x=\"14\" y=\"{}\">{}</text>",
        tooltip(&entry.target, &entry.description),
        top + OPERATION_HEIGHT / 2.0 + 6.0,
        escape(&short(&entry.name)),
    );
    if entry.kind != "phased" {
        let y = top + OPERATION_HEIGHT / 2.0 + 5.5;
        text.push_str(&format!(
            "<text class=\"kind\" x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
            width - 12.0,
            entry.kind
        ));
    }
    text.push_str("</g>\n");
    for (row, outcome) in entry.outcomes.iter().enumerate() {
        let y = top + OPERATION_HEIGHT + OUTCOME_HEIGHT * (row as f64 + 0.5) + 2.0;
        let word = outcome.kind.word();
        let (label, whole) = (outcome.label(short), outcome.label(str::to_owned));
        let title = if label == whole { String::new() } else { tooltip(&whole, "") };
        text.push_str(&format!(
            "<g>{title}<circle class=\"dot {word}\" cx=\"24\" cy=\"{}\" r=\"3\"/><text class=\"outcome\" x=\"34\" y=\"{y}\">{}</text></g>\n",
            y - 4.0,
            escape(&label),
        ));
    }
    text
}

fn pill(phase: &str, block: &Block, class: &str) -> String {
    let Block { x, y, width, height, .. } = block;
    let radius = height / 2.0;
    let mark = match class {
        "start" => format!("<circle class=\"dot handoff\" cx=\"17\" cy=\"{radius}\" r=\"4.5\"/>"),
        _ => format!(
            "<circle class=\"ring\" cx=\"17\" cy=\"{radius}\" r=\"5\"/><circle class=\"core\" cx=\"17\" cy=\"{radius}\" r=\"2.5\"/>"
        ),
    };
    format!(
        "<g class=\"pill {class}\" transform=\"translate({x} {y})\">{}<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>{mark}<text class=\"phase\" x=\"29\" y=\"{}\">{}</text></g>\n",
        tooltip(phase, ""),
        radius + 4.5,
        escape(&short(phase)),
    )
}

fn tooltip(name: &str, about: &str) -> String {
    let about = about.trim();
    let text = if about.is_empty() { name.to_owned() } else { format!("{name}: {about}") };
    format!("<title>{}</title>", escape(&text))
}

/// What the colours mean, for the links there are.
fn legend_row(ways: &BTreeSet<Way>, top: f64) -> String {
    let mut text = String::new();
    let (mut x, y) = (MARGIN, top + 8.0);
    for way in ways {
        let word = way.word();
        text.push_str(&format!(
            "<path class=\"link {word}\" d=\"M{x} {y}H{}\" marker-end=\"url(#peerc-{word})\"/><text class=\"kind\" x=\"{}\" y=\"{}\">{word}</text>\n",
            x + 26.0,
            x + 34.0,
            y + 4.0,
        ));
        x += legend_width(*way);
    }
    text
}

fn legend_width(way: Way) -> f64 {
    34.0 + width_of(way.word(), 11.0) + 24.0
}
