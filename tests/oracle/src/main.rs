//! The nightly run: as many executions as asked for, on all processors, each batch with a seed of its own.
//!
//! `oracle --executions 10000000` takes a seed from the clock and prints it; `ORACLE_SEED=<seed> oracle` runs one batch
//! again and prints its schema and text, made small.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use peer_contract_oracle::campaign::{self, Failure, TEXTS, Tally};

fn main() -> ExitCode {
    let wanted = std::env::args().skip_while(|argument| argument != "--executions").nth(1);
    let wanted = wanted.and_then(|count| count.parse::<u64>().ok());
    let seed = std::env::var("ORACLE_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let (seed, executions) = match (seed, wanted) {
        (Some(seed), wanted) => (seed, wanted.unwrap_or(TEXTS as u64)),
        (None, wanted) => (clock(), wanted.unwrap_or(100_000)),
    };
    run(seed, executions)
}

fn clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

fn run(seed: u64, executions: u64) -> ExitCode {
    let batches = executions.div_ceil(TEXTS as u64);
    println!("seed {seed}, {batches} batches of {TEXTS} executions");
    // A difference that is a panic is reported in the end, small.
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let shared = Shared { next: AtomicU64::new(0), ended: AtomicBool::new(false), outcome: Mutex::default() };
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            threads.spawn(|| shared.work(seed, batches));
        }
    });
    let (tally, failure) = shared.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{} executions in {:.0} s: {} fit, {} do not, {} are no JSON; {} contracts refused",
        tally.executions(),
        started.elapsed().as_secs_f64(),
        tally.fits,
        tally.misfits,
        tally.not_json,
        tally.refused
    );
    match failure {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            println!("\nthe two ways differ; again with ORACLE_SEED={}\n\n{failure}", failure.seed);
            ExitCode::FAILURE
        }
    }
}

struct Shared {
    next: AtomicU64,
    ended: AtomicBool,
    outcome: Mutex<(Tally, Option<Box<Failure>>)>,
}

impl Shared {
    fn work(&self, seed: u64, batches: u64) {
        while !self.ended.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= batches {
                return;
            }
            let found = campaign::batch(seed.wrapping_add(index));
            let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
            match found {
                Ok(tally) => outcome.0 = outcome.0.and(tally),
                Err(failure) => {
                    self.ended.store(true, Ordering::Relaxed);
                    outcome.1.get_or_insert(failure);
                }
            }
        }
    }
}
