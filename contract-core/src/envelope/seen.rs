//! The rules of strict JSON that can still be seen once another reader has made objects of the text.

use serde_json::Value;

use crate::limits::MAX_SAFE_INTEGER;
use crate::{ErrorCode, Limits, Pointer, Problem};

/// Depth, values, keys and integers of objects that a managed runtime made.
pub(crate) fn check_seen(value: &Value, limits: &Limits) -> Result<(), Problem> {
    Walk { limits, values: 0 }.value(value, 0).map_err(|seen| seen.problem())
}

struct Walk<'a> {
    limits: &'a Limits,
    values: usize,
}

/// A broken rule, and the steps that led to it, last one first; a place is only written when there is one to report.
struct Seen {
    code: ErrorCode,
    message: String,
    steps: Vec<Step>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Seen {
    fn of(code: ErrorCode, message: String) -> Self {
        Self { code, message, steps: Vec::new() }
    }

    fn at(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn problem(self) -> Problem {
        let down = |at: Pointer, step: &Step| match step {
            Step::Key(key) => at.key(key),
            Step::Index(index) => at.index(*index),
        };
        Problem::new(self.code, self.steps.iter().rev().fold(Pointer::root(), down), self.message)
    }
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Seen> {
        self.values += 1;
        if self.values > self.limits.json_values {
            let message = format!("more than {} values", self.limits.json_values);
            return Err(Seen::of(ErrorCode::JsonTooManyValues, message));
        }
        match value {
            Value::Number(number) => is_safe(number).map_err(|message| Seen::of(ErrorCode::JsonNumber, message)),
            Value::Array(items) => self.items(items, depth + 1),
            Value::Object(members) => self.members(members, depth + 1),
            _ => Ok(()),
        }
    }

    fn items(&mut self, items: &[Value], depth: usize) -> Result<(), Seen> {
        self.deep_enough(depth)?;
        let mut items = items.iter().enumerate();
        items.try_for_each(|(index, item)| self.value(item, depth).map_err(|seen| seen.at(Step::Index(index))))
    }

    fn members(&mut self, members: &serde_json::Map<String, Value>, depth: usize) -> Result<(), Seen> {
        self.deep_enough(depth)?;
        if members.len() > self.limits.json_keys {
            let message = format!("{} keys, {} are allowed", members.len(), self.limits.json_keys);
            return Err(Seen::of(ErrorCode::JsonTooManyKeys, message));
        }
        let mut members = members.iter();
        members.try_for_each(|(key, value)| self.value(value, depth).map_err(|seen| seen.at(Step::Key(key.clone()))))
    }

    fn deep_enough(&self, depth: usize) -> Result<(), Seen> {
        let most = self.limits.json_depth;
        if depth <= most { Ok(()) } else { Err(Seen::of(ErrorCode::JsonDepth, format!("nested deeper than {most}"))) }
    }
}

fn is_safe(number: &serde_json::Number) -> Result<(), String> {
    let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match size {
        Some(size) if size > MAX_SAFE_INTEGER => Err("an integer lies beyond ±(2^53-1)".to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code_at(value: &Value, limits: &Limits) -> Option<(ErrorCode, String)> {
        check_seen(value, limits).err().map(|problem| (problem.code, problem.at.to_string()))
    }

    #[test]
    fn each_limit_holds_at_its_edge() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        let limits = Limits::default();
        assert_eq!(code_at(&nested(64), &limits), None);
        assert_eq!(code_at(&nested(65), &limits), Some((ErrorCode::JsonDepth, "/0".repeat(64))));
        let limits = Limits { json_values: 4, json_keys: 2, ..limits };
        assert_eq!(code_at(&json!([1, 2, 3]), &limits), None);
        assert_eq!(code_at(&json!([1, 2, 3, 4]), &limits), Some((ErrorCode::JsonTooManyValues, "/3".to_owned())));
        assert_eq!(code_at(&json!({ "a": 1, "b": 2 }), &limits), None);
        assert_eq!(
            code_at(&json!([{ "a": 1, "b": 2, "c": 3 }]), &limits),
            Some((ErrorCode::JsonTooManyKeys, "/0".to_owned()))
        );
    }

    #[test]
    fn an_integer_beyond_2_53_is_found_where_it_stands() {
        assert_eq!(code_at(&json!({ "a/b": [9_007_199_254_740_991_u64] }), &Limits::default()), None);
        for integer in [json!(9_007_199_254_740_992_u64), json!(-9_007_199_254_740_992_i64)] {
            let found = code_at(&json!({ "a/b": [integer] }), &Limits::default());
            assert_eq!(found, Some((ErrorCode::JsonNumber, "/a~1b/0".to_owned())));
        }
    }
}
