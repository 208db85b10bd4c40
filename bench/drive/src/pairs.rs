//! From one handler to the next, for each pair of languages: one work of each pair per round.

use bench_rust::message::SIZES;
use serde_json::json;

use crate::works::{Works, summary};

const AGENTS: [(&str, &str); 3] = [("rust", "Rust"), ("python", "Python"), ("node", "Node")];

pub async fn run(works: &Works, rounds: usize) {
    for size in SIZES {
        let message = works.message(size, 0);
        let mut samples = vec![Vec::with_capacity(rounds); 9];
        // The first works start the sandboxes and warm what compiles while it runs.
        let warm = rounds / 4 + 3;
        for round in 0..warm + rounds {
            for (at, samples) in samples.iter_mut().enumerate() {
                let ((from, _), (_, to)) = (AGENTS[at / 3], AGENTS[at % 3]);
                let (took, _) = works.run(&format!("{from}.to{to}"), message.clone()).await;
                if round >= warm {
                    samples.push(took);
                }
            }
        }
        let named = samples
            .into_iter()
            .enumerate()
            .map(|(at, samples)| (format!("{} → {}", AGENTS[at / 3].1, AGENTS[at % 3].1), summary(samples)));
        let samples: serde_json::Map<_, _> = named.collect();
        println!(
            "{}",
            json!({ "group": "handoff", "size": size, "bytes": message.as_bytes().len(), "samples": samples })
        );
    }
}
