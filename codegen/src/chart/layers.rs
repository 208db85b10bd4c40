//! Which column each block stands in, and in which order.

use std::collections::{BTreeMap, VecDeque};

use super::scene::{Block, Link, Scene, Shape, TooLarge};

/// Passages in one picture.
const MOST_PASSAGES: usize = 6_000;
/// Times that blocks are put in the order of their neighbours.
const SWEEPS: usize = 12;
/// Room that a link takes where it passes.
const PASSAGE_HEIGHT: f64 = 12.0;
/// Room between blocks above each other.
pub(super) const ROW_GAP: f64 = 26.0;

/// Gives each block a layer, and makes room for links that pass layers.
pub(super) fn assign(scene: &mut Scene) -> Result<Vec<Vec<usize>>, TooLarge> {
    let layers = layers_of(scene);
    for (block, layer) in scene.blocks.iter_mut().zip(&layers) {
        block.layer = *layer;
    }
    let Scene { blocks, links } = scene;
    for link in links {
        let (low, high) = ends_of(link, blocks);
        for layer in blocks[low].layer + 1..blocks[high].layer {
            link.passages.push(blocks.len());
            if blocks.len() > MOST_PASSAGES {
                return Err(TooLarge);
            }
            blocks.push(Block { shape: Shape::Passage, layer, x: 0.0, y: 0.0, width: 0.0, height: PASSAGE_HEIGHT });
        }
    }
    Ok(ordered(scene))
}

/// The block of a link in the lower layer, and the other one.
pub(super) fn ends_of(link: &Link, blocks: &[Block]) -> (usize, usize) {
    if blocks[link.from].layer <= blocks[link.to].layer { (link.from, link.to) } else { (link.to, link.from) }
}

/// Links from what was found earlier, starting where works start, lead to the right; the others lead back.
fn layers_of(scene: &Scene) -> Vec<usize> {
    let count = scene.blocks.len();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut by_kind: Vec<&Link> = scene.links.iter().collect();
    by_kind.sort_by_key(|link| link.way);
    for link in by_kind.into_iter().filter(|link| link.from != link.to) {
        next[link.from].push(link.to);
    }
    let is_end = |block: usize| matches!(scene.blocks[block].shape, Shape::End(_));
    let mut rank = vec![usize::MAX; count];
    let mut found = 0;
    for first in (0..count).filter(|block| !is_end(*block)) {
        let mut open = VecDeque::from([first]);
        while let Some(block) = open.pop_front() {
            if rank[block] == usize::MAX && !is_end(block) {
                rank[block] = found;
                found += 1;
                open.extend(&next[block]);
            }
        }
    }
    let mut in_order: Vec<usize> = (0..count).filter(|block| !is_end(*block)).collect();
    in_order.sort_by_key(|block| rank[*block]);
    let mut layers = vec![0; count];
    for block in in_order {
        for goal in &next[block] {
            if rank[*goal] > rank[block] {
                layers[*goal] = layers[*goal].max(layers[block] + 1);
            }
        }
    }
    layers
}

/// The blocks of each layer from top to bottom, with few crossings.
fn ordered(scene: &Scene) -> Vec<Vec<usize>> {
    let count = scene.blocks.iter().map(|block| block.layer).max().unwrap_or(0) + 1;
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, block) in scene.blocks.iter().enumerate() {
        layers[block.layer].push(index);
    }
    let neighbours = neighbours(scene);
    let mut tops: Vec<f64> = vec![0.0; scene.blocks.len()];
    layers.iter().for_each(|layer| stack(scene, layer, &mut tops));
    for sweep in 0..SWEEPS {
        let order: Vec<usize> = if sweep % 2 == 0 { (0..count).collect() } else { (0..count).rev().collect() };
        for index in order {
            let wanted = |block: usize| mean(neighbours.get(&block), &tops).unwrap_or(tops[block]);
            let mut keyed: Vec<(f64, usize)> = layers[index].iter().map(|block| (wanted(*block), *block)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            layers[index] = keyed.into_iter().map(|(_, block)| block).collect();
            stack(scene, &layers[index], &mut tops);
        }
    }
    layers
}

/// For each block: a neighbour, where the link meets it, and where it meets this one.
pub(super) type Neighbours = BTreeMap<usize, Vec<(usize, f64, f64)>>;

pub(super) fn neighbours(scene: &Scene) -> Neighbours {
    let mut all = Neighbours::new();
    for link in &scene.links {
        let (low, high) = ends_of(link, &scene.blocks);
        let port = |block: usize| {
            if block == link.from {
                link.from_y
            } else if block == link.to {
                link.to_y
            } else {
                PASSAGE_HEIGHT / 2.0
            }
        };
        let stops: Vec<usize> = std::iter::once(low).chain(link.passages.iter().copied()).chain([high]).collect();
        for pair in stops.windows(2).filter(|pair| pair[0] != pair[1]) {
            all.entry(pair[0]).or_default().push((pair[1], port(pair[1]), port(pair[0])));
            all.entry(pair[1]).or_default().push((pair[0], port(pair[0]), port(pair[1])));
        }
    }
    all
}

/// Where the top of a block would have to be for its links to be level.
pub(super) fn mean(neighbours: Option<&Vec<(usize, f64, f64)>>, tops: &[f64]) -> Option<f64> {
    let neighbours = neighbours.filter(|all| !all.is_empty())?;
    let sum: f64 = neighbours.iter().map(|(other, theirs, ours)| tops[*other] + theirs - ours).sum();
    Some(sum / neighbours.len() as f64)
}

/// One below the other, around the middle.
fn stack(scene: &Scene, layer: &[usize], tops: &mut [f64]) {
    let height: f64 = layer.iter().map(|block| scene.blocks[*block].height + ROW_GAP).sum();
    let mut y = -height / 2.0;
    for block in layer {
        tops[*block] = y;
        y += scene.blocks[*block].height + ROW_GAP;
    }
}
