//! What is drawn: blocks with lines of text, and links between those lines.

use std::collections::BTreeMap;

use super::lines::{BOLD, short, width_of};
use super::{Chart, Way};

/// Agents and ends in one picture, beyond which nobody can read it.
const MOST_BLOCKS: usize = 300;
/// Operations and outcomes in one picture.
const MOST_ROWS: usize = 4_000;

pub(super) const TITLE_HEIGHT: f64 = 36.0;
pub(super) const OPERATION_HEIGHT: f64 = 26.0;
pub(super) const OUTCOME_HEIGHT: f64 = 20.0;
pub(super) const FOOT: f64 = 10.0;
pub(super) const PILL_HEIGHT: f64 = 30.0;
const NARROWEST: f64 = 150.0;

/// The contract has more agents or operations than a picture can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the contract is too large for a picture; `--format json`, `dot` and `mermaid` have no limit")]
pub struct TooLarge;

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// An agent: its place in the chart.
    Agent(usize),
    /// Where works start.
    Start(String),
    /// Where works end.
    End(String),
    /// Room for a link that passes by.
    Passage,
}

/// A box with a place.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) shape: Shape,
    pub(super) layer: usize,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line from one block to another.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) way: Way,
    pub(super) from: usize,
    /// Where it leaves, below the top of its block.
    pub(super) from_y: f64,
    pub(super) to: usize,
    pub(super) to_y: f64,
    /// The blocks it passes, from the lower layer to the higher one.
    pub(super) passages: Vec<usize>,
}

pub(super) struct Scene {
    pub(super) blocks: Vec<Block>,
    pub(super) links: Vec<Link>,
}

impl Scene {
    /// Blocks and links without places.
    pub(super) fn of(chart: &Chart) -> Result<Self, TooLarge> {
        let rows = chart.entries().map(|entry| 1 + entry.outcomes.len()).sum::<usize>();
        if chart.agents.len() + chart.ends.len() > MOST_BLOCKS || rows > MOST_ROWS {
            return Err(TooLarge);
        }
        let block = |shape, width: f64, height| Block { shape, layer: 0, x: 0.0, y: 0.0, width, height };
        let pill = |name: &str| 44.0 + width_of(&short(name), 12.5 * BOLD);
        let mut blocks = Vec::new();
        if !chart.start.is_empty() {
            blocks.push(block(Shape::Start(chart.start.clone()), pill(&chart.start), PILL_HEIGHT));
        }
        let first_agent = blocks.len();
        for (index, agent) in chart.agents.iter().enumerate() {
            let rows = agent.operations.iter().map(|entry| {
                let names = width_of(&short(&entry.name), 13.0 * BOLD) + 80.0;
                let outcomes = entry.outcomes.iter().map(|outcome| width_of(&outcome.label(short), 11.5) + 48.0);
                outcomes.fold(names, f64::max)
            });
            let width = rows.fold(NARROWEST.max(width_of(&short(&agent.name), 14.0 * BOLD) + 32.0), f64::max);
            let height = TITLE_HEIGHT + FOOT + agent.operations.iter().map(height_of).sum::<f64>();
            blocks.push(block(Shape::Agent(index), width.ceil(), height));
        }
        let first_end = blocks.len();
        for end in &chart.ends {
            blocks.push(block(Shape::End(end.clone()), pill(end), PILL_HEIGHT));
        }
        Ok(Self { links: links(chart, first_agent, first_end), blocks })
    }
}

/// The height of an operation with its outcomes.
pub(super) fn height_of(entry: &super::Entry) -> f64 {
    OPERATION_HEIGHT + OUTCOME_HEIGHT * entry.outcomes.len() as f64
}

fn links(chart: &Chart, first_agent: usize, first_end: usize) -> Vec<Link> {
    let mut places = BTreeMap::new();
    for (index, agent) in chart.agents.iter().enumerate() {
        let mut y = TITLE_HEIGHT;
        for entry in &agent.operations {
            places.insert(entry.target.as_str(), (first_agent + index, y));
            y += height_of(entry);
        }
    }
    let ends: BTreeMap<&str, usize> =
        chart.ends.iter().enumerate().map(|(i, end)| (end.as_str(), first_end + i)).collect();
    let mut links = Vec::new();
    for entry in chart.entries() {
        let (from, top) = places[entry.target.as_str()];
        let middle = top + OPERATION_HEIGHT / 2.0;
        if entry.kind == "entry" {
            let (way, passages) = (Way::Handoff, Vec::new());
            links.push(Link { way, from: 0, from_y: PILL_HEIGHT / 2.0, to: from, to_y: middle, passages });
        }
        for (row, outcome) in entry.outcomes.iter().enumerate() {
            let from_y = top + OPERATION_HEIGHT + OUTCOME_HEIGHT * (row as f64 + 0.5) - 2.0;
            let goal = match outcome.operation.is_empty() {
                false => places.get(outcome.operation.as_str()).map(|(to, y)| (*to, y + OPERATION_HEIGHT / 2.0)),
                true => ends.get(outcome.phase.as_str()).map(|to| (*to, PILL_HEIGHT / 2.0)),
            };
            if let Some((to, to_y)) = goal {
                links.push(Link { way: outcome.kind.drawn(), from, from_y, to, to_y, passages: Vec::new() });
            }
        }
    }
    links
}
