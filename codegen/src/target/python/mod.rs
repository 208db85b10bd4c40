//! Graph to python.

use super::GeneratedFile;
use crate::ir::Graph;

/// All files for one contract.
pub fn generate(graph: &Graph) -> Vec<GeneratedFile> {
    let _ = graph;
    Vec::new()
}
