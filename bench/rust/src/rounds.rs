//! One batch of each case per round: what else the machine does falls on all of them alike.

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// Something to measure.
pub struct Case<'a> {
    /// Its name in the report.
    pub name: &'static str,
    /// Does it once; the result is kept from being optimized away by whoever wrote it.
    pub run: Box<dyn FnMut() + 'a>,
}

impl<'a> Case<'a> {
    /// A case whose result is used by nobody.
    pub fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self { name, run: Box::new(move || drop(std::hint::black_box(work()))) }
    }
}

/// The least that a batch takes, in ns of thread CPU time.
const BATCH_NS: u64 = 2_000_000;

/// Measures all cases; gives name → `{p10, median, p90}` in ns of thread CPU time per call.
pub fn measure(cases: &mut [Case<'_>], rounds: usize) -> Value {
    let counts: Vec<u32> = cases.iter_mut().map(calibrate).collect();
    let mut samples = vec![Vec::with_capacity(rounds); cases.len()];
    for round in 0..rounds {
        // Each round starts with another case, so that none always runs in the caches of the same neighbour.
        for step in 0..cases.len() {
            let at = (round + step) % cases.len();
            samples[at].push(batch(&mut cases[at], counts[at]) as f64 / f64::from(counts[at]));
        }
    }
    cases.iter().zip(samples).map(|(case, samples)| (case.name.to_owned(), summary(samples))).collect()
}

fn calibrate(case: &mut Case<'_>) -> u32 {
    let mut count = 1;
    while batch(case, count) < BATCH_NS {
        count *= 2;
    }
    count
}

fn batch(case: &mut Case<'_>, count: u32) -> u64 {
    let started = cpu_ns();
    for _ in 0..count {
        (case.run)();
    }
    cpu_ns() - started
}

/// CPU time of this thread: waiting for others on a shared machine does not count.
fn cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

fn summary(mut samples: Vec<f64>) -> Value {
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| samples[((samples.len() - 1) as f64 * share).round() as usize];
    json!({ "p10": at(0.1), "median": at(0.5), "p90": at(0.9) })
}
