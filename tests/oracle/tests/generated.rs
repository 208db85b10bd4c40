//! Generated schemas and instances, always the same ones; `make nightly` runs others, and many more.

use peer_contract_oracle::campaign::{self, TEXTS, Tally};

/// Executions of this test.
const EXECUTIONS: usize = 100_000;

/// A quarter of the batches, so that a machine with several processors shares them out.
fn quarter(first: u64) {
    let batches = EXECUTIONS.div_ceil(4 * TEXTS) as u64;
    let mut tally = Tally::default();
    for seed in first..first + batches {
        match campaign::batch(seed) {
            Ok(seen) => tally = tally.and(seen),
            Err(failure) => panic!("the two ways differ\n\n{failure}"),
        }
    }
    // A generator that only makes misfits would hold nothing.
    let all = tally.executions();
    assert!(tally.fits * 8 > all && tally.misfits * 8 > all && tally.not_json * 50 > all, "{tally:?}");
}

#[test]
fn pass_and_tree_agree_on_generated_texts_1() {
    quarter(1_000);
}

#[test]
fn pass_and_tree_agree_on_generated_texts_2() {
    quarter(2_000);
}

#[test]
fn pass_and_tree_agree_on_generated_texts_3() {
    quarter(3_000);
}

#[test]
fn pass_and_tree_agree_on_generated_texts_4() {
    quarter(4_000);
}
