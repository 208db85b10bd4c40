//! Strings for a schema of strings.

use serde_json::{Map, Value};

use crate::author::vocabulary::{self, FORMATS, PATTERNS};
use crate::random::Random;

/// A string that tries to fit.
pub(super) fn of(schema: &Map<String, Value>, random: &mut Random) -> String {
    let keyword = |name: &str| schema.get(name).and_then(Value::as_str);
    if let Some(pattern) = keyword("pattern") {
        return matching(pattern, random);
    }
    if let Some((_, good, bad)) = FORMATS.iter().find(|(format, ..)| Some(*format) == keyword("format")) {
        let from = if random.once_in(3) { bad } else { good };
        return (*random.pick(from)).to_owned();
    }
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(|bound| bound as usize);
    match (bound("minLength"), bound("maxLength")) {
        (None, None) => vocabulary::text(random),
        (least, most) => {
            // At a bound, and one character to each side of it.
            let bound = if random.once_in(2) { least.or(most) } else { most.or(least) };
            let length = (bound.unwrap_or(0) + random.below(3)).saturating_sub(1);
            let wide = random.once_in(3);
            (0..length).map(|index| if wide && index % 3 == 0 { '😀' } else { 'x' }).collect()
        }
    }
}

/// A string that matches the pattern, or nearly does.
pub(super) fn matching(pattern: &str, random: &mut Random) -> String {
    let known = PATTERNS.iter().find(|(known, ..)| *known == pattern);
    let Some((_, good, bad)) = known else { return vocabulary::text(random) };
    let from = if bad.is_empty() || !random.once_in(5) { good } else { bad };
    (*random.pick(from)).to_owned()
}
