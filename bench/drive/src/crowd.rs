//! Works per second while 1 to 64 of them are under way, each with a Rust agent's sandbox to itself.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::works::Works;

const CROWDS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

pub async fn run(works: &'static Works, tenths: usize) {
    for size in ["600 B", "20 KB"] {
        let mut samples = serde_json::Map::new();
        for crowd in CROWDS {
            let warm = Duration::from_millis(300);
            through(works, size, crowd, warm).await;
            let length = Duration::from_millis(100) * u32::try_from(tenths).expect("a short time");
            let started = Instant::now();
            let done = through(works, size, crowd, length).await;
            samples.insert(crowd.to_string(), json!(done as f64 / started.elapsed().as_secs_f64()));
        }
        println!("{}", json!({ "group": "crowd", "size": size, "bytes": 0, "samples": samples }));
    }
}

/// So many works at once, one after the other, until the time is over; gives how many ended.
async fn through(works: &'static Works, size: &'static str, crowd: usize, length: Duration) -> usize {
    let until = Instant::now() + length;
    let mut members = JoinSet::new();
    for _ in 0..crowd {
        members.spawn(async move {
            let message = works.message(size, 0);
            let mut done = 0;
            while Instant::now() < until {
                works.run("rust.toRust", message.clone()).await;
                done += 1;
            }
            done
        });
    }
    members.join_all().await.into_iter().sum()
}
