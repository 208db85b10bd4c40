//! Values that one side sends and the other refuses.

use serde_json::Value;

use super::node::Side;
use super::samples::{MOST_WEIGHT_IN_ALL, Samples};
use super::ways::Way;
use crate::{Pointer, Problem};

/// A schema of one version: the whole of what a part may be.
#[derive(Clone)]
pub(super) struct End<'a> {
    pub(super) side: &'a Side<'a>,
    pub(super) at: Pointer,
}

impl End<'_> {
    pub(super) fn accepts(&self, value: &Value) -> bool {
        self.side.contract.schema(&self.at).is_ok_and(|schema| schema.is_valid(value))
    }

    /// What is wrong with a value; nothing when it fits.
    fn problems(&self, value: &Value) -> Vec<Problem> {
        let schema = self.side.contract.schema(&self.at);
        schema.ok().and_then(|schema| schema.validate(value).err()).map(|found| found.into_vec()).unwrap_or_default()
    }
}

/// A value that the one accepts, and what the other says against it.
pub(super) struct Refusal {
    pub(super) witness: Value,
    pub(super) problems: Vec<Problem>,
}

/// Values that `gives` accepts and `reads` refuses, plain ones first. Both were asked about each.
///
/// `weight` is how many values may be made in all, and is counted down.
pub(super) fn refusals<'a>(
    gives: &'a End<'a>,
    reads: &'a End<'a>,
    weight: &mut usize,
) -> impl Iterator<Item = Refusal> + use<'a> {
    refused(samples(gives, reads, weight), gives, reads)
}

/// The same of values that differ from each other at `place` in the schema that reads; none where no way leads there.
pub(super) fn refusals_at<'a>(
    place: &Pointer,
    gives: &'a End<'a>,
    reads: &'a End<'a>,
    weight: &mut usize,
) -> impl Iterator<Item = Refusal> + use<'a> {
    let values = Way::between(reads.side, &reads.at, place).map(|(way, place)| {
        let samples = Samples::new(gives.side, (reads.side, &place), MOST_WEIGHT_IN_ALL.min(*weight)).along(way);
        let values = samples.of(&gives.at);
        *weight = weight.saturating_sub(samples.weight());
        values
    });
    refused(values.unwrap_or_default(), gives, reads)
}

fn refused<'a>(values: Vec<Value>, gives: &'a End<'a>, reads: &'a End<'a>) -> impl Iterator<Item = Refusal> + use<'a> {
    values.into_iter().filter(|value| gives.accepts(value)).filter_map(|witness| {
        let problems = reads.problems(&witness);
        (!problems.is_empty()).then_some(Refusal { witness, problems })
    })
}

/// A value that `end` accepts, if one was found.
pub(super) fn example(end: &End<'_>, weight: &mut usize) -> Option<Value> {
    samples(end, end, weight).into_iter().find(|value| end.accepts(value))
}

/// Values of the schema at `at`, plain ones first. None was asked about.
pub(crate) fn examples(side: &Side<'_>, at: &Pointer) -> Vec<Value> {
    Samples::new(side, (side, at), MOST_WEIGHT_IN_ALL).of(at)
}

fn samples(gives: &End<'_>, reads: &End<'_>, weight: &mut usize) -> Vec<Value> {
    let samples = Samples::new(gives.side, (reads.side, &reads.at), MOST_WEIGHT_IN_ALL.min(*weight));
    let values = samples.of(&gives.at);
    *weight = weight.saturating_sub(samples.weight());
    values
}
