//! Programs that end: no schema leads back to itself without a step down into the value.
//!
//! The rules of contracts refuse others. A program of such is replaced by one that nothing fits, so that no
//! document can make a run go on for ever.

use super::{Id, Program};

/// Schemas within each other that apply to one value. The rules of contracts stop long before.
const DEEPEST: usize = 256;

/// Whether schemas that apply to one value end, and soon enough for a stack.
pub(super) fn ends(program: &Program) -> bool {
    let beside: Vec<Vec<Id>> = program.nodes.iter().map(|node| node.beside().collect()).collect();
    let mut waits: Vec<usize> = vec![0; beside.len()];
    beside.iter().flatten().for_each(|id| waits[*id as usize] += 1);
    // Those that nothing leads to come first; each that is done frees those that it leads to.
    let mut ready: Vec<usize> = (0..waits.len()).filter(|id| waits[*id] == 0).collect();
    let mut depth = vec![0; waits.len()];
    let mut done = 0;
    while let Some(id) = ready.pop() {
        done += 1;
        for next in &beside[id] {
            let next = *next as usize;
            depth[next] = depth[next].max(depth[id] + 1);
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.push(next);
            }
        }
    }
    done == waits.len() && depth.into_iter().all(|depth| depth <= DEEPEST)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Program;

    #[test]
    fn what_leads_back_to_itself_on_one_value_fits_nothing() {
        let circle = |step: Value| json!({ "$ref": "#/$defs/A", "$defs": { "A": step } });
        for step in [
            json!({ "$ref": "#/$defs/A" }),
            json!({ "anyOf": [{ "type": "null" }, { "not": { "$ref": "#/$defs/A" } }] }),
            json!({ "dependentSchemas": { "a": { "$ref": "#/$defs/A" } } }),
        ] {
            assert!(!Program::alone(&circle(step.clone())).fits(&json!(null)), "{step}");
        }
        let list = circle(json!({ "type": "array", "items": { "$ref": "#/$defs/A" } }));
        assert!(Program::alone(&list).fits(&json!([[], [[]]])));
    }

    #[test]
    fn a_chain_that_no_stack_would_hold_fits_nothing() {
        let link = |index: usize| (index.to_string(), json!({ "$ref": format!("#/$defs/{}", index + 1) }));
        let links: serde_json::Map<String, Value> = (0..100_000).map(link).collect();
        let chain = json!({ "$ref": "#/$defs/0", "$defs": links });
        assert!(!Program::alone(&chain).fits(&json!(1)));
    }
}
