//! How a work grows with the number of its hops, through all three languages in turn.

use serde_json::json;

use crate::works::{Works, summary};

const HOPS: [u32; 5] = [1, 2, 4, 8, 15];

pub async fn run(works: &Works, rounds: usize) {
    for size in ["600 B", "20 KB"] {
        let mut samples = vec![Vec::with_capacity(rounds); HOPS.len()];
        for round in 0..rounds + 3 {
            for (hops, samples) in HOPS.iter().zip(&mut samples) {
                let (_, whole) = works.run("rust.relay", works.message(size, hops - 1)).await;
                if round >= 3 {
                    samples.push(whole);
                }
            }
        }
        let samples: serde_json::Map<_, _> =
            HOPS.iter().zip(samples).map(|(hops, samples)| (hops.to_string(), summary(samples))).collect();
        println!("{}", json!({ "group": "chain", "size": size, "bytes": 0, "samples": samples }));
    }
}
