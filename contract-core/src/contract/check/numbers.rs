//! Integers of schemas within ±(2^53-1).

use serde_json::{Map, Value};

use crate::limits::MAX_SAFE_INTEGER;
use crate::{ErrorCode, Pointer, Problem};

/// Keywords that count something.
const COUNTS: &[&str] =
    &["maxContains", "maxItems", "maxLength", "maxProperties", "minContains", "minItems", "minLength", "minProperties"];
const BOUNDS: &[&str] = &["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"];

/// The numbers of one schema: counts always, bounds and constants where the type is `integer`.
pub(super) fn check(schema: &Map<String, Value>, at: &Pointer, problems: &mut Vec<Problem>) {
    let integers = schema.get("type").is_some_and(|kind| kind == "integer");
    for (keyword, value) in schema {
        let name = keyword.as_str();
        if COUNTS.contains(&name) || (integers && (name == "const" || BOUNDS.contains(&name))) {
            hold(value, || at.key(keyword), problems);
        } else if let ("enum", true, Some(values)) = (name, integers, value.as_array()) {
            let place = |index| at.key(keyword).index(index);
            values.iter().enumerate().for_each(|(index, value)| hold(value, || place(index), problems));
        }
    }
}

fn hold(value: &Value, at: impl FnOnce() -> Pointer, problems: &mut Vec<Problem>) {
    let beyond = value.as_f64().is_some_and(|double| double.abs() > MAX_SAFE_INTEGER as f64);
    if beyond {
        let at = at();
        let message = "found an integer beyond ±(2^53-1), which not every reader keeps exactly";
        let help = "use a string with `format: int64`";
        problems.push(Problem::new(ErrorCode::IntegerUnsafe, at, message).with_help(help));
    }
}
