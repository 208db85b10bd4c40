//! Numbers.

use serde_json::{Number, Value};

use super::facts::Facts;
use super::maker::Maker;
use crate::limits::MAX_SAFE_INTEGER;

/// How far a number goes from its one bound.
const REACH: f64 = 100.0;
/// Parts of one that plain numbers have: quarters have short texts.
const PLAIN: f64 = 0.25;

impl<'a> Maker<'a, '_> {
    /// A number within the bounds, at one of them now and then.
    pub(super) fn number(&mut self, facts: &Facts<'a>, whole: bool) -> Option<Value> {
        let step = facts.greatest("multipleOf").unwrap_or(if whole { 1.0 } else { PLAIN });
        let step = if whole && step.fract() != 0.0 { step * least_whole_times(step)? } else { step };
        let (low, high) = bounds(facts);
        let (low, high) = match (low.is_finite(), high.is_finite()) {
            (true, true) => (low, high),
            (true, false) => (low, low + REACH * step),
            (false, true) => (high - REACH * step, high),
            (false, false) => (0.0, REACH * step),
        };
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        let is_above = |number: f64| facts.greatest("exclusiveMinimum").is_none_or(|bound| number > bound);
        let is_below = |number: f64| facts.least("exclusiveMaximum").is_none_or(|bound| number < bound);
        let fits = |number: &f64| (low..=high).contains(number) && is_above(*number) && is_below(*number);
        let span = (last - first).clamp(0.0, 1e6) as usize;
        for _ in 0..8 {
            let steps = match self.random.below(6) {
                0 => first,
                1 => last,
                _ => first + self.random.below(span + 1) as f64,
            };
            if let Some(number) = Some(steps * step).filter(fits) {
                return to_number(number);
            }
        }
        // No step fits: the bounds lie close together, or the one number between them is no multiple.
        [low, high, (low + high) / 2.0]
            .into_iter()
            .filter(|number| !whole || number.fract() == 0.0)
            .find(fits)
            .and_then(to_number)
    }
}

/// The bounds, exclusive ones among them.
fn bounds(facts: &Facts<'_>) -> (f64, f64) {
    let low = [facts.greatest("minimum"), facts.greatest("exclusiveMinimum")].into_iter().flatten();
    let high = [facts.least("maximum"), facts.least("exclusiveMaximum")].into_iter().flatten();
    (low.fold(f64::NEG_INFINITY, f64::max), high.fold(f64::INFINITY, f64::min))
}

/// How often a step is to be taken to come to a whole number; nothing where that is far.
fn least_whole_times(step: f64) -> Option<f64> {
    (1..=1000).map(f64::from).find(|times| (step * times).fract() == 0.0)
}

/// The number as JSON writes it: whole ones without a point.
pub(super) fn to_number(number: f64) -> Option<Value> {
    let is_safe = number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER as f64;
    if is_safe { Some(Value::from(number as i64)) } else { Number::from_f64(number).map(Value::Number) }
}
