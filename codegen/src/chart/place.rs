//! Where each block stands.

use super::layers::{ROW_GAP, mean, neighbours};
use super::scene::{Scene, Shape};

/// Room between columns, and for each link that goes from one to the next.
const COLUMN_GAP: f64 = 76.0;
const LINK_GAP: f64 = 3.0;
/// Times that blocks move towards their neighbours.
const ROUNDS: usize = 24;
/// Room around the picture.
pub(super) const MARGIN: f64 = 28.0;

/// Places all blocks; returns width and height of the picture without its legend.
pub(super) fn place(scene: &mut Scene, layers: &[Vec<usize>]) -> (f64, f64) {
    let width = columns(scene, layers);
    let tops = rows(scene, layers);
    let highest = tops.iter().copied().fold(f64::INFINITY, f64::min);
    for (block, top) in scene.blocks.iter_mut().zip(&tops) {
        block.y = (top - highest + MARGIN).round();
    }
    let lowest = scene.blocks.iter().map(|block| block.y + block.height).fold(0.0, f64::max);
    (width, lowest + MARGIN)
}

/// Columns as wide as their widest block.
fn columns(scene: &mut Scene, layers: &[Vec<usize>]) -> f64 {
    let mut x = MARGIN;
    for (index, layer) in layers.iter().enumerate() {
        let widest = layer.iter().map(|block| scene.blocks[*block].width).fold(0.0, f64::max);
        for block in layer {
            let block = &mut scene.blocks[*block];
            // Ends stand at the left of their column, where the links come from; starts at the right.
            block.x = if matches!(block.shape, Shape::Start(_)) { x + widest - block.width } else { x };
            if matches!(block.shape, Shape::Agent(_) | Shape::Passage) {
                block.width = widest;
            }
        }
        let loops = links_within(scene, index);
        let crossing = links_across(scene, index) as f64;
        x += widest;
        if index + 1 < layers.len() {
            x += COLUMN_GAP + LINK_GAP * crossing.min(24.0);
        } else if loops > 0 {
            x += COLUMN_GAP / 2.0;
        }
    }
    x + MARGIN
}

fn links_within(scene: &Scene, layer: usize) -> usize {
    let is_here = |block: usize| scene.blocks[block].layer == layer;
    scene.links.iter().filter(|link| is_here(link.from) && is_here(link.to)).count()
}

fn links_across(scene: &Scene, layer: usize) -> usize {
    let crosses = |a: usize, b: usize| a.min(b) <= layer && a.max(b) > layer;
    scene.links.iter().filter(|link| crosses(scene.blocks[link.from].layer, scene.blocks[link.to].layer)).count()
}

/// Tops that make links level as far as the order allows.
fn rows(scene: &Scene, layers: &[Vec<usize>]) -> Vec<f64> {
    let neighbours = neighbours(scene);
    let mut tops = vec![0.0; scene.blocks.len()];
    for layer in layers {
        let wanted: Vec<f64> = vec![0.0; layer.len()];
        settle(scene, layer, &wanted, &mut tops);
    }
    for round in 0..ROUNDS {
        let order: Vec<&Vec<usize>> =
            if round % 2 == 0 { layers.iter().collect() } else { layers.iter().rev().collect() };
        for layer in order {
            let wanted: Vec<f64> =
                layer.iter().map(|block| mean(neighbours.get(block), &tops).unwrap_or(tops[*block])).collect();
            settle(scene, layer, &wanted, &mut tops);
        }
    }
    tops
}

/// The tops nearest to those wanted that keep order and distance: neighbours that collide share what they want.
fn settle(scene: &Scene, layer: &[usize], wanted: &[f64], tops: &mut [f64]) {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(layer.len());
    for block in layer {
        offsets.push(offset);
        let is_passage = scene.blocks[*block].shape == Shape::Passage;
        offset += scene.blocks[*block].height + if is_passage { ROW_GAP / 3.0 } else { ROW_GAP };
    }
    // Runs of blocks that touch: the sum of what they want, and how many there are.
    let mut runs: Vec<(f64, usize)> = Vec::new();
    for (top, offset) in wanted.iter().zip(&offsets) {
        runs.push((top - offset, 1));
        while let [.., (before, many), (last, more)] = runs[..] {
            if before / many as f64 <= last / more as f64 {
                break;
            }
            runs.truncate(runs.len() - 2);
            runs.push((before + last, many + more));
        }
    }
    let places = runs.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / *count as f64, *count));
    for ((block, offset), place) in layer.iter().zip(&offsets).zip(places) {
        tops[*block] = place + offset;
    }
}
